"""What waits at a desk, of any kind of case: which cases, what is due first, how many, and whose they are."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, nulls_last, select
from sqlalchemy.orm import Session

from directory.actors import Role
from directory.cases.casework import Desk, Reader
from directory.cases.workflow import Workflow
from directory.models import Account, AccountStatus, CaseFile

PAGE = 50

# What is due first; the reference breaks ties, so that no case stands on two pages.
DUE_FIRST = (nulls_last(CaseFile.due_at.asc()), CaseFile.reference)
# By the name of who works on it.
BY_OWNER = nulls_last(
    select(Account.display_name).where(Account.id == CaseFile.owner_id).correlate(CaseFile).scalar_subquery().asc()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What of the queue is shown; None and empty ask for nothing."""

    states: tuple[str, ...] = ()
    owner: UUID | None = None
    unowned: bool = False
    overdue: bool = False
    limit: int = PAGE
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases are open, due today, overdue, unowned; `yours` to go on with, `waiting` for who brought them."""

    open: int
    due_today: int
    overdue: int
    unowned: int
    yours: int
    waiting: int


def conditions(desk: Desk, filters: CaseFilter) -> list[ColumnElement[bool]]:
    """Which cases of the desk's kind are asked for: without states the open ones; what is not sent yet is nobody's."""
    workflow = desk.workflow
    states = filters.states or tuple(workflow.open_states)
    chosen = [CaseFile.kind == workflow.kind, CaseFile.state.in_(states), CaseFile.state.not_in(workflow.unsent)]
    if filters.owner:
        chosen.append(CaseFile.owner_id == filters.owner)
    if filters.unowned:
        chosen.append(CaseFile.owner_id.is_(None))
    if filters.overdue:
        chosen.append(_is_overdue(desk.now))
    return chosen


def count_queue(desk: Desk) -> Counts:
    """What is open, due and overdue at this moment."""
    overdue = _is_overdue(desk.now)
    counts = select(
        func.count(),
        func.count().filter(~overdue, CaseFile.due_on == desk.today),
        func.count().filter(overdue),
        func.count().filter(CaseFile.owner_id.is_(None)),
        func.count().filter(CaseFile.owner_id == desk.actor.account_id, CaseFile.state != desk.workflow.waiting),
        func.count().filter(CaseFile.state == desk.workflow.waiting),
    ).where(*conditions(desk, CaseFilter()))
    return Counts(*desk.session.execute(counts).one())


def load_desk(session: Session, workflow: Workflow) -> Sequence[Account]:
    """Who can own a case of this kind."""
    roles = [role.value for role in workflow.reads.desks] + ([Role.admin.value] if workflow.reads.admins else [])
    at_desk = (Account.role.in_(roles), Account.status != AccountStatus.disabled)
    return session.scalars(select(Account).where(*at_desk).order_by(Account.email)).all()


def load_names(session: Session, accounts: Collection[UUID | None]) -> dict[UUID | None, str]:
    """What people are called; who has no name, by what stands before the @ of the address."""
    named = select(Account.id, Account.display_name, Account.email).where(Account.id.in_(accounts))
    return {row.id: row.display_name or row.email.partition("@")[0] for row in session.execute(named)}


def due_days(due_on: dt.date | None, reader: Reader) -> int | None:
    """Business days that are left; negative where it is overdue."""
    return None if due_on is None else reader.calendar.between(reader.today, due_on)


def _is_overdue(now: dt.datetime) -> ColumnElement[bool]:
    """As `clocks.is_overdue` has it."""
    return CaseFile.due_at <= now
