"""A report on a listing, by the interface or by a page: counted against its limits, and kept."""

from uuid import UUID

import orjson
from flask import request
from sqlalchemy.orm import Session

from directory.actors import opener
from directory.admission import repeating
from directory.admission.limits import Limit
from directory.care import refusals
from directory.care.cautions import cautions
from directory.db import transaction
from directory.listings.reports import Receipt, ReportDraft, check_draft, load_receipt, record_report
from directory.models import ReportKind
from directory.web.admission import count_use, sender
from directory.web.answers import reader_language

# Enough for a ward full of people behind one address; a flood fills neither table nor inbox.
PER_ADDRESS = Limit("reports", 20, 3600)
PER_LISTING = Limit("reports-of-a-listing", 30, 3600)


def receive(listing_id: int, draft: ReportDraft, key: str | None = None) -> Receipt:
    """Count the report against the limits of its sender and its listing, and keep it; under one key once.

    What cannot be kept for what it says is refused first: mending a slip costs nothing. Raises IdempotencyKeyReused
    where the key came with another report.
    """
    draft = check_draft(draft)
    count_use(PER_ADDRESS, sender())
    count_use(PER_LISTING, str(listing_id))
    content = orjson.dumps([listing_id, draft.kind.value, draft.text, draft.contact])
    sent = repeating.sending(None, key, b"report", content) if key else None
    with transaction() as session:
        done = repeating.do_once(session, sent, lambda: _keep(session, listing_id, draft))
        receipt = load_receipt(session, UUID(done.made))
    if draft.kind is ReportKind.card_refused:
        cautions().forget()
    return receipt


def _keep(session: Session, listing_id: int, draft: ReportDraft) -> UUID:
    """The report; that the card was refused is a case of customer service too."""
    made = record_report(session, listing_id, draft)
    if draft.kind is ReportKind.card_refused:
        lang = reader_language(request.args.get("lang"))
        refusals.refuse_plainly(session, opener(lang), listing_id, draft.text, draft.contact, sender())
    return made
