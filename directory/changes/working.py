"""The program that works on changes of many: a chunk of listings in a transaction, so that a kill loses nothing.

Whoever holds the row of a change works on it; when that program dies, another goes on where it was. Each listing is
changed by the room that changes any (listings/changing.py): its own revision, its own entry in the audit.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from directory.actors import Actor, Role
from directory.changes.choosing import freeze
from directory.changes.leaving import Left, touched_by, why_left
from directory.changes.wanted import Wanted
from directory.errors import DirectoryError, InvalidRequest, RevisionConflict
from directory.listings.changing import change_listing, driver_of
from directory.listings.facts import Known
from directory.listings.history import add_change
from directory.listings.undoing import ACTION as UNDO
from directory.listings.undoing import Undo, claim_undo, restore_part
from directory.models import Change, ChosenListing, ManyChange, ManyStatus
from geodata.gazetteer import Gazetteer

CHUNK = 100
ACTION = "many"
_WORKING = (ManyStatus.choosing, ManyStatus.applying, ManyStatus.undoing)
# What is written goes into the index beside the edits of people, and none of these waits behind it.
_GOES_BY_BULK = text("SELECT set_config('directory.bulk', 'on', true)")

# The ids of all listings that a search finds, given its parameters.
FindIds = Callable[[Mapping[str, Any]], Iterable[int]]


def work_on_changes(engine: Engine, gazetteer: Gazetteer, find_ids: FindIds) -> int:
    """Do one piece of what waits; gives how many listings it was about, 0 where nothing waits."""
    with Session(engine) as session, session.begin():
        change = session.scalar(
            select(ManyChange)
            .where(ManyChange.status.in_(_WORKING))
            .order_by(ManyChange.asked_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if change is None:
            return 0
        session.execute(_GOES_BY_BULK)
        if change.status == ManyStatus.choosing:
            return _choose(session, change, find_ids)
        if change.status == ManyStatus.applying:
            return _apply(session, change, gazetteer)
        return _undo(session, change)


def _choose(session: Session, change: ManyChange, find_ids: FindIds) -> int:
    try:
        change.total = freeze(driver_of(session), change.change_id, find_ids(change.search or {}))
        change.status = ManyStatus.previewed
    except InvalidRequest:  # the search finds nothing any more
        change.status = ManyStatus.dropped
    return change.total or 1


def _apply(session: Session, change: ManyChange, gazetteer: Gazetteer) -> int:
    waiting = _chosen(session, change.change_id, None)
    if not waiting:
        change.status = ManyStatus.applied
        return 1
    actor = actor_of(session.get_one(Change, change.change_id))
    wanted = wanted_of(change, actor.name, gazetteer)
    for chosen in waiting:
        _note(chosen, _change(session, change, chosen, wanted, actor), "done")
    return len(waiting)


def _change(session: Session, change: ManyChange, chosen: ChosenListing, wanted: Wanted, actor: Actor) -> Left | None:
    """Change one listing; why it was left, where it was."""

    def check(known: Known) -> None:
        if known.revision != chosen.revision:
            raise RevisionConflict(known.revision)

    try:
        with session.begin_nested():
            change_listing(
                session,
                chosen.listing_id,
                wanted,
                actor=actor,
                action=ACTION,
                reason=change.reason,
                change_id=change.change_id,
                check=check,
            )
    except DirectoryError as error:
        return why_left(error)
    return None


def _undo(session: Session, change: ManyChange) -> int:
    who = actor_of(session.get_one(Change, change.change_id))
    if change.undo_id is None:
        connection = driver_of(session)
        claim_undo(connection, change.change_id)
        change.undo_id = add_change(connection, who, UNDO, undoes=change.change_id)
    done = _chosen(session, change.change_id, "done")
    if not done:
        change.status = ManyStatus.undone
        return 1
    undo = Undo(change.change_id, change.undo_id, who)
    _, left = restore_part(session, undo, [each.listing_id for each in done])
    why = {each.listing_id: touched_by(each.blocked_by) for each in left}
    for chosen in done:
        _note(chosen, why.get(chosen.listing_id), "undone")
    return len(done)


def _note(chosen: ChosenListing, left: Left | None, outcome: str) -> None:
    chosen.outcome = "left" if left else outcome
    chosen.why_code, chosen.why = (left.code, left.about) if left else (None, None)


def wanted_of(change: ManyChange, actor: str, gazetteer: Gazetteer) -> Wanted:
    """The edit that a change of many makes."""
    return Wanted(change.wanted, change.reason, actor, dt.datetime.now(dt.UTC).date(), gazetteer)


def actor_of(change: Change) -> Actor:
    """Who asked for it."""
    role = Role(change.role) if change.role in set(Role) else Role.network
    return Actor(change.actor_id, role, None, change.actor, "en")


def _chosen(session: Session, change_id: int, outcome: str | None) -> Sequence[ChosenListing]:
    which = ChosenListing.outcome.is_(None) if outcome is None else ChosenListing.outcome == outcome
    query = select(ChosenListing).where(ChosenListing.change_id == change_id, which)
    return session.scalars(query.order_by(ChosenListing.listing_id).limit(CHUNK)).all()
