"""/network/listings/new: a new listing, with those that may be the same while it is typed."""

from typing import Any
from uuid import uuid4

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from directory.actors import Role
from directory.admission.repeating import do_once
from directory.db import transaction
from directory.errors import Fault, IdempotencyKeyReused, InvalidRequest
from directory.listings.agreements import Terms
from directory.listings.changing import driver_of
from directory.listings.creating import create_listing
from directory.listings.history import load_history
from directory.pages.staff.frame import Shown, StaffPages, reader_language
from directory.pages.staff.keeping import shows_again
from directory.pages.staff.listings.agreements import read_terms
from directory.pages.staff.listings.forms import Form, faults_by_field, read_names, read_patch, read_point
from directory.pages.staff.listings.one import curator_of, near_city
from directory.pages.staff.listings.page import GROUPS, choices_for
from directory.pages.staff.listings.week import week_rows
from directory.pages.staff.listings.words import list_words
from directory.pages.staff.provider_map import map_file, pick_words
from directory.search.look_alikes import Looked, find_same_listings
from directory.web.access import allowed, current_actor
from directory.web.render import render_item
from directory.web.sending import sent_by_form
from directory.wording import formats
from geodata.countries import load_countries
from geodata.gazetteer import get_gazetteer
from geodata.points import Point

blueprint = StaffPages("listing_making", __name__, url_prefix="/network/listings")
blueprint.context_processor(list_words)


@blueprint.get("/new")
@allowed(Role.network)
def show_new() -> str:
    """The form, with what the address says already: a name, a country, a city."""
    said = {"name_text": "name", "country": "country", "city": "city", "type": "type"}
    filled = MultiDict({field: request.args[name] for field, name in said.items() if request.args.get(name)})
    return _show(filled)


@blueprint.get("/look")
@allowed(Role.network)
def look() -> str:
    """What may be the same as what is being typed: a part of the form's page."""
    return render_template("staff/listings/alike.html", alike=_find_alike(request.args), looked=True)


def _again(fault: str) -> str:
    return _show(request.form, fault=fault)


@blueprint.post("/new")
@allowed(Role.network)
@shows_again(_again)
def make() -> Shown:
    """Make it; where others may be the same, who sends it says first that it is none of them."""
    form, lang = request.form, reader_language()
    try:
        patch, terms = _read(form)
        if not form.get("sure") and (alike := _find_alike(form)):
            return _show(form, alike=alike), 422
        made = _make_once(patch, terms)
    except InvalidRequest as error:
        return _show(form, faults=faults_by_field(error, lang)), 422
    except IdempotencyKeyReused:
        return _show(form, fault="listing.sent_before"), 422
    with transaction() as session:
        step = load_history(driver_of(session), made)[-1]
    return redirect(url_for("listing.show_one", listing_id=made, did=step.change_id), 303)


def _make_once(patch: dict[str, Any], terms: list[Terms]) -> int:
    with transaction() as session:

        def work() -> int:
            curator, why = curator_of(session), request.form.get("reason")
            return create_listing(curator, patch, terms, get_gazetteer(), why).listing_id

        return int(do_once(session, sent_by_form(current_actor().account_id), work).made)


def _read(form: Form) -> tuple[dict[str, Any], list[Terms]]:
    """What is said of it and agreed with it. Raises InvalidRequest with all that a form can get wrong."""
    faults: list[Fault] = []
    patch: dict[str, Any] = {}
    terms: list[Terms] = []
    try:
        patch = read_patch(form, GROUPS, near_city(form.get("city", ""), form.get("country", "")))
    except InvalidRequest as error:
        faults += error.faults
    try:
        terms = [Terms(**read_terms(form))] if form.get("network") else []
    except InvalidRequest as error:
        faults += error.faults
    needed = {"names": bool(read_names(form)), "type": bool(form.get("type")), "country": bool(form.get("country"))}
    faults += [Fault(f"/{name}", "This is needed.") for name, said in needed.items() if not said]
    if faults:
        raise InvalidRequest(*faults)
    return patch, terms


def _find_alike(form: Form) -> list[dict[str, Any]]:
    names, country = tuple(name["text"] or "" for name in read_names(form)), form.get("country", "")
    if country not in load_countries() or not any(len(name) > 2 for name in names):
        return []
    lang = reader_language()
    same = find_same_listings(Looked(names, country, _point_of(form)))
    return [render_item(each.shown, lang, each.distance_m) for each in same]


def _point_of(form: Form) -> Point | None:
    """Its own point, else the middle of its city: a clinic of the same name in another city is no look-alike."""
    city = near_city(form.get("city", ""), form.get("country", ""))
    try:
        point = read_point(form, city)
    except InvalidRequest:
        return city
    return city if point["lat"] is None or point["lon"] is None else Point(lon=point["lon"], lat=point["lat"])


def _show(filled: Form, **more: Any) -> str:
    lang = reader_language()
    context: dict[str, Any] = {
        "fault": None,
        "faults": {},
        "alike": None,
        "once": request.form.get("once") or str(uuid4()),
        **more,
    }
    if context["fault"] == "listing.sent_before":
        context["once"] = str(uuid4())
    return render_template(
        "staff/listings/new.html", filled=filled, conflicts={}, groups=GROUPS,
        week=week_rows(filled, [formats.weekday(lang, day) for day in range(7)]),
        map={"file": map_file(), "words": pick_words(lang)}, **context, **choices_for(filled, lang),
    )  # fmt: skip
