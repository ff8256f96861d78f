"""Mail about a proposal: to the officer at each step, to the team when the officer spoke, to backers at the end.

In the reader's language, and never more than the reader may see: a backer of another client learns how it ended for the
provider, and nothing of who proposed it, when, or what was written.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.cases.casework import Desk
from directory.cases.queue import load_desk
from directory.listings.agreements import read_terms
from directory.listings.shown import PublicAgreement
from directory.mail import enqueue
from directory.models import Account, AccountStatus, CaseEvent, Proposal, ProposalSupporter
from directory.proposals.rules import PROPOSALS
from directory.proposals.words import due, end_reason, label
from directory.wording.catalogue import phrase
from directory.wording.payment import payment_sentence

# What happened, for the states whose mail is not the plain "it moved".
_OFFICER_MAIL = {
    "submitted": "proposal_received",
    "needs_information": "proposal_question",
    "listed": "proposal_listed",
}
# The officer did it, and knows.
_OWN_STEPS = frozenset(("withdrawn",))


def tell_of_step(desk: Desk, proposal: Proposal, message: str | None) -> None:
    """An action was taken."""
    session, state = desk.session, proposal.case.state
    if state not in _OWN_STEPS:
        officer = session.get_one(Account, proposal.case.opened_by)
        named = _OFFICER_MAIL.get(state) or ("proposal_ended" if state in PROPOSALS.ends else "proposal_moved")
        _send(session, officer, named, _for_officer(proposal, officer.lang, message))
    if not desk.is_desk:
        _tell_team(session, proposal, "proposal_moved_by_officer", message)
    if state in PROPOSALS.ends:
        _tell_backers(session, proposal)


def tell_of_answer(desk: Desk, proposal: Proposal, message: str | None) -> None:
    """An officer answered, and it goes on: the team hears of it, and who proposed it, where that is another."""
    for account in _hearers(desk.session, proposal) or load_desk(desk.session, PROPOSALS):
        _send(desk.session, account, "proposal_answered", _for_team(proposal, account.lang, message))
    if desk.actor.account_id != proposal.case.opened_by:
        officer = desk.session.get_one(Account, proposal.case.opened_by)
        _send(desk.session, officer, "proposal_moved", _for_officer(proposal, officer.lang, message))


def tell_of_message(desk: Desk, proposal: Proposal, text: str) -> None:
    """A message was written: the other side hears of it."""
    if not desk.is_desk:
        _tell_team(desk.session, proposal, "proposal_message_to_team", text)
        return
    officer = desk.session.get_one(Account, proposal.case.opened_by)
    _send(desk.session, officer, "proposal_message", _for_officer(proposal, officer.lang, text))


def _tell_team(session: Session, proposal: Proposal, named: str, message: str | None) -> None:
    for account in _hearers(session, proposal):
        _send(session, account, named, _for_team(proposal, account.lang, message))


def _hearers(session: Session, proposal: Proposal) -> Sequence[Account]:
    """Who of the team hears of what the officer does: the owner, or where there is none, who asked last."""
    last_asker = (
        select(CaseEvent.actor_id)
        .where(CaseEvent.case_id == proposal.id, CaseEvent.action == "ask_information")
        .order_by(CaseEvent.id.desc())
        .limit(1)
    )
    wanted = proposal.case.owner_id or session.scalar(last_asker)
    return [account for account in load_desk(session, PROPOSALS) if account.id == wanted]


def _for_team(proposal: Proposal, lang: str, message: str | None) -> dict[str, str]:
    return _shared(proposal, lang) | {
        "reference": proposal.case.reference,
        "message": message or "",
        "path": f"/network/proposals/{proposal.id}",
    }


def _tell_backers(session: Session, proposal: Proposal) -> None:
    named = "backed_listed" if proposal.case.state == "listed" else "backed_ended"
    for account in _backers(session, proposal):
        _send(session, account, named, _shared(proposal, account.lang) | {"path": "/hr/"})


def _backers(session: Session, proposal: Proposal) -> Iterable[Account]:
    chosen = (
        select(Account)
        .join(ProposalSupporter, ProposalSupporter.account_id == Account.id)
        .where(ProposalSupporter.proposal_id == proposal.id, Account.id != proposal.case.opened_by)
    )
    return session.scalars(chosen.order_by(Account.id)).all()


def _for_officer(proposal: Proposal, lang: str, message: str | None) -> dict[str, str]:
    case = proposal.case
    return _shared(proposal, lang) | {
        "reference": case.reference,
        "explained": label(lang, "explained", case.state),
        "due": due(lang, case.due_what, case.due_on) if case.due_what and case.due_on else "",
        "reason": end_reason(proposal, lang) or "",
        "message": message or "",
        "path": f"/hr/proposals/{proposal.id}",
    }


def _shared(proposal: Proposal, lang: str) -> dict[str, str]:
    """What everybody may see who knows of the proposal."""
    state = proposal.case.state
    payment = _payment(proposal, lang) if state == "listed" else ""
    return {"name": proposal.name, "state": label(lang, "state", state), "payment": payment}


def _payment(proposal: Proposal, lang: str) -> str:
    """How to pay there, a line for each care setting, in the words that members read."""
    terms = read_terms(proposal.agreement or {})
    agreed = PublicAgreement(
        network=terms.network,
        outpatient=terms.outpatient,
        inpatient=terms.inpatient,
        tariff=terms.tariff,
        notice_days=terms.notice_days,
    )
    lines = (
        f"{phrase(lang, f'settlement.{setting}')}: {payment_sentence([agreed], setting, lang)}"
        for setting in ("outpatient", "inpatient")
    )
    return "\n".join(lines)


def _send(session: Session, account: Account, named: str, values: Mapping[str, object]) -> None:
    if account.status != AccountStatus.disabled:
        enqueue(session, to=account.email, lang=account.lang, message=named, values=values)
