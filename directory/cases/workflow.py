"""A kind of case as data: its states, and its actions: from where, to where, by whom, needing what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from directory.actors import Role
from directory.cases.clocks import Clock
from directory.errors import DirectoryError


class UnknownAction(DirectoryError):
    """There is no such action for this kind of case."""

    def __init__(self, action: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no action {action!r}.")
        self.known = known


class TransitionNotAllowed(DirectoryError):
    """The state does not allow this action; `allowed` are the ones that it allows to whoever asked."""

    def __init__(self, action: str, state: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"{action} is not possible while the state is {state}.")
        self.action = action
        self.state = state
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class Action:
    """One step. From the waiting state an action that `resumes` goes back to the state that asked, not to `target`."""

    name: str
    sources: frozenset[str]
    target: str
    role: Role
    resumes: bool = False
    # What comes with it, and which of that must be there. The words of the client and of the team are `message`, what
    # only the team reads is `note`.
    takes: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Workflow:
    """A kind of case. `letter` begins its references."""

    kind: str
    letter: str
    start: str
    waiting: str  # the state in which the case waits for its client
    ends: frozenset[str]
    actions: Mapping[str, Action]
    clocks: tuple[Clock, ...] = field(default=())

    @cached_property
    def states(self) -> frozenset[str]:
        """Every state that there is."""
        named = {self.start, self.waiting, *self.ends}
        for action in self.actions.values():
            named |= action.sources | {action.target}
        return frozenset(named)

    @cached_property
    def open_states(self) -> frozenset[str]:
        """The states in which somebody has something to do: neither unsent nor ended."""
        return self.states - self.ends - {self.start}

    def action(self, name: str) -> Action:
        """The action of this name. Raises UnknownAction."""
        try:
            return self.actions[name]
        except KeyError:
            raise UnknownAction(name, tuple(self.actions)) from None

    def allowed(self, state: str, role: Role) -> tuple[str, ...]:
        """Names of the actions that this role may take in this state; an admin may do all that the team may."""
        acting = Role.network if role is Role.admin else role
        return tuple(
            action.name for action in self.actions.values() if state in action.sources and action.role is acting
        )

    def target(self, action: Action, state: str, asked_in: str | None) -> str:
        """The state after the action. Raises TransitionNotAllowed where the state has no such action."""
        if state not in action.sources:
            raise TransitionNotAllowed(action.name, state, self.allowed(state, action.role))
        return asked_in if action.resumes and state == self.waiting and asked_in else action.target
