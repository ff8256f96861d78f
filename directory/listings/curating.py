"""What the network team does with a listing: edit, confirm, suspend, retire and what takes each back.

Each is one change in the caller's transaction. Whoever saw an earlier revision is let through where what others
changed since is something else; the two are put together. Rules are data here: which status allows what.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from directory.actors import Actor
from directory.errors import Fault, InvalidRequest, RevisionConflict, TransitionNotAllowed
from directory.listings.changing import Changed, change_listing, driver_of
from directory.listings.checking import Checks, check_reason
from directory.listings.editing import GROUPS, apply_patch, group_of
from directory.listings.facts import Facts, Known
from directory.listings.history import changed_fields, facts_at_revision
from directory.models import ListingStatus
from geodata.gazetteer import Gazetteer

TEAM = "network_team"
FACTS = (*GROUPS, "agreements")
METHODS = ("phone", "mail", "visit", "website", "provider", "other")

# Which actions a status allows, in the order in which they are offered.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    ListingStatus.active: ("edit", "verify", "suspend", "resume", "retire", "merge"),
    ListingStatus.suspended: ("edit", "verify", "resume", "suspend", "retire", "merge"),
    ListingStatus.retired: ("restore",),
    ListingStatus.merged: (),
}
_UNSUSPENDED = {"suspended_from": None, "suspended_until": None}


@dataclass(frozen=True, slots=True)
class Curator:
    """Who acts, in which transaction, on which day; `revision` is the one that was seen, None where any will do."""

    session: Session
    actor: Actor
    today: dt.date
    revision: int | None = None

    def change(
        self,
        listing_id: int,
        action: str,
        edit: Callable[[Facts], Facts],
        *,
        reason: str | None = None,
        needs: str | None = None,
        change_id: int | None = None,
    ) -> Changed:
        """One change of one listing. `needs` is the action that its status must allow, by default this one.

        Raises ListingNotFound, TransitionNotAllowed, RevisionConflict, and what `edit` raises; then nothing is changed.
        """

        def check(known: Known) -> None:
            require(known.facts, needs or action)
            self._check_seen(known, edit)

        return change_listing(
            self.session,
            listing_id,
            edit,
            actor=self.actor,
            action=action,
            reason=reason,
            change_id=change_id,
            check=check,
        )

    def _check_seen(self, known: Known, edit: Callable[[Facts], Facts]) -> None:
        """Who saw an earlier revision may still change what nobody changed since."""
        if self.revision is None or self.revision == known.revision:
            return
        seen = facts_at_revision(driver_of(self.session), known.listing_id, self.revision)
        if seen is None:
            raise RevisionConflict(known.revision)
        since = changed_fields(seen, known.facts)
        wanted = changed_fields(seen, edit(seen))
        if both := sorted(since.keys() & wanted.keys()):
            raise RevisionConflict(known.revision, tuple(both))


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided of a listing, by whom and why; perhaps as a part of a larger change."""

    curator: Curator
    listing_id: int
    action: str
    reason: str | None
    change_id: int | None = None


def allowed_actions(facts: Facts) -> tuple[str, ...]:
    """What may be done with a listing now."""
    actions = ALLOWED[facts["listing"]["status"]]
    if is_suspended(facts["listing"]):
        return actions
    return tuple(action for action in actions if action != "resume")


def require(facts: Facts, action: str) -> None:
    """Raises TransitionNotAllowed where the listing's status does not allow the action."""
    allowed = allowed_actions(facts)
    if action not in allowed:
        raise TransitionNotAllowed(action, facts["listing"]["status"], allowed)


def is_suspended(suspendable: Mapping[str, Any]) -> bool:
    """Whether a listing or an agreement is suspended, or will be."""
    return suspendable["status"] == "suspended" or suspendable["suspended_from"] is not None


def edit_listing(
    curator: Curator, listing_id: int, patch: Mapping[str, Any], gazetteer: Gazetteer, reason: str | None = None
) -> Changed:
    """Say other facts of a listing, by a merge patch (editing.py)."""
    why = check_reason(reason, needed=False)
    return curator.change(listing_id, "edit", lambda facts: apply_patch(facts, patch, gazetteer), reason=why)


