"""A kind of case as data: its states, and its actions: from where, to where, by whom, needing what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from directory.actors import Actor, Outside, Role
from directory.cases.clocks import Clock
from directory.cases.readers import Reads
from directory.errors import TransitionNotAllowed, UnknownAction


@dataclass(frozen=True, slots=True)
class Action:
    """One step. From the waiting state an action that `resumes` goes back to the state that asked, not to `target`."""

    name: str
    sources: frozenset[str]
    target: str
    role: Role | Outside
    resumes: bool = False
    # What comes with it, and which of that must be there. The words of both sides are `message`, what only the desks
    # read is `note`.
    takes: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    # Others who may take it too: what two desks may do alike.
    also: frozenset[Role | Outside] = frozenset()

    @property
    def roles(self) -> frozenset[Role | Outside]:
        """Whose step it is."""
        return self.also | {self.role}


@dataclass(frozen=True)
class Workflow:
    """A kind of case. `letter` begins its references."""

    kind: str
    letter: str
    start: str
    waiting: str | None  # the state in which the case waits for whoever brought it
    ends: frozenset[str]
    actions: Mapping[str, Action]
    # Who may bring such a case, and who reads them.
    openers: frozenset[Role | Outside]
    reads: Reads
    clocks: tuple[Clock, ...] = field(default=())
    # States of what is not sent yet: no desk sees it.
    unsent: frozenset[str] = frozenset()
    # What is said in such a case may be about somebody's health: nothing of it goes where it cannot be erased.
    holds_health: bool = False

    @cached_property
    def states(self) -> frozenset[str]:
        """Every state that there is."""
        named = {self.start, *self.ends} | ({self.waiting} if self.waiting else set())
        for action in self.actions.values():
            named |= action.sources | {action.target}
        return frozenset(named)

    @cached_property
    def open_states(self) -> frozenset[str]:
        """The states in which somebody has something to do: neither unsent nor ended."""
        return self.states - self.ends - self.unsent

    @cached_property
    def bringers(self) -> frozenset[Role | Outside]:
        """Those who bring such cases and do not work on them."""
        return self.openers - self.reads.desks

    def action(self, name: str) -> Action:
        """The action of this name. Raises UnknownAction."""
        try:
            return self.actions[name]
        except KeyError:
            raise UnknownAction(name, tuple(self.actions)) from None

    def allowed(self, state: str, actor: Actor) -> tuple[str, ...]:
        """Names of the actions that the actor may take in this state."""
        possible = (action for action in self.actions.values() if state in action.sources)
        return tuple(action.name for action in possible if self.may_take(actor, action))

    def may_take(self, actor: Actor, action: Action) -> bool:
        """Whether the action is the actor's to take, whatever the state."""
        return any(self.reads.may_take(actor, role) for role in action.roles)

    def target(self, action: Action, state: str, asked_in: str | None, actor: Actor) -> str:
        """The state after the action. Raises TransitionNotAllowed where the state has no such action."""
        if state not in action.sources:
            raise TransitionNotAllowed(action.name, state, self.allowed(state, actor))
        return asked_in if action.resumes and state == self.waiting and asked_in else action.target
