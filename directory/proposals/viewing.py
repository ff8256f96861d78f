"""What one proposal's page and answer are made of, loaded before anything is rendered.

Rows come from one short transaction. What the search engine knows is asked after it: that may take a second, and nobody
who wants to change the case waits for it meanwhile. Never call this inside of a transaction that changes something.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from directory.actors import Actor
from directory.cases import casework
from directory.cases.attachments import load_attachments
from directory.cases.casework import Reader
from directory.db import transaction
from directory.models import CaseAttachment, CaseEvent, CaseMessage, Proposal
from directory.proposals import rules
from directory.proposals.matches import Looked, Matches, Wanted, find_matches
from directory.proposals.placing import locate
from directory.proposals.proposing import draft_of
from directory.proposals.reading import Row, load_proposal, load_row
from geodata.gazetteer import get_gazetteer


@dataclass(frozen=True, slots=True)
class View:
    """One proposal with all that its reader may see."""

    reader: Reader
    row: Row
    events: Sequence[CaseEvent]
    messages: Sequence[CaseMessage]
    attachments: Sequence[CaseAttachment]
    matches: Matches

    @property
    def proposal(self) -> Proposal:
        """The proposal itself."""
        return self.row.proposal


def load_view(actor: Actor, proposal_id: UUID) -> View:
    """One proposal as it is now. Raises CaseNotFound where there is none that the actor may see."""
    with transaction() as session:
        desk = rules.desk(session, actor)
        proposal = load_proposal(session, proposal_id, actor)
        view = View(
            desk.reader,
            load_row(session, proposal),
            casework.load_events(desk, proposal_id),
            casework.load_messages(desk, proposal_id),
            load_attachments(desk, proposal_id),
            Matches(),
        )
    return replace(view, matches=_find_matches(actor, proposal))


def _find_matches(actor: Actor, proposal: Proposal) -> Matches:
    where = locate(draft_of(proposal).provider, get_gazetteer())
    names = tuple(filter(None, (proposal.name, proposal.name_local)))
    wanted = Wanted(
        where.around, proposal.country, proposal.type, tuple(proposal.specialties), tuple(proposal.settings)
    )
    found = find_matches(
        actor,
        Looked(names, proposal.country, where.point, proposal.id),
        wanted if rules.offers_alternatives(proposal.case.state) else None,
    )
    # Itself, once it is listed, is no duplicate.
    return replace(found, listings=[each for each in found.listings if each.shown["id"] != proposal.listing_id])
