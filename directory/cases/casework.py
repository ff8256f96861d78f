"""Work on a case: open it, take an action, write on it, hand it over. Each in the caller's transaction, with its audit.

The caller locks the case first, so two actions at once come one after the other, and the second meets the new state.
"""

import datetime as dt
import re
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
from directory.actors import Actor, NotAllowed
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
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class CaseNotFound(DirectoryError):
    """There is no such case, or none that the reader may see: the two look alike."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at cases of one kind, by which rules, at which moment: what is shown of them hangs on it."""

    actor: Actor
    workflow: Workflow
    calendar: Calendar
    now: dt.datetime
    # Of the country whose law such cases stand in, where their clocks keep to it.
    licence: Calendar | None = None

    @property
    def today(self) -> dt.date:
        """The day that it is where the team works."""
        return self.calendar.today(self.now)

    @property
    def is_desk(self) -> bool:
        """Whether these cases are the reader's work; else the reader can only have brought one."""
        return self.workflow.reads.is_desk(self.actor)

    def may_see(self, case: CaseFile) -> bool:
        """Whether the reader may know that there is this case."""
        return self.workflow.reads.may_see(self.actor, case)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a reader works on cases: in which transaction."""

    session: Session
    reader: Reader

    @property
    def actor(self) -> Actor:
        """Who works."""
        return self.reader.actor

    @property
    def workflow(self) -> Workflow:
        """By which rules."""
        return self.reader.workflow

    @property
    def is_desk(self) -> bool:
        """Whether these cases are the actor's work."""
        return self.reader.is_desk

    @property
    def now(self) -> dt.datetime:
        """The moment of the work."""
        return self.reader.now

    @property
    def today(self) -> dt.date:
        """The day that it is where the team works."""
        return self.reader.today


def open_case(desk: Desk, received_at: dt.datetime | None = None) -> CaseFile:
    """A new case of the actor's. `received_at`: when it came, where somebody of a desk enters what came by letter.

    Raises NotAllowed for who may bring no such case.
    """
    if desk.actor.role not in desk.workflow.openers:
        raise NotAllowed("Such a case is not for your role to bring.")
    for _ in range(_TRIES):
        case = _new_case(desk, received_at or desk.now)
        try:
            with desk.session.begin_nested():
                desk.session.add(case)
        except IntegrityError:
            continue
        _set_clocks(desk, case, _enter(desk, case, {}))
        add_event(desk, case, "open", from_state=None)
        record(desk, case, "open", None, {"state": case.state})
        return case
    raise RuntimeError("no reference is free")


def _new_case(desk: Desk, received_at: dt.datetime) -> CaseFile:
    return CaseFile(
        id=uuid4(),
        kind=desk.workflow.kind,
        reference=_reference(desk.workflow.letter),
        client_id=desk.actor.client_id,
        opened_by=desk.actor.account_id,
        member_id=desk.actor.member_id,
        state=desk.workflow.start,
        revision=1,
        clocks={},
        opened_at=desk.now,
        received_at=received_at,
        changed_at=desk.now,
    )


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
    if not desk.workflow.may_take(desk.actor, action):
        raise NotAllowed(f"{name} is not for your role.")
    target = desk.workflow.target(action, case.state, case.asked_in, desk.actor)
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
    if after != desk.workflow.waiting:
        case.asked_in = None
    elif before != after:
        case.asked_in = before
    case.state = after
    case.ended_at = desk.now if after in desk.workflow.ends else None
    _set_clocks(desk, case, _enter(desk, case, {} if before in desk.workflow.ends else clocks.read(case.clocks)))
    if desk.is_desk:
        word_given(desk, case)
    touch(desk, case)
    record(desk, case, name, {"state": before}, {"state": after, **told})
    return add_event(desk, case, name, from_state=before)


