"""Work on a case: open it, take an action, write on it, hand it over. Each in the caller's transaction, with its audit.

The caller locks the case first, so two actions at once come one after the other, and the second meets the new state.
"""

import datetime as dt
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory import audit
from directory.actors import Actor, NotAllowed, Role
from directory.cases import clocks
from directory.cases.calendar import Calendar
from directory.cases.workflow import Workflow
from directory.errors import DirectoryError, Fault, InvalidRequest, RevisionConflict
from directory.models import CaseEvent, CaseFile, CaseMessage, Channel, MessageKind
from directory.models.case import LONGEST_MESSAGE

# Crockford's: no letter is taken for a digit, or read out as another.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_REFERENCE_LENGTH = 6
_TRIES = 5


class CaseNotFound(DirectoryError):
    """There is no such case, or none that the reader may see: the two look alike."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where cases of one kind are worked on: their workflow, the calendar, and the moment that it is."""

    workflow: Workflow
    calendar: Calendar
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The day that it is where the team works."""
        return self.calendar.today(self.now)


def may_see(actor: Actor, client_id: int) -> bool:
    """Whether the actor may see a case of this client: the network team any, an officer those of their client."""
    return actor.has_role(Role.network) or (actor.client_id is not None and actor.client_id == client_id)


def open_case(session: Session, desk: Desk, actor: Actor) -> CaseFile:
    """A new case of the actor's client. Raises NotAllowed where there is no client."""
    if actor.client_id is None or actor.account_id is None:
        raise NotAllowed("Only an officer of a client opens a case.")
    for _ in range(_TRIES):
        case = CaseFile(
            id=uuid4(),
            kind=desk.workflow.kind,
            reference=_reference(desk.workflow.letter),
            client_id=actor.client_id,
            opened_by=actor.account_id,
            state=desk.workflow.start,
            revision=1,
            clocks={},
            opened_at=desk.now,
            changed_at=desk.now,
        )
        try:
            with session.begin_nested():
                session.add(case)
        except IntegrityError:
            continue
        add_event(session, desk, case, actor, "open", from_state=None)
        audit.record(session, actor, "open", subject_of(case), None, {"state": case.state})
        return case
    raise RuntimeError("no reference is free")


def lock_case(session: Session, kind: str, case_id: UUID) -> CaseFile:
    """The case, locked until the transaction ends. Raises CaseNotFound."""
    statement = select(CaseFile).where(CaseFile.id == case_id, CaseFile.kind == kind)
    case = session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if case is None:
        raise CaseNotFound("There is nothing under this id.")
    return case


def check_action(desk: Desk, case: CaseFile, name: str, actor: Actor, revision: int | None = None) -> str:
    """The state after the action. `revision`: the one that the actor saw.

    Raises UnknownAction, NotAllowed, TransitionNotAllowed, RevisionConflict, in this order: a stale page whose action is
    impossible by now is told what is possible.
    """
    action = desk.workflow.action(name)
    if not actor.has_role(action.role):
        raise NotAllowed(f"{name} is not for your role.")
    target = desk.workflow.target(action, case.state, case.asked_in)
    check_revision(case, revision)
    return target


def check_revision(case: CaseFile, revision: int | None) -> None:
    """Raises RevisionConflict where the actor saw another revision than the one that there is."""
    if revision is not None and revision != case.revision:
        raise RevisionConflict(case.revision)


def take_action(session: Session, desk: Desk, case: CaseFile, name: str, actor: Actor, **told: object) -> CaseEvent:
    """Move a locked case. Clocks, event and audit follow; `told` goes into the audit. Raises as `check_action`."""
    before = case.state
    after = check_action(desk, case, name, actor)
    case.asked_in = before if after == desk.workflow.waiting else None
    case.state = after
    readings = clocks.read(case.clocks)
    if before in desk.workflow.ends:
        readings = {}
    waits = after == desk.workflow.waiting
    _set_clocks(desk, case, clocks.enter(desk.workflow.clocks, readings, after, waits, desk.calendar, desk.today))
    if actor.role is not Role.hr:
        word_given(desk, case)
    touch(desk, case)
    audit.record(session, actor, name, subject_of(case), {"state": before}, {"state": after, **told})
    return add_event(session, desk, case, actor, name, from_state=before)


def word_given(desk: Desk, case: CaseFile) -> None:
    """The client was told something: the clock that promises a word begins anew."""
    readings = clocks.read(case.clocks)
    _set_clocks(desk, case, clocks.renew(desk.workflow.clocks, readings, desk.calendar, desk.today))


