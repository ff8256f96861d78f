"""Words and files between officer and team: each asks about patients before it leaves, and the other side hears."""

from uuid import UUID

from directory.cases import casework
from directory.cases.attachments import attach
from directory.cases.casework import Desk
from directory.models import CaseAttachment, CaseMessage, Channel, MessageKind, Proposal
from directory.proposals import telling
from directory.proposals.patients import ask_about, words_of_file
from directory.proposals.reading import lock_proposal
from directory.proposals.rules import PROPOSALS, paced


def write(
    desk: Desk,
    proposal_id: UUID,
    text: str,
    kind: MessageKind = MessageKind.message,
    channel: Channel | None = None,
    *,
    sure: bool = False,
) -> CaseMessage:
    """A message between officer and team, a note of the team, or what was said to the provider.

    Where the team waits for the officer, the officer's message is the answer, and the proposal goes back with it.
    Raises CaseNotFound, NotAllowed, InvalidRequest, MayNamePatient.
    """
    proposal = lock_proposal(desk, proposal_id)
    message = casework.write_message(desk, proposal.case, text, kind, channel)
    if kind is not MessageKind.message:
        return message
    ask_about({"/text": message.text}, sure=sure)
    if not desk.is_desk and proposal.case.state == PROPOSALS.waiting:
        _answer(desk, proposal, message.text)
    else:
        telling.tell_of_message(desk, proposal, message.text)
    return message


def attach_file(desk: Desk, proposal_id: UUID, name: str, content: bytes, *, sure: bool = False) -> CaseAttachment:
    """A file. What an officer attaches the team reads, its name too; the team's stay with the team.

    Raises CaseNotFound, KindNotAllowed, TooLarge, InvalidRequest, MayNamePatient.
    """
    proposal = lock_proposal(desk, proposal_id)
    if not desk.is_desk:
        ask_about({"/file": words_of_file(name)}, sure=sure)
    return attach(desk, proposal.case, name, content)


def _answer(desk: Desk, proposal: Proposal, text: str) -> None:
    casework.take_action(paced(desk, proposal.urgency), proposal.case, "submit")
    desk.session.flush()
    telling.tell_of_answer(desk, proposal, text)
