"""Answers as bytes: JSON by orjson, an ETag of what is sent, and for how long it may be kept."""

from functools import lru_cache
from hashlib import sha1
from typing import Any

import orjson
from flask import Response, request
from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from config.languages import best_language

JSON = "application/json"
GEOJSON = "application/geo+json"


def reader_language(lang: str | None) -> str:
    """The language of labels: `lang`, else Accept-Language, else English."""
    # A quality of 0 says: anything but this.
    return best_language([lang]) if lang else _best_language(request.headers.get("Accept-Language", ""))


# Browsers say a few dozen different things.
@lru_cache(maxsize=1024)
def _best_language(accepted: str) -> str:
    tags = parse_accept_header(accepted, LanguageAccept)
    return best_language([tag for tag, quality in tags if quality > 0])


def answer(body: dict[str, Any], *, lang: str, max_age_s: int, mimetype: str = JSON) -> Response:
    """A 200 with its ETag, or 304 where the reader has it already.

    `max_age_s` 0: it may be kept, but must be checked before each use.
    """
    payload = orjson.dumps(body)
    headers = {
        "Content-Language": lang,
        "Vary": "Accept, Accept-Language",
        "Cache-Control": f"public, max-age={max_age_s}" if max_age_s else "public, no-cache",
        "ETag": f'"{sha1(payload, usedforsecurity=False).hexdigest()}"',
    }
    response = Response(payload, content_type=mimetype, headers=headers)
    if "HTTP_IF_NONE_MATCH" in request.environ:
        response.make_conditional(request)
    return response


def wants_geojson() -> bool:
    """Whether the reader prefers GeoJSON to JSON; with no preference, JSON."""
    return _prefers_geojson(request.headers.get("Accept", ""))


@lru_cache(maxsize=1024)
def _prefers_geojson(accepted: str) -> bool:
    return parse_accept_header(accepted, MIMEAccept).best_match([JSON, GEOJSON], default=JSON) == GEOJSON
