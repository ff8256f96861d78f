"""POST /v1/providers/{id}/visits: say whether a provider took the card."""

from typing import Any

import orjson
from flask import Response
from flask.views import MethodView

from directory.api.way_schemas import VisitAnswer, VisitBody
from directory.web.answers import JSON, reader_language
from directory.web.documented import PublicBlueprint, documented_problems
from directory.web.parameters import parse_listing_id
from directory.web.reading import LanguageQuery
from directory.web.visiting import hear

blueprint = PublicBlueprint("visits", __name__, url_prefix="/v1/providers", description="Visits")


@blueprint.route("/<listing_id>/visits")
class Visits(MethodView):
    """Visits."""

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(VisitBody(), location="json", content_type=JSON)
    @blueprint.response(201, VisitAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 410, 413, 415, 503)
    def post(self, query: dict[str, Any], body: dict[str, Any], listing_id: str) -> Response:
        """Say whether a provider took your card: one answer a day and sender counts.

        No name is kept. That nobody answers twice is told by the address, under a name that means nothing tomorrow and
        is removed then.
        """
        heard = hear(parse_listing_id(listing_id), card=body["card"])
        lang = reader_language(query.get("lang"))
        shown = {
            "card": heard.card,
            "counted": heard.counted,
            "sentence": heard.sentence(lang),
            "report": heard.report,
        }
        response = Response(orjson.dumps(shown), status=201, mimetype=JSON)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Language"] = lang
        return response
