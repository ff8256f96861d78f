"""/network/listings/{id}: all that is known of a listing, edited where it stands; what is decided of it; undone."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response as BaseResponse

from directory.actors import Role
from directory.db import transaction
from directory.errors import Fault, InvalidRequest, RevisionConflict, TransitionNotAllowed, UnknownAction
from directory.listings import curating
from directory.listings.changing import Changed, driver_of
from directory.listings.curating import Curator
from directory.listings.editing import said_otherwise
from directory.listings.facts import Facts
from directory.listings.history import load_history
from directory.listings.owning import give_back_listing, take_listing
from directory.listings.undoing import AlreadyUndone, UndoBlocked, undo_change
from directory.listings.whole import load_whole
from directory.pages.staff.frame import Shown, StaffPages, reader_language
from directory.pages.staff.keeping import shows_again
from directory.pages.staff.listings.beside import load_beside
from directory.pages.staff.listings.forms import faults_by_field, put_together, read_patch
from directory.pages.staff.listings.page import GROUPS, Tried, conflicts_of, page_of
from directory.pages.staff.listings.words import list_words
from directory.pages.staff.officer import find_box
from directory.pages.staff.proposal_forms import read_revision
from directory.web.access import allowed, current_actor
from geodata.gazetteer import get_gazetteer
from geodata.pasted import NoWhere, parse_pasted
from geodata.points import Point

blueprint = StaffPages("listing", __name__, url_prefix="/network/listings")
blueprint.context_processor(list_words)

Work = Callable[[Curator], Changed]
_OWNING = {"take": take_listing, "give_back": give_back_listing}


@blueprint.get("/<int:listing_id>")
@allowed(Role.network)
def show_one(listing_id: int) -> str:
    """The page of one, whatever its status."""
    return show(listing_id)


@blueprint.get("/where")
@allowed(Role.network)
def show_where() -> dict[str, Any]:
    """What the map of a form looks at: the box of its city or country, and the point that was pasted."""
    box, text = find_box(), request.args.get("point", "")
    try:
        point = parse_pasted(text, near_city(request.args.get("city", ""), request.args.get("country", "")))
    except NoWhere:
        return {**box, "point": None}
    return {**box, "point": {"lat": point.lat, "lon": point.lon}}


def _edit_again(listing_id: int, group: str, fault: str) -> str:
    return show(listing_id, Tried(group, request.form, read_revision(request.form), fault=fault))


@blueprint.post("/<int:listing_id>/edit/<group>")
@allowed(Role.network)
@shows_again(_edit_again)
def edit(listing_id: int, group: str) -> Shown:
    """Say other facts of one group, on the revision that the page showed."""
    if group not in GROUPS:
        raise UnknownAction(group, GROUPS)
    revision, lang = read_revision(request.form), reader_language()
    try:
        with transaction() as session:
            said = _read_edit(curator_of(session, revision), listing_id, group)
            if not said:
                return go_on(listing_id)
            changed = curating.edit_listing(
                curator_of(session, revision), listing_id, said, get_gazetteer(), request.form.get("reason")
            )
    except InvalidRequest as error:
        return show(listing_id, Tried(group, request.form, revision, faults_by_field(error, lang))), 422
    except RevisionConflict as conflict:
        return _show_conflict(listing_id, group, conflict), 409
    return go_on(listing_id, changed)


@blueprint.post("/<int:listing_id>/actions/<name>")
@allowed(Role.network)
def act(listing_id: int, name: str) -> Shown:
    """Confirm, suspend, resume, retire, restore."""
    if name not in _ACTIONS:
        raise UnknownAction(name, tuple(_ACTIONS))
    return done_with(listing_id, name, lambda curator: _ACTIONS[name](curator, listing_id, request.form))


@blueprint.post("/<int:listing_id>/owner/<name>")
@allowed(Role.network)
def own(listing_id: int, name: str) -> BaseResponse:
    """Take it, or give it back; neither is a change of the listing."""
    if name not in _OWNING:
        raise UnknownAction(name, tuple(_OWNING))
    with transaction() as session:
        _OWNING[name](session, listing_id, current_actor())
    return redirect(url_for("listing.show_one", listing_id=listing_id, _anchor="owner"), 303)


@blueprint.post("/<int:listing_id>/undo")
@allowed(Role.network)
def undo(listing_id: int) -> Shown:
    """Take a change back; what stands in its way is shown where it can be taken back first."""
    change = request.form.get("change", type=int) or 0
    try:
        with transaction() as session:
            undone = undo_change(session, change, actor=current_actor(), reason=request.form.get("reason"))
    except UndoBlocked as error:
        blocked = url_for("listing_history.show_history", listing_id=listing_id, blocked=change)
        return redirect(f"{blocked}#c{error.blocked_by[0]}", 303)
    except AlreadyUndone:
        return redirect(url_for("listing.show_one", listing_id=listing_id, fault="undone_before"), 303)
    return redirect(url_for("listing.show_one", listing_id=listing_id, did=undone.change_id), 303)


def show(listing_id: int, tried: Tried | None = None) -> str:
    """The page; with a form that was not taken, open and filled in as it was typed."""
    with transaction() as session:
        whole = load_whole(session, listing_id, get_gazetteer(), today())
        context = page_of(session, whole, reader_language(), tried)
        beside = load_beside(session, listing_id, current_actor(), reader_language())
    return render_template(
        "staff/listings/one.html", fault=tried.fault if tried else _known_fault(), beside=beside, **context
    )


def done_with(listing_id: int, form: str, work: Work) -> Shown:
    """Do it and say so, with its undo; else the page with the form that asked for it, and what was wrong."""
    revision, lang = read_revision(request.form), reader_language()
    try:
        with transaction() as session:
            changed = work(curator_of(session, revision if "revision" in request.form else None))
    except InvalidRequest as error:
        return show(listing_id, Tried(form, request.form, revision, faults_by_field(error, lang))), 422
    except RevisionConflict as conflict:
        return show(listing_id, Tried(form, request.form, conflict.revision, fault="listing.changed_meanwhile")), 409
    except TransitionNotAllowed:
        return show(listing_id, Tried("", request.form, revision, fault="listing.not_possible")), 409
    return go_on(listing_id, changed)


def go_on(listing_id: int, changed: Changed | None = None) -> BaseResponse:
    """Back to the page, or on to the listing that the form names next, saying what was done."""
    said: dict[str, Any] = {"did": changed.change_id} if changed else {}
    following = request.form.get("then", type=int)
    if following and changed:
        said["of"] = listing_id
    return redirect(url_for("listing.show_one", listing_id=following or listing_id, **said), 303)


def curator_of(session: Session, revision: int | None = None) -> Curator:
    """Who sends this, in a transaction."""
    return Curator(session, current_actor(), today(), revision)


def today() -> dt.date:
    """The day as agreements and confirmations count it."""
    return dt.datetime.now(dt.UTC).date()


def near_city(city: str, country: str) -> Point | None:
    """Where a short plus code is looked for: around the city of the form."""
    place = get_gazetteer().match_city(city.strip()[:200], country) if city.strip() and country else None
    return place.point if place else None


def _read_edit(curator: Curator, listing_id: int, group: str) -> dict[str, Any]:
    """What the form says otherwise than it was."""
    seen = curating.load_seen(curator, listing_id)
    return said_otherwise(seen, read_patch(request.form, [group], _near(seen)), get_gazetteer())


def _near(facts: Facts) -> Point | None:
    form, location = request.form, facts["location"]
    return near_city(form.get("city") or location["city"] or "", form.get("country") or location["country"])


def _show_conflict(listing_id: int, group: str, conflict: RevisionConflict) -> str:
    """The form with what was typed in the fields that its writer changed, beside what others changed in them."""
    seen_revision, lang = read_revision(request.form), reader_language()
    with transaction() as session:
        curator = curator_of(session, seen_revision)
        try:
            mine = _read_edit(curator, listing_id, group)
        except RevisionConflict:  # what was seen is not kept any more
            mine = {}
        whole = load_whole(session, listing_id, get_gazetteer(), today())
        steps = load_history(driver_of(session), listing_id)
    typed = put_together(whole.facts, request.form, mine) if mine else request.form
    told = conflicts_of(steps, seen_revision, conflict.changed, lang)
    return show(listing_id, Tried(group, typed, whole.revision, conflicts=told, fault="listing.changed_meanwhile"))


def _known_fault() -> str | None:
    return "listing.undone_before" if request.args.get("fault") == "undone_before" else None


def read_day(form: Mapping[str, str], name: str) -> dt.date | None:
    """A day of a form; None where it is empty. Raises InvalidRequest."""
    text = form.get(name, "").strip()
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidRequest(Fault(f"/{name}", "A day is needed here, as 2026-12-31.")) from None


def _verify(curator: Curator, listing_id: int, form: Any) -> Changed:
    groups = form.getlist("facts")
    return curating.verify_listing(curator, listing_id, groups, form.get("method"), form.get("note"))


def _suspend(curator: Curator, listing_id: int, form: Any) -> Changed:
    begins, ends = read_day(form, "from"), read_day(form, "until")
    return curating.suspend_listing(curator, listing_id, form.get("reason"), begins=begins, ends=ends)


_ACTIONS: Mapping[str, Callable[[Curator, int, Any], Changed]] = {
    "verify": _verify,
    "suspend": _suspend,
    "resume": lambda curator, id_, form: curating.resume_listing(curator, id_, form.get("reason")),
    "retire": lambda curator, id_, form: curating.retire_listing(curator, id_, form.get("reason")),
    "restore": lambda curator, id_, form: curating.restore_listing(curator, id_, form.get("reason")),
}
