"""/search: the search as a plain form and list, and one listing's page. No script, no cookie, the API's functions."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, url_for
from markupsafe import Markup
from werkzeug import Response as BaseResponse

from config.settings import get_settings
from directory.admission.limits import TooManyRequests
from directory.errors import Fault, IdempotencyKeyReused, InvalidRequest
from directory.listings.hours import openness_at, parse_hours, wall_clock
from directory.listings.reports import ReportDraft
from directory.listings.shown import load_public_listing
from directory.models import ReportKind
from directory.pages.members.asking import FILTERS, INSURED, RADII_KM, SETTINGS, Asked, read_asked, understand_asked
from directory.pages.members.desk import VISITED, show_desk_card
from directory.pages.members.frame import reader_words, show, show_problems_as_pages
from directory.pages.members.insured_shown import (
    PlanBox,
    asks_letter,
    build_plan_box,
    fault_of_plan,
    of_address,
    render_insured,
    with_area,
)
from directory.pages.members.offline import pack_link
from directory.pages.members.reading_shown import build_reading, build_remarks
from directory.pages.members.words import Words, bdi, phone_link
from directory.search.agreements import SETTLEMENT_VALUES
from directory.search.answering import search_providers
from directory.search.cursor import InvalidCursor, encode_cursor
from directory.search.granting import find_what_can_be
from directory.search.order import BY_CITY, order_of
from directory.search.request import Facet, SearchRequest, Sort
from directory.search.results import SearchResults
from directory.search.understand import Understood, Where
from directory.telehealth.offering import offer_for_search
from directory.vocabulary.codes import load_codes
from directory.vocabulary.languages import language_name
from directory.web.access import public
from directory.web.admission import LARGEST_BODY, count_read, count_words, require_own_origin, tell_admission
from directory.web.care.now import render_others
from directory.web.parameters import parse_listing_id
from directory.web.render import facet_label, in_networks, render_results
from directory.web.reporting import receive
from directory.wording.payment import settlement_label
from geodata.places import CountryNotPlace, UnknownPlace

blueprint = public(Blueprint("search", __name__, url_prefix="/search", template_folder="templates"))

blueprint.before_request(count_read)
blueprint.after_request(tell_admission)

# As long as the interface's own answers.
MAX_AGE_S = 30
# Of a facet, so many values are shown at once; the others are a tap away.
SHOWN_VALUES = 6


@blueprint.get("")
def show_search() -> Response:
    """The form; with something asked, what was found too."""
    words = reader_words()
    question = with_area(read_asked(request.args))
    remarks = [words.t("members.left_out", names=", ".join(question.unknown))] if question.unknown else []
    if question.is_empty:
        return _show_start(words, question, remarks)
    try:
        question, understood = _read_where(question)
    except InvalidCursor:
        remarks.append(words.t("members.wrong_page"))
        question, understood = _read_where(question.changed())
    except InvalidRequest as error:
        faults = list(_explain(error, question, words))
        return show(
            "members/search.html", words, status=400, form=_form(words, question), faults=faults, remarks=remarks
        )
    return _show_found(words, question, understood, remarks)


def _read_where(question: Asked) -> tuple[Asked, Understood]:
    """The question understood. "Kenya" is where a member is, though it is no place: then it is the country's filter."""
    try:
        return question, understand_asked(question, FILTERS.values())
    except InvalidRequest as error:
        if not isinstance(error.__cause__, CountryNotPlace):
            raise
        question = question.changed(near=None, radius_km=None, country=error.__cause__.code)
        return question, understand_asked(question, FILTERS.values())


def _show_start(words: Words, question: Asked, remarks: list[Markup]) -> Response:
    """Nothing is asked yet: the form, and every country that has providers."""
    results = search_providers(SearchRequest(sort=Sort.name, facets=(Facet.country,), limit=1))
    page = render_results(SearchRequest(), None, results, {}, words.language)
    countries = [
        {**value, "link": _search_link(question.changed(country=value["value"]), words)}
        for value in page["facets"].get("country", ())
    ]
    return show(
        "members/search.html",
        words,
        max_age_s=0 if results.degraded else MAX_AGE_S,
        form=_form(words, question),
        remarks=remarks,
        countries=countries,
        degraded=results.degraded,
        indexed=True,
    )


