"""A question to customer service: what it is about, its words, and one way to reach who asks."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from config.languages import LANGUAGES
from directory.actors import Actor
from directory.care.desks import desk
from directory.care.kinds import CONTACTS, TOPICS
from directory.care.numbers import read_phone
from directory.care.telling import tell_of_outcome
from directory.cases import casework, vault
from directory.cases.casework import CaseNotFound
from directory.cases.following import let_follow
from directory.cases.sealed_files import KeptFile, SentFile, keep_files, read_file
from directory.errors import Fault, InvalidRequest, TransitionNotAllowed
from directory.listings.shown import load_public_listing
from directory.models import Contact, MessageKind

SHORTEST_TEXT, LONGEST_TEXT = 10, 4000
LONGEST_CONTACT = 200
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# As on the card: the plan's three digits, a stroke, and the number.
_REFERENCE = re.compile(r"[0-9]{3}/[0-9A-Z]{5,12}")


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks. All but topic and language is sealed."""

    topic: str
    text: str
    email: str | None = None
    phone: str | None = None
    country: str | None = None
    reference_number: str | None = None
    lang: str = "en"
    listing_id: int | None = None


def ask(
    session: Session,
    actor: Actor,
    question: Question,
    now: dt.datetime | None = None,
    files: Sequence[SentFile] = (),
) -> Contact:
    """Keep a question. Raises InvalidRequest, ListingNotFound, ListingGone, VaultClosed."""
    said = _check(question)
    if question.listing_id is not None:
        load_public_listing(question.listing_id, session.connection())
    at = desk(session, CONTACTS, actor, now)
    case = casework.open_case(at)
    contact = Contact(
        id=case.id, case=case, topic=question.topic, lang=question.lang, listing_id=question.listing_id
    )  # fmt: skip
    session.add(contact)
    vault.seal(session, case.id, said)
    if files:
        keep_files(session, case.id, files)
    let_follow(case)
    session.flush()
    return contact


def act(
    session: Session,
    actor: Actor,
    contact_id: UUID,
    name: str,
    *,
    message: str | None = None,
    note: str | None = None,
    revision: int | None = None,
    now: dt.datetime | None = None,
) -> Contact:
    """Take one action. Raises CaseNotFound, UnknownAction, NotAllowed, TransitionNotAllowed, RevisionConflict."""
    at = desk(session, CONTACTS, actor, now)
    case = casework.lock_case(at, contact_id)
    contact = session.get_one(Contact, contact_id, populate_existing=True)
    if not at.reader.may_see(case):
        raise CaseNotFound("There is nothing under this id.")
    casework.check_action(at, case, name, revision)
    _check_given(name, {"message": message, "note": note})
    if case.owner_id is None and at.is_desk:
        case.owner_id = actor.account_id
    casework.take_action(at, case, name)
    if message and message.strip():
        casework.write_message(at, case, message)
    if note and note.strip():
        casework.write_message(at, case, note, MessageKind.note)
    session.flush()
    if case.state in ("answered", "forwarded"):
        tell_of_outcome(session, case, contact.lang)
    return contact


def add_file(session: Session, actor: Actor, contact_id: UUID, file: SentFile) -> KeptFile:
    """One more file, while the question is open.

    Raises CaseNotFound, TransitionNotAllowed, InvalidRequest, VaultClosed.
    """
    at = desk(session, CONTACTS, actor)
    case = casework.lock_case(at, contact_id)
    if not at.reader.may_see(case):
        raise CaseNotFound("There is nothing under this id.")
    if case.state in CONTACTS.ends:
        raise TransitionNotAllowed("attach", case.state, CONTACTS.allowed(case.state, actor))
    [kept] = keep_files(session, contact_id, [file])
    return kept


def open_file(session: Session, actor: Actor, contact_id: UUID, file_id: UUID) -> tuple[KeptFile, bytes]:
    """A file, for customer service and for who asked. Raises CaseNotFound, AttachmentNotFound, VaultClosed."""
    casework.load_case(desk(session, CONTACTS, actor), contact_id)
    return read_file(session, contact_id, file_id)


def load(session: Session, actor: Actor, contact_id: UUID) -> Contact:
    """One that the actor may see. Raises CaseNotFound."""
    casework.load_case(desk(session, CONTACTS, actor), contact_id)
    return session.get_one(Contact, contact_id)


def read_reference(text: str | None) -> str | None:
    """A reference number as cards have it: in capitals, with a stroke for what else is typed for one."""
    if not (text or "").strip():
        return None
    typed = unicodedata.normalize("NFKC", text or "").upper().strip()
    return re.sub(r"\s*[\\/\s\u2010-\u2015-]\s*", "/", typed, count=1)


def _check_given(name: str, given: dict[str, str | None]) -> None:
    action, faults = CONTACTS.actions[name], []
    for part, value in given.items():
        empty = not (value or "").strip()
        if empty and part in action.needs:
            faults.append(Fault(f"/{part}", f"{name} needs it."))
        elif not empty and part not in action.takes:
            faults.append(Fault(f"/{part}", f"{name} takes no such thing.", tuple(sorted(action.takes))))
    if faults:
        raise InvalidRequest(*faults)


def _check(question: Question) -> dict[str, Any]:
    faults: list[Fault] = []
    if question.topic not in TOPICS:
        faults.append(Fault("/topic", "This is not one of the codes.", TOPICS))
    if question.lang not in LANGUAGES:
        faults.append(Fault("/lang", "This is not one of the languages.", tuple(LANGUAGES)))
    words = question.text.strip()
    if not SHORTEST_TEXT <= len(words) <= LONGEST_TEXT:
        rule = f"From {SHORTEST_TEXT} to {LONGEST_TEXT} characters."
        faults.append(Fault("/text", rule, most=LONGEST_TEXT))
    email = (question.email or "").strip() or None
    if email and (len(email) > LONGEST_CONTACT or not _EMAIL.fullmatch(email)):
        faults.append(Fault("/email", "An e-mail address."))
    phone, wrong = read_phone(question.phone, question.country or "GB", "/phone")
    faults += wrong
    if not email and not (question.phone or "").strip():
        faults.append(Fault("/email", "One way to reach you: an e-mail address or a phone number."))
    reference = read_reference(question.reference_number)
    if reference and not _REFERENCE.fullmatch(reference):
        faults.append(Fault("/reference_number", "As on your card: three digits, a stroke, and the rest."))
    if faults:
        raise InvalidRequest(*faults)
    said = {
        "text": casework.clean_message(words),
        "contact": email,
        "phone": phone,
        "reference_number": reference,
    }
    return {name: value for name, value in said.items() if value}
