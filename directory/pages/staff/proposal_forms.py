"""Forms of proposals: what a browser sent as what the capability takes, and what was wrong as phrases."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from directory.errors import Fault, InvalidRequest
from directory.listings.agreements import Terms
from directory.models import Channel, NeedReason
from directory.proposals import checklist
from directory.proposals.acting import Given
from directory.proposals.checklist import Alike
from directory.proposals.draft import Draft, Need, ProposedProvider, check_draft
from directory.proposals.rules import PROPOSALS
from directory.wording.catalogue import phrase
from directory.wording.formats import number
from geodata.degrees import parse_degrees
from geodata.text import fold_digits

Form = MultiDict[str, str]

_TEXTS = ("name", "name_local", "address", "city", "phone", "email", "website", "contact_person", "licence")
# Which phrase tells what is wrong with a field; any other gets the last one. Of one that is beyond a limit, the second
# table tells, and the limit.
_FAULTS = {
    "name": "fault_name",
    "country": "fault_country",
    "type": "fault_type",
    "lat": "fault_lat",
    "lon": "fault_lat",
    "email": "fault_email",
    "website": "fault_website",
    "people": "fault_number",
    "visits": "fault_number",
    "notice_days": "fault_number",
    "network": "fault_choose",
    "outpatient": "fault_choose",
    "inpatient": "fault_choose",
    "reason": "fault_reason",
    "effective_from": "fault_day",
    "effective_to": "fault_order",
    "message": "fault_words",
    "text": "fault_words",
    "listing_id": "fault_listing",
    "about_listing": "fault_listing",
    "words": "fault_words",
    "passed_over": "fault_passed_over",
}
_LIMITS = {
    "people": "fault_count",
    "visits": "fault_count",
    "notice_days": "fault_days",
    "specialties": "fault_many",
    "file": "fault_many",
}
# Reasons that are about a listing which is there already.
ABOUT_LISTING = frozenset((NeedReason.refuses_card, NeedReason.closed))
# What an address may say of a form that led to it.
_KNOWN_FAULTS = frozenset(("changed", "missing", "file_refused", "too_many"))


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in, whatever of it can be used."""

    values: Mapping[str, str]
    several: Mapping[str, tuple[str, ...]]

    def has(self, name: str, value: str) -> bool:
        """Whether `value` is one of those chosen."""
        return value in self.several.get(name, ())


def keep(form: Form) -> Filled:
    """What was filled in, to show it again."""
    lists = {name: tuple(values) for name, values in form.lists()}
    return Filled({name: values[0] for name, values in lists.items() if values}, lists)


def fill(draft: Draft) -> Filled:
    """A form filled in from what was said before."""
    values: dict[str, Any] = {each.name: getattr(draft.provider, each.name) for each in fields(draft.provider)}
    values |= {each.name: getattr(draft.need, each.name) for each in fields(draft.need)}
    marks = {
        "consent_named": draft.consent_named,
        "asked": draft.provider.asked,
        "willing": draft.provider.willing,
    }
    plain = {
        name: str(value) for name, value in values.items() if value is not None and not isinstance(value, tuple | bool)
    }
    plain |= {name: "yes" for name, marked in marks.items() if marked}
    lists = {name: value for name, value in values.items() if isinstance(value, tuple)}
    return Filled(plain, lists)


def fill_station(last: Draft) -> Filled:
    """A form filled in with where somebody's people are: country, city and number of the proposal before."""
    filled = fill(last)
    kept = {name: filled.values[name] for name in ("country", "city", "people") if name in filled.values}
    return Filled(kept, {})


def fill_terms(filled: Filled, agreement: Mapping[str, Any]) -> Filled:
    """The same form with the terms that were agreed."""
    terms = {name: str(value) for name, value in agreement.items() if value not in (None, False)}
    return Filled({**filled.values, **terms}, filled.several)


def read_draft(form: Form, known: Draft | None = None) -> Draft:
    """What the form proposes. What the form of the team has no field for stays as it is `known`.

    Raises InvalidRequest with all that is wrong: a form tells of every fault at once.
    """
    faults: list[Fault] = []
    draft = _read_draft(form, partial(_try, form, faults))
    if known:
        kind = known.provider.kind if draft.provider.type == known.provider.type else None
        draft = replace(draft, provider=replace(draft.provider, kind=kind), consent_named=known.consent_named)
    try:
        check_draft(draft)
    except InvalidRequest as error:
        faults.extend(error.faults)
    if draft.need.reason == NeedReason.other and not draft.need.words:
        faults.append(Fault("/need/words", "Words are needed here."))
    if faults:
        raise InvalidRequest(*faults)
    return draft


