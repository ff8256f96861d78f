"""/network/listings/{id}/why-not: why members do not find a listing by some words, or by the address of a search."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from directory.actors import Role
from directory.db import transaction
from directory.errors import InvalidRequest
from directory.listings.whole import load_whole
from directory.pages.members.asking import Asked, read_asked
from directory.pages.staff.frame import Shown, StaffPages, reader_language
from directory.pages.staff.listings.one import today
from directory.pages.staff.listings.words import list_words
from directory.search.why_not import find_why_not, understand_asked
from directory.web.access import allowed
from directory.web.listings.render import render_whole
from directory.web.listings.why_not import render_why_not
from directory.web.parameters import WhyNotQuery
from directory.web.reading import load_query
from geodata.gazetteer import get_gazetteer

blueprint = StaffPages("listing_why_not", __name__, url_prefix="/network/listings")
blueprint.context_processor(list_words)

LONGEST = 2_000
# Of an address: which page of it, and how it is shown. Whether a listing is found hangs on none of them.
_OF_SHOWING = frozenset(("cursor", "facets", "limit", "explain", "view", "map"))


@blueprint.get("/<int:listing_id>/why-not")
@allowed(Role.network)
def show_why_not(listing_id: int) -> Shown:
    """The form, and what it found out where something was searched."""
    lang = reader_language()
    with transaction() as session:
        whole = load_whole(session, listing_id, get_gazetteer(), today())
    typed = request.args.get("search", "").strip()[:LONGEST]
    found, status = _find(listing_id, typed, lang) if typed else ({}, 200)
    empty = "search" in request.args and not typed
    page = render_template(
        "staff/listings/why_not.html", one=render_whole(whole, lang), typed=typed, empty=empty, **found
    )
    return page, 422 if empty else status


def read_pasted(typed: str) -> Asked:
    """What was searched: the parameters of an address, of a page or of the interface; else words."""
    query = urlsplit(typed).query if "=" in typed else ""
    return read_asked(MultiDict(parse_qsl(query) if query else [("who", typed)]))


def _find(listing_id: int, typed: str, lang: str) -> tuple[dict[str, Any], int]:
    """What the template shows of the answer, and its status."""
    asked = read_pasted(typed)
    searched = {name: value for name, value in asked.parameters().items() if name not in _OF_SHOWING}
    told = {
        "searched": searched,
        "not_read": [name for name in asked.unknown if name not in _OF_SHOWING],
        "address": asked.changed().query_string(lang),
    }
    try:
        understood, row, why = find_why_not(understand_asked(load_query(WhyNotQuery(), searched)), listing_id)
    except InvalidRequest as error:
        return told | {"refused": str(error)}, 422
    return told | {"why": render_why_not(understood, row, why, lang)}, 200
