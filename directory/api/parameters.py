"""Parameters of the query string: one rule each, one way in which a broken rule is told."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import marshmallow as ma
from flask import Request, request
from marshmallow import ValidationError, validate
from webargs import fields as args
from webargs.flaskparser import FlaskParser

from directory.api.admission import current_key
from directory.errors import Fault, InvalidRequest, ListingNotFound
from directory.search.agreements import SETTLEMENT_VALUES
from directory.search.clusters import MOST_ZOOM
from directory.search.request import Facet, Sort
from directory.vocabulary.codes import load_codes
from directory.vocabulary.languages import LANGUAGE_CODES
from directory.wording.payment import LANGUAGES
from geodata.countries import load_countries
from geodata.points import InvalidBbox, parse_bbox

MOST_VALUES = 100
NO_FACETS = "none"

AnyField = ma.fields.Field[Any]


class Parser(FlaskParser):
    """Reads the query string: an empty value is none, a repeated or unknown parameter is an error."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 - as webargs declares it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "json": ma.RAISE,
    }

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
        found: Mapping[str, Any] = messages.get("query") or messages.get("headers", messages)
        raise InvalidRequest(*(_fault(schema, name, what) for name, what in found.items())) from None


def read_query(schema: ma.Schema) -> dict[str, Any]:
    """What this request asks in its query string. Raises InvalidRequest."""
    return load_query(schema, _given(request, schema))


def _given(asked: Request, schema: ma.Schema) -> dict[str, str]:
    """The parameters that say something. An HTML form sends every field, most of them empty."""
    named = asked.args.to_dict(flat=False)
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
        # Most parameters are not given: where that means nothing, marshmallow need not ask each of them.
        needed, defaults = _ungiven(type(schema))
        loaded: dict[str, Any] = schema.load({**defaults, **given}, partial=needed <= given.keys())
    except ValidationError as error:
        messages = error.normalized_messages()  # type: ignore[no-untyped-call]
        raise InvalidRequest(*(_fault(schema, name, what) for name, what in messages.items())) from None
    return loaded


@lru_cache
def _ungiven(schema: type[ma.Schema]) -> tuple[frozenset[str], dict[str, Any]]:
    """The parameters that mean something where they are not given: those that are needed, and defaults."""
    fields = schema().fields
    needed = frozenset(name for name, field in fields.items() if field.required)
    return needed, {name: field.load_default for name, field in fields.items() if field.load_default is not ma.missing}


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


class CodeOf(ma.fields.String):
    """A code of a closed list. Case does not matter where `upper` says how codes are written."""

    def __init__(self, choices: tuple[str, ...], *, upper: bool = False, **more: Any) -> None:
        super().__init__(validate=validate.OneOf(choices, error="'{input}' is not one of the codes."), **more)
        self.upper = upper

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more).strip()
        return text.upper() if self.upper else text


class PlaceId(ma.fields.Integer):
    """The id of a place, as /v1/places gives it: a string of digits."""

    def __init__(self, **more: Any) -> None:
        said = "Ids of places are whole numbers, from /v1/places."
        super().__init__(validate=validate.Range(1, 2**31 - 1, error=said), error_messages={"invalid": said}, **more)


def box(*, required: bool = False) -> "BboxField":
    """A box."""
    said = "west,south,east,north in degrees; west > east crosses the antimeridian."
    return BboxField(
        required=required,
        error_messages={"required": f"A box is needed here: {said}"},
        metadata={"description": said, "type": "string", "example": "36.6,-1.5,37.1,-1.1"},
    )