def _read_draft(form: Form, tried: Callable[..., Any]) -> Draft:
    texts: dict[str, Any] = {name: form.get(name, "").strip() or None for name in _TEXTS}
    texts["name"] = texts["name"] or ""
    provider = ProposedProvider(
        type=form.get("type", ""),
        country=form.get("country", ""),
        specialties=tuple(form.getlist("specialties")),
        lat=tried(_degrees, "lat"),
        lon=tried(_degrees, "lon"),
        asked=True if form.get("asked") else None,
        willing=bool(form.get("willing")) if form.get("asked") else None,
        **texts,
    )
    need = Need(
        reason=form.get("reason", ""),
        people=tried(_whole, "people"),
        visits=tried(_whole, "visits"),
        urgency=form.get("urgency") or "normal",
        settings=tuple(form.getlist("settings")),
        words=form.get("words", "").strip() or None,
        listing_id=tried(_whole, "listing_id") if form.get("reason") in ABOUT_LISTING else None,
    )
    return Draft(provider, need, bool(form.get("consent_named")))


def read_given(name: str, form: Form) -> Given:
    """What comes with an action. Fields that the action does not take are not read."""
    takes = PROPOSALS.action(name).takes
    channel = form.get("channel") if form.get("note", "").strip() else None
    return Given(
        message=_text(form, "message") if "message" in takes else None,
        note=_text(form, "note") if "note" in takes else None,
        channel=_channel(channel) if "channel" in takes else None,
        reason=_text(form, "reason") if "reason" in takes else None,
        agreement=read_terms(form) if "agreement" in takes else None,
        listing_id=_whole(form, "listing_id") if "listing_id" in takes else None,
        proposal_id=_proposal_id(form) if "proposal_id" in takes else None,
        passed_over=_text(form, "passed_over") if "passed_over" in takes else None,
    )


def read_alike(form: Form) -> Alike:
    """Which look-alike a form is about. Raises InvalidRequest."""
    return checklist.read_alike(_whole(form, "listing_id"), _proposal_id(form))


def read_revision(form: Form) -> int:
    """The revision that the page showed; one that there never is where the form says none."""
    text = form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def read_proposal_id(text: str) -> UUID:
    """The id of a proposal that a form names. Raises InvalidRequest."""
    try:
        return UUID(text)
    except ValueError:
        raise InvalidRequest(Fault("/proposal_id", "This is no proposal.")) from None


def faults_by_field(error: InvalidRequest, lang: str) -> dict[str, str]:
    """What is wrong with each field, in the reader's words, and what the limit is."""
    return {fault.where.rpartition("/")[2]: _in_words(fault, lang) for fault in error.faults}


def _in_words(fault: Fault, lang: str) -> str:
    name = fault.where.rpartition("/")[2]
    if fault.most is not None:
        return phrase(lang, f"proposals.{_LIMITS.get(name, 'fault_long')}", most=number(lang, fault.most))
    return phrase(lang, f"proposals.{_FAULTS.get(name, 'fault_other')}")


def is_sure() -> bool:
    """Whether who sends this looked at it again, and no patient is named."""
    return request.form.get("sure") == "yes"


def known_fault() -> str | None:
    """What went wrong before this page, as its address says."""
    fault = request.args.get("fault")
    return f"proposals.{fault}" if fault in _KNOWN_FAULTS else None


def read_terms(form: Form) -> Terms:
    """The terms of an agreement. Raises InvalidRequest with all that is wrong."""
    faults: list[Fault] = []
    tried = partial(_try, form, faults)
    terms = Terms(
        network=form.get("network", ""),
        outpatient=form.get("outpatient", ""),
        inpatient=form.get("inpatient", ""),
        tariff=bool(form.get("tariff")),
        notice_days=tried(_whole, "notice_days"),
        effective_from=tried(_day, "effective_from"),
        effective_to=tried(_day, "effective_to"),
    )
    if faults:
        raise InvalidRequest(*faults)
    return terms


def _try(form: Form, faults: list[Fault], read: Callable[[Form, str], Any], name: str) -> Any:
    """What can be read of a field; what cannot joins the faults."""
    try:
        return read(form, name)
    except InvalidRequest as error:
        faults.extend(error.faults)
        return None


def _text(form: Form, name: str) -> str | None:
    return form.get(name, "").strip() or None


def _whole(form: Form, name: str) -> int | None:
    text = fold_digits(form.get(name, "").strip())
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise InvalidRequest(Fault(f"/{name}", "A whole number is needed here."))
    return int(text)


def _degrees(form: Form, name: str) -> float | None:
    text = form.get(name, "").strip()
    try:
        return parse_degrees(text) if text else None
    except ValueError:
        raise InvalidRequest(Fault(f"/{name}", "Degrees are needed here.")) from None


def _day(form: Form, name: str) -> dt.date | None:
    text = form.get(name, "").strip()
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidRequest(Fault(f"/{name}", "A day is needed here, as 2026-12-31.")) from None


def _proposal_id(form: Form) -> UUID | None:
    text = form.get("proposal_id", "").strip()
    return read_proposal_id(text) if text else None


def _channel(text: str | None) -> Channel | None:
    return Channel(text) if text in tuple(Channel) else None
