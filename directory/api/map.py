"""GET /v1/map: the search on a map, as clusters and single listings."""

from typing import Any

from flask import Response
from flask.views import MethodView

from directory.api.map_schemas import MapAnswer
from directory.api.providers import SEARCH_MAX_AGE_S
from directory.search.agreements import SETTINGS
from directory.search.answering import search_map
from directory.search.clusters import Cluster, MapResults, Shown, Somewhere
from directory.search.granting import find_what_can_be
from directory.search.understand import Understood, understand
from directory.vocabulary.codes import load_codes
from directory.web.admission import count_words
from directory.web.answers import GEOJSON, answer, reader_language
from directory.web.documented import PublicBlueprint, documented
from directory.web.insured import insured_fields, origin_of, outside_notice
from directory.web.parameters import MapQuery
from directory.web.render import agreements_of, code_label, in_networks, notice, render_payment, render_where
from directory.wording.payment import easiest_way
from geodata.gazetteer import get_gazetteer
from geodata.points import Bbox

blueprint = PublicBlueprint("map", __name__, url_prefix="/v1", description="Search")


@blueprint.route("/map")
class Map(MethodView):
    """Search on a map."""

    @documented(blueprint, MapQuery, MapAnswer, mimetype=GEOJSON)
    def get(self, query: dict[str, Any]) -> Response:
        """What a search finds in a box, as GeoJSON: clusters of listings, and single listings.

        Every listing of the box is in exactly one feature. A cluster's bbox shows what is in it: as the next box of
        the map, or of a search where all of its listings are at one point.
        """
        lang = reader_language(query.get("lang"))
        understood = understand(query, load_codes(), get_gazetteer())
        count_words(understood.request)
        box = Bbox(*query["bbox"])
        understood, results = find_what_can_be(understood, lambda asked: search_map(asked, box, query["zoom"]))
        body = render_map(understood, results, lang)
        return answer(body, lang=lang, max_age_s=SEARCH_MAX_AGE_S, mimetype=GEOJSON)


def render_map(understood: Understood, results: MapResults, lang: str) -> dict[str, Any]:
    """The FeatureCollection that `schemas.MapAnswer` describes: the largest clusters first, then the listings."""
    where = understood.where
    clusters = [_render_cluster(cluster) for cluster in results.clusters]
    return {
        "type": "FeatureCollection",
        "features": clusters + [_render_listing(understood, shown, lang) for shown in results.listings],
        "total": {"value": results.total, "relation": "eq"},
        "somewhere": {
            "total": results.somewhere.total,
            "cities": [_render_city(understood, city, lang) for city in results.somewhere.cities],
        },
        "where": where and render_where(where, lang),
        "outside_area": outside_notice(understood.request, where, origin_of(where), understood.insured, lang),
        "forgiving": results.forgiving,
        "degraded": results.degraded,
        **notice(lang),
    }


def _render_cluster(cluster: Cluster) -> dict[str, Any]:
    box = cluster.bounds
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [cluster.center.lon, cluster.center.lat]},
        "properties": {
            "kind": "cluster",
            "count": cluster.count,
            "bbox": [box.west, box.south, box.east, box.north],
            "same_point": cluster.same_point,
        },
    }


def _render_listing(understood: Understood, shown: Shown, lang: str) -> dict[str, Any]:
    point, named = shown["location"], _render_named(understood, shown, lang)
    return {
        "type": "Feature",
        "id": named["id"],
        "geometry": {"type": "Point", "coordinates": [point["lon"], point["lat"]]},
        "properties": {"kind": "listing", **named, "precision": point["precision"]},
    }


def _render_named(understood: Understood, shown: Shown, lang: str) -> dict[str, Any]:
    networks = understood.request.agreement.counted
    agreements = agreements_of(in_networks(shown, networks))
    return {
        "id": str(shown["id"]),
        "name": shown["name"],
        "type": shown["type"],
        "type_label": code_label(load_codes().types, shown["type"], lang),
        "payment": render_payment(agreements, lang),
        "ways": {setting: easiest_way(agreements, setting) for setting in SETTINGS},
        **insured_fields(shown, understood.insured, networks, lang),
    }


def _render_city(understood: Understood, city: Somewhere, lang: str) -> dict[str, Any]:
    place = get_gazetteer().place(city.place) if city.place else None
    return {
        "place": str(city.place) if city.place else None,
        "city": place.name_in(lang) if place else next((shown.get("city") for shown in city.listings), None),
        "count": city.count,
        "listings": [_render_named(understood, shown, lang) for shown in city.listings],
    }
