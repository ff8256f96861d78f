"""GET /v1/places and GET /v1/suggest: type-ahead."""

from typing import Any

from flask import Response
from flask.views import MethodView

from directory.api.schemas import PlacesAnswer, SuggestAnswer
from directory.search.line_tokens import split_words
from directory.search.request import SearchRequest, Unit
from directory.search.suggest import suggest
from directory.web.admission import count_words
from directory.web.answers import answer, reader_language
from directory.web.documented import PublicBlueprint, documented
from directory.web.parameters import PlacesQuery, SuggestQuery
from directory.web.places import render_places
from geodata.gazetteer import get_gazetteer
from geodata.points import Point

blueprint = PublicBlueprint("places", __name__, url_prefix="/v1", description="Type-ahead")

# Places change with a new gazetteer only.
PLACES_MAX_AGE_S = 3600
SUGGEST_MAX_AGE_S = 60


@blueprint.route("/places")
class Places(MethodView):
    """Places as they are typed."""

    @documented(blueprint, PlacesQuery, PlacesAnswer)
    def get(self, query: dict[str, Any]) -> Response:
        """Places whose name begins so, in any script, best known first.

        A country or region may follow the name: "Paris, TX", "San José, Costa Rica".
        """
        lang = reader_language(query.get("lang"))
        places = get_gazetteer().complete(query["q"], countries=tuple(query.get("country", ())), limit=query["limit"])
        return answer({"items": render_places(places, lang)}, lang=lang, max_age_s=PLACES_MAX_AGE_S)


@blueprint.route("/suggest")
class Suggest(MethodView):
    """Everything that completes what was typed."""

    @documented(blueprint, SuggestQuery, SuggestAnswer)
    def get(self, query: dict[str, Any]) -> Response:
        """Specialties, types, places and provider names that what was typed may become, in one list."""
        lang = reader_language(query.get("lang"))
        lat, lon = query.get("lat"), query.get("lon")
        point = Point(lon, lat) if lat is not None and lon is not None else None
        count_words(SearchRequest(units=tuple(map(Unit, split_words(query["q"])))))
        completions = suggest(
            query["q"],
            lang,
            point=point,
            countries=tuple(query.get("country", ())),
            networks=tuple(query.get("network", ())),
            limit=query["limit"],
        )
        return answer(completions, lang=lang, max_age_s=SUGGEST_MAX_AGE_S)
