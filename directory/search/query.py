"""A request as the body of one search: query, order, facets, and what of a hit comes back."""

from collections.abc import Sequence
from typing import Any

from directory.search.facets import build_aggregations, filter_name
from directory.search.filters import BY_CITY_ALONE, build_facet_filters, build_fixed_filters
from directory.search.order import BY_CITY, DISTANCE, SCORE, STANDING, Key, names_a_house, order_of
from directory.search.ranking import load_ranking
from directory.search.request import Circle, Facet, SearchRequest, Sort
from directory.search.words import build_words_query

Clause = dict[str, Any]

# Half of a small radius is a street; closeness is not worth telling apart below this.
SMALLEST_HALF_M = 500.0
# Who typed "ph" is about to type more: which of a hundred thousand pharmacies comes first is not worth looking at all.
ENOUGH = 20_000


def build_query(request: SearchRequest, networks: Sequence[str], *, forgiving: bool) -> Clause:
    """The query alone, all filters in it: for counting."""
    return _scored(
        request, [*build_fixed_filters(request), *build_facet_filters(request, networks).values()], forgiving
    )


def build_bodies(request: SearchRequest, networks: Sequence[str], *, forgiving: bool) -> list[dict[str, Any]]:
    """The searches that together answer the request: the page first, then what is counted.

    A facet counts without its own filter, so each filter that is asked for and counted takes a search of its own.
    One search that finds what all of them count, and filters its hits afterwards, looked at every listing of the index
    for "pharmacies in France". `networks` are all codes that exist; `forgiving` lets typos pass.
    """
    filters = build_facet_filters(request, networks)
    counted = {filter_name(facet) for facet in request.facets}
    own = [name for name in filters if name in counted]
    shared = [facet for facet in request.facets if filter_name(facet) not in filters]
    page = _found(request, filters, forgiving) | _shown(request)
    total = {"track_total_hits": True} | _counted(request, shared, networks)
    if request.units or request.circle or request.bbox:
        bodies = [page | total]
    else:
        # A search of whole countries counts much and shows little: without a total the engine need not look at more
        # than it shows, and counts without hits it keeps while nothing changes.
        bodies = [page | {"track_total_hits": False}, _found(request, filters, forgiving) | {"size": 0} | total]
    for name in own:
        others = {key: clause for key, clause in filters.items() if key != name}
        facets = [facet for facet in request.facets if filter_name(facet) == name]
        counts = {"size": 0, "track_total_hits": False} | _counted(request, facets, networks)
        bodies.append(_found(request, others, forgiving) | counts)
    return bodies


def count_searches(request: SearchRequest, networks: Sequence[str]) -> int:
    """How many searches look for the words of the request, at most, to answer it once."""
    return 1 + len(build_facet_filters(request, networks))


def build_names(request: SearchRequest, networks: Sequence[str]) -> dict[str, Any]:
    """The first hits alone, for type-ahead: of a beginning that very many names have, the best of ENOUGH."""
    body = _found(request, build_facet_filters(request, networks), forgiving=False) | _shown(request)
    return body | {"track_total_hits": False, "size": request.limit, "terminate_after": ENOUGH}


def build_first(request: SearchRequest, networks: Sequence[str], *, forgiving: bool) -> dict[str, Any]:
    """The first hit alone, uncounted."""
    body = _found(request, build_facet_filters(request, networks), forgiving) | _shown(request)
    return body | {"track_total_hits": False, "size": 1}


def _found(request: SearchRequest, filters: dict[str, Clause], forgiving: bool) -> dict[str, Any]:
    return {"query": _scored(request, [*build_fixed_filters(request), *filters.values()], forgiving)}


def _shown(request: SearchRequest) -> dict[str, Any]:
    # One more than is shown tells whether there is a next page.
    shown: dict[str, Any] = {"sort": _order(request), "size": request.limit + 1}
    if request.cursor:
        shown["search_after"] = list(request.cursor.after)
    if request.curated:
        # The network team's list reads its rows from the database: what somebody just wrote stands in them.
        shown["_source"] = False
    return shown


def _counted(request: SearchRequest, facets: Sequence[Facet], networks: Sequence[str]) -> dict[str, Any]:
    return {"aggs": build_aggregations(request, facets, networks)} if facets else {}


def _scored(request: SearchRequest, filters: list[Clause], forgiving: bool) -> Clause:
    if not request.units:
        return {"bool": {"filter": filters}}
    query: Clause = {
        "bool": {"must": [build_words_query(request.units, request.whole, forgiving=forgiving)], "filter": filters}
    }
    if request.sort is Sort.relevance:
        if names_a_house(request.units):
            query = build_brevity(query)
        if request.circle:
            query = build_closeness(query, request.circle)
    return query


def build_closeness(query: Clause, circle: Circle) -> Clause:
    """The query with a bonus that fades with the distance from the circle's centre; nothing is left out."""
    ranking = load_ranking().distance
    center = circle.center
    decay = {
        "origin": {"lat": center.lat, "lon": center.lon},
        "scale": f"{max(circle.radius_m * ranking.half_at, SMALLEST_HALF_M)}m",
        "decay": 0.5,
    }
    # The middle of a city is near nothing. What no function names would be worth 1.
    near = {"exp": {"location": decay}, "weight": ranking.weight, "filter": {"bool": {"must_not": [BY_CITY_ALONE]}}}
    return _with_bonus(query, near, {"weight": 0, "filter": BY_CITY_ALONE})


def build_brevity(query: Clause) -> Clause:
    """The query with a bonus for names that say little else."""
    brevity = {"field": "name.length", "modifier": "reciprocal", "missing": 1}
    return _with_bonus(query, {"field_value_factor": brevity, "weight": load_ranking().brevity})


def _with_bonus(query: Clause, *bonuses: Clause) -> Clause:
    return {"function_score": {"query": query, "functions": list(bonuses), "boost_mode": "sum"}}


def _order(request: SearchRequest) -> list[Clause]:
    return [_sort_by(key, request.circle) for key in order_of(request)]


def _sort_by(key: Key, circle: Circle | None) -> Clause:
    direction = "desc" if key.descending else "asc"
    if key is DISTANCE and circle:
        center = circle.center
        return {"_geo_distance": {"location": {"lat": center.lat, "lon": center.lon}, "order": "asc", "unit": "m"}}
    if key is SCORE:
        return {"_score": direction}
    if key in (BY_CITY, STANDING):
        # An index of an older mapping knows neither, until it is rebuilt.
        return {key.name: {"order": direction, "missing": 0, "unmapped_type": "integer"}}
    return {key.name: direction}
