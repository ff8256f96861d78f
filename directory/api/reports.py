"""POST /v1/providers/{id}/reports: say that a listing is wrong."""

from typing import Any
from uuid import UUID

import orjson
from flask import Response
from flask.views import MethodView

from directory.admission import repeating
from directory.admission.limits import Limit
from directory.api.parameters import parse_listing_id
from directory.api.schemas import ReceiptAnswer, ReportBody
from directory.db import transaction
from directory.listings.reports import Receipt, ReportDraft, check_draft, load_receipt, record_report
from directory.web.admission import count_use, sender
from directory.web.answers import JSON
from directory.web.documented import PublicBlueprint, documented_problems
from directory.web.reading import IdempotencyHeader, LanguageQuery

blueprint = PublicBlueprint("reports", __name__, url_prefix="/v1/providers", description="Reports")

# Enough for a ward full of people behind one address; a flood fills neither table nor inbox.
PER_ADDRESS = Limit("reports", 20, 3600)
PER_LISTING = Limit("reports-of-a-listing", 30, 3600)


@blueprint.route("/<listing_id>/reports")
class Reports(MethodView):
    """Reports."""

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(ReportBody(), location="json", content_type=JSON)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(201, ReceiptAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 410, 413, 415, 422, 503)
    def post(self, asked: dict[str, Any], body: dict[str, Any], headers: dict[str, Any], listing_id: str) -> Response:
        """Report what is wrong with a listing: wrong details, closed, card refused, or something else.

        What is sent is read by the network team only, and stands in no log.
        """
        number = parse_listing_id(listing_id)
        receipt = receive(number, ReportDraft(**body), headers.get("idempotency_key"))
        shown = {"id": str(receipt.id), "kind": receipt.kind.value, "received_at": receipt.received_at}
        response = Response(orjson.dumps(shown, option=orjson.OPT_UTC_Z), status=201, mimetype=JSON)
        response.headers["Cache-Control"] = "no-store"
        return response


def receive(listing_id: int, draft: ReportDraft, key: str | None = None) -> Receipt:
    """Count the report against the limits of its sender and its listing, and keep it; under one key once.

    What cannot be kept for what it says is refused first: mending a slip costs nothing. Raises IdempotencyKeyReused
    where the key came with another report.
    """
    draft = check_draft(draft)
    count_use(PER_ADDRESS, sender())
    count_use(PER_LISTING, str(listing_id))
    said = orjson.dumps([listing_id, draft.kind.value, draft.text, draft.contact])
    sent = repeating.sending(None, key, b"report", said) if key else None
    with transaction() as session:
        done = repeating.do_once(session, sent, lambda: record_report(session, listing_id, draft))
        return load_receipt(session, UUID(done.made))
