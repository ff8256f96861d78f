"""Proposals as a reader may see them: one, an officer's, the network team's queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, nulls_last, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, Session

from directory.actors import Actor
from directory.cases.casework import CaseNotFound, Desk, lock_case
from directory.cases.queue import BY_OWNER, DUE_FIRST, PAGE, CaseFilter, conditions, load_names
from directory.models import Account, CaseEvent, CaseFile, Client, Proposal, ProposalSupporter
from directory.proposals.rules import PROPOSALS
from geodata.text import fold, latin_words

# Who goes from one to the next never walks further than this.
_LONGEST_QUEUE = 2000
_MOST_WORDS = 8


class QueueSort(StrEnum):
    """The order of the queue; the day on which something is due breaks ties, then the reference."""

    due = "due"
    owner = "owner"
    country = "country"
    urgency = "urgency"
    people = "people"
    newest = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter(CaseFilter):
    """What of the queue is shown; None and empty ask for nothing."""

    countries: tuple[str, ...] = ()
    urgency: str | None = None
    # Words of a name in any script, a city, a client or a reference.
    q: str | None = None
    sort: QueueSort = QueueSort.due


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


def find_by_reference(session: Session, reference: str, actor: Actor) -> UUID | None:
    """The id of the proposal with a reference, however it is typed; None where there is none that the actor may see."""
    letter, _, rest = reference.upper().replace(" ", "").replace("\N{EN DASH}", "-").partition("-")
    case = session.scalar(
        select(CaseFile).where(CaseFile.kind == PROPOSALS.kind, CaseFile.reference == f"{letter}-{rest}")
    )
    if case is None or case.state in PROPOSALS.unsent or not PROPOSALS.reads.may_see(actor, case):
        return None
    return case.id


def load_proposal(session: Session, proposal_id: UUID, actor: Actor) -> Proposal:
    """One proposal. Raises CaseNotFound where there is none that the actor may see."""
    proposal = session.get(Proposal, proposal_id)
    if proposal is None or not PROPOSALS.reads.may_see(actor, proposal.case):
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


def load_queue(desk: Desk, filters: QueueFilter) -> Page:
    """The network team's proposals, those that are not sent yet left out; without states asked for, the open ones."""
    return _page(desk.session, _queued(desk, filters), filters.limit, filters.offset)


def find_next(desk: Desk, filters: QueueFilter, after: UUID) -> UUID | None:
    """The proposal that follows `after` in the queue; where that is not in it any more, the first. None: no other."""
    numbered = _queued(desk, filters).with_only_columns(Proposal.id).limit(_LONGEST_QUEUE)
    ids = list(desk.session.scalars(numbered))
    place = ids.index(after) + 1 if after in ids else 0
    return next((each for each in ids[place:] + ids[:place] if each != after), None)


def _queued(desk: Desk, filters: QueueFilter) -> Select[Proposal]:
    chosen = select(Proposal).join(CaseFile).where(*conditions(desk, filters))
    if filters.countries:
        chosen = chosen.where(Proposal.country.in_(filters.countries))
    if filters.urgency:
        chosen = chosen.where(Proposal.urgency == filters.urgency)
    for word in (filters.q or "").split()[:_MOST_WORDS]:
        chosen = chosen.where(_says(word))
    return chosen.order_by(*_ORDERS[filters.sort], *DUE_FIRST)


def _says(word: str) -> ColumnElement[bool]:
    """Whether a word stands in what a row shows; names are compared in Latin letters too."""
    of_client = select(Client.name).where(Client.id == CaseFile.client_id).correlate(CaseFile).scalar_subquery()
    texts = (Proposal.name, Proposal.name_local, Proposal.city, CaseFile.reference, of_client)
    said = [each.icontains(word, autoescape=True) for each in texts]
    if latin := latin_words(fold(word)):
        said.append(Proposal.latin_names.icontains(latin, autoescape=True))
    return or_(*said)


def load_about(session: Session, actor: Actor, listing_id: int, most: int) -> Sequence[Proposal]:
    """Proposals about a listing that the actor may see, or that ended in it, the latest first."""
    chosen = (
        select(Proposal)
        .join(CaseFile)
        .where(
            or_(Proposal.reason_listing_id == listing_id, Proposal.listing_id == listing_id),
            CaseFile.state.not_in(PROPOSALS.unsent),
        )
    )
    found = session.scalars(chosen.order_by(CaseFile.changed_at.desc()).limit(most))
    return [each for each in found if PROPOSALS.reads.may_see(actor, each.case)]


def load_officer_language(session: Session, proposal: Proposal) -> str:
    """In which language its officer reads."""
    return session.get_one(Account, proposal.case.opened_by).lang


def load_last_own(session: Session, actor: Actor) -> Proposal | None:
    """The last proposal that the officer began."""
    mine = select(Proposal).join(CaseFile).where(CaseFile.opened_by == actor.account_id)
    return session.scalar(mine.order_by(CaseFile.opened_at.desc(), CaseFile.reference).limit(1))


def count_waiting(session: Session, actor: Actor) -> int:
    """How many of an officer's own proposals wait for the officer's answer."""
    waiting = (CaseFile.kind == PROPOSALS.kind, CaseFile.state == PROPOSALS.waiting)
    mine = select(func.count()).select_from(CaseFile).where(CaseFile.opened_by == actor.account_id, *waiting)
    return session.scalar(mine) or 0


def load_row(session: Session, proposal: Proposal) -> Row:
    """One proposal with what a list shows of it."""
    return _page(session, select(Proposal).join(CaseFile).where(Proposal.id == proposal.id), 1, 0).rows[0]


def _rank_for_officer() -> ColumnElement[int]:
    return case(
        (CaseFile.state.in_((PROPOSALS.start, PROPOSALS.waiting)), 0),
        (CaseFile.state.in_(PROPOSALS.open_states), 1),
        else_=2,
    )


_ORDERS: dict[QueueSort, tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]] = {
    QueueSort.due: (),
    QueueSort.owner: (BY_OWNER,),
    QueueSort.country: (Proposal.country,),
    QueueSort.urgency: (case((Proposal.urgency == "high", 0), (Proposal.urgency == "normal", 1), else_=2),),
    QueueSort.people: (nulls_last(Proposal.people.desc()),),
    QueueSort.newest: (CaseFile.opened_at.desc(),),
}


def _page(session: Session, chosen: Select[Proposal], limit: int, offset: int) -> Page:
    total = session.scalar(select(func.count()).select_from(chosen.order_by(None).subquery())) or 0
    proposals = session.scalars(chosen.limit(limit).offset(offset)).all()
    backed = select(ProposalSupporter.proposal_id, func.count()).group_by(ProposalSupporter.proposal_id)
    ids = [proposal.id for proposal in proposals]
    supporters = {row[0]: row[1] for row in session.execute(backed.where(ProposalSupporter.proposal_id.in_(ids)))}
    clients: dict[int | None, Client] = {
        client.id: client
        for client in session.scalars(select(Client).where(Client.id.in_({p.case.client_id for p in proposals})))
    }
    people = load_names(session, {account for p in proposals for account in (p.case.owner_id, p.case.opened_by)})
    answered = _answered(session, ids)
    rows = [
        Row(
            proposal,
            clients[proposal.case.client_id],
            people[proposal.case.opened_by],
            people.get(proposal.case.owner_id),
            supporters.get(proposal.id, 0),
            proposal.id in answered,
        )
        for proposal in proposals
    ]
    return Page(rows, total)


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
