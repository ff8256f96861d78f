"""What a request says, read by schemas: a query string, a body, a header; one way in which a broken rule is told."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Request, request
from marshmallow import ValidationError, validate
from webargs.flaskparser import FlaskParser, is_json_request

from config.languages import LANGUAGES
from directory.errors import Fault, InvalidRequest
from directory.web.admission import current_key
from directory.web.fields import AnyField
from directory.web.incoming import read_json


class Parser(FlaskParser):
    """Reads the query string: an empty value is none, a repeated or unknown parameter is an error."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 - as webargs declares it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "json": ma.RAISE,
    }

    def _raw_load_json(self, req: Request) -> Any:
        return read_json(req.get_data(cache=True)) if is_json_request(req) else ma.missing

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """The parameters that say something."""
        return _given(req, schema)

    def handle_error(  # type: ignore[override]
        self, error: ValidationError, req: Request, schema: ma.Schema, **_: Any
    ) -> None:
        """Turn marshmallow's messages into faults that say what is allowed."""
        messages = error.normalized_messages()  # type: ignore[no-untyped-call]
        if "json" in messages:
            raise InvalidRequest(*_faults_of_body(schema, messages["json"])) from None
        faults: Mapping[str, Any] = messages.get("query") or messages.get("headers", messages)
        raise InvalidRequest(*(_fault(schema, name, what) for name, what in faults.items())) from None


def _given(req: Request, schema: ma.Schema) -> dict[str, str]:
    """The parameters that say something. An HTML form sends every field, most of them empty."""
    named = req.args.to_dict(flat=False)
    if any(len(values) > 1 for values in named.values()):
        repeated = [name for name, values in named.items() if len(values) > 1]
        raise InvalidRequest(
            *(Fault(name, "Given more than once: separate several values by commas.") for name in repeated)
        )
    given = {name: value for name, [value] in named.items() if value.strip() or name not in schema.fields}
    key = current_key()
    if key and key.network and "network" in schema.fields:
        given.setdefault("network", key.network)
    return given


def load_query(schema: ma.Schema, given: Mapping[str, str]) -> dict[str, Any]:
    """What a page asks, by the rules of the interface. Raises InvalidRequest."""
    try:
        loaded: dict[str, Any] = schema.load(given)
    except ValidationError as error:
        messages = error.normalized_messages()  # type: ignore[no-untyped-call]
        raise InvalidRequest(*(_fault(schema, name, what) for name, what in messages.items())) from None
    return loaded


def _fault(schema: ma.Schema, name: str, messages: Any) -> Fault:
    field = next((each for each in schema.fields.values() if name in (each.data_key, each.name)), None)
    if field is None:
        known = tuple(sorted(schema.fields))
        return Fault(name, "There is no such parameter here.", known)
    return Fault(name, " ".join(_flatten(messages)), _allowed(field))


def _faults_of_body(schema: ma.Schema, messages: Any, at: str = "") -> list[Fault]:
    """Faults by JSON pointer; what is wrong with the body as a whole has the empty one, as RFC 6901 says."""
    if not isinstance(messages, Mapping) or "_schema" in messages:
        what = f"A JSON object is needed here{'' if at else ', with Content-Type: application/json'}."
        return [Fault(at, what)]
    faults = []
    for name, what in messages.items():
        part = schema.fields.get(name)
        if isinstance(part, ma.fields.Nested) and isinstance(what, Mapping):
            faults += _faults_of_body(part.schema, what, f"{at}/{name}")
            continue
        fault = _fault(schema, name, what)
        faults.append(Fault(f"{at}/{fault.where}", fault.message, fault.allowed))
    return faults


def _flatten(messages: Any) -> list[str]:
    """Messages of a list field come by index; which one it was matters less than what it said."""
    if isinstance(messages, Mapping):
        return [text for inner in messages.values() for text in _flatten(inner)]
    return list(dict.fromkeys(map(str, messages)))


def _allowed(field: AnyField) -> tuple[str, ...]:
    if isinstance(field, ma.fields.Enum):
        return tuple(str(choice.value) for choice in field.enum)
    inner = getattr(field, "inner", field)
    for rule in inner.validators:
        if isinstance(rule, validate.OneOf):
            return tuple(map(str, rule.choices))
    return ()


class KeyQuery(ma.Schema):
    """What every address understands: a publishable key."""

    class Meta:
        unknown = ma.RAISE

    key = ma.fields.String(
        metadata={
            "description": "A publishable key: pages of other origins need one that names theirs. It may bring a "
            "network and has a rate limit.",
            "example": "pk_…",
        }
    )


class IdempotencyHeader(ma.Schema):
    """Of a request that may be sent again without being done again."""

    idempotency_key = ma.fields.String(
        data_key="Idempotency-Key",
        validate=validate.Regexp(r"^[ -~]{1,200}$", error="1 to 200 printable ASCII characters."),
        metadata={"description": "Made by the sender; a request sent again with the same key is done once."},
    )


class IfMatchHeader(ma.Schema):
    """The revision that the sender saw."""

    if_match = ma.fields.String(
        data_key="If-Match", metadata={"description": "The ETag that came with what the sender saw."}
    )


class LanguageQuery(KeyQuery):
    """What every address that answers in words understands besides: the reader's language."""

    lang = ma.fields.String(
        validate=validate.Regexp(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", error="A language tag such as fr or ar-EG."),
        metadata={"description": f"Language of labels: {', '.join(LANGUAGES)}; others fall back to en."},
    )


def current_arguments() -> dict[str, str]:
    """The parameters of this request as they came, for links to other pages of it."""
    return {name: value for name, value in request.args.items() if value.strip()}


def read_revision(headers: Mapping[str, Any]) -> int | None:
    """The revision of If-Match; None where any will do. What is no ETag of ours matches nothing."""
    text = headers.get("if_match", "").strip()
    if not text or text == "*":
        return None
    plain = text.removeprefix("W/").strip('"')
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 19 else -1
