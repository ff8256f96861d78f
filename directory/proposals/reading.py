"""Proposals as a reader may see them: one, an officer's, the network team's queue."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, nulls_last, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from directory.actors import Actor, Role
from directory.cases.casework import CaseNotFound, Desk, lock_case, may_see
from directory.models import Account, CaseEvent, CaseFile, Client, Proposal, ProposalSupporter
from directory.proposals.rules import PROPOSALS

PAGE = 50


class QueueSort(StrEnum):
    """The order of the queue; the day on which something is due breaks ties, then the reference."""

    due = "due"
    owner = "owner"
    country = "country"
    urgency = "urgency"
    people = "people"
    newest = "newest"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of the queue is shown; None and empty ask for nothing."""

    states: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    urgency: str | None = None
    owner: UUID | None = None
    unowned: bool = False
    overdue: bool = False
    sort: QueueSort = QueueSort.due
    limit: int = PAGE
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One proposal in a list. `answered`: the officer answered a question, and nobody went on with it yet."""

    proposal: Proposal
    client: Client
    opener: str
    owner: str | None
    supporters: int
    answered: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list, and how many there are in all."""

    rows: Sequence[Row]
    total: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are open, due today, overdue, without an owner; wait for the reader, or for their officer."""

    open: int
    due_today: int
    overdue: int
    unowned: int
    yours: int
    waiting: int


def load_proposal(session: Session, proposal_id: UUID, actor: Actor) -> Proposal:
    """One proposal. Raises CaseNotFound where there is none that the actor may see."""
    proposal = session.get(Proposal, proposal_id)
    if proposal is None or not may_see(actor, proposal.case.client_id):
        raise CaseNotFound("There is no such proposal.")
    return proposal


def lock_proposal(desk: Desk, proposal_id: UUID) -> Proposal:
    """The same, locked until the transaction ends."""
    load_proposal(desk.session, proposal_id, desk.actor)
    lock_case(desk, proposal_id)
    return desk.session.get_one(Proposal, proposal_id, populate_existing=True)


def count_supporters(session: Session, proposal_id: UUID) -> int:
    """How many officers back it."""
    count = select(func.count()).select_from(ProposalSupporter).where(ProposalSupporter.proposal_id == proposal_id)
    return session.scalar(count) or 0


def is_supported_by(session: Session, proposal_id: UUID, actor: Actor) -> bool:
    """Whether this officer backs it."""
    return actor.account_id is not None and bool(session.get(ProposalSupporter, (proposal_id, actor.account_id)))


def load_own(session: Session, actor: Actor, *, limit: int = PAGE, offset: int = 0) -> Page:
    """The proposals of an officer's client: what waits for the officer first, then the open ones, the ended last."""
    chosen = select(Proposal).join(CaseFile).where(CaseFile.client_id == actor.client_id)
    rank = _rank_for_officer()
    return _page(session, chosen.order_by(rank, CaseFile.changed_at.desc(), CaseFile.reference), limit, offset)


def load_backed(session: Session, actor: Actor) -> Sequence[Row]:
    """The proposals of others that an officer backs. Of these nothing is shown but the provider and where it stands."""
    mine = exists().where(
        and_(ProposalSupporter.proposal_id == Proposal.id, ProposalSupporter.account_id == actor.account_id)
    )
    chosen = select(Proposal).join(CaseFile).where(mine, CaseFile.client_id != actor.client_id)
    return _page(session, chosen.order_by(CaseFile.changed_at.desc()), PAGE, 0).rows


def load_queue(desk: Desk, asked: QueueFilter) -> Page:
    """The network team's proposals, those that are not sent yet left out; without states asked for, the open ones."""
    states = asked.states or tuple(PROPOSALS.open_states)
    chosen = select(Proposal).join(CaseFile).where(CaseFile.state.in_(states), CaseFile.state != PROPOSALS.start)
    if asked.countries:
        chosen = chosen.where(Proposal.country.in_(asked.countries))
    if asked.urgency:
        chosen = chosen.where(Proposal.urgency == asked.urgency)
    if asked.owner:
        chosen = chosen.where(CaseFile.owner_id == asked.owner)
    if asked.unowned:
        chosen = chosen.where(CaseFile.owner_id.is_(None))
    if asked.overdue:
        chosen = chosen.where(CaseFile.due_on < desk.today)
    return _page(desk.session, _sorted(chosen, asked.sort), asked.limit, asked.offset)


