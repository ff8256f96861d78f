"""What the kinds of cases of customer service have in common: who reads them, whose steps they are, their readers."""

import datetime as dt

from sqlalchemy.orm import Session

from directory.actors import Actor, Outside, Role
from directory.cases.calendar import load_calendar, load_days
from directory.cases.casework import Desk, Reader
from directory.cases.clocks import Clock, Keeps, Starts, Unit
from directory.cases.workflow import Action, Workflow

CARE = Role.care


def step(
    name: str,
    sources: str,
    target: str,
    role: Role | Outside = CARE,
    *,
    takes: str = "",
    needs: str = "",
    also: tuple[Role, ...] = (),
) -> Action:
    """One action, its words parted by blanks."""
    needed = frozenset(needs.split())
    taken = frozenset(takes.split()) | needed
    return Action(name, frozenset(sources.split()), target, role, takes=taken, needs=needed, also=frozenset(also))


def at_any_hour(kind: str, name: str, states: str, clock: str = "") -> Clock:
    """A promise of minutes from the receipt, day and night, whoever waits."""
    length = load_days(kind)[name]
    return Clock(
        clock or name, length, frozenset(states.split()), Unit.minutes, Starts.received, False, Keeps.always
    )  # fmt: skip


def in_days(kind: str, name: str, states: str) -> Clock:
    """A promise of business days from the receipt."""
    length = load_days(kind)[name]
    return Clock(name, length, frozenset(states.split()), starts=Starts.received, stands_while_waiting=False)


def reader(workflow: Workflow, actor: Actor, now: dt.datetime | None = None) -> Reader:
    """The actor as a reader of cases of a kind, at this moment unless told."""
    return Reader(actor, workflow, load_calendar(), now or dt.datetime.now(dt.UTC))


def desk(session: Session, workflow: Workflow, actor: Actor, now: dt.datetime | None = None) -> Desk:
    """Where the actor works on cases of a kind."""
    return Desk(session, reader(workflow, actor, now))
