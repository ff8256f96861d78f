"""/widget/v1/: the files of the search widget as its build left them, for the pages of any origin."""

import json
import mimetypes
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request, send_file, url_for
from werkzeug.exceptions import NotFound

from config.settings import PROJECT_ROOT
from directory.web.access import public
from directory.web.problems import problem

blueprint = public(Blueprint("widget", __name__, url_prefix="/widget/v1"))

DIST = PROJECT_ROOT / "widget" / "dist"
MAIN = "provider-search.js"

# No directory, no hidden file, nothing that climbs.
_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
# The build puts a hash of the content into the name of what will never change under that name.
_HASHED = re.compile(r"\.[0-9a-f]{8,64}\.[a-z0-9]+$")
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".css": "text/css"}
# The better one first.
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

FOREVER = "public, max-age=31536000, immutable"
# Portals name the plain file: a new version of it is theirs within five minutes.
SHORT = "public, max-age=300, stale-while-revalidate=86400"


@blueprint.get("/<name>")
def show_file(name: str) -> Response:
    """One file of the widget, compressed where a compressed one lies beside it and the reader takes it."""
    file = DIST / name
    if not _NAME.fullmatch(name) or not file.is_file():
        if not is_built():
            return _not_built()
        raise NotFound("The widget has no such file.")
    encoding, sent = _best_encoding(file)
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = send_file(sent, mimetype=kind, conditional=True, etag=True)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Cache-Control"] = FOREVER if _HASHED.search(name) else SHORT
    # Portals load it as a module, and check it by its hash: both need this. There are no cookies to protect.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.vary.add("Accept-Encoding")
    return response


def _best_encoding(file: Path) -> tuple[str | None, Path]:
    for encoding, ending in _ENCODINGS:
        beside = file.with_name(file.name + ending)
        if request.accept_encodings[encoding] > 0 and beside.is_file():
            return encoding, beside
    return None, file


def is_built() -> bool:
    """Whether there is a widget to show."""
    return (DIST / MAIN).is_file()


def pinned_copy(name: str) -> dict[str, str] | None:
    """The copy of a file that is named by its content: `src`, and the hash that a browser checks it by.

    None where it is not built.
    """
    manifest = DIST / "manifest.json"
    if not manifest.is_file() or name not in (built := _read_manifest(manifest.stat().st_mtime_ns)):
        return None
    return {"src": url_for("widget.show_file", name=built[name]["file"]), "integrity": built[name]["integrity"]}


@lru_cache(maxsize=1)
def _read_manifest(_written_at: int) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    return read


def _not_built() -> Response:
    response = problem(
        "widget-not-built", "The widget is not built here: run `npm ci && npm run build` in widget/, or `make demo`."
    )
    response.headers["Retry-After"] = "60"
    return response
