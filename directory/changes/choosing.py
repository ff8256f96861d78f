"""A change of many, from the search or the ids that chose its listings to a second person's word."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from directory import audit
from directory.actors import Actor, NotAllowed
from directory.changes.wanted import check_wanted, touches_agreements
from directory.errors import Fault, InvalidRequest, RevisionConflict, TransitionNotAllowed, UnknownAction
from directory.listings.changing import driver_of
from directory.listings.checking import check_reason
from directory.listings.history import add_change
from directory.listings.undoing import ChangeNotFound
from directory.listings.writing import copy_rows
from directory.models import ManyChange, ManyStatus

# Beyond so many, a second person agrees.
MOST_ALONE = 1000
MOST_IDS = 10_000
CHANNEL = "changes"
ACTION = "many"
# What may be done in each state; approving is another person's.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    ManyStatus.choosing: ("drop",),
    ManyStatus.previewed: ("apply", "drop"),
    ManyStatus.waiting: ("approve", "drop"),
    ManyStatus.applying: (),
    ManyStatus.applied: ("undo",),
    ManyStatus.undoing: (),
    ManyStatus.undone: (),
    ManyStatus.dropped: (),
}
ACTIONS = ("apply", "approve", "undo", "drop")


@dataclass(frozen=True, slots=True)
class Asked:
    """What shall be set, of which listings (a search's parameters, or ids), and why."""

    wanted: Mapping[str, Any]
    search: Mapping[str, Any] | None = None
    ids: Collection[int] = ()
    reason: str | None = None


def ask_change(session: Session, actor: Actor, asked: Asked, today: dt.date) -> ManyChange:
    """Begin a change of many. Named listings are frozen at once; those of a search by the program that works on it.

    Raises InvalidRequest.
    """
    why = check_reason(asked.reason, needed=False)
    wanted = check_wanted(asked.wanted, why, today)
    if (asked.search is None) == (not asked.ids):
        raise InvalidRequest(Fault("/ids", "Choose by a search or by ids: one of the two."))
    if len(asked.ids) > MOST_IDS:
        raise InvalidRequest(Fault("/ids", f"At most {MOST_IDS:,}; choose more by a search.", most=MOST_IDS))
    connection = driver_of(session)
    change = ManyChange(
        change_id=add_change(connection, actor, ACTION, reason=why),
        status=ManyStatus.previewed if asked.ids else ManyStatus.choosing,
        search=dict(asked.search) if asked.search is not None else None,
        wanted=wanted,
        reason=why,
        asked_by=actor.account_id,
    )
    session.add(change)
    session.flush()
    if asked.ids:
        change.total = freeze(connection, change.change_id, asked.ids)
    told = {"set": wanted, "search": asked.search, "total": change.total or None, "reason": why}
    audit.record(session, actor, "ask", f"change:{change.change_id}", None, told)
    call(session)
    return change


def freeze(connection: psycopg.Connection, change_id: int, listing_ids: Iterable[int]) -> int:
    """Choose these listings as they are now, by their revisions; how many there are. Raises InvalidRequest for none."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS choosing (id bigint) ON COMMIT DROP")
    copy_rows(connection, "choosing (id)", ((id_,) for id_ in listing_ids))
    count = connection.execute(
        """
        INSERT INTO chosen_listing (change_id, listing_id, revision)
        SELECT %s, l.id, l.revision FROM listing l WHERE l.id IN (SELECT id FROM choosing) AND l.status <> 'merged'
        ON CONFLICT DO NOTHING
        """,
        (change_id,),
    ).rowcount
    if not count:
        raise InvalidRequest(Fault("/ids", "None of these is a listing that can be changed."))
    return count


def act(session: Session, actor: Actor, change_id: int, action: str, revision: int | None = None) -> ManyChange:
    """Apply, approve, undo or drop. What takes long is written down here and done by the program of changes.

    Raises ChangeNotFound, UnknownAction, TransitionNotAllowed, NotAllowed, RevisionConflict.
    """
    if action not in ACTIONS:
        raise UnknownAction(action, ACTIONS)
    change = session.scalar(select(ManyChange).where(ManyChange.change_id == change_id).with_for_update())
    if change is None:
        raise ChangeNotFound(f"There is no change of many {change_id}.")
    if revision not in (None, change.revision):
        raise RevisionConflict(change.revision)
    allowed = ALLOWED[change.status]
    if action not in allowed:
        raise TransitionNotAllowed(action, change.status, allowed)
    if action == "approve" and change.asked_by == actor.account_id:
        raise NotAllowed("Somebody else must agree: who asked for a change does not approve it.")
    before = change.status
    change.status = _next(change, action)
    change.revision += 1
    change.asked_at = func.clock_timestamp()
    if action == "approve":
        change.approved_by, change.approver = actor.account_id, actor.name
    session.flush()
    session.refresh(change)
    audit.record(session, actor, action, f"change:{change_id}", {"status": before}, {"status": change.status})
    call(session)
    return change


def needs_second_person(change: ManyChange) -> bool:
    """Whether somebody else must agree before it is applied."""
    return change.total > MOST_ALONE or touches_agreements(change.wanted)


def call(session: Session) -> None:
    """Call the program of changes, as the transaction commits."""
    session.execute(text(f"NOTIFY {CHANNEL}"))


def _next(change: ManyChange, action: str) -> ManyStatus:
    if action == "apply":
        return ManyStatus.waiting if needs_second_person(change) else ManyStatus.applying
    return {"approve": ManyStatus.applying, "undo": ManyStatus.undoing, "drop": ManyStatus.dropped}[action]
