"""A request as the body of one search: query, order, facets, and what of a hit comes back."""

from collections.abc import Sequence
from typing import Any

from directory.search.facets import build_aggregations, filter_name
from directory.search.filters import build_facet_filters, build_fixed_filters
from directory.search.ranking import load_ranking
from directory.search.request import Circle, SearchRequest, Sort
from directory.search.words import build_words_query

Clause = dict[str, Any]

# Half of a small radius is a street; closeness is not worth telling apart below this.
SMALLEST_HALF_M = 500.0


def build_query(request: SearchRequest, networks: Sequence[str], *, forgiving: bool) -> Clause:
    """The query alone, all filters in it: for counting."""
    return _scored(
        request, [*build_fixed_filters(request), *build_facet_filters(request, networks).values()], forgiving
    )


def build_body(request: SearchRequest, networks: Sequence[str], *, forgiving: bool) -> dict[str, Any]:
    """The whole search. `networks` are all codes that exist; `forgiving` lets typos pass."""
    found, after = _found(request, networks, forgiving)
    return found | _shown(request) | _counted(request, networks, after)


def build_page(request: SearchRequest, networks: Sequence[str], *, forgiving: bool) -> dict[str, Any]:
    """Its hits alone: without a total the engine need not look at more than it shows."""
    found, _ = _found(request, networks, forgiving)
    return found | _shown(request) | {"track_total_hits": False}


def build_counts(request: SearchRequest, networks: Sequence[str], *, forgiving: bool) -> dict[str, Any]:
    """Its total and facets alone: the same for every page and order, and kept by the engine while nothing changes."""
    found, after = _found(request, networks, forgiving)
    return found | {"size": 0} | _counted(request, networks, after)


def _found(
    request: SearchRequest, networks: Sequence[str], forgiving: bool
) -> tuple[dict[str, Any], dict[str, Clause]]:
    """What is searched, and by name the filters of it that are applied after the counting."""
    inside, after = build_fixed_filters(request), {}
    counted = {filter_name(facet) for facet in request.facets}
    for name, clause in build_facet_filters(request, networks).items():
        # Only a filter whose own facet is shown must wait until after the counting.
        if name in counted:
            after[name] = clause
        else:
            inside.append(clause)
    found: dict[str, Any] = {"query": _scored(request, inside, forgiving)}
    if after:
        found["post_filter"] = {"bool": {"filter": list(after.values())}}
    return found, after


def _shown(request: SearchRequest) -> dict[str, Any]:
    # One more than is shown tells whether there is a next page.
    shown: dict[str, Any] = {"sort": _order(request), "size": request.limit + 1, "_source": ["card"]}
    if request.cursor:
        shown["search_after"] = list(request.cursor.after)
    return shown


def _counted(request: SearchRequest, networks: Sequence[str], after: dict[str, Clause]) -> dict[str, Any]:
    counted: dict[str, Any] = {"track_total_hits": True}
    if request.facets:
        counted["aggs"] = build_aggregations(request, after, networks)
    return counted


def _scored(request: SearchRequest, filters: list[Clause], forgiving: bool) -> Clause:
    if not request.units:
        return {"bool": {"filter": filters}}
    query: Clause = {"bool": {"must": [build_words_query(request.units, forgiving=forgiving)], "filter": filters}}
    if request.sort is Sort.relevance:
        query = _briefer_is_better(query)
        if request.circle:
            query = closer_is_better(query, request.circle)
    return query


def closer_is_better(query: Clause, circle: Circle) -> Clause:
    """The query with a bonus that fades with the distance from the circle's centre; nothing is left out."""
    ranking = load_ranking().distance
    center = circle.center
    decay = {
        "origin": {"lat": center.lat, "lon": center.lon},
        "scale": f"{max(circle.radius_m * ranking.half_at, SMALLEST_HALF_M)}m",
        "decay": 0.5,
    }
    return _with_bonus(query, {"exp": {"location": decay}, "weight": ranking.weight})


def _briefer_is_better(query: Clause) -> Clause:
    brevity = {"field": "name.length", "modifier": "reciprocal", "missing": 1}
    return _with_bonus(query, {"field_value_factor": brevity, "weight": load_ranking().brevity})


def _with_bonus(query: Clause, bonus: Clause) -> Clause:
    return {"function_score": {"query": query, "functions": [bonus], "boost_mode": "sum"}}


def _order(request: SearchRequest) -> list[Clause]:
    by_id: Clause = {"id": "asc"}
    if request.sort is Sort.distance and request.circle:
        center = request.circle.center
        return [
            {"_geo_distance": {"location": {"lat": center.lat, "lon": center.lon}, "order": "asc", "unit": "m"}},
            by_id,
        ]
    if request.sort is Sort.relevance:
        return [{"_score": "desc"}, by_id]
    return [{"sort_name": "asc"}, by_id]
