"""Cursors: where a page ended, as an opaque word that only the same search can go on with."""

import base64
import binascii
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b

import orjson

from directory.errors import DirectoryError
from directory.search.request import Cursor, SearchRequest, Sort

_FORMAT = 3
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
        case [int(form), str(fingerprint), bool(forgiving), key, int(listing_id)] if form == _FORMAT:
            if fingerprint != _fingerprint(request):
                raise InvalidCursor("This cursor belongs to another search: repeat all its parameters unchanged.")
            right_kind = isinstance(key, str) if request.sort is Sort.name else isinstance(key, (int, float))
            if right_kind and 0 <= listing_id < 2**63 and not isinstance(key, bool):
                return Cursor((key, listing_id), forgiving)
    raise InvalidCursor("This is not a cursor; take it unchanged from links.next.")


def _fingerprint(request: SearchRequest) -> str:
    # Page size and facets may change from page to page; what is found and its order may not.
    moment = _SOME_MOMENT if request.open_at else None
    searched = replace(request, cursor=None, limit=0, facets=(), open_at=moment, open_hours=None, said=(), shorter=None)
    return blake2b(orjson.dumps(searched), digest_size=6).hexdigest()
