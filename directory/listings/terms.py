"""What the network team does with a listing's agreements: new terms, corrected ones, suspended, resumed, ended."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from directory.errors import DirectoryError, Fault, InvalidRequest, TransitionNotAllowed
from directory.listings.agreements import Terms, add_terms, agreement_of, check_terms, overlap, read_terms
from directory.listings.changing import Changed
from directory.listings.checking import LONGEST_REASON, Checks, check_reason
from directory.listings.curating import Curator, is_suspended, suspended
from directory.listings.facts import Facts
from directory.models import AgreementStatus

# Which actions the status of an agreement allows.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    AgreementStatus.active: ("edit", "suspend", "resume", "end"),
    AgreementStatus.suspended: ("edit", "resume", "suspend", "end"),
    AgreementStatus.ended: (),
}
# What the history calls each.
_KEPT_AS = {
    "edit": "edit_agreement",
    "suspend": "suspend_agreement",
    "resume": "resume_agreement",
    "end": "end_agreement",
}
_UNSUSPENDED = {"suspended_from": None, "suspended_until": None, "suspension_reason": None, "instead": None}


class AgreementNotFound(DirectoryError):
    """The listing has no such agreement."""


class TermsOverlap(DirectoryError):
    """Two agreements of a listing in one network would overlap; `agreements` has both, by id (None: the new one)."""

    def __init__(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> None:
        super().__init__(f"In {one['network']} {_period(one)} overlaps {_period(other)}. End one, or move its days.")
        self.agreements = [dict(one), dict(other)]


def allowed_actions(agreement: Mapping[str, Any]) -> tuple[str, ...]:
    """What may be done with an agreement now."""
    actions = ALLOWED[agreement["status"]]
    return actions if is_suspended(agreement) else tuple(action for action in actions if action != "resume")


def add_agreement(curator: Curator, listing_id: int, terms: Terms, reason: str | None = None) -> Changed:
    """New terms in a network; those that run there end where they begin.

    Raises TermsOverlap where later ones are agreed already and the new ones have no end before them.
    """
    new = check_terms(terms, curator.today)

    def edit(facts: Facts) -> Facts:
        for old in facts["agreements"]:
            added = agreement_of(new)
            if old["network"] == added["network"] and overlap(old, added) and not _began_before(old, added):
                raise TermsOverlap(added, old)
        return {**facts, "agreements": add_terms(facts["agreements"], new)}

    why = check_reason(reason, needed=False)
    return curator.change(listing_id, "add_agreement", edit, reason=why, needs="edit")


def correct_agreement(
    curator: Curator, listing_id: int, agreement_id: int, patch: Mapping[str, Any], reason: str | None = None
) -> Changed:
    """Say other terms of an agreement, by a merge patch of the fields of Terms. Raises TermsOverlap."""

    def correct(agreement: dict[str, Any]) -> dict[str, Any]:
        named = {"effective_from": agreement["from"], "effective_to": agreement["to"]}
        known = {name: agreement[name] for name in ("network", "outpatient", "inpatient", "tariff", "notice_days")}
        terms = replace(read_terms({**known, **named}), **patch)
        # An agreement without a first day keeps none.
        begins = terms.effective_from
        corrected = agreement_of(check_terms(terms, curator.today))
        corrected["from"] = begins.isoformat() if begins else None
        return {**agreement, **{name: corrected[name] for name in (*known, "from", "to")}}

    why = check_reason(reason, needed=False)
    return _change(curator, listing_id, agreement_id, "edit", correct, reason=why)


def suspend_agreement(
    curator: Curator,
    listing_id: int,
    agreement_id: int,
    reason: str | None,
    *,
    begins: dt.date | None = None,
    ends: dt.date | None = None,
    instead: str | None = None,
) -> Changed:
    """Suspend from a day until another, on which it comes back by itself; `instead` is what members read meanwhile."""
    why = check_reason(reason)
    checks = Checks()
    words = checks.line("/instead", instead, LONGEST_REASON)
    checks.end()
    said = {**suspended(begins, ends, curator.today), "suspension_reason": why, "instead": words}
    return _change(curator, listing_id, agreement_id, "suspend", lambda old: {**old, **said}, reason=why)


def resume_agreement(curator: Curator, listing_id: int, agreement_id: int, reason: str | None = None) -> Changed:
    """Bring a suspended agreement back, or take a planned suspension away."""
    back = {**_UNSUSPENDED, "status": AgreementStatus.active.value}
    why = check_reason(reason, needed=False)
    return _change(curator, listing_id, agreement_id, "resume", lambda old: {**old, **back}, reason=why)


def end_agreement(
    curator: Curator, listing_id: int, agreement_id: int, reason: str | None, ends: dt.date | None = None
) -> Changed:
    """End an agreement: `ends` is the first day on which it no longer holds, by default today."""
    why = check_reason(reason)
    day = ends or curator.today

    def end(agreement: dict[str, Any]) -> dict[str, Any]:
        if agreement["from"] and day.isoformat() <= agreement["from"]:
            # It never held: what is left of it is that it was there.
            return {**agreement, **_UNSUSPENDED, "status": AgreementStatus.ended.value}
        if agreement["to"] and day.isoformat() > agreement["to"]:
            raise InvalidRequest(Fault("/until", f"It ends on {agreement['to']} already."))
        return {**agreement, "to": day.isoformat()}

    return _change(curator, listing_id, agreement_id, "end", end, reason=why)


def _change(
    curator: Curator,
    listing_id: int,
    agreement_id: int,
    action: str,
    change: Callable[[dict[str, Any]], dict[str, Any]],
    *,
    reason: str | None,
) -> Changed:
    def edit(facts: Facts) -> Facts:
        agreements = list(facts["agreements"])
        position = next((n for n, each in enumerate(agreements) if each["id"] == agreement_id), None)
        if position is None:
            raise AgreementNotFound(f"Listing {listing_id} has no agreement {agreement_id}.")
        allowed = allowed_actions(agreements[position])
        if action not in allowed:
            raise TransitionNotAllowed(action, agreements[position]["status"], allowed)
        agreements[position] = change(agreements[position])
        _refuse_overlap(agreements, position)
        return {**facts, "agreements": agreements}

    return curator.change(listing_id, _KEPT_AS[action], edit, reason=reason, needs="edit")


def _refuse_overlap(agreements: list[dict[str, Any]], position: int) -> None:
    changed = agreements[position]
    for other in agreements[:position] + agreements[position + 1 :]:
        if other["network"] == changed["network"] and overlap(other, changed):
            raise TermsOverlap(changed, other)


def _began_before(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return new["from"] is not None and (old["from"] is None or old["from"] < new["from"])


def _period(agreement: Mapping[str, Any]) -> str:
    return f"{agreement['from'] or 'always'} to {agreement['to'] or 'open'}"
