"""/network/changes: what is done to many listings at once, from choosing them to undoing it as one."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode

from flask import redirect, render_template, request, url_for

from directory.actors import NotAllowed, Role
from directory.changes import choosing, taking
from directory.changes.choosing import ACTIONS, Asked
from directory.changes.reading import list_changes, load_change
from directory.changes.taking import Taken
from directory.db import transaction
from directory.errors import InvalidRequest, RevisionConflict, TransitionNotAllowed, UnknownAction
from directory.listings.undoing import UndoBlocked
from directory.pages.staff.frame import Shown, StaffPages, reader_language
from directory.pages.staff.keeping import shows_again
from directory.pages.staff.listings.asked import read_asked
from directory.pages.staff.listings.forms import Form, faults_by_field
from directory.pages.staff.listings.many import read_set, say_search, say_set, show_change
from directory.pages.staff.listings.one import today
from directory.pages.staff.listings.page import choices_for
from directory.pages.staff.listings.week import week_rows
from directory.pages.staff.listings.words import list_words
from directory.pages.staff.proposal_forms import read_revision
from directory.search.curating import list_listings
from directory.web.access import allowed, current_actor
from directory.web.listings.asking import ListingsQuery, of_reader
from directory.web.listings.changes import render_summary
from directory.web.reading import load_query
from directory.wording import formats
from geodata.gazetteer import get_gazetteer

blueprint = StaffPages("listing_changes", __name__, url_prefix="/network/changes")
blueprint.context_processor(list_words)

PAGE = 50


@blueprint.get("")
@allowed(Role.network)
def show_changes() -> str:
    """Changes of many and files, the latest first."""
    before = request.args.get("before", type=int)
    with transaction() as session:
        rows = list_changes(session, PAGE + 1, before)
        items = [render_summary(change, many, reader_language()) for change, many in rows]
    return render_template("staff/listings/changes.html", items=items[:PAGE], more=len(items) > PAGE)


@blueprint.route("/new", methods=["GET", "POST"])
@allowed(Role.network)
def show_new() -> Shown:
    """What shall be set of the listings that were chosen: by their numbers, or by a search."""
    given = request.form if request.method == "POST" else request.args
    ids, search = _chosen(given)
    if not ids and search is None:
        return redirect(url_for("listings_list.show_list"), 303)
    return _form(Form(given), ids, search)


def _again(fault: str) -> str:
    return _form(request.form, *_chosen(request.form), fault=fault)


@blueprint.post("")
@allowed(Role.network)
@shows_again(_again)
def ask() -> Shown:
    """Freeze them and show what it would make of them; nothing is changed yet."""
    ids, search = _chosen(request.form)
    try:
        asked = Asked(read_set(request.form), search, ids, request.form.get("reason"))
        with transaction() as session:
            change = choosing.ask_change(session, current_actor(), asked, today()).change_id
    except InvalidRequest as error:
        return _form(request.form, ids, search, faults=faults_by_field(error, reader_language())), 422
    return redirect(url_for("listing_changes.show_one", change_id=change, back=_back()), 303)


@blueprint.get("/<int:change_id>")
@allowed(Role.network)
def show_one(change_id: int) -> str:
    """Which listings, what is made of the first twenty, how far it is, what was left and why."""
    return _show(change_id)


@blueprint.post("/<int:change_id>/<name>")
@allowed(Role.network)
def act(change_id: int, name: str) -> Shown:
    """Apply, approve, undo or drop."""
    if name not in ACTIONS:
        raise UnknownAction(name, ACTIONS)
    try:
        with transaction() as session:
            taken = Taken(request.form.get("reason"), _revision())
            taking.take(session, current_actor(), change_id, name, taken)
    except (RevisionConflict, TransitionNotAllowed):
        return _show(change_id, "listing.many_meanwhile"), 409
    except NotAllowed:
        return _show(change_id, "listing.many_somebody_else"), 403
    except UndoBlocked:
        return _show(change_id, "listing.many_blocked"), 409
    return redirect(url_for("listing_changes.show_one", change_id=change_id, did=name, back=_back()), 303)


def _back() -> str | None:
    """The list as it was filtered when they were chosen: it stays so afterwards. None where it had no filter."""
    given = request.values.get("back") or request.values.get("search") or ""
    return read_asked(parse_qs(given)).query_string or None


def _revision() -> int | None:
    return read_revision(request.form) if "revision" in request.form else None


def _chosen(given: Any) -> tuple[list[int], dict[str, str] | None]:
    """The numbers, or the search as parameters: `search` is the address's query, empty for all that there is."""
    if "search" in given:
        asked = read_asked(parse_qs(given["search"]))
        return [], _by_whom(asked.search)
    return [int(text) for text in given.getlist("ids") if text.isdigit() and len(text) < 19], None


def _by_whom(search: Mapping[str, str]) -> dict[str, str]:
    """The search with the reader's own number where it says `me`: it is kept, and others look at it."""
    owners = of_reader({"owner": search["owner"].split(",")}, current_actor())["owner"] if "owner" in search else ()
    return {**search, **({"owner": ",".join(owners)} if owners else {})}


def _count(search: Mapping[str, str]) -> int:
    query = load_query(ListingsQuery(), {**search, "facets": "none", "limit": "1"})
    return list_listings(query, today()).results.total


def _form(filled: Form, ids: list[int], search: dict[str, str] | None, **more: Any) -> str:
    lang = reader_language()
    return render_template(
        "staff/listings/change_new.html", filled=filled, ids=ids, search=search,
        query=filled.get("search"), back=_back() or "", said=None if search is None else say_search(search, lang),
        total=len(ids) if search is None else _count(search), most_alone=choosing.MOST_ALONE, conflicts={},
        week=week_rows(filled, [formats.weekday(lang, day) for day in range(7)]),
        **{"fault": None, "faults": {}, **more}, **choices_for(filled, lang),
    )  # fmt: skip


def _show(change_id: int, fault: str | None = None) -> str:
    lang = reader_language()
    with transaction() as session:
        view = load_change(session, change_id, current_actor(), get_gazetteer())
        shown = show_change(view, lang)
        wanted = say_set(view.many.wanted, lang) if view.many else []
        search = view.many.search if view.many else None
    return render_template(
        "staff/listings/change.html", one=shown, wanted=wanted, fault=fault, back=_back_or(search),
        said=None if search is None else say_search(search, lang), mine=_mine(view),
    )  # fmt: skip


def _back_or(search: Mapping[str, Any] | None) -> str | None:
    return _back() or (urlencode(search) if search else None)


def _mine(view: Any) -> bool:
    return bool(view.many and view.many.asked_by == current_actor().account_id)
