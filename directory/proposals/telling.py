"""Mail about a proposal: to the officer at each step, to the team when the officer spoke, to backers at the end.

In the reader's language, and never more than the reader may see: a backer of another client learns how it ended for the
provider, and nothing of who proposed it, when, or what was written. What goes to officers and backers waits for some
minutes (directory/mail): an end that is taken back tells nobody.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.cases.casework import Desk
from directory.cases.queue import load_desk
from directory.listings.shown import load_public_listing
from directory.mail import enqueue, enqueue_news, recall
from directory.models import Account, AccountStatus, CaseEvent, CaseMessage, MessageKind, Proposal, ProposalSupporter
from directory.proposals.colleagues import message_to_colleagues, terms_in_words
from directory.proposals.rules import PROPOSALS
from directory.proposals.words import due, end_reason, label
from directory.wording.catalogue import phrase
from directory.wording.payment import payment_sentences

# What happened, for the states and actions whose mail is not the plain "it moved".
_OFFICER_MAIL = {
    "submitted": "proposal_received",
    "needs_information": "proposal_question",
    "listed": "proposal_listed",
}
_OF_ACTION = {"remind": "proposal_reminder", "withdraw_question": "proposal_question_withdrawn"}
# Mails that tell of an end, which is taken back with it.
_ENDS = ("proposal_ended", "proposal_listed", "proposal_there", "backed_ended", "backed_listed", "backed_there")
# The officer did it, and knows.
_OWN_STEPS = frozenset(("withdrawn",))


def tell_of_step(desk: Desk, proposal: Proposal, action: str, message: str | None) -> None:
    """An action was taken."""
    session, state = desk.session, proposal.case.state
    officer = session.get_one(Account, proposal.case.opened_by)
    if state not in _OWN_STEPS and officer.email not in _recall(session, proposal, action):
        _tell_officer(session, proposal, officer, _officers_mail(proposal, action), message)
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
        _tell_officer(desk.session, proposal, officer, "proposal_moved", message)


def tell_of_message(desk: Desk, proposal: Proposal, text: str) -> None:
    """A message was written: the other side hears of it."""
    if not desk.is_desk:
        _tell_team(desk.session, proposal, "proposal_message_to_team", text)
        return
    officer = desk.session.get_one(Account, proposal.case.opened_by)
    _tell_officer(desk.session, proposal, officer, "proposal_message", text)


def _recall(session: Session, proposal: Proposal, action: str) -> set[str]:
    """What an action takes back that nobody read yet; gives the addresses for which nothing ever happened."""
    if action == "reopen":
        return recall(session, proposal.id, _ENDS)
    if action == "withdraw_question":
        return recall(session, proposal.id, ("proposal_question", "proposal_reminder"))
    return set()


def _officers_mail(proposal: Proposal, action: str) -> str:
    state = proposal.case.state
    if state == "duplicate" and proposal.listing_id:
        return "proposal_there"
    ended = "proposal_ended" if state in PROPOSALS.ends else "proposal_moved"
    return _OF_ACTION.get(action) or _OFFICER_MAIL.get(state) or ended


def _tell_officer(session: Session, proposal: Proposal, officer: Account, named: str, message: str | None) -> None:
    values = _for_officer(proposal, officer.lang, message)
    if named == "proposal_reminder":
        values["question"] = _last_question(session, proposal)
    if named == "proposal_there":
        values |= _of_listing(session, proposal, officer.lang)
    if named == "proposal_listed":
        values["for_colleagues"] = message_to_colleagues(proposal, officer.lang)
    _send_news(session, officer, named, values, proposal)


def _last_question(session: Session, proposal: Proposal) -> str:
    asked = (
        select(CaseMessage.text)
        .where(CaseMessage.case_id == proposal.id, CaseMessage.kind == MessageKind.message.value)
        .where(CaseMessage.author_role.in_([role.value for role in PROPOSALS.reads.desks] + ["admin"]))
        .order_by(CaseMessage.at.desc(), CaseMessage.id)
        .limit(1)
    )
    return session.scalar(asked) or ""


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
    there = proposal.case.state == "duplicate" and proposal.listing_id is not None
    named = "backed_listed" if proposal.case.state == "listed" else "backed_there" if there else "backed_ended"
    for account in _backers(session, proposal):
        values = _shared(proposal, account.lang) | {"path": "/hr/"}
        if there:
            values |= _of_listing(session, proposal, account.lang)
        _send_news(session, account, named, values, proposal)


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
    payment = _lines(terms_in_words(proposal, lang), lang) if state == "listed" else ""
    return {"name": proposal.name, "state": label(lang, "state", state), "payment": payment}


def _of_listing(session: Session, proposal: Proposal, lang: str) -> dict[str, str]:
    """The listing that it is: its name, how to pay there, its page."""
    shown = load_public_listing(proposal.listing_id or 0, session.connection())
    return {
        "listing": shown["name"],
        "payment": _lines(payment_sentences(shown["agreements"], lang), lang),
        "listing_path": f"/search/{proposal.listing_id}",
    }


def _lines(sentences: Sequence[str], lang: str) -> str:
    settings = zip(("outpatient", "inpatient"), sentences, strict=True)
    return "\n".join(f"{phrase(lang, f'settlement.{setting}')}: {sentence}" for setting, sentence in settings)


def _send(session: Session, account: Account, named: str, values: Mapping[str, object]) -> None:
    if account.status != AccountStatus.disabled:
        enqueue(session, to=account.email, lang=account.lang, message=named, values=values)


def _send_news(session: Session, account: Account, named: str, values: Mapping[str, object], about: Proposal) -> None:
    if account.status != AccountStatus.disabled:
        enqueue_news(
            session, to=account.email, lang=account.lang, message=named, values=values, about=about.id,
            whole=named in _ENDS,
        )  # fmt: skip