def _show_found(words: Words, question: Asked, understood: Understood, remarks: list[Markup]) -> Response:
    count_words(understood.request)
    if understood.where and understood.where.corrected:
        remarks = [*remarks, words.t("members.unknown_place", place=bdi(question.one("near")))]
    understood, results = find_what_can_be(understood, search_providers)
    asked = understood.request, understood.where
    page = render_results(*asked, results, {}, words.language, insured=understood.insured)
    following = results.next and encode_cursor(understood.request, results.next)
    heading = _heading(words, question, page, understood.where)
    chosen = list(_chips(words, question))
    nearest = list(_nearest(page["nearest"]))
    read = build_reading(words, question, understood, lambda changed: _search_link(changed, words))
    return show(
        "members/search.html",
        words,
        max_age_s=0 if results.degraded else MAX_AGE_S,
        form=_form(words, question),
        remarks=[*remarks, *build_remarks(words, understood)],
        read=read,
        asked=_asked(question, read, chosen) or [heading.striptags()],
        page=page,
        heading=heading,
        hours={item["id"]: hours_of(words, item) for item in (*page["items"], *(each["item"] for each in nearest))},
        groups=_groups(understood.request, page["items"]),
        nearest=nearest,
        helpline=page["helpline"] and phone_link(page["helpline"]),
        title=" · ".join([*(chip["label"] for chip in chosen[:2]), heading.striptags()]),
        chips=chosen,
        filters=list(_filters(words, question, page["facets"])),
        sorts=list(_sorts(words, question, understood.request)),
        next=following and f"{_search_link(question, words)}&{urlencode({'cursor': following})}#results",
        first=_search_link(question.changed(), words) if question.one("cursor") else None,
        relaxations=[_relaxation(words, question, change) for change in page["relaxations"]],
        alternatives=_alternatives(words, question, page["where"]),
        spelling=_spelling(results),
        place=page["where"]["place"]["label"] if page["where"] and page["where"]["place"] else None,
        query=question.query_string(words.language),
        pack=pack_link(question, words),
        telehealth=offer_for_search(
            understood.request, results, words.language, closed="open_now" in understood.set_aside
        ),
        scripts=True,
        degraded=results.degraded,
        indexed=not question.values.keys() & {"cursor", "sort", "lat", "bbox", *INSURED},
        looked_at=_country_of(understood),
    )


def _country_of(understood: Understood) -> str | None:
    """The country that is looked at, where it is one."""
    if understood.where and understood.where.place:
        return understood.where.place.country
    return understood.request.countries[0] if len(understood.request.countries) == 1 else None


