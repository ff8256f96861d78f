"""Cursors: where a page ended, as an opaque word that only the same search can go on with."""

import base64
import binascii
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import orjson

from directory.errors import DirectoryError
from directory.search.order import Key, order_of
from directory.search.request import Cursor, SearchRequest

_FORMAT = 4
# What is open changes from page to page with the clock; it is the same search.
_SOME_MOMENT = datetime.fromtimestamp(0, UTC)


class InvalidCursor(DirectoryError):
    """Not a cursor of ours, or one of another search."""


def encode_cursor(request: SearchRequest, cursor: Cursor) -> str:
    """The word for `links.next`."""
    raw = orjson.dumps([_FORMAT, _fingerprint(request), cursor.forgiving, *cursor.after])
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(request: SearchRequest, word: str) -> Cursor:
    """The cursor behind the word; raises InvalidCursor when it is not one of exactly this search."""
    try:
        raw = orjson.loads(base64.urlsafe_b64decode(word.encode("ascii") + b"=" * (-len(word) % 4)))
    except (ValueError, binascii.Error) as error:
        raise InvalidCursor("This is not a cursor; take it unchanged from links.next.") from error
    match raw:
        case [int(form), str(fingerprint), bool(forgiving), *after] if form == _FORMAT:
            if fingerprint != _fingerprint(request):
                raise InvalidCursor("This cursor belongs to another search: repeat all its parameters unchanged.")
            if _are_values(after, order_of(request)):
                return Cursor(tuple(after), forgiving)
    raise InvalidCursor("This is not a cursor; take it unchanged from links.next.")


def _are_values(after: list[Any], keys: tuple[Key, ...]) -> bool:
    return len(after) == len(keys) and all(_is_value(value, key) for value, key in zip(after, keys, strict=True))


def _is_value(value: Any, key: Key) -> bool:
    """Whether a key of the order can have this value: 1 is a distance too, and true is no number."""
    if key.kind is int:
        return type(value) is int and 0 <= value < 2**63
    return isinstance(value, str) if key.kind is str else type(value) in (int, float)


def _fingerprint(request: SearchRequest) -> str:
    # Page size and facets may change from page to page; what is found and its order may not.
    moment = _SOME_MOMENT if request.open_at else None
    searched = replace(request, cursor=None, limit=0, facets=(), open_at=moment, open_hours=None, said=(), shorter=None)
    return blake2b(orjson.dumps(searched), digest_size=6).hexdigest()