def count_queue(desk: Desk) -> Counts:
    """What is open, due and overdue at this moment."""
    counts = select(
        func.count(),
        func.count().filter(CaseFile.due_on == desk.today),
        func.count().filter(CaseFile.due_on < desk.today),
        func.count().filter(CaseFile.owner_id.is_(None)),
        func.count().filter(CaseFile.owner_id == desk.actor.account_id, CaseFile.state != PROPOSALS.waiting),
        func.count().filter(CaseFile.state == PROPOSALS.waiting),
    ).where(CaseFile.kind == PROPOSALS.kind, CaseFile.state.in_(PROPOSALS.open_states))
    return Counts(*desk.session.execute(counts).one())


def count_waiting(session: Session, actor: Actor) -> int:
    """How many of an officer's own proposals wait for the officer's answer."""
    waiting = (CaseFile.kind == PROPOSALS.kind, CaseFile.state == PROPOSALS.waiting)
    mine = select(func.count()).select_from(CaseFile).where(CaseFile.opened_by == actor.account_id, *waiting)
    return session.scalar(mine) or 0


def load_row(session: Session, proposal: Proposal) -> Row:
    """One proposal with what a list shows of it."""
    return _page(session, select(Proposal).join(CaseFile).where(Proposal.id == proposal.id), 1, 0).rows[0]


def due_days(due_on: dt.date | None, desk: Desk) -> int | None:
    """Business days that are left; negative where it is overdue."""
    return None if due_on is None else desk.calendar.between(desk.today, due_on)


def load_team(session: Session) -> Sequence[Account]:
    """Who can own a proposal."""
    of_team = Account.role.in_((Role.network.value, Role.admin.value))
    return session.scalars(select(Account).where(of_team, Account.status != "disabled").order_by(Account.email)).all()


def _rank_for_officer() -> ColumnElement[int]:
    return case(
        (CaseFile.state.in_((PROPOSALS.start, PROPOSALS.waiting)), 0),
        (CaseFile.state.in_(PROPOSALS.open_states), 1),
        else_=2,
    )


def _sorted(chosen: Select[Proposal], sort: QueueSort) -> Select[Proposal]:
    due = (nulls_last(CaseFile.due_on.asc()), CaseFile.reference)
    if sort is QueueSort.owner:
        name = select(Account.display_name).where(Account.id == CaseFile.owner_id).scalar_subquery()
        return chosen.order_by(nulls_last(name.asc()), *due)
    orders = {
        QueueSort.due: (),
        QueueSort.country: (Proposal.country,),
        QueueSort.urgency: (case((Proposal.urgency == "high", 0), (Proposal.urgency == "normal", 1), else_=2),),
        QueueSort.people: (nulls_last(Proposal.people.desc()),),
        QueueSort.newest: (CaseFile.opened_at.desc(),),
    }
    return chosen.order_by(*orders[sort], *due)


def _page(session: Session, chosen: Select[Proposal], limit: int, offset: int) -> Page:
    total = session.scalar(select(func.count()).select_from(chosen.order_by(None).subquery())) or 0
    proposals = session.scalars(chosen.limit(limit).offset(offset)).all()
    backed = select(ProposalSupporter.proposal_id, func.count()).group_by(ProposalSupporter.proposal_id)
    ids = [proposal.id for proposal in proposals]
    supporters = {row[0]: row[1] for row in session.execute(backed.where(ProposalSupporter.proposal_id.in_(ids)))}
    clients = {
        client.id: client
        for client in session.scalars(select(Client).where(Client.id.in_({p.case.client_id for p in proposals})))
    }
    people = _names(session, {account for p in proposals for account in (p.case.owner_id, p.case.opened_by)})
    answered = _answered(session, ids)
    rows = [
        Row(
            proposal,
            clients[proposal.case.client_id],
            people[proposal.case.opened_by],
            people.get(proposal.case.owner_id) if proposal.case.owner_id else None,
            supporters.get(proposal.id, 0),
            proposal.id in answered,
        )
        for proposal in proposals
    ]
    return Page(rows, total)


def _names(session: Session, accounts: set[UUID | None]) -> dict[UUID, str]:
    """What people are called; who has no name, by what stands before the @ of the address."""
    named = select(Account.id, Account.display_name, Account.email).where(Account.id.in_(accounts))
    return {row.id: row.display_name or row.email.partition("@")[0] for row in session.execute(named)}


def _answered(session: Session, proposals: Sequence[UUID]) -> set[UUID]:
    """Those whose last step was the officer's answer to a question."""
    last = (
        select(CaseEvent.case_id, CaseEvent.action, CaseEvent.from_state)
        .where(CaseEvent.case_id.in_(proposals), CaseEvent.internal.is_(False))
        .ext(distinct_on(CaseEvent.case_id))
        .order_by(CaseEvent.case_id, CaseEvent.id.desc())
    )
    steps = session.execute(last)
    return {row.case_id for row in steps if (row.action, row.from_state) == ("submit", PROPOSALS.waiting)}