def touch(desk: Desk, case: CaseFile) -> None:
    """Raise the revision."""
    case.revision += 1
    case.changed_at = desk.now


def write_message(
    session: Session,
    desk: Desk,
    case: CaseFile,
    actor: Actor,
    text: str,
    kind: MessageKind = MessageKind.message,
    channel: Channel | None = None,
) -> CaseMessage:
    """Words on a locked case. Raises NotAllowed where an officer would write what only the team reads."""
    if kind is not MessageKind.message and not actor.has_role(Role.network):
        raise NotAllowed("Notes and contacts are the network team's.")
    message = CaseMessage(
        id=uuid4(),
        case_id=case.id,
        at=desk.now,
        author_id=actor.account_id,
        author_role=actor.role.value,
        author_name=actor.name,
        kind=kind.value,
        channel=channel.value if channel else None,
        text=clean_message(text),
    )
    session.add(message)
    if kind is MessageKind.message and actor.role is not Role.hr:
        word_given(desk, case)
    audit.record(session, actor, f"write_{kind.value}", subject_of(case), None, {"message": str(message.id)})
    return message


def hand_over(session: Session, desk: Desk, case: CaseFile, owner_id: UUID | None, actor: Actor) -> None:
    """Give a locked case to a member of the network team, or to nobody. Raises NotAllowed."""
    if not actor.has_role(Role.network):
        raise NotAllowed("Only the network team hands cases over.")
    before = case.owner_id
    if before == owner_id:
        return
    case.owner_id = owner_id
    touch(desk, case)
    told = ({"owner": str(before) if before else None}, {"owner": str(owner_id) if owner_id else None})
    audit.record(session, actor, "hand_over", subject_of(case), *told)
    add_event(session, desk, case, actor, "hand_over", from_state=case.state, internal=True)


def add_event(
    session: Session, desk: Desk, case: CaseFile, actor: Actor, action: str, *, from_state: str | None,
    internal: bool = False,
) -> CaseEvent:  # fmt: skip
    """One more event of a case, in the state that it is in now."""
    event = CaseEvent(
        case_id=case.id,
        at=desk.now,
        actor_id=actor.account_id,
        actor_role=actor.role.value,
        actor_name=actor.name,
        action=action,
        from_state=from_state,
        to_state=case.state,
        internal=internal,
    )
    session.add(event)
    return event


def load_events(session: Session, case_id: UUID, actor: Actor) -> Sequence[CaseEvent]:
    """What happened, as far as the reader may know, the oldest first."""
    found = select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)
    if not actor.has_role(Role.network):
        found = found.where(CaseEvent.internal.is_(False))
    return session.scalars(found).all()


def load_messages(session: Session, case_id: UUID, actor: Actor) -> Sequence[CaseMessage]:
    """The words that the reader may read, the oldest first."""
    found = select(CaseMessage).where(CaseMessage.case_id == case_id).order_by(CaseMessage.at, CaseMessage.id)
    if not actor.has_role(Role.network):
        found = found.where(CaseMessage.kind == MessageKind.message.value)
    return session.scalars(found).all()


def subject_of(case: CaseFile) -> str:
    """What the audit calls the case."""
    return f"{case.kind}:{case.id}"


def clean_message(text: str, where: str = "/text") -> str:
    """Words of several lines without what no reader sees. Raises InvalidRequest where nothing is left, or too much."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = "\n".join("".join(char for char in line if _is_shown(char)).rstrip() for line in lines).strip()
    if not kept:
        raise InvalidRequest(Fault(where, "Words are needed here."))
    if len(kept) > LONGEST_MESSAGE:
        raise InvalidRequest(Fault(where, f"At most {LONGEST_MESSAGE} characters."))
    return kept


def _is_shown(char: str) -> bool:
    # Joiners shape Persian and Indic words, and marks of direction part numbers from Arabic; a bidi override may show
    # words in an order that nobody wrote.
    return char in "\t\u200c\u200d\u200e\u200f" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _set_clocks(desk: Desk, case: CaseFile, readings: clocks.Readings) -> None:
    case.clocks = clocks.write(readings)
    due = clocks.next_due(desk.workflow.clocks, readings)
    case.due_what, case.due_on = due or (None, None)


def _reference(letter: str) -> str:
    return f"{letter}-{''.join(secrets.choice(_ALPHABET) for _ in range(_REFERENCE_LENGTH))}"
