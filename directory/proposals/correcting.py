"""What was said, said otherwise: by the officer while it is a draft or asked about, by the team until it is listed.

The team puts right what the directory will show, and the terms that were agreed; what the client consented to is the
client's. Each change is in the audit with what stood there before, and in the history that people read.
"""

from dataclasses import dataclass
from uuid import UUID

from directory.actors import NotAllowed
from directory.cases import casework
from directory.cases.casework import Desk
from directory.errors import TransitionNotAllowed
from directory.listings.agreements import Terms, check_terms, write_terms
from directory.models import Proposal
from directory.proposals.draft import Draft, Need, ProposedProvider, check_draft
from directory.proposals.patients import ask_about, texts_of
from directory.proposals.placing import locate
from directory.proposals.proposing import check_listing, draft_of, fill
from directory.proposals.reading import lock_proposal
from directory.proposals.rules import EDITABLE, PROPOSALS
from geodata.gazetteer import get_gazetteer

# While it is in one of these the terms stand, and no listing has them yet.
AGREED = frozenset(("agreed",))


@dataclass(frozen=True, slots=True)
class Correction:
    """What shall stand there; `terms` where they are corrected too."""

    draft: Draft
    terms: Terms | None = None


def editable(state: str, *, by_desk: bool) -> bool:
    """Whether the team, or else an officer, may say it otherwise now."""
    return state in (PROPOSALS.open_states if by_desk else EDITABLE)


def edit(
    desk: Desk, proposal_id: UUID, correction: Correction, revision: int | None, *, sure: bool = False
) -> Proposal:
    """Say something else of a proposal. `revision`: the one that the actor saw.

    Raises CaseNotFound, NotAllowed, TransitionNotAllowed where it is too late, RevisionConflict, InvalidRequest,
    MayNamePatient; then nothing of it is done.
    """
    proposal = lock_proposal(desk, proposal_id)
    _check(desk, proposal, correction)
    casework.check_revision(proposal.case, revision)
    draft = check_draft(correction.draft)
    check_listing(desk.session, draft)
    terms = check_terms(correction.terms, desk.today) if correction.terms else None
    _say(desk, proposal, draft, sure=sure)
    if terms:
        _agree(desk, proposal, terms)
    return proposal


def _check(desk: Desk, proposal: Proposal, correction: Correction) -> None:
    state = proposal.case.state
    if not desk.is_desk and correction.terms:
        raise NotAllowed("What was agreed is the network team's.")
    if desk.is_desk and correction.draft.consent_named != proposal.consent_named:
        raise NotAllowed("Whether the client may be named is for its officers to say.")
    if not editable(state, by_desk=desk.is_desk) or (correction.terms and state not in AGREED):
        raise TransitionNotAllowed("edit", state, PROPOSALS.allowed(state, desk.actor))


def _say(desk: Desk, proposal: Proposal, draft: Draft, *, sure: bool) -> None:
    where = locate(draft.provider, get_gazetteer())
    before, texts = _said(proposal), texts_of(proposal)
    fill(proposal, draft, where.place.id if where.place else None)
    # A draft asks as it is sent; after that, whoever reads it reads each change at once.
    if proposal.case.state != PROPOSALS.start:
        ask_about({at: text for at, text in texts_of(proposal).items() if text != texts[at]}, sure=sure)
    after = _said(proposal)
    changed = sorted(name for name in after if before[name] != after[name])
    if changed:
        old, new = ({name: values[name] for name in changed} for values in (before, after))
        _note(desk, proposal, "edit" if not desk.is_desk else "correct", old, new)


def _agree(desk: Desk, proposal: Proposal, terms: Terms) -> None:
    before, after = proposal.agreement, write_terms(terms)
    if before != after:
        proposal.agreement = after
        _note(desk, proposal, "correct_terms", {"agreement": before}, {"agreement": after}, internal=True)


def _note(
    desk: Desk,
    proposal: Proposal,
    action: str,
    before: dict[str, object],
    after: dict[str, object],
    *,
    internal: bool = False,
) -> None:
    case = proposal.case
    casework.touch(desk, case)
    casework.record(desk, case, action, before, after)
    casework.add_event(desk, case, action, from_state=case.state, internal=internal)


def _said(proposal: Proposal) -> dict[str, object]:
    draft = draft_of(proposal)
    values = {name: getattr(draft.provider, name) for name in ProposedProvider.__dataclass_fields__}
    values |= {name: getattr(draft.need, name) for name in Need.__dataclass_fields__}
    values["consent_named"] = draft.consent_named
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
