"""What is done with a change: a file's is undone as files are, a single one at once, one of many by its program."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from directory.actors import Actor
from directory.changes.choosing import act
from directory.imports.undo import undo_import
from directory.listings.undoing import ChangeNotFound, undo_change
from directory.models import Change, ManyChange


@dataclass(frozen=True, slots=True)
class Taken:
    """Why an action is taken, and the revision that was seen (of a change of many)."""

    reason: str | None = None
    revision: int | None = None


def take(session: Session, actor: Actor, change_id: int, action: str, taken: Taken) -> None:
    """Apply, approve, undo or drop a change. Raises ChangeNotFound, and what each of them raises."""
    change = session.get(Change, change_id)
    if change is None:
        raise ChangeNotFound(f"There is no change {change_id}.")
    if action != "undo" or session.get(ManyChange, change_id) is not None:
        act(session, actor, change_id, action, taken.revision)
    elif change.import_id is not None:
        undo_import(session.get_bind().engine, change.import_id, actor)
    else:
        undo_change(session, change_id, actor=actor, reason=taken.reason)
