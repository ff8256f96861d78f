"""A report on a listing, by the interface or by a page: counted against its limits, and kept."""

from directory.admission.limits import Limit
from directory.db import transaction
from directory.listings.reports import Receipt, ReportDraft, check_draft, record_report
from directory.web.admission import count_use, sender

# Enough for a ward full of people behind one address; a flood fills neither table nor inbox.
PER_ADDRESS = Limit("reports", 20, 3600)
PER_LISTING = Limit("reports-of-a-listing", 30, 3600)


def receive(listing_id: int, draft: ReportDraft, idempotency_key: str | None = None) -> Receipt:
    """Count the report against the limits of its sender and its listing, and keep it.

    What cannot be kept for what it says is refused first: mending a slip costs nothing.
    """
    draft = check_draft(draft)
    count_use(PER_ADDRESS, sender())
    count_use(PER_LISTING, str(listing_id))
    with transaction() as session:
        return record_report(session, listing_id, draft, idempotency_key)
