"""Undoing a change: each field that it changed gets back what it was, unless a later change rests on it.

A later change rests on an earlier one where it changed a field that the earlier one had changed. Fields are told as
history tells them: an agreement is one field. An undo is a change too, and can be undone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import psycopg
from sqlalchemy.orm import Session

from directory.actors import Actor
from directory.errors import DirectoryError
from directory.listings.agreements import overlap
from directory.listings.changing import change_listing, driver_of
from directory.listings.facts import Facts, lock_known
from directory.listings.history import Step, add_change, flat_fields, load_history, with_fields
from directory.models import ListingStatus

ACTION = "undo"
# Of a listing that was retired because the change that made it was undone.
MADE_UNDONE = "making it was undone"


class ChangeNotFound(DirectoryError):
    """No change has this id."""


class AlreadyUndone(DirectoryError):
    """The change was undone before."""


class UndoBlocked(DirectoryError):
    """Later changes rest on it: `blocked_by` has their ids, the latest first."""

    def __init__(self, blocked_by: Sequence[int]) -> None:
        super().__init__(f"Later changes rest on it: undo {', '.join(map(str, blocked_by))} first.")
        self.blocked_by = list(blocked_by)


@dataclass(frozen=True, slots=True)
class Left:
    """A listing that an undo left as it is, and the changes that stand in the way."""

    listing_id: int
    blocked_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: the change that it is, the listings that have their former facts, and those that were left."""

    change_id: int
    restored: tuple[int, ...]
    left: tuple[Left, ...]


def blocked_by(steps: Sequence[Step], step: Step) -> list[int]:
    """The later changes of a listing that rest on this step, the latest first. `steps` is its history."""
    touched = set(step.fields) if step.before is not None else {"status", "status_reason"}
    void = find_void(steps)
    return [
        each.change_id
        for each in steps
        if each.revision > step.revision
        and each.change_id != step.change_id
        # A change and its undo together change nothing.
        and each.change_id not in void
        and each.undoes not in void
        and touched & set(each.fields)
    ]


def find_void(steps: Sequence[Step]) -> set[int]:
    """The changes that were undone by one which was not undone itself."""
    void: set[int] = set()
    for step in steps:  # the latest first: an undo is judged before what it undid
        if step.undone_by is not None and step.undone_by not in void:
            void.add(step.change_id)
    return void


def undo_change(
    session: Session, change_id: int, *, actor: Actor, reason: str | None = None, all_or_none: bool = True
) -> Undone:
    """Take a change back in the caller's transaction.

    With `all_or_none`, UndoBlocked where later changes rest on any part of it; else what is touched since is left and
    named. Raises ChangeNotFound, AlreadyUndone.
    """
    connection = driver_of(session)
    claim_undo(connection, change_id)
    listing_ids = _listings_of(connection, change_id)
    undo = add_change(connection, actor, ACTION, reason=reason, undoes=change_id)
    restored, left = restore_part(session, Undo(change_id, undo, actor, reason), listing_ids, all_or_none=all_or_none)
    return Undone(undo, tuple(restored), tuple(left))


@dataclass(frozen=True, slots=True)
class Undo:
    """A change that takes another back, and by whom."""

    change_id: int
    undo_id: int
    actor: Actor
    reason: str | None = None


def restore_part(
    session: Session, undo: Undo, listing_ids: Sequence[int], *, all_or_none: bool = False
) -> tuple[list[int], list[Left]]:
    """Give these listings, by rising id, back what the change took: those restored, and those left. Or UndoBlocked."""
    connection = driver_of(session)
    lock_known(connection, listing_ids)
    steps = {id_: load_history(connection, id_) for id_ in listing_ids}
    mine = {id_: next(each for each in steps[id_] if _is_of(each, undo.change_id)) for id_ in listing_ids}
    left = _left(mine, steps)
    if left and all_or_none:
        raise UndoBlocked(sorted({each for listing in left for each in listing.blocked_by}, reverse=True))
    in_the_way = {each.listing_id for each in left}
    restored = [id_ for id_ in listing_ids if id_ not in in_the_way]
    for listing_id in restored:
        change_listing(
            session,
            listing_id,
            Restoring(mine[listing_id]),
            actor=undo.actor,
            action=ACTION,
            reason=undo.reason,
            told={"undoes": undo.change_id},
            change_id=undo.undo_id,
        )
    return restored, left


@dataclass(frozen=True, slots=True)
class Restoring:
    """The edit that gives a listing back the fields that a step changed."""

    step: Step

    def __call__(self, facts: Facts) -> Facts:
        """The facts without the step."""
        if self.step.before is None:
            retired = {"status": ListingStatus.retired.value, "status_reason": MADE_UNDONE}
            # Without its hash the same file, imported again, is read anew and brings the listing back.
            return {**facts, "listing": {**facts["listing"], **retired}, "import_hash": None}
        return with_fields(facts, flat_fields(self.step.before), list(self.step.fields))


def claim_undo(connection: psycopg.Connection, change_id: int) -> None:
    """Make sure that nobody else undoes it now. Raises ChangeNotFound, AlreadyUndone."""
    if not connection.execute("SELECT id FROM change WHERE id = %s FOR UPDATE", (change_id,)).fetchone():
        raise ChangeNotFound(f"There is no change {change_id}.")
    # Asked by a statement of its own, which sees what another undo wrote while this one waited for the row.
    if connection.execute("SELECT id FROM change WHERE undoes = %s", (change_id,)).fetchone():
        raise AlreadyUndone(f"Change {change_id} was undone before.")


def _listings_of(connection: psycopg.Connection, change_id: int) -> list[int]:
    """Those that the change changed itself; the others that show the same follow them."""
    rows = connection.execute(
        "SELECT listing_id FROM changed_listing WHERE change_id = %s AND through IS NULL ORDER BY listing_id",
        (change_id,),
    )
    return [row[0] for row in rows]


def _is_of(step: Step, change_id: int) -> bool:
    return step.change_id == change_id and step.through is None


def _left(mine: Mapping[int, Step], steps: Mapping[int, Sequence[Step]]) -> list[Left]:
    left = []
    for listing_id, step in mine.items():
        blocking = blocked_by(steps[listing_id], step) or _overlapping(steps[listing_id], step)
        if blocking:
            left.append(Left(listing_id, tuple(blocking)))
    return left


def _overlapping(steps: Sequence[Step], step: Step) -> Iterable[int]:
    """Later changes whose agreements would overlap one that the undo brings back."""
    restored = Restoring(step)(steps[0].after)["agreements"]
    for position, one in enumerate(restored):
        for other in restored[position + 1 :]:
            if one["network"] == other["network"] and overlap(one, other):
                names = {f"agreement:{one['id']}", f"agreement:{other['id']}"}
                return [each.change_id for each in steps if each.revision > step.revision and names & set(each.fields)]
    return []
