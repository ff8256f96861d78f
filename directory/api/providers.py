"""GET /v1/providers: the search, and one listing."""

from datetime import UTC, datetime
from typing import Any

from flask import Response
from flask.views import MethodView

from directory.actors import Role
from directory.api.schemas import FeatureAnswer, FeatureCollection, ItemAnswer, SearchAnswer
from directory.listings.shown import load_public_listing
from directory.search.agreements import AgreementFilter
from directory.search.answering import explain_results, search_providers
from directory.search.granting import find_what_can_be
from directory.search.insured import read_insured
from directory.search.request import SearchRequest
from directory.search.results import SearchResults
from directory.search.understand import understand
from directory.telehealth.offering import offer_for_search
from directory.vocabulary.codes import load_codes
from directory.web.access import require
from directory.web.acting import answer_own
from directory.web.admission import count_words, current_key
from directory.web.answers import GEOJSON, JSON, answer, reader_language, wants_geojson
from directory.web.documented import PublicBlueprint, documented
from directory.web.insured import insured_fields
from directory.web.parameters import ListingQuery, ProvidersQuery, parse_listing_id
from directory.web.reading import current_arguments
from directory.web.render import as_feature, as_geojson, in_networks, notice, render_item, render_results
from directory.web.render_explained import render_explained
from directory.web.render_line import render_understood
from geodata.gazetteer import get_gazetteer

blueprint = PublicBlueprint("providers", __name__, url_prefix="/v1/providers", description="Search")

# A listing changes rarely, and a search is repeated often (back button, map moved and back).
SEARCH_MAX_AGE_S = 30


@blueprint.route("")
class Providers(MethodView):
    """Search."""

    @documented(blueprint, ProvidersQuery, SearchAnswer, geojson=FeatureCollection)
    def get(self, query: dict[str, Any]) -> Response:
        """Find providers by place, type, specialty, name and way to pay.

        With explain=true the network team is told why each item stands where it stands; always as JSON.
        Asked for application/geo+json, it answers with the same page as a GeoJSON FeatureCollection.
        """
        lang = reader_language(query.get("lang"))
        if explained := query.pop("explain", False):
            require(Role.network, scope="listings")
        understood = understand(query, load_codes(), get_gazetteer())
        count_words(understood.request)
        understood, results = find_what_can_be(understood, search_providers)
        asked = understood.request, understood.where
        page = render_results(*asked, results, current_arguments(), lang, insured=understood.insured)
        page["understood"] = render_understood(understood, lang)
        page["telehealth"] = offer_for_search(
            understood.request, results, lang, closed="open_now" in understood.set_aside
        )
        page["relaxations"] = [change for change in page["relaxations"] if _is_open(change["parameter"])]
        if explained:
            return answer_own(_with_reasons(page, understood.request, results, lang))
        if wants_geojson():
            return answer(as_geojson(page), lang=lang, max_age_s=SEARCH_MAX_AGE_S, mimetype=GEOJSON)
        return answer(page, lang=lang, max_age_s=SEARCH_MAX_AGE_S, mimetype=JSON)


@blueprint.route("/<listing_id>")
class OneProvider(MethodView):
    """One listing."""

    @documented(blueprint, ListingQuery, ItemAnswer, geojson=FeatureAnswer, problems=(400, 404, 410, 503))
    def get(self, query: dict[str, Any], listing_id: str) -> Response:
        """One listing, with its ETag. A merged or retired one answers 410 and says what took its place."""
        lang = reader_language(query.get("lang"))
        insured = read_insured(query, datetime.now(UTC))
        agreement = AgreementFilter(tuple(query.get("network") or ()), scope=insured.plan.networks if insured else ())
        shown = in_networks(load_public_listing(parse_listing_id(listing_id)), agreement.counted)
        said = insured_fields(shown, insured, agreement.counted, lang)
        item = {**render_item(shown, lang), **said, "across_border": None}
        beside = {"degraded": False, **notice(lang)}
        if wants_geojson():
            return answer({**as_feature(item), **beside}, lang=lang, max_age_s=0, mimetype=GEOJSON)
        return answer({**item, **beside}, lang=lang, max_age_s=0)


def _with_reasons(page: dict[str, Any], request: SearchRequest, results: SearchResults, lang: str) -> dict[str, Any]:
    """The page with each item's place explained."""
    explanations = explain_results(request, results)
    for item, hit in zip(page["items"], results.hits, strict=True):
        item["explained"] = render_explained(hit, explanations.get(hit.shown["id"]), request, lang)
    return page


def _is_open(parameter: str) -> bool:
    """Whether the reader may leave a filter out: the network that a key brings comes back with it."""
    key = current_key()
    return not (parameter == "network" and key and key.network)
