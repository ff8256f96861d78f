"""POST /v1/providers/{id}/reports: say that a listing is wrong."""

from typing import Any

import orjson
from flask import Response
from flask.views import MethodView

from directory.api.schemas import ReceiptAnswer, ReportBody
from directory.listings.reports import ReportDraft
from directory.web.answers import JSON
from directory.web.documented import PublicBlueprint, documented_problems
from directory.web.parameters import parse_listing_id
from directory.web.reading import IdempotencyHeader, LanguageQuery
from directory.web.reporting import receive

blueprint = PublicBlueprint("reports", __name__, url_prefix="/v1/providers", description="Reports")


@blueprint.route("/<listing_id>/reports")
class Reports(MethodView):
    """Reports."""

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(ReportBody(), location="json", content_type=JSON)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(201, ReceiptAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 410, 413, 415, 422, 503)
    def post(self, query: dict[str, Any], body: dict[str, Any], headers: dict[str, Any], listing_id: str) -> Response:
        """Report what is wrong with a listing: wrong details, closed, card refused, or something else.

        What is sent is read by the network team only, and stands in no log.
        """
        number = parse_listing_id(listing_id)
        receipt = receive(number, ReportDraft(**body), headers.get("idempotency_key"))
        shown = {"id": str(receipt.id), "kind": receipt.kind.value, "received_at": receipt.received_at}
        response = Response(orjson.dumps(shown, option=orjson.OPT_UTC_Z), status=201, mimetype=JSON)
        response.headers["Cache-Control"] = "no-store"
        return response
