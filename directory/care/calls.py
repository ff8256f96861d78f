"""Call me back: one attempt. The number is sealed, shown to whoever claimed the call, and erased after days."""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.languages import LANGUAGES
from config.settings import get_settings
from directory.actors import CLOCK, Actor
from directory.care import hooks
from directory.care.contacts import load_contacts
from directory.care.desks import desk
from directory.care.kinds import CALLS, TOPICS, URGENT_CALLS
from directory.care.numbers import Callable, read_number
from directory.care.published import is_published
from directory.care.telling import tell_lead
from directory.cases import casework, vault
from directory.cases.calendar import load_days
from directory.cases.casework import CaseNotFound, Desk
from directory.cases.following import let_follow
from directory.errors import Fault, InvalidRequest
from directory.listings.shown import load_public_listing
from directory.models import Call, CaseFile, MessageKind

LONGEST_REFERENCE = 20
# Fewer measured calls say nothing on how long it takes.
LEAST_MEASURED = 10
_MEASURED_DAYS = 7


@dataclass(frozen=True, slots=True)
class CallDraft:
    """Who wishes to be called, where."""

    country: str
    number: str
    lang: str = "en"
    topic: str = "other"
    urgent: bool = False
    listing_id: int | None = None
    case_reference: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait before it, itself counted; minutes that the others took, where enough of them were measured."""

    position: int
    minutes: int | None


def check_number(session: Session, country: str, number: str) -> Callable:
    """The number as it would be called, with what to look at again. Raises NumberRefused."""
    read = read_number(number, country, load_contacts().own_numbers)
    warnings = (*read.warnings, *(["published"] if is_published(session, read.e164) else []))
    return Callable(read.e164, read.country, warnings)


def check_draft(session: Session, draft: CallDraft) -> None:
    """Raises InvalidRequest, ListingNotFound, ListingGone for all but the number."""
    faults = []
    if draft.lang not in LANGUAGES:
        faults.append(Fault("/lang", "This is not one of the languages.", tuple(LANGUAGES)))
    if draft.topic not in TOPICS:
        faults.append(Fault("/topic", "This is not one of the codes.", TOPICS))
    if draft.case_reference and len(draft.case_reference) > LONGEST_REFERENCE:
        faults.append(Fault("/case_reference", f"At most {LONGEST_REFERENCE} characters.", most=LONGEST_REFERENCE))
    if faults:
        raise InvalidRequest(*faults)
    if draft.listing_id is not None:
        load_public_listing(draft.listing_id, session.connection())


def request_call(  # noqa: PLR0917 (as a sentence: who wishes what, at which number)
    session: Session, actor: Actor, draft: CallDraft, e164: str, sender: str, now: dt.datetime | None = None
) -> Call:
    """Ask for one call to a number that was checked. While one is open for it, that one is given again.

    Raises VaultClosed where no number can be kept.
    """
    number_hash = hash_number(e164)
    if known := _find_open(session, number_hash):
        return known
    at = desk(session, URGENT_CALLS if draft.urgent else CALLS, actor, now)
    try:
        with session.begin_nested():
            return _open(at, draft, e164, number_hash, sender)
    except IntegrityError:
        # Another request for the same number was first.
        if known := _find_open(session, number_hash):
            return known
        raise


def _open(at: Desk, draft: CallDraft, e164: str, number_hash: bytes, sender: str) -> Call:
    session = at.session
    case = casework.open_case(at)
    call = Call(
        id=case.id,
        case=case,
        country=draft.country,
        lang=draft.lang,
        topic=draft.topic,
        urgent=draft.urgent,
        listing_id=draft.listing_id,
        about=draft.case_reference or None,
        number_hash=number_hash,
        sender=sender,
    )
    session.add(call)
    vault.seal(session, case.id, {"phone": e164})
    let_follow(case)
    hooks.enqueue(session, "call.requested", case.id)
    session.flush()
    return call


def act(  # noqa: PLR0917 (as a sentence: who does what to which, with what)
    session: Session,
    actor: Actor,
    call_id: UUID,
    name: str,
    note: str | None = None,
    revision: int | None = None,
    now: dt.datetime | None = None,
) -> Call:
    """Take one action. Raises CaseNotFound, UnknownAction, NotAllowed, TransitionNotAllowed, RevisionConflict."""
    at = desk(session, CALLS, actor, now)
    case = casework.lock_case(at, call_id)
    call = session.get_one(Call, call_id, populate_existing=True)
    if not at.reader.may_see(case) and actor is not CLOCK:
        raise CaseNotFound("There is nothing under this id.")
    casework.check_action(at, case, name, revision)
    if note and name not in ("reached", "no_answer", "busy", "wrong_number"):
        raise InvalidRequest(Fault("/note", f"{name} takes no such thing."))
    if name == "claim":
        call.claimed_by, call.claimed_at = actor.account_id, at.now
        case.owner_id = actor.account_id
    casework.take_action(at, case, name)
    if note and note.strip():
        casework.write_message(at, case, note, MessageKind.note)
    if case.state in CALLS.ends:
        call.closed_at = at.now
    session.flush()
    return call


def load(session: Session, actor: Actor, call_id: UUID) -> Call:
    """One that the actor may see. Raises CaseNotFound."""
    casework.load_case(desk(session, CALLS, actor), call_id)
    return session.get_one(Call, call_id)


def number_for(session: Session, actor: Actor, call: Call) -> str | None:
    """The number, for who claimed the call or brought it; None for everybody else, and once it was erased."""
    claimed = actor.account_id is not None and actor.account_id == call.claimed_by
    if not (claimed or actor.follows == call.id):
        return None
    return vault.unseal(session, call.id).get("phone")


def waiting(session: Session, call: Call) -> Waiting | None:
    """Where an open request stands in the queue."""
    case = call.case
    if case.state != CALLS.start:
        return None
    before = select(func.count()).select_from(CaseFile).where(
        CaseFile.kind == CALLS.kind, CaseFile.state == CALLS.start, CaseFile.due_at < case.due_at
    )  # fmt: skip
    since = dt.datetime.now(dt.UTC) - dt.timedelta(_MEASURED_DAYS)
    took = session.execute(
        select(Call.claimed_at, CaseFile.received_at).join(CaseFile, CaseFile.id == Call.id).where(
            Call.claimed_at > since, Call.urgent.is_(call.urgent)
        )
    ).all()  # fmt: skip
    minutes = [(row.claimed_at - row.received_at).total_seconds() / 60 for row in took]
    expected = max(1, round(median(minutes))) if len(minutes) >= LEAST_MEASURED else None
    return Waiting((session.scalar(before) or 0) + 1, expected)


def expire_calls(session: Session, now: dt.datetime) -> int:
    """End the requests that nobody answered in time, and tell the lead; gives how many. It may be done again."""
    lengths = load_days("call")
    limits = {False: dt.timedelta(minutes=lengths["expires"]), True: dt.timedelta(minutes=lengths["expires_urgent"])}
    done = 0
    for urgent, limit in limits.items():
        late = select(Call.id).join(CaseFile, CaseFile.id == Call.id).where(
            CaseFile.state == CALLS.start, Call.urgent.is_(urgent), CaseFile.received_at <= now - limit
        )  # fmt: skip
        for call_id in session.scalars(late).all():
            call = act(session, CLOCK, call_id, "expire", now=now)
            tell_lead(session, call.case.reference)
            done += 1
    return done


def hash_number(e164: str) -> bytes:
    """What finds a number again, and tells it to nobody without the service's key."""
    return hmac.digest(get_settings().secret_key.encode(), b"call " + e164.encode(), hashlib.sha256)


def _find_open(session: Session, number_hash: bytes) -> Call | None:
    return session.scalar(select(Call).where(Call.number_hash == number_hash, Call.closed_at.is_(None)))
