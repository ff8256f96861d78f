"""The actions of a proposal: each needs something, leaves something, moves the case and tells whom it concerns."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from directory.cases import casework
from directory.cases.casework import Desk
from directory.errors import Fault, InvalidRequest
from directory.listings.agreements import Terms, check_terms, read_terms, write_terms
from directory.models import Channel, Listing, ListingStatus, MessageKind, Proposal
from directory.models.case import LONGEST_MESSAGE
from directory.proposals import telling
from directory.proposals.checklist import missing_facts
from directory.proposals.listing import extend_listing, list_proposed
from directory.proposals.patients import Texts, ask_about, texts_of
from directory.proposals.reading import lock_proposal
from directory.proposals.rules import DECLINE_REASONS, PROPOSALS, paced

LONGEST = {"reason": 200, "message": LONGEST_MESSAGE, "note": LONGEST_MESSAGE, "passed_over": LONGEST_MESSAGE}


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with an action; which of it an action takes and needs is said in rules.py."""

    message: str | None = None
    note: str | None = None
    channel: Channel | None = None
    reason: str | None = None
    agreement: Terms | None = None
    listing_id: int | None = None
    proposal_id: UUID | None = None
    # Why it is listed although a point of the checklist is open.
    passed_over: str | None = None


_NOTHING = Given()


def act(
    desk: Desk,
    proposal_id: UUID,
    name: str,
    given: Given = _NOTHING,
    revision: int | None = None,
    *,
    sure: bool = False,
) -> Proposal:
    """Take one action on a proposal. `revision`: the one that the actor saw; `sure`: that no words name a patient.

    Raises CaseNotFound, UnknownAction, NotAllowed, TransitionNotAllowed, RevisionConflict, InvalidRequest,
    MayNamePatient; then nothing of it is done.
    """
    proposal = lock_proposal(desk, proposal_id)
    case = proposal.case
    casework.check_action(desk, case, name, revision)
    _check_given(name, given)
    ask_about(_leaving(proposal, name, given), sure=sure)
    told = _EFFECTS[name](desk, proposal, given) if name in _EFFECTS else {}
    if case.owner_id is None and desk.is_desk:
        # Whoever acts hears of what the officer says to it.
        case.owner_id = desk.actor.account_id
    answers = name == "submit" and case.state == PROPOSALS.waiting
    casework.take_action(paced(desk, proposal.urgency), case, name, **told)
    _write_words(desk, proposal, given)
    _note_end(proposal, given)
    desk.session.flush()
    if answers:
        telling.tell_of_answer(desk, proposal, given.message)
    else:
        telling.tell_of_step(desk, proposal, name, given.message)
    return proposal


def leaving(given: Given) -> Texts:
    """The words of an action that both sides read, by JSON pointer."""
    own_reason = given.reason if given.reason not in DECLINE_REASONS else None
    return {"/message": given.message, "/reason": own_reason}


def _leaving(proposal: Proposal, name: str, given: Given) -> Texts:
    """What goes to another desk with an action; with its first sending all that was said of the provider."""
    first = name == "submit" and proposal.case.state == PROPOSALS.start
    return {**(texts_of(proposal) if first else {}), **leaving(given)}


def _check_given(name: str, given: Given) -> None:
    action = PROPOSALS.actions[name]
    faults = []
    for part in Given.__dataclass_fields__:
        value = getattr(given, part)
        empty = value is None or (isinstance(value, str) and not value.strip())
        if empty and part in action.needs:
            faults.append(Fault(f"/{part}", f"{name} needs it."))
        elif not empty and part not in action.takes:
            faults.append(Fault(f"/{part}", f"{name} takes no such thing.", tuple(sorted(action.takes))))
    for part, most in LONGEST.items():
        if len(getattr(given, part) or "") > most:
            faults.append(Fault(f"/{part}", f"At most {most} characters.", most=most))
    if faults:
        raise InvalidRequest(*faults)


def _agree(desk: Desk, proposal: Proposal, given: Given) -> dict[str, object]:
    terms = check_terms(given.agreement, desk.today)  # type: ignore[arg-type]
    proposal.agreement = write_terms(terms)
    return {"agreement": proposal.agreement}


def _list(desk: Desk, proposal: Proposal, given: Given) -> dict[str, object]:
    terms = read_terms(proposal.agreement or {})
    if given.listing_id is None:
        listing_id = list_proposed(desk, proposal, terms)
    else:
        listing_id = extend_listing(desk, given.listing_id, proposal, terms)
    proposal.listing_id = listing_id
    told = {"listing": listing_id, "open_points": list(missing_facts(proposal)), "passed_over": given.passed_over}
    return {name: value for name, value in told.items() if value}


def _mark_duplicate(desk: Desk, proposal: Proposal, given: Given) -> dict[str, object]:
    if (given.listing_id is None) == (given.proposal_id is None):
        raise InvalidRequest(Fault("", "Name one of listing_id and proposal_id."))
    if given.listing_id is not None:
        listing = desk.session.get(Listing, given.listing_id)
        if listing is None or listing.status in (ListingStatus.retired, ListingStatus.merged):
            raise InvalidRequest(Fault("/listing_id", f"There is no listing {given.listing_id}."))
        proposal.listing_id = listing.id
        return {"listing": listing.id}
    other = desk.session.get(Proposal, given.proposal_id)
    if other is None or other.id == proposal.id or not desk.reader.may_see(other.case):
        raise InvalidRequest(Fault("/proposal_id", "There is no other proposal under this id."))
    proposal.duplicate_of = other.id
    return {"proposal": str(other.id)}


def _reopen(desk: Desk, proposal: Proposal, given: Given) -> dict[str, object]:
    left = {"reason": proposal.end_reason, "listing": proposal.listing_id}
    proposal.end_reason = proposal.end_message = None
    proposal.listing_id = proposal.duplicate_of = proposal.agreement = None
    return {"left": {name: value for name, value in left.items() if value is not None}}


_Effect = Callable[[Desk, Proposal, Given], dict[str, object]]
_EFFECTS: dict[str, _Effect] = {
    "agree": _agree,
    "list": _list,
    "mark_duplicate": _mark_duplicate,
    "reopen": _reopen,
}


def _write_words(desk: Desk, proposal: Proposal, given: Given) -> None:
    """The words of an action become a message or a contact like any other."""
    if given.message and given.message.strip():
        casework.write_message(desk, proposal.case, given.message)
    if given.note and given.note.strip():
        casework.write_message(desk, proposal.case, given.note, MessageKind.contact, given.channel)
    if given.passed_over and given.passed_over.strip():
        casework.write_message(desk, proposal.case, given.passed_over, MessageKind.note)


def _note_end(proposal: Proposal, given: Given) -> None:
    if proposal.case.state in PROPOSALS.ends:
        proposal.end_reason = given.reason.strip() if given.reason else None
        proposal.end_message = given.message.strip() if given.message and given.message.strip() else None
