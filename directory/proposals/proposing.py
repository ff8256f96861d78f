"""An officer's part: propose, and back what another proposed; and who of the team works on it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from directory.actors import NotAllowed, Role
from directory.cases import casework
from directory.cases.casework import CaseNotFound, Desk, lock_case
from directory.cases.queue import load_desk
from directory.errors import Fault, InvalidRequest, TransitionNotAllowed
from directory.models import Listing, Proposal, ProposalSupporter
from directory.proposals.draft import Draft, Need, ProposedProvider, check_draft
from directory.proposals.placing import locate
from directory.proposals.reading import count_supporters, is_supported_by, lock_proposal
from directory.proposals.rules import PROPOSALS
from geodata.gazetteer import get_gazetteer
from geodata.text import latin_names

_SAID_OF_PROVIDER = tuple(name for name in ProposedProvider.__dataclass_fields__ if name != "specialties")


def propose(desk: Desk, draft: Draft) -> Proposal:
    """A new draft of the actor's client. Raises NotAllowed for all but officers, InvalidRequest."""
    if desk.actor.role is not Role.hr:
        raise NotAllowed("Officers of a client propose.")
    draft = check_draft(draft)
    check_listing(desk.session, draft)
    where = locate(draft.provider, get_gazetteer())
    case = casework.open_case(desk)
    proposal = Proposal(id=case.id, case=case)
    fill(proposal, draft, where.place.id if where.place else None)
    desk.session.add(proposal)
    desk.session.flush()
    return proposal


def check_listing(session: Session, draft: Draft) -> None:
    """Raises InvalidRequest where the reason names a listing that there is not."""
    listing_id = draft.need.listing_id
    if listing_id is not None and session.get(Listing, listing_id) is None:
        raise InvalidRequest(Fault("/need/about_listing", f"There is no listing {listing_id}."))


def support(desk: Desk, proposal_id: UUID) -> int:
    """Back an open proposal, of one's own client or another's; once. Returns how many do.

    Raises NotAllowed, CaseNotFound for what is not sent yet and not the client's own, TransitionNotAllowed.
    """
    actor, session = desk.actor, desk.session
    if actor.role is not Role.hr or actor.account_id is None or actor.client_id is None:
        raise NotAllowed("Officers of a client back a proposal.")
    case = lock_case(desk, proposal_id)
    if case.client_id != actor.client_id and case.state not in PROPOSALS.open_states:
        raise CaseNotFound("There is no such proposal.")
    if case.state not in PROPOSALS.open_states or case.opened_by == actor.account_id:
        raise TransitionNotAllowed("support", case.state, PROPOSALS.allowed(case.state, actor))
    if not is_supported_by(session, proposal_id, actor):
        session.add(
            ProposalSupporter(
                proposal_id=proposal_id, account_id=actor.account_id, client_id=actor.client_id, at=desk.now
            )
        )
        casework.record(desk, case, "support", None, {"supporter": str(actor.account_id)})
        session.flush()
    return count_supporters(session, proposal_id)


def take_over(desk: Desk, proposal_id: UUID, owner_id: UUID | None) -> Proposal:
    """Give a proposal to one of the network team, or to nobody. Raises CaseNotFound, NotAllowed, InvalidRequest."""
    proposal = lock_proposal(desk, proposal_id)
    team = {account.id for account in load_desk(desk.session, PROPOSALS)}
    if owner_id is not None and owner_id not in team and desk.is_desk:
        raise InvalidRequest(Fault("/account_id", "There is no such member of the network team."))
    casework.hand_over(desk, proposal.case, owner_id)
    return proposal


def take_over_many(desk: Desk, proposals: Iterable[UUID], owner_id: UUID | None) -> int:
    """The same for several, in one order, so that two who do it at once do not block each other. How many they are."""
    several = sorted(set(proposals))
    for proposal_id in several:
        take_over(desk, proposal_id, owner_id)
    return len(several)


def draft_of(proposal: Proposal) -> Draft:
    """What was said, as it could be said again."""
    provider = {name: getattr(proposal, name) for name in _SAID_OF_PROVIDER}
    return Draft(
        ProposedProvider(specialties=tuple(proposal.specialties), **provider),
        Need(
            reason=proposal.reason,
            people=proposal.people,
            visits=proposal.visits,
            urgency=proposal.urgency,
            settings=tuple(proposal.settings),
            words=proposal.reason_words,
            listing_id=proposal.reason_listing_id,
        ),
        proposal.consent_named,
    )


def fill(proposal: Proposal, draft: Draft, place_id: int | None) -> None:
    """Write a draft that was checked into the proposal, with the place of its city."""
    provider, need = draft.provider, draft.need
    for name in _SAID_OF_PROVIDER:
        setattr(proposal, name, getattr(provider, name))
    proposal.specialties = list(provider.specialties)
    proposal.latin_names = latin_names(filter(None, (provider.name, provider.name_local)))
    known = provider.lat is not None and (provider.lat, provider.lon) != (0, 0)
    if not known:
        proposal.lat = proposal.lon = None
    proposal.point = f"SRID=4326;POINT({provider.lon!r} {provider.lat!r})" if known else None
    proposal.place_id = place_id
    proposal.reason, proposal.people, proposal.visits = need.reason, need.people, need.visits
    proposal.urgency, proposal.settings = need.urgency, list(need.settings)
    proposal.reason_words, proposal.reason_listing_id = need.words, need.listing_id
    proposal.consent_named = draft.consent_named
