"""What comes in with a request, before anything else reads it: whether its texts can be kept.

PostgreSQL keeps no NUL, and UTF-8 knows no half of a pair of surrogates: a text with either is refused here with its
place, wherever it stands in the address, a form, a file's name, a header or JSON. So no handler looks for them.
How much of a body is read is said by MAX_CONTENT_LENGTH, and by the access rule of what takes more.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from flask import Request, request
from werkzeug.exceptions import BadRequest, NotFound

from directory.errors import Fault, InvalidRequest

_TOLD_ELSEWHERE = ("key", "cursor")
NOT_KEPT = "This text has a character that cannot be kept: NUL, or half of a surrogate pair."


def is_text(text: str) -> bool:
    """Whether a text can be kept and sent on."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text))


class Incoming(Request):
    """A request whose form is checked when it is read."""

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        names = ((name, sent.filename or "") for name, sent in self.files.items(multi=True))
        _refuse_no_texts(
            (f"/{name}", name, text) for part in (self.form.items(multi=True), names) for name, text in part
        )


def check_address() -> None:
    """Before each request: its path, its query and its headers. Raises InvalidRequest, NotFound, BadRequest."""
    environ = request.environ
    # Quoted in the address; seldom enough that nothing more is looked at.
    if "%00" in environ["QUERY_STRING"] or "\0" in environ["QUERY_STRING"]:
        # A key or a cursor that cannot be kept is none of ours, and who asks with it is told so where these are read.
        _refuse_no_texts(
            (name, name, text) for name, text in request.args.items(multi=True) if name not in _TOLD_ELSEWHERE
        )
    if "\0" in environ["PATH_INFO"]:
        raise NotFound("No address has such a character.")
    if any("\0" in text for name, text in environ.items() if name.startswith("HTTP_")):
        raise BadRequest("A header has a character that no header may have.")


def read_json(body: bytes) -> Any:
    """What a body in JSON says. Raises InvalidRequest for a text that cannot be kept, json.JSONDecodeError for no JSON.

    Deeper than a thousand levels, NaN, and what is no UTF-8 are no JSON.
    """
    parsed = orjson.loads(body.decode())
    if b"\\u0000" in body:
        _refuse_no_texts(_texts(parsed))
    return parsed


def _texts(parsed: Any) -> Iterator[tuple[str, str, str]]:
    """Each text of a body with its place, a JSON pointer. Without recursion: it may be a thousand levels deep."""
    left = [("", parsed)]
    while left:
        at, value = left.pop()
        if isinstance(value, str):
            yield at, "", value
        elif isinstance(value, dict):
            yield from ((at, "", name) for name in value)
            left.extend((f"{at}/{name}", inner) for name, inner in value.items())
        elif isinstance(value, list):
            left.extend((f"{at}/{place}", inner) for place, inner in enumerate(value))


def _refuse_no_texts(texts: Iterable[tuple[str, str, str]]) -> None:
    """Of each: its place, its name, its text."""
    faults = [Fault(where, NOT_KEPT) for where, name, text in texts if not (is_text(name) and is_text(text))]
    if faults:
        raise InvalidRequest(*faults)