def word_given(desk: Desk, case: CaseFile) -> None:
    """Whoever brought the case was told something: the clock that promises a word begins anew."""
    readings = clocks.read(case.clocks)
    _set_clocks(desk, case, clocks.renew(desk.workflow.clocks, readings, _when(desk, case)))


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
    """Words on a locked case. Raises NotAllowed where who brought it would write what only the desks read."""
    actor = desk.actor
    if kind is not MessageKind.message and not desk.is_desk:
        raise NotAllowed("Notes and contacts are for the desk that works on the case.")
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
    if kind is MessageKind.message and desk.is_desk:
        word_given(desk, case)
    record(desk, case, f"write_{kind.value}", None, {"message": str(message.id)})
    return message


def hand_over(desk: Desk, case: CaseFile, owner_id: UUID | None) -> None:
    """Give a locked case to somebody of its desk, or to nobody. Raises NotAllowed."""
    if not desk.is_desk:
        raise NotAllowed("Only the desk that works on a case hands it over.")
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


def load_case(desk: Desk, case_id: UUID) -> CaseFile:
    """One case of the desk's kind. Raises CaseNotFound where there is none that the actor may see."""
    case = desk.session.scalar(select(CaseFile).where(CaseFile.id == case_id, CaseFile.kind == desk.workflow.kind))
    if case is None or not desk.reader.may_see(case):
        raise CaseNotFound("There is nothing under this id.")
    return case


def load_events(desk: Desk, case_id: UUID) -> Sequence[CaseEvent]:
    """What happened, as far as the reader may know, the oldest first."""
    events = select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)
    if not desk.is_desk:
        events = events.where(CaseEvent.internal.is_(False))
    return desk.session.scalars(events).all()


def load_messages(desk: Desk, case_id: UUID) -> Sequence[CaseMessage]:
    """The words that the reader may read, the oldest first."""
    messages = select(CaseMessage).where(CaseMessage.case_id == case_id).order_by(CaseMessage.at, CaseMessage.id)
    if not desk.is_desk:
        messages = messages.where(CaseMessage.kind == MessageKind.message.value)
    return desk.session.scalars(messages).all()


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
    """Write the audit of a change of a case; where cases of the kind hold health data, without what was said."""
    if desk.workflow.holds_health:
        before, after = (without_values(told, desk.workflow) for told in (before, after))
    audit.record(desk.session, desk.actor, action, subject_of(case), before, after)


def without_values(told: Mapping[str, Any] | None, workflow: Workflow) -> dict[str, Any] | None:
    """Of what is told its state, its ids, and the names of the rest: from the audit nothing can ever be erased."""
    if told is None:
        return None
    kept = {name: value for name, value in told.items() if _is_state(name, value, workflow) or _is_id(name, value)}
    named = sorted(told.keys() - kept.keys())
    return kept | ({"changed": named} if named else {})


def _is_state(name: str, value: object, workflow: Workflow) -> bool:
    return name == "state" and isinstance(value, str) and value in workflow.states


def _is_id(name: str, value: object) -> bool:
    """By its form, whatever it is called; a number is one only where it is called so."""
    if isinstance(value, str):
        return _UUID.fullmatch(value) is not None
    return type(value) is int and (name == "listing" or name.endswith("_id"))


def _enter(desk: Desk, case: CaseFile, readings: clocks.Readings) -> clocks.Readings:
    """What the clocks say in the state that the case is in now."""
    workflow, waits = desk.workflow, case.state == desk.workflow.waiting
    return clocks.enter(workflow.clocks, readings, case.state, waits=waits, when=_when(desk, case))


def _when(desk: Desk, case: CaseFile) -> clocks.When:
    return clocks.When(desk.now, case.received_at, desk.reader.calendar, desk.reader.licence)


def _set_clocks(desk: Desk, case: CaseFile, readings: clocks.Readings) -> None:
    case.clocks = clocks.write(readings)
    due = clocks.next_due(desk.workflow.clocks, readings, _when(desk, case))
    case.due_what, case.due_on, case.due_at = (due.what, due.on, due.at) if due else (None, None, None)


def _reference(letter: str) -> str:
    return f"{letter}-{''.join(secrets.choice(_ALPHABET) for _ in range(_REFERENCE_LENGTH))}"