class BboxField(ma.fields.Field[tuple[float, float, float, float]]):
    """west,south,east,north in degrees; west > east crosses the antimeridian."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> tuple[float, float, float, float]:
        try:
            box = parse_bbox(value)
        except InvalidBbox as error:
            raise ValidationError(str(error)) from error
        return (box.west, box.south, box.east, box.north)


class FacetList(args.DelimitedList):
    """Facets, or the one word `none`."""

    def __init__(self, **more: Any) -> None:
        super().__init__(CodeOf((*Facet, NO_FACETS)), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        names = dict.fromkeys(super()._deserialize(value, attr, data, **more))  # type: ignore[no-untyped-call]
        if NO_FACETS not in names:
            return tuple(map(Facet, names))
        if len(names) > 1:
            raise ValidationError(f"{NO_FACETS} stands alone.")
        return ()


def _several(inner: AnyField, about: str) -> args.DelimitedList:
    return args.DelimitedList(
        inner,
        validate=validate.Length(1, MOST_VALUES, error=f"At most {MOST_VALUES} values."),
        metadata={"description": about},
    )


def words(about: str, *, required: bool = False, longest: int = 200) -> ma.fields.String:
    """Free words in any script."""
    return ma.fields.String(
        required=required,
        validate=validate.Length(1, longest, error=f"At most {longest} characters."),
        error_messages={"required": "Words are needed here."},
        metadata={"description": about},
    )


def number(unit: str, least: float, most: float, about: str) -> ma.fields.Float:
    """A number of `unit`s from `least` to `most`; whatever is wrong with it, the error says so."""
    said = f"{unit} from {least:g} to {most:g}."
    return ma.fields.Float(
        validate=validate.Range(least, most, error=said),
        error_messages=dict.fromkeys(("invalid", "special", "too_large"), said),
        metadata={"description": about},
    )


def latitude() -> ma.fields.Float:
    """Degrees north."""
    return number("Degrees", -90, 90, "Degrees north.")


def longitude() -> ma.fields.Float:
    """Degrees east."""
    return number("Degrees", -180, 180, "Degrees east.")


_COUNTRIES = tuple(load_countries())


def countries() -> args.DelimitedList:
    """ISO 3166-1 alpha-2 codes."""
    return _several(CodeOf(_COUNTRIES, upper=True), "Countries, ISO 3166-1 alpha-2.")


def page_size(default: int, most: int) -> ma.fields.Integer:
    """How many items a page holds."""
    said = f"A whole number from 1 to {most}."
    return ma.fields.Integer(
        load_default=default,
        validate=validate.Range(1, most, error=said),
        error_messages=dict.fromkeys(("invalid", "too_large"), said),
        metadata={"description": "How many at most."},
    )


def _zoom() -> ma.fields.Integer:
    said = f"A whole number from 0 to {MOST_ZOOM}."
    return ma.fields.Integer(
        required=True,
        validate=validate.Range(0, MOST_ZOOM, error=said),
        error_messages={"required": f"A zoom is needed here. {said}", "invalid": said, "too_large": said},
        metadata={
            "description": "As web maps count it: at 0 the world is 256 pixels wide, at 1 it is 512.",
            "example": 11,
        },
    )


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


class LanguageQuery(KeyQuery):
    """What every address that answers in words understands besides: the reader's language."""

    lang = ma.fields.String(
        validate=validate.Regexp(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", error="A language tag such as fr or ar-EG."),
        metadata={"description": f"Language of labels: {', '.join(LANGUAGES)}; others fall back to en."},
    )


def _networks(about: str) -> args.DelimitedList:
    return _several(CodeOf(tuple(load_codes().networks)), about)


class ListingQuery(LanguageQuery):
    """GET /v1/providers/{id}."""

    network = _networks("Only the agreements of these networks, and how to pay in them.")


class SearchFilters(LanguageQuery):
    """What is searched for, without order and pages."""

    q = words("Words: a full or partial name in any script, a specialty or type in everyday words.")
    country = countries()
    place = _several(PlaceId(), "Ids from /v1/places: listings in one of these cities.")
    near = words("A place in words, such as Goma or القاهرة; country is its context.", longest=120)
    lat = latitude()
    lon = longitude()
    radius_km = number("Kilometres", 0.1, 500, "With near, or lat and lon; 25 unless told.")
    bbox = box()
    type = _several(CodeOf(tuple(load_codes().types)), "Types of provider: any of them.")
    specialty = _several(CodeOf(tuple(load_codes().specialties)), "Specialties: any of them.")
    language = _several(CodeOf(LANGUAGE_CODES), "Languages spoken: any of them.")
    network = _networks("Networks: any of them; without it, any network.")
    settlement = _several(
        CodeOf(SETTLEMENT_VALUES), "Ways to pay: all of them, in the same agreement. direct: card or guarantee_letter."
    )
    tariff = ma.fields.Boolean(
        truthy={"true"},
        falsy=set(),
        error_messages={"invalid": "Only true can be asked for."},
        metadata={"description": "true: a negotiated tariff in that agreement.", "enum": [True]},
    )


class SearchQuery(SearchFilters):
    """GET /v1/providers."""

    sort = ma.fields.Enum(
        Sort,
        by_value=ma.fields.String(),
        metadata={"description": "relevance (default with q), distance (default with a point), name."},
    )
    facets = FacetList(metadata={"description": "What to count; none counts nothing.", "example": ["type", "city"]})
    limit = page_size(20, 100)
    cursor = ma.fields.String(
        validate=validate.Length(1, 500, error="Too long."), metadata={"description": "From links.next."}
    )


class MapQuery(SearchFilters):
    """GET /v1/map."""

    bbox = box(required=True)
    zoom = _zoom()


class PlacesQuery(LanguageQuery):
    """GET /v1/places."""

    q = words("The beginning of a place's name, in any script; a country or region may follow.", required=True)
    country = countries()
    limit = page_size(10, 50)


class SuggestQuery(LanguageQuery):
    """GET /v1/suggest."""

    q = words("What was typed so far.", required=True)
    lat = latitude()
    lon = longitude()
    country = countries()
    limit = page_size(10, 20)

    @ma.validates_schema
    def _point_is_whole(self, asked: dict[str, Any], **_: Any) -> None:
        if ("lat" in asked) != ("lon" in asked):
            missing = "lon" if "lat" in asked else "lat"
            raise ValidationError("lat and lon go together: give both or neither.", missing)


# Postgres numbers listings from 1 in 64 bits; what is longer was never an id.
_LONGEST_ID = 18


def parse_listing_id(text: str) -> int:
    """The id of a listing, from an address. Raises ListingNotFound for what cannot be one."""
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID):
        raise ListingNotFound("No listing has this id; ids are numbers.")
    return int(text)


def current_arguments() -> dict[str, str]:
    """The parameters of this request as they came, for links to other pages of it."""
    return {name: value for name, value in request.args.items() if value.strip()}