def verify_listing(
    curator: Curator, listing_id: int, groups: Sequence[str], method: str | None, note: str | None = None
) -> Changed:
    """Confirm groups of facts, all of them where none is named; the day becomes the one that members read."""
    checks = Checks()
    chosen = [checks.code(f"/facts/{position}", each, FACTS) for position, each in enumerate(groups)] or list(FACTS)
    how = checks.code("/method", method or "other", METHODS)
    checks.end()
    said = {"on": curator.today.isoformat(), "by": curator.actor.name, "method": how}

    def edit(facts: Facts) -> Facts:
        confirmed = {**facts["listing"]["confirmed"], **dict.fromkeys(chosen, said)}
        day = {"verified_on": curator.today.isoformat(), "verified_by": TEAM, "confirmed": confirmed}
        return {**facts, "listing": {**facts["listing"], **day}}

    return curator.change(listing_id, "verify", edit, reason=check_reason(note, needed=False))


def suspend_listing(
    curator: Curator,
    listing_id: int,
    reason: str | None,
    *,
    begins: dt.date | None = None,
    ends: dt.date | None = None,
    change_id: int | None = None,
) -> Changed:
    """Suspend from a day (by default today) until another, on which it comes back by itself (calendar.py)."""
    why = check_reason(reason)
    suspension = suspended(begins, ends, curator.today)

    def edit(facts: Facts) -> Facts:
        return _with_listing(facts, {**suspension, "status_reason": why})

    return curator.change(listing_id, "suspend", edit, reason=why, change_id=change_id)


def suspended(begins: dt.date | None, ends: dt.date | None, today: dt.date) -> dict[str, Any]:
    """Status and dates of what is suspended. Raises InvalidRequest for dates that are none."""
    first = begins or today
    if ends and ends <= max(first, today):
        raise InvalidRequest(Fault("/until", "It must come after the day from which, and after today."))
    return {
        "status": (ListingStatus.suspended if first <= today else ListingStatus.active).value,
        "suspended_from": first.isoformat(),
        "suspended_until": ends.isoformat() if ends else None,
    }


def resume_listing(
    curator: Curator, listing_id: int, reason: str | None = None, *, change_id: int | None = None
) -> Changed:
    """Bring a suspended listing back, or take a planned suspension away."""
    back = {**_UNSUSPENDED, "status": ListingStatus.active.value, "status_reason": None}
    return _decide(Decision(curator, listing_id, "resume", check_reason(reason, needed=False), change_id), back)


def retire_listing(curator: Curator, listing_id: int, reason: str | None, *, change_id: int | None = None) -> Changed:
    """Take a listing out of the directory for good; it stays known by its id."""
    why = check_reason(reason)
    gone = {**_UNSUSPENDED, "status": ListingStatus.retired.value, "status_reason": why}
    return _decide(Decision(curator, listing_id, "retire", why, change_id), gone)


def restore_listing(
    curator: Curator, listing_id: int, reason: str | None = None, *, change_id: int | None = None
) -> Changed:
    """Bring a retired listing back."""
    back = {"status": ListingStatus.active.value, "status_reason": None}
    return _decide(Decision(curator, listing_id, "restore", check_reason(reason, needed=False), change_id), back)


def group_facts(facts: Facts, source: str | None, set_by: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Of each group of facts: where it comes from, and when it was confirmed, by whom and how.

    `set_by`: who last set a field, where that was a person (history.find_set_by_people).
    """
    listing = facts["listing"]
    told = {}
    for group in FACTS:
        by_people = [name for name in set_by if group_of(name) == group]
        confirmed: Mapping[str, Any] = listing["confirmed"].get(group, {})
        told[group] = {
            "source": TEAM if by_people or source is None else source,
            "confirmed_on": confirmed.get("on") or listing["verified_on"],
            "confirmed_by": confirmed.get("by") or (listing["verified_by"] if listing["verified_on"] else None),
            "method": confirmed.get("method"),
        }
    return told


def touched(fields: Collection[str]) -> list[str]:
    """The groups of facts that fields belong to."""
    return [group for group in FACTS if any(group_of(name) == group for name in fields)]


def _decide(decision: Decision, fields: Mapping[str, Any]) -> Changed:
    def edit(facts: Facts) -> Facts:
        return _with_listing(facts, fields)

    curator = decision.curator
    return curator.change(
        decision.listing_id, decision.action, edit, reason=decision.reason, change_id=decision.change_id
    )


def _with_listing(facts: Facts, fields: Mapping[str, Any]) -> Facts:
    return {**facts, "listing": {**facts["listing"], **fields}}
