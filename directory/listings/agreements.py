"""Agreements of a listing: the terms of a new one, checked, and what becomes of those that are there.

Terms are kept with a proposal until a listing is made of it. Among a listing's facts an agreement is a dictionary
(facts.py); no two in one network overlap in time, so a new one makes itself room.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from directory.errors import Fault, InvalidRequest
from directory.listings.facts import EMPTY_AGREEMENT
from directory.models import Settlement
from directory.vocabulary.codes import load_codes

MOST_NOTICE_DAYS = 90


@dataclass(frozen=True, slots=True)
class Terms:
    """An agreement to be: `effective_to` is the first day on which it no longer holds, None is open."""

    network: str
    outpatient: str
    inpatient: str
    tariff: bool = False
    notice_days: int | None = None
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None


def check_terms(terms: Terms, today: dt.date) -> Terms:
    """The terms with their first day. Raises InvalidRequest with every fault, by JSON pointer."""
    at = "/agreement/{}".format
    faults = []
    if terms.network not in load_codes().networks:
        faults.append(Fault(at("network"), "This is not one of the codes.", tuple(load_codes().networks)))
    for setting in ("outpatient", "inpatient"):
        if getattr(terms, setting) not in tuple(Settlement):
            faults.append(Fault(at(setting), "This is not one of the codes.", tuple(Settlement)))
    if terms.notice_days is not None and not 0 <= terms.notice_days <= MOST_NOTICE_DAYS:
        faults.append(Fault(at("notice_days"), f"Whole days from 0 to {MOST_NOTICE_DAYS}.", most=MOST_NOTICE_DAYS))
    begins = terms.effective_from or today
    if terms.effective_to and terms.effective_to <= begins:
        faults.append(Fault(at("effective_to"), "It must come after effective_from."))
    if faults:
        raise InvalidRequest(*faults)
    return Terms(**{**asdict(terms), "effective_from": begins})


def write_terms(terms: Terms) -> dict[str, Any]:
    """Terms as JSON has them."""
    return {name: term.isoformat() if isinstance(term, dt.date) else term for name, term in asdict(terms).items()}


def read_terms(written: dict[str, Any]) -> Terms:
    """Terms from JSON."""
    days = {
        name: dt.date.fromisoformat(day) if (day := written.get(name)) else None
        for name in ("effective_from", "effective_to")
    }
    return Terms(**{**written, **days})


def agreement_of(terms: Terms) -> dict[str, Any]:
    """The agreement, not yet written, that has these terms."""
    written = write_terms(terms)
    begins, ends = written.pop("effective_from"), written.pop("effective_to")
    return {**EMPTY_AGREEMENT, **written, "from": begins, "to": ends}


def add_terms(agreements: list[dict[str, Any]], terms: Terms) -> list[dict[str, Any]]:
    """The agreements with a new one, for which room is made.

    Of those that overlap it in its network, one that began before ends where it begins; one that begins later goes.
    """
    new = agreement_of(terms)
    kept: list[dict[str, Any]] = []
    for old in agreements:
        if old["network"] != new["network"] or not overlap(old, new):
            kept.append(old)
        elif new["from"] is not None and (old["from"] is None or old["from"] < new["from"]):
            kept.append({**old, "to": new["from"]})
    return [*kept, new]


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two periods share a day. ISO dates compare as texts; an open end is None."""
    return _begins_before_end(one, other) and _begins_before_end(other, one)


def _begins_before_end(one: dict[str, Any], other: dict[str, Any]) -> bool:
    begins, ends = one.get("from"), other.get("to")
    return begins is None or ends is None or begins < ends
