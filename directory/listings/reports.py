"""Reports: someone says that a listing is wrong, or that a provider refused the card."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.errors import Fault, InvalidRequest
from directory.listings.shown import load_public_listing
from directory.models import Report, ReportKind
from directory.models.report import LONGEST_CONTACT, LONGEST_TEXT, ReportStatus

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


def record_report(session: Session, listing_id: int, draft: ReportDraft) -> UUID:
    """Keep a report for the network team; gives its id. Raises InvalidRequest, ListingNotFound, ListingGone."""
    draft = check_draft(draft)
    load_public_listing(listing_id, session.connection())
    report = Report(id=uuid4(), listing_id=listing_id, kind=draft.kind.value, text=draft.text, contact=draft.contact)
    session.add(report)
    session.flush()
    return report.id


def load_open(session: Session, listing_id: int, most: int) -> tuple[Sequence[Report], int]:
    """Reports of a listing that nobody settled, the latest first, and how many there are in all."""
    still = Report.listing_id == listing_id, Report.status == ReportStatus.open
    found = session.scalars(select(Report).where(*still).order_by(Report.created_at.desc()).limit(most)).all()
    total = len(found) if len(found) < most else session.scalar(select(func.count()).select_from(Report).where(*still))
    return found, total or 0


def load_receipt(session: Session, report_id: UUID) -> Receipt:
    """What its sender gets."""
    report = session.get_one(Report, report_id)
    return Receipt(report.id, ReportKind(report.kind), report.created_at)