def _groups(search: SearchRequest, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The page's listings; where nearness decides, what is known by its city alone under a heading of its own."""
    if order_of(search)[0] is not BY_CITY:
        return [{"by_city": False, "items": items}]
    parts = groupby(items, key=lambda item: item["location"]["precision"] == "place")
    return [{"by_city": by_city, "items": list(several)} for by_city, several in parts]


def _nearest(nearest: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """What lies beyond the radius, with its heading; the two are often one."""
    any_, card = (nearest["any"], nearest["card"]) if nearest else (None, None)
    if any_:
        both = card and card["id"] == any_["id"]
        yield {"heading": "members.nearest_both" if both else "members.nearest", "item": any_}
    if card and not (any_ and any_["id"] == card["id"]):
        yield {"heading": "members.nearest_card", "item": card}


def _asked(question: Asked, read: dict[str, Any] | None, chosen: list[dict[str, str]]) -> list[str]:
    """What was asked, in a few words: "Cardiology · Kinshasa · Card"."""
    typed = [chip["said"] for chip in read["chips"]] if read else [question.one("which"), question.one("who")]
    said = [*typed, question.one("near"), *(chip["label"] for chip in chosen)]
    return list(dict.fromkeys(part for part in said if part))


@dataclass(frozen=True, slots=True)
class Form:
    """The fields as they are shown again."""

    question: Asked
    radii: tuple[tuple[str, str], ...]
    plan: PlanBox | None


def _form(words: Words, question: Asked) -> Form:
    radii = RADII_KM if question.one("radius_km") in ("", *RADII_KM) else (*RADII_KM, question.one("radius_km"))
    shown = tuple((km, words.kilometres(float(km))) for km in radii if _is_number(km))
    return Form(question, shown, build_plan_box(words, question))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text) is not None


def _search_link(question: Asked, words: Words) -> str:
    return f"{url_for('search.show_search')}?{question.query_string(words.language)}"


def _explain(error: InvalidRequest, question: Asked, words: Words) -> Iterator[dict[str, Any]]:
    """Each fault as a sentence, with what could be meant instead."""
    for fault in error.faults:
        if fault.where == "near":
            meant = error.__cause__.nearest if isinstance(error.__cause__, UnknownPlace) else ()
            instead = [
                {"label": label, "link": _search_link(question.changed(near=label), words)}
                for label in dict.fromkeys(place.label(words.language) for place in meant)
            ]
            yield {"said": words.t("members.unknown_place", place=bdi(question.one("near"))), "instead": instead}
        else:
            yield {"said": _wrong_value(fault, question, words), "instead": []}


def _wrong_value(fault: Fault, question: Asked, words: Words) -> Markup:
    fields = {"q": "members.who", "radius_km": "members.distance", "sort": "members.sort"}
    facet = FILTERS.get(fault.where)
    name = fault_of_plan(fault) or fields.get(fault.where) or (facet and f"members.facet_{facet.value}")
    if name is None:
        return words.t("members.contradiction")
    value = question.parameters().get(fault.where, "")
    return words.t("members.wrong_value", value=bdi(value), field=words.t(name))


def _heading(words: Words, question: Asked, page: dict[str, Any], where: Where | None) -> Markup:
    """ "128 providers near Goma", in the reader's language."""
    heading = _found(words, question, page["total"]["value"], where)
    return words.t("members.at_least", found=heading) if page["total"]["relation"] == "gte" else heading


def _found(words: Words, question: Asked, total: int, where: Where | None) -> Markup:
    if where and where.place:
        return words.t("members.found_near", count=total, place=bdi(where.place.name_in(words.language)))
    if question.one("bbox"):
        return words.t("members.found_in_box", count=total)
    if chosen := [_label(words, Facet.country, code) for code in question.chosen("country")]:
        return words.t("members.found_in", count=total, place=bdi(", ".join(chosen)))
    return words.t("members.found", count=total)


def _label(words: Words, facet: Facet, value: str) -> str:
    """What a chosen value is called; in an address written by hand, a country may be in small letters."""
    return facet_label(facet.value, value.upper() if facet is Facet.country else value, words.language)


_CHOSEN = (
    (("lat", "lon"), "members.point_chosen"),
    (("bbox",), "members.map_area"),
    (("open_now",), "members.read_open_now"),
    (("as_typed",), "members.read_as_typed"),
    (("direct_or_tariff",), "members.direct_or_tariff"),
)


def _chips(words: Words, question: Asked) -> Iterator[dict[str, str]]:
    """What is on, each with the address of the search without it."""
    for name, facet in FILTERS.items():
        for value in question.chosen(name):
            label = _label(words, facet, value)
            yield {"label": label, "link": _search_link(question.without(name, value), words)}
    for names, sentence in _CHOSEN:
        if question.one(names[0]):
            link = _search_link(question.changed(**dict.fromkeys(names)), words)
            yield {"label": str(words.t(sentence)), "link": link}


def _filters(words: Words, question: Asked, facets: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, facet in FILTERS.items():
        if facet.value not in facets:
            continue
        values = facets[facet.value]
        if facet is Facet.settlement:
            yield from _ways_to_pay(words, question, values)
            continue
        if not values:
            continue
        shown = [value for place, value in enumerate(values) if place < SHOWN_VALUES or value["selected"]]
        more = [value for value in values if value not in shown]
        chosen = len(question.chosen(name))
        yield {"name": name, "facet": facet.value, "shown": shown, "more": more, "chosen": chosen}


def _ways_to_pay(words: Words, question: Asked, values: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One choice for each care setting, always of the same ways: what nothing found has counts none."""
    by_value = {value["value"]: value for value in values}
    for setting in SETTINGS:
        ways = [
            by_value.get(value) or {"value": value, "label": settlement_label(value, words.language), "count": 0}
            for value in SETTLEMENT_VALUES
            if value.startswith(f"{setting}:")
        ]
        # A count is that of one choice alone: with one in the other setting it would not hold.
        counted = all(value.startswith(f"{setting}:") for value in question.chosen("settlement"))
        shown = [{**way, "value": way["value"].partition(":")[2], "counted": counted} for way in ways]
        chosen = any(way.get("selected") for way in ways)
        yield {"name": setting, "facet": "settlement", "setting": setting, "shown": shown, "chosen": chosen}


def _spelling(results: SearchResults) -> str | None:
    """The phrase on near spellings, where the page has any: fewer exact hits than usual is not none."""
    if not results.forgiving or results.found_as_typed in (None, results.total):
        return None
    return "members.forgiving_too" if results.found_as_typed else "members.forgiving"


def _sorts(words: Words, question: Asked, search: SearchRequest) -> Iterator[dict[str, Any]]:
    possible = [Sort.relevance] if search.units or not search.circle else []
    possible += [Sort.distance] if search.circle else []
    for sort in (*possible, Sort.name):
        yield {
            "label": words.t(f"members.sort_{sort.value}"),
            "link": f"{_search_link(question.changed(sort=sort.value), words)}#results",
            "current": sort is search.sort,
        }


def _relaxation(words: Words, question: Asked, change: dict[str, Any]) -> dict[str, Any]:
    names = ("which", "who") if change["parameter"] == "q" else (change["parameter"],)
    # Words that are left stand in one field: both are read alike.
    values = dict.fromkeys(names) | {names[-1]: change["value"]}
    relaxed = question.changed(**values)
    count = words.t("members.found", count=change["total"])
    if change["relation"] == "gte":
        count = words.t("members.at_least", found=count)
    return {"label": change["label"], "found": count, "link": _search_link(relaxed, words)}


def _alternatives(words: Words, question: Asked, where: dict[str, Any] | None) -> list[dict[str, str]]:
    places = where["alternatives"] if where else []
    labels = dict.fromkeys(place["label"] for place in places)
    return [{"label": label, "link": _search_link(question.changed(near=label, place=None), words)} for label in labels]


@blueprint.get("/<listing_id>")
def show_listing(listing_id: str) -> Response:
    """One listing: how to pay, contacts, hours, a card to show to a driver, a form to report what is wrong."""
    return _show_listing(listing_id, reader_words())


def _show_listing(
    listing_id: str, words: Words, *, status: int = 200, draft: dict[str, str] | None = None, faults: Any = ()
) -> Response:
    question = read_asked(request.args)
    # Of a network that does not exist nothing is known: least of all that nobody pays in it.
    networks = [code for code in question.chosen("network") if code in load_codes().networks]
    shown = load_public_listing(parse_listing_id(listing_id))
    item = render_insured(shown, networks, of_address(question), words.language)
    suspended = item["status"] == "suspended" or bool(in_networks(shown, networks or None)["suspended"])
    if "desk" in request.args and status == 200:
        return show_desk_card(item, networks, words)
    return show(
        "members/listing.html",
        words,
        status=status,
        item=item,
        hours=hours_of(words, item),
        week=_week(words, item),
        spoken=[language_name(code, words.language) for code in item["languages"]],
        asks_letter=asks_letter(item),
        helpline=(helpline := get_settings().helpline) and phone_link(helpline),
        back=None if question.is_empty else _search_link(question, words),
        kinds=list(ReportKind),
        draft=draft or {"idempotency_key": str(uuid.uuid4())},
        faults=faults,
        reported=request.args.get("reported") == "yes",
        visited=VISITED.get(request.args.get("visited", "")),
        query=question.query_string(words.language),
        indexed=status == 200,
        looked_at=shown["country"],
        # Where an agreement is suspended, or members are warned: where else the card is taken.
        instead=render_others(shown, words.language) if suspended or item["caution"] else [],
    )


@blueprint.get("/<listing_id>/report")
def show_reported(listing_id: str) -> BaseResponse:
    """Who opens the address of the form itself, from a history say, finds the listing."""
    return redirect(_listing_link(listing_id, reader_words(), "#report"), 303)


def _listing_link(listing_id: str, words: Words, more: str) -> str:
    query = read_asked(request.args).query_string(words.language)
    return f"{url_for('search.show_listing', listing_id=listing_id)}?{query}{more}"


@blueprint.post("/<listing_id>/report")
def report(listing_id: str) -> BaseResponse:
    """Receive the form of a listing's page; what is wrong with it is said beside it, and what was typed is kept."""
    request.max_content_length = LARGEST_BODY
    require_own_origin()
    words = reader_words()
    names = ("kind", "text", "contact", "idempotency_key")
    draft = {name: request.form.get(name, "").strip() for name in names}
    try:
        kind = ReportKind(draft["kind"])
    except ValueError:
        faults = [{"field": "kind", "said": words.t("members.report_choose_kind")}]
        return _show_listing(listing_id, words, status=400, draft=draft, faults=faults)
    try:
        report_draft = ReportDraft(kind, draft["text"], draft["contact"])
        receive(parse_listing_id(listing_id), report_draft, ours(draft["idempotency_key"]))
    except InvalidRequest as error:
        faults = [_explain_report(fault, draft, words) for fault in error.faults]
        return _show_listing(listing_id, words, status=400, draft=draft, faults=faults)
    except TooManyRequests as error:
        faults = [{"field": "kind", "said": words.t("members.report_limit")}]
        page = _show_listing(listing_id, words, status=429, draft=draft, faults=faults)
        page.headers["Retry-After"] = str(error.allowance.retry_after_s)
        return page
    except IdempotencyKeyReused:
        faults = [{"field": "kind", "said": words.t("members.report_again")}]
        fresh = {**draft, "idempotency_key": str(uuid.uuid4())}
        return _show_listing(listing_id, words, status=422, draft=fresh, faults=faults)
    return redirect(_listing_link(listing_id, words, "&reported=yes#report"), 303)


def ours(key: str) -> str | None:
    """The key that the form was made with; what is no key of a form says nothing."""
    return key if re.fullmatch(r"[0-9a-f-]{36}", key) else None


def _explain_report(fault: Fault, draft: dict[str, str], words: Words) -> dict[str, Any]:
    if fault.where == "/contact":
        return {"field": "contact", "said": words.t("members.report_contact_wrong")}
    return {
        "field": "text",
        "said": words.t("members.report_text_long" if draft["text"] else "members.report_needs_text"),
    }


def hours_of(words: Words, item: dict[str, Any]) -> Markup | None:
    """Whether it is open now, or its hours as they were given; None where nothing is known."""
    if not item["hours"]:
        return None
    week = parse_hours(item["hours"])
    clock = wall_clock(datetime.now(UTC), item["time_zone"]) if item["time_zone"] else None
    if week and week.always:
        return words.t("members.open_always")
    if week is None or not clock:
        return words.t("members.hours_as_given", hours=bdi(item["hours"]))
    now = openness_at(week, *clock)
    if now.is_open:
        return words.t("members.open_until", time=words.time(now.minutes))
    if now.in_days is None:
        return words.t("members.closed_now")
    sentence = {0: "members.opens_at", 1: "members.opens_tomorrow"}.get(now.in_days, "members.opens_on")
    return words.t(sentence, time=words.time(now.minutes), day=words.weekday(now.day))


def _week(words: Words, item: dict[str, Any]) -> list[tuple[str, str]]:
    """Each weekday with its hours; empty where they are none of a plain week, or the same all the time."""
    week = parse_hours(item["hours"]) if item["hours"] else None
    if week is None or week.always:
        return []
    return [
        (
            words.weekday(day),
            " · ".join(f"{words.time(start)}–{words.time(end)}" for start, end in spans)
            or str(words.t("members.hours_closed")),
        )
        for day, spans in enumerate(week.days)
    ]


def _trouble(words: Words, slug: str) -> dict[str, Any]:
    """The form with what was asked, so that it can be tried again."""
    if request.endpoint != "search.show_search":
        fault = {"said": words.t("members.not_found_listing")} if slug == "not-found" else {}
        return {"form": None, "again": None, **fault}
    question = read_asked(request.args)
    return {"form": _form(words, question), "again": _search_link(question, words)}


show_problems_as_pages(blueprint, _trouble)
