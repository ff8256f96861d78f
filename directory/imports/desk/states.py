"""Where an import stands, and what may be done with it there: data, and one function."""

from dataclasses import dataclass

from directory.errors import TransitionNotAllowed, UnknownAction
from directory.models import ImportStatus

S = ImportStatus


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody may do: from which states, and which it makes."""

    name: str
    sources: frozenset[ImportStatus]
    target: ImportStatus


ACTIONS = {
    action.name: action
    for action in (
        Action("preview", frozenset((S.uploaded, S.columns, S.previewed, S.failed)), S.previewing),
        Action("apply", frozenset((S.previewed,)), S.applying),
        Action("undo", frozenset((S.applied,)), S.undoing),
        Action(
            "drop",
            frozenset((S.uploaded, S.columns, S.previewing, S.previewed, S.applying, S.failed)),
            S.dropped,
        ),
    )
}
# Somebody may say what the columns are.
TELLING = frozenset((S.uploaded, S.columns, S.previewed, S.failed))
# In these the program of imports has something to do.
WAITING = (S.uploaded, S.previewing, S.applying, S.undoing)
# What is done there, as long as it is done; where it ends when it cannot be done.
GIVEN_UP = {S.uploaded: S.failed, S.previewing: S.failed, S.applying: S.failed, S.undoing: S.applied}


def allowed_in(status: str) -> tuple[str, ...]:
    """The names of what may be done with an import that stands there."""
    return tuple(name for name, action in ACTIONS.items() if status in action.sources)


def find_action(name: str, status: str) -> Action:
    """The action. Raises UnknownAction, and TransitionNotAllowed where the state does not allow it."""
    action = ACTIONS.get(name)
    if action is None:
        raise UnknownAction(name, tuple(ACTIONS))
    if status not in action.sources:
        raise TransitionNotAllowed(name, status, allowed_in(status))
    return action
