"""/network/listings: the list of all listings, its views, a look at one beside it; and the one box of the bar."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from flask import make_response, redirect, render_template, request, url_for
from werkzeug import Response as BaseResponse

from directory.actors import Role
from directory.db import transaction
from directory.errors import InvalidRequest, ListingNotFound
from directory.listings.owning import load_team
from directory.listings.rows import load_rows
from directory.listings.views import load_views, remove_view, save_view
from directory.pages.staff.frame import Shown, StaffPages, reader_language
from directory.pages.staff.listings.asked import COLUMNS, FACETS, Asked, read_asked
from directory.pages.staff.listings.words import list_words
from directory.pages.staff.navigation import opens
from directory.pages.staff.provider_map import map_file, show_words, spot
from directory.proposals.reading import find_by_reference
from directory.search.curating import Listed, find_only, list_listings
from directory.search.cursor import InvalidCursor, encode_cursor
from directory.web.access import allowed, current_actor
from directory.web.listings.asking import ME, ListingsQuery
from directory.web.listings.listed import render_listed, render_row, value_label
from directory.web.reading import load_query
from directory.wording.catalogue import phrase

blueprint = StaffPages("listings_list", __name__, url_prefix="/network")
blueprint.context_processor(list_words)

PAGE = 50
# Values of a facet that stand open; the others are one press away.
_OPEN_VALUES = 6
# What works on many at once: another page takes what was chosen here.
_CHANGES = "/network/changes/new"
# What a page can say was done, by the end of its phrase.
_SAID = ("view_kept", "view_removed", "view_refused")
# Kept in the browser where the address names none, so that they come back tomorrow.
_COLUMNS_COOKIE = "listing-columns"
_A_YEAR_S = 31_536_000


@blueprint.get("/listings")
@allowed(Role.network)
def show_list() -> Shown:
    """Every listing of every status; filters, columns and the map stay in the address."""
    asked = _asked()
    try:
        page = _list(asked)
    except (InvalidRequest, InvalidCursor) as error:
        faulty = error.faults[0].where if isinstance(error, InvalidRequest) else "cursor"
        return _show(asked, None, faulty=faulty), 400
    shown = make_response(_show(asked, page))
    if "columns" in request.args:
        shown.set_cookie(_COLUMNS_COOKIE, ",".join(asked.columns), max_age=_A_YEAR_S, httponly=True, samesite="Lax")
    return shown


@blueprint.get("/listings/<int:listing_id>/preview")
@allowed(Role.network)
def show_preview(listing_id: int) -> str:
    """A look at one listing, to stand beside the list."""
    lang = reader_language()
    rows = load_rows([listing_id])
    if not rows:
        raise ListingNotFound(f"There is no listing {listing_id}.")
    return render_template("staff/listing_preview.html", item=render_row(rows[0], lang), page=_page_of(listing_id))


@blueprint.post("/listings/views")
@allowed(Role.network)
def keep_view() -> BaseResponse:
    """Keep the list as it is under a name."""
    kept = read_asked(parse_qs(request.form.get("query", "")))
    try:
        with transaction() as session:
            save_view(session, current_actor(), request.form.get("name", ""), kept.query_string)
    except InvalidRequest:
        return _back(kept, said="view_refused")
    return _back(kept, said="view_kept")


@blueprint.post("/listings/views/<int:view_id>/remove")
@allowed(Role.network)
def forget_view(view_id: int) -> BaseResponse:
    """Forget a view."""
    with transaction() as session:
        remove_view(session, current_actor(), view_id)
    return redirect(url_for("listings_list.show_list", said="view_removed"), 303)


@blueprint.get("/find")
@allowed(Role.network)
def find() -> BaseResponse:
    """The one box: straight to what the words name, else to the list of what they find."""
    typed = request.args.get("q", "").strip()
    if not typed:
        return redirect(url_for("listings_list.show_list"), 303)
    with transaction() as session:
        if proposal := find_by_reference(session, typed, current_actor()):
            return redirect(url_for("team.show_one", proposal_id=proposal), 303)
    found = find_only(typed)
    if found is not None:
        return redirect(_page_of(found), 303)
    return redirect(url_for("listings_list.show_list", q=typed), 303)


def _asked() -> Asked:
    """What the address asks; columns as they were last chosen where it names none."""
    asked = read_asked(dict(request.args.lists()))
    if ME in asked.chosen("owner"):
        # Said outright, so that a facet's value and the address name the same person alike.
        mine = [str(current_actor().account_id) if each == ME else each for each in asked.chosen("owner")]
        asked = Asked({**asked.values, "owner": ",".join(dict.fromkeys(mine))})
    kept = request.cookies.get(_COLUMNS_COOKIE, "")
    return asked if asked.one("columns") else asked.with_columns(kept)


def _back(asked: Asked, said: str) -> BaseResponse:
    """The list once more, with a word on what was done."""
    return redirect(f"{url_for('listings_list.show_list')}?{asked.changed().query_string}&said={said}", 303)


def _page_of(listing_id: int) -> str:
    """The page of one listing."""
    return f"{url_for('listings_list.show_list')}/{listing_id}"


def _list(asked: Asked) -> dict[str, Any]:
    """One page of the list, as the interface gives it. Raises InvalidRequest, InvalidCursor."""
    facets = ",".join(FACETS.values())
    given = {**asked.search, "facets": facets, "limit": str(PAGE)}
    if cursor := asked.one("cursor"):
        given["cursor"] = cursor
    listed = list_listings(load_query(ListingsQuery(), given), dt.datetime.now(dt.UTC).date())
    with transaction() as session:
        team = load_team(session)
    shown = render_listed(listed, team, {}, reader_language())
    return {**shown, "next": _following(listed, asked), "team": team}


def _following(listed: Listed, asked: Asked) -> str | None:
    """The address of the next page."""
    if not listed.results.next:
        return None
    cursor = encode_cursor(listed.understood.request, listed.results.next)
    return f"?{asked.query_string}&cursor={cursor}" if asked.query_string else f"?cursor={cursor}"


def _show(asked: Asked, page: dict[str, Any] | None, *, faulty: str | None = None) -> str:
    lang = reader_language()
    with transaction() as session:
        views = [(view.id, view.name, view.query) for view in load_views(session, current_actor())]
    said = request.args.get("said")
    return render_template(
        "staff/listings.html", asked=asked, page=page, faulty=faulty, facets=list(_facets(asked, page)), views=views,
        chips=list(_chips(asked, page)), columns=COLUMNS, page_of=_page_of, map=_map(asked, page, lang),
        changes=_CHANGES, imports=opens("/network/imports"),
        said=said if said in _SAID else None,
    )  # fmt: skip


def _facets(asked: Asked, page: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """Each filter with its values, in their order: those that stand open, and the rest."""
    counted = page["facets"] if page else {}
    for name, facet in FACETS.items():
        values = [{**each, "link": _link(asked.toggled(name, each["value"]))} for each in counted.get(facet, [])]
        first = [each for place, each in enumerate(values) if place < _OPEN_VALUES or each["selected"]]
        more = [each for each in values if each not in first]
        yield {"name": facet, "open": first, "more": more, "counted": facet in counted}


def _chips(asked: Asked, page: dict[str, Any] | None) -> Iterator[dict[str, str]]:
    """What is on, each with the address of the list without it."""
    lang = reader_language()
    for name, text in asked.filters.items():
        if name in FACETS:
            for value in asked.chosen(name):
                # What is no code of ours is named as it was written.
                label = value_label(FACETS[name], value, page["team"], lang) if page else value
                yield {"name": name, "label": label, "link": _link(asked.toggled(name, value))}
        else:
            yield {"name": name, "label": text, "link": _link(asked.changed(**{name: None}))}


def _link(asked: Asked) -> str:
    return f"?{asked.query_string}"


def _map(asked: Asked, page: dict[str, Any] | None, lang: str) -> dict[str, Any] | None:
    """What lies on the map of this page; None where it is not asked for."""
    if not asked.one("map") or page is None:
        return None
    placed = [item for item in page["items"] if item["location"]]
    spots = [spot(item, number, item["city"] or item["country_label"], lang) for number, item in enumerate(placed, 1)]
    return {"file": map_file(), "words": {**show_words(lang), "label": phrase(lang, "listings.map")}, "spots": spots}
