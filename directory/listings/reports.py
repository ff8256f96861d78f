"""Reports: someone says that a listing is wrong, or that a provider refused the card."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from directory.errors import Fault, IdempotencyKeyReused, InvalidRequest
from directory.listings.shown import load_public_listing
from directory.models import Report, ReportKind
from directory.models.report import LONGEST_CONTACT, LONGEST_TEXT

# Neither proves that someone is reached; it only tells an address from a slip.
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[0-9 ().-]{6,30}")


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """What was sent. `contact`: an e-mail address or a phone number, for a question back."""

    kind: ReportKind
    text: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender gets."""

    id: UUID
    kind: ReportKind
    received_at: datetime


def check_draft(draft: ReportDraft) -> ReportDraft:
    """The draft without idle blanks. Raises InvalidRequest by JSON pointer."""
    text, contact = (draft.text or "").strip() or None, (draft.contact or "").strip() or None
    faults = []
    if draft.kind is ReportKind.other and text is None:
        faults.append(Fault("/text", "Please say what is wrong."))
    if text and len(text) > LONGEST_TEXT:
        faults.append(Fault("/text", f"At most {LONGEST_TEXT} characters."))
    if contact and (len(contact) > LONGEST_CONTACT or not (_EMAIL.fullmatch(contact) or _PHONE.fullmatch(contact))):
        faults.append(Fault("/contact", "An e-mail address or a phone number."))
    if faults:
        raise InvalidRequest(*faults)
    return ReportDraft(draft.kind, text, contact)


def record_report(session: Session, listing_id: int, draft: ReportDraft, idempotency_key: str | None = None) -> Receipt:
    """Keep a report for the network team; with the key of an earlier one, its receipt again.

    Raises InvalidRequest, ListingNotFound, ListingGone; IdempotencyKeyReused where the key came with something else.
    """
    draft = check_draft(draft)
    load_public_listing(listing_id, session.connection())
    digest = _digest(listing_id, draft) if idempotency_key else None
    values = {
        "listing_id": listing_id,
        "kind": draft.kind.value,
        "text": draft.text,
        "contact": draft.contact,
        "idempotency_key": idempotency_key,
        "request_digest": digest,
    }
    # Of two that come at once with one key, the second waits here for the first and then finds its row.
    statement = insert(Report).values(values).on_conflict_do_nothing(index_elements=["idempotency_key"])
    row = session.execute(statement.returning(Report.id, Report.created_at)).first()
    if row:
        return Receipt(row.id, draft.kind, row.created_at)
    earlier = session.execute(
        select(Report.id, Report.created_at, Report.request_digest).where(Report.idempotency_key == idempotency_key)
    ).one()
    if earlier.request_digest != digest:
        raise IdempotencyKeyReused("This Idempotency-Key came before, with another report.")
    return Receipt(earlier.id, draft.kind, earlier.created_at)


def _digest(listing_id: int, draft: ReportDraft) -> bytes:
    said = orjson.dumps([listing_id, draft.kind.value, draft.text, draft.contact])
    return hashlib.sha256(said).digest()
