"""What the page of one listing shows: its facts in groups, who may do what, the card, the last changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from config.languages import LANGUAGES
from directory.listings.changing import driver_of
from directory.listings.facts import further_name
from directory.listings.history import Step, load_history
from directory.listings.hours import parse_hours
from directory.listings.undoing import find_void
from directory.listings.whole import WholeListing
from directory.pages.staff.listings.agreed import fill_terms, open_terms, show_agreements
from directory.pages.staff.listings.card import card_asked, draw_card
from directory.pages.staff.listings.choices import listing_choices, with_known
from directory.pages.staff.listings.forms import Form, fill
from directory.pages.staff.listings.steps import load_flash, show_steps
from directory.pages.staff.listings.told import say, say_point
from directory.pages.staff.listings.week import week_rows
from directory.pages.staff.provider_map import map_file, pick_words, show_words
from directory.vocabulary.languages import language_name
from directory.web.listings.render import render_whole
from directory.wording import formats
from directory.wording.catalogue import phrase

GROUPS = ("identity", "location", "contact", "care", "hours")
_LAST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was sent and not taken: which one, what was typed, what was wrong, what others changed meanwhile."""

    form: str
    typed: Form
    revision: int
    faults: Mapping[str, str] = field(default_factory=dict)
    conflicts: Mapping[str, Any] = field(default_factory=dict)
    fault: str | None = None


def page_of(session: Session, whole: WholeListing, lang: str, tried: Tried | None = None) -> dict[str, Any]:
    """Everything that the template takes."""
    steps = load_history(driver_of(session), whole.listing_id)
    card_lang, card_network = card_asked(request.args, lang)
    editing = tried.form if tried else _asked_for(whole)
    opened = open_terms(whole, editing, lang)
    filled = tried.typed if tried else fill_terms(whole, opened) if opened else _begun(fill(whole.facts), editing)
    one = render_whole(whole, lang)
    return {
        "one": one,
        "groups": show_groups(whole, lang),
        "editing": editing,
        "filled": filled,
        "week": week_rows(filled, [formats.weekday(lang, day) for day in range(7)]),
        "tried": tried,
        "faults": tried.faults if tried else {},
        "conflicts": tried.conflicts if tried else {},
        "revision": tried.revision if tried else whole.revision,
        "agreements": show_agreements(whole, lang),
        "agreed": told_source(whole, "agreements", lang),
        "open_terms": opened,
        "today": whole.day.isoformat(),
        "steps": show_steps(steps[:_LAST_STEPS], steps, lang),
        "total_steps": len(steps),
        "flash": load_flash(session, whole.listing_id, steps, lang),
        "card": draw_card(whole.shown, card_lang, card_network),
        "card_lang": card_lang,
        "card_network": card_network,
        "languages_of_card": LANGUAGES,
        "map": {"file": map_file(), "words": pick_words(lang)},
        "where": _where(whole, lang),
        **choices_for(filled, lang),
    }


def _where(whole: WholeListing, lang: str) -> dict[str, Any] | None:
    """The map of what is known of the place; None where no point is."""
    location = whole.facts["location"]
    if location["lat"] is None:
        return None
    here = {"lat": location["lat"], "lon": location["lon"], "exact": location["precision"] == "exact"}
    words = {**show_words(lang), "label": phrase(lang, "listing.where_map"), "here": whole.facts["provider"]["name"]}
    return {"here": here, "words": words}


def _begun(filled: Form, group: str | None) -> Form:
    """Who opens the form of hours that are not known is about to say a week."""
    if group == "hours" and filled.get("hours_as") == "unknown":
        filled["hours_as"] = "week"
    return filled


def choices_for(filled: Form, lang: str) -> dict[str, Any]:
    """What can be chosen in the forms, with what is chosen already."""
    choices = listing_choices(lang)
    spoken = [*filled.getlist("languages"), *filled.getlist("name_lang")]
    return {"choices": {**choices, "languages": with_known(choices["languages"], spoken)}}


def show_groups(whole: WholeListing, lang: str) -> list[dict[str, Any]]:
    """Each group of facts in words, with where it comes from and when it was confirmed."""
    rows = {
        "identity": _identity(whole, lang),
        "location": _location(whole, lang),
        "contact": _contact(whole, lang),
        "care": _care(whole, lang),
        "hours": _hours(whole, lang),
    }
    return [{"name": name, "rows": rows[name], **told_source(whole, name, lang)} for name in GROUPS]


def told_source(whole: WholeListing, group: str, lang: str) -> dict[str, Any]:
    """Source, day and person of a group of facts in words."""
    facts = whole.groups[group]
    source, by = facts["source"], facts["confirmed_by"]
    known = ("network_team", "source")
    return {
        "source": phrase(lang, f"verified_by.{source}") if source in known else source,
        "confirmed": say("verified_on", facts["confirmed_on"], lang),
        # The list that it comes from is named already.
        "by": None if by == "source" else phrase(lang, f"verified_by.{by}") if by in known else by,
        "method": facts["method"] and phrase(lang, f"listing.method_{facts['method']}"),
    }


