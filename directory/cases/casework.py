"""Work on a case: open it, take an action, write on it, hand it over. Each in the caller's transaction, with its audit.

The caller locks the case first, so two actions at once come one after the other, and the second meets the new state.
"""

import datetime as dt
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
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
    """Where somebody works on cases of one kind: in which transaction, who, by which rules, at which moment."""

    session: Session
    actor: Actor
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


def open_case(desk: Desk) -> CaseFile:
    """A new case of the actor's client. Raises NotAllowed where there is no client."""
    actor, session = desk.actor, desk.session
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
        add_event(desk, case, "open", from_state=None)
        record(desk, case, "open", None, {"state": case.state})
        return case
    raise RuntimeError("no reference is free")


def lock_case(desk: Desk, case_id: UUID) -> CaseFile:
    """The case, locked until the transaction ends. Raises CaseNotFound."""
    statement = select(CaseFile).where(CaseFile.id == case_id, CaseFile.kind == desk.workflow.kind)
    case = desk.session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if case is None:
        raise CaseNotFound("There is nothing under this id.")
    return case


def check_action(desk: Desk, case: CaseFile, name: str, revision: int | None = None) -> str:
    """The state after the action. `revision`: the one that the actor saw.

    Raises UnknownAction, NotAllowed, TransitionNotAllowed, RevisionConflict, in this order: a stale page whose action
    is impossible by now is told what is possible.
    """
    action = desk.workflow.action(name)
    if not desk.actor.has_role(action.role):
        raise NotAllowed(f"{name} is not for your role.")
    target = desk.workflow.target(action, case.state, case.asked_in)
    check_revision(case, revision)
    return target


def check_revision(case: CaseFile, revision: int | None) -> None:
    """Raises RevisionConflict where the actor saw another revision than the one that there is."""
    if revision is not None and revision != case.revision:
        raise RevisionConflict(case.revision)


def take_action(desk: Desk, case: CaseFile, name: str, **told: object) -> CaseEvent:
    """Move a locked case. Clocks, event and audit follow; `told` goes into the audit. Raises as `check_action`."""
    before = case.state
    after = check_action(desk, case, name)
    case.asked_in = before if after == desk.workflow.waiting else None
    case.state = after
    readings = clocks.read(case.clocks)
    if before in desk.workflow.ends:
        readings = {}
    waits = after == desk.workflow.waiting
    running = clocks.enter(desk.workflow.clocks, readings, after, waits=waits, calendar=desk.calendar, today=desk.today)
    _set_clocks(desk, case, running)
    if desk.actor.role is not Role.hr:
        word_given(desk, case)
    touch(desk, case)
    record(desk, case, name, {"state": before}, {"state": after, **told})
    return add_event(desk, case, name, from_state=before)


def word_given(desk: Desk, case: CaseFile) -> None:
    """The client was told something: the clock that promises a word begins anew."""
    readings = clocks.read(case.clocks)
    _set_clocks(desk, case, clocks.renew(desk.workflow.clocks, readings, desk.calendar, desk.today))


def touch(desk: Desk, case: CaseFile) -> None:
    """Raise the revision."""
    case.revision += 1
    case.changed_at = desk.now


def write_message(
    desk: Desk,
    case: CaseFile,
    text: str,
    kind: MessageKind = MessageKind.message,
    channel: Channel | None = None,
) -> CaseMessage:
    """Words on a locked case. Raises NotAllowed where an officer would write what only the team reads."""
    actor = desk.actor
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
    desk.session.add(message)
    if kind is MessageKind.message and actor.role is not Role.hr:
        word_given(desk, case)
    record(desk, case, f"write_{kind.value}", None, {"message": str(message.id)})
    return message


def hand_over(desk: Desk, case: CaseFile, owner_id: UUID | None) -> None:
    """Give a locked case to a member of the network team, or to nobody. Raises NotAllowed."""
    if not desk.actor.has_role(Role.network):
        raise NotAllowed("Only the network team hands cases over.")
    before = case.owner_id
    if before == owner_id:
        return
    case.owner_id = owner_id
    touch(desk, case)
    told = ({"owner": str(account) if account else None} for account in (before, owner_id))
    record(desk, case, "hand_over", *told)
    add_event(desk, case, "hand_over", from_state=case.state, internal=True)


def add_event(desk: Desk, case: CaseFile, action: str, *, from_state: str | None, internal: bool = False) -> CaseEvent:
    """One more event of a case, in the state that it is in now."""
    event = CaseEvent(
        case_id=case.id,
        at=desk.now,
        actor_id=desk.actor.account_id,
        actor_role=desk.actor.role.value,
        actor_name=desk.actor.name,
        action=action,
        from_state=from_state,
        to_state=case.state,
        internal=internal,
    )
    desk.session.add(event)
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
        raise InvalidRequest(Fault(where, f"At most {LONGEST_MESSAGE} characters.", most=LONGEST_MESSAGE))
    return kept


def _is_shown(char: str) -> bool:
    # Joiners shape Persian and Indic words, and marks of direction part numbers from Arabic; a bidi override may show
    # words in an order that nobody wrote.
    return char in "\t\u200c\u200d\u200e\u200f" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def record(
    desk: Desk, case: CaseFile, action: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> None:
    """Write the audit of a change of a case."""
    audit.record(desk.session, desk.actor, action, subject_of(case), before, after)


def _set_clocks(desk: Desk, case: CaseFile, readings: clocks.Readings) -> None:
    case.clocks = clocks.write(readings)
    due = clocks.next_due(desk.workflow.clocks, readings)
    case.due_what, case.due_on = due or (None, None)


def _reference(letter: str) -> str:
    return f"{letter}-{''.join(secrets.choice(_ALPHABET) for _ in range(_REFERENCE_LENGTH))}"
