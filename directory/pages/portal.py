"""/: a page of an insurer's portal, as a member sees it, with the search widget in it."""

import json
from functools import lru_cache

from flask import Blueprint, Response, url_for

from directory.api.access import public
from directory.pages.public import reader_words, show, show_problems_as_pages
from directory.pages.widget import DIST, MAIN, is_built

blueprint = public(Blueprint("portal", __name__, template_folder="templates"))

# Scripts and styles are files of this service, data come from its interface, and nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html 'allow-duplicates'"
)


@blueprint.get("/")
def show_portal() -> Response:
    """The page; without a built widget it leads to the plain search."""
    response = show("public/portal.html", reader_words(), widget=_widget() if is_built() else None, indexed=True)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response


def _widget() -> dict[str, str]:
    """The widget's copy that is named by its content, and the hash that a browser checks it by."""
    manifest = DIST / "manifest.json"
    file, integrity = _read_manifest(manifest.stat().st_mtime_ns)
    return {"src": url_for("widget.show_file", name=file), "integrity": integrity}


@lru_cache(maxsize=1)
def _read_manifest(_written_at: int) -> tuple[str, str]:
    pinned = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))[MAIN]
    return pinned["file"], pinned["integrity"]


show_problems_as_pages(blueprint, lambda _words, _slug: {"form": None, "again": None})