def _asked_for(whole: WholeListing) -> str | None:
    """The form that the address opens, where its status allows it."""
    asked = request.args.get("edit")
    if "edit" not in whole.actions or not asked:
        return None
    if asked == "agreements":
        parts = ("agreement", request.args.get("do", "new"), request.args.get("agreement", ""))
        return "-".join(filter(None, parts))
    return asked if asked in GROUPS else GROUPS[0]


def _row(label: str, values: Sequence[str | None], plain: bool = False) -> dict[str, Any]:
    return {"label": label, "values": [value for value in values if value], "plain": plain}


def _identity(whole: WholeListing, lang: str) -> list[dict[str, Any]]:
    provider, facts = whole.facts["provider"], whole.facts
    names = [further_name(provider["name"], provider["lang"]), *facts["names"]]
    said = [f"{each['text']} ({language_name(each['lang'], lang)})" if each["lang"] else each["text"] for each in names]
    return [
        _row(phrase(lang, "listing.names"), said),
        _row(phrase(lang, "listing.field_type"), [say("type", facts["listing"]["type"], lang)]),
        _row(phrase(lang, "listing.field_kind"), [say("kind", provider["kind"], lang)]),
    ]


def _location(whole: WholeListing, lang: str) -> list[dict[str, Any]]:
    location = whole.facts["location"]
    point = say_point(location["lat"], location["lon"], location["precision"], lang)
    names = ("address", "postal_code", "city", "region", "country")
    return [
        *(_row(phrase(lang, f"listing.field_{name}"), [say(name, location[name], lang)]) for name in names),
        _row(phrase(lang, "listing.field_point"), [point]),
    ]


def _contact(whole: WholeListing, lang: str) -> list[dict[str, Any]]:
    location = whole.facts["location"]
    return [
        _row(phrase(lang, "listing.field_phones"), location["phones"], plain=True),
        _row(phrase(lang, "listing.field_email"), [location["email"]], plain=True),
        _row(phrase(lang, "listing.field_website"), [location["website"]], plain=True),
    ]


def _care(whole: WholeListing, lang: str) -> list[dict[str, Any]]:
    return [
        _row(phrase(lang, "listing.field_specialties"), [say("specialties", whole.facts["specialties"], lang)]),
        _row(phrase(lang, "listing.field_languages"), [say("languages", whole.facts["listing"]["languages"], lang)]),
    ]


def _hours(whole: WholeListing, lang: str) -> list[dict[str, Any]]:
    hours = whole.facts["listing"]["hours"]
    week = parse_hours(hours) if hours else None
    if week is None or week.always:
        always = phrase(lang, "listing.always") if week else None
        return [_row(phrase(lang, "listing.field_hours"), [always or hours], plain=week is None)]
    rows = [
        _row(
            formats.weekday(lang, day),
            [", ".join(f"{formats.time(lang, start)}–{formats.time(lang, end)}" for start, end in spans)]
            if spans
            else [phrase(lang, "listing.closed")],
        )
        for day, spans in enumerate(week.days)
    ]
    return [
        *rows,
        *(
            [_row(phrase(lang, "listing.holidays"), [phrase(lang, "listing.closed")])]
            if week.closed_on_holidays
            else []
        ),
    ]


def conflicts_of(steps: Sequence[Step], since: int, changed: Sequence[str], lang: str) -> dict[str, dict[str, Any]]:
    """What others changed of these fields after a revision, by the field of the form: what, who, when.

    `steps`: the history, the latest first.
    """
    void = find_void(steps)
    told: dict[str, dict[str, Any]] = {}
    for step in steps:
        if step.revision <= since or step.change_id in void:
            continue
        for name, (_, now) in step.fields.items():
            if name in changed and (shown := _FORM_FIELD.get(name, name)):
                value = say_point(*_point_of(step), lang) if shown == "point" else _said_in_form(step, shown, now, lang)
                told.setdefault(shown, {"now": value, "who": step.actor, "at": step.at})
    return told


# Under which field of the form it is said; what follows from another is not said.
_FORM_FIELD: Mapping[str, str | None] = {
    "name": "names", "lang": "names", "lat": "point", "lon": "point", "precision": "point",
    "place_id": None, "time_zone": None,
}  # fmt: skip


def _point_of(step: Step) -> tuple[Any, Any, Any]:
    location = step.after["location"]
    return location["lat"], location["lon"], location["precision"]


def _said_in_form(step: Step, field_: str, now: Any, lang: str) -> str | None:
    if field_ == "names":
        provider = step.after["provider"]
        return say("names", [further_name(provider["name"], provider["lang"]), *step.after["names"]], lang)
    return say(field_, now, lang)
