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
from directory.proposals import checklist, rules
from directory.proposals.acting import Given
from directory.proposals.matches import Matches, Wanted, find_matches, find_same_proposals
from directory.proposals.placing import locate
from directory.proposals.promises import Kept, find_kept
from directory.proposals.proposing import draft_of
from directory.proposals.reading import Row, load_proposal, load_row
from directory.search.look_alikes import Looked
from geodata.gazetteer import get_gazetteer

LIST = "list"


@dataclass(frozen=True, slots=True)
class View:
    """One proposal with all that its reader may see."""

    reader: Reader
    row: Row
    events: Sequence[CaseEvent]
    messages: Sequence[CaseMessage]
    attachments: Sequence[CaseAttachment]
    matches: Matches
    # How it went with others of its type in its country.
    kept: Kept | None = None

    @property
    def proposal(self) -> Proposal:
        """The proposal itself."""
        return self.row.proposal


def load_view(actor: Actor, proposal_id: UUID) -> View:
    """One proposal as it is now. Raises CaseNotFound where there is none that the actor may see."""
    with transaction() as session:
        desk = rules.desk(session, actor)
        proposal = load_proposal(session, proposal_id, actor)
        looked, wanted = _sought(proposal)
        view = View(
            desk.reader,
            load_row(session, proposal),
            casework.load_events(desk, proposal_id),
            casework.load_messages(desk, proposal_id),
            load_attachments(desk, proposal_id),
            Matches(proposals=find_same_proposals(session, looked, actor)),
            find_kept(session, proposal.type, proposal.country),
        )
    matches = find_matches(looked, wanted, view.matches.proposals)
    # Itself, once it is listed, is no duplicate.
    others = [each for each in matches.listings if each.shown["id"] != proposal.listing_id]
    return replace(view, matches=replace(matches, listings=others))


def check_open_points(actor: Actor, proposal_id: UUID, given: Given, revision: int | None = None) -> None:
    """Before a new listing is made of it: what is open is passed over with a reason, by whoever lists.

    What the actor may not do, or does on another revision, is refused where it is done. Raises InvalidRequest,
    CaseNotFound.
    """
    if given.listing_id is not None:
        return
    view = load_view(actor, proposal_id)
    case = view.proposal.case
    if LIST in rules.PROPOSALS.allowed(case.state, actor) and revision in (None, case.revision):
        checklist.check(view.proposal, view.matches, given.passed_over)


def _sought(proposal: Proposal) -> tuple[Looked, Wanted | None]:
    """What look-alikes are sought for, and which need others may serve; None where nobody else is needed."""
    where = locate(draft_of(proposal).provider, get_gazetteer())
    names = tuple(filter(None, (proposal.name, proposal.name_local)))
    looked = Looked(names, proposal.country, where.point, proposal.id, where.around)
    if not rules.offers_alternatives(proposal.case.state):
        return looked, None
    specialties, settings = tuple(proposal.specialties), tuple(proposal.settings)
    return looked, Wanted(where.around, proposal.country, proposal.type, specialties, settings)
