"""The search itself: ask the engine, once more with typos allowed when too little was found, and read the answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from directory.codes import load_codes
from directory.search import engine
from directory.search.facets import read_facets
from directory.search.forgiving import FEW, find_forgiving
from directory.search.query import build_body, build_counts, build_page, closer_is_better
from directory.search.relaxations import find_relaxations
from directory.search.request import Circle, Cursor, SearchRequest
from directory.search.results import Hit, Relaxation, SearchResults
from geodata.points import Point, haversine_m


def find_providers(request: SearchRequest) -> SearchResults:
    """One page of hits. Raises SearchUnavailable when the engine cannot answer."""
    networks = tuple(load_codes().networks)
    forgiving = request.cursor.forgiving if request.cursor else False
    answer = _ask(request, networks, forgiving)
    if request.units and not request.cursor and _total(answer) < FEW:
        [forgiving] = find_forgiving([request], networks)
        if forgiving:
            # What was found as typed scores higher, so it stays first.
            answer = _ask(request, networks, forgiving=True)
    total = _total(answer)
    relaxations: tuple[Relaxation, ...] = ()
    if total < FEW and not request.cursor:
        relaxations = find_relaxations(request, total, networks, forgiving=forgiving)
    return SearchResults(
        hits=tuple(_read_hit(request, hit) for hit in answer["hits"]["hits"][: request.limit]),
        total=total,
        facets=read_facets(request, answer) if request.facets else {},
        relaxations=relaxations,
        next=_next(request, answer, forgiving),
        forgiving=forgiving,
    )


def _ask(request: SearchRequest, networks: Sequence[str], forgiving: bool) -> dict[str, Any]:
    if request.units or request.circle or request.bbox:
        return engine.search(build_body(request, networks, forgiving=forgiving))
    # A search of whole countries counts much and shows little, and its counts are asked for again and again.
    page, counts = engine.search_many(
        [
            build_page(request, networks, forgiving=forgiving),
            build_counts(request, networks, forgiving=forgiving),
        ]
    )
    return counts | {"hits": counts["hits"] | {"hits": page["hits"]["hits"]}}


def find_names(request: SearchRequest, nearby: Circle | None) -> list[dict[str, Any]]:
    """The first cards of a name for type-ahead, those in `nearby` first: no facets, no total, no second try."""
    body = build_body(replace(request, facets=()), tuple(load_codes().networks), forgiving=False)
    if nearby:
        body["query"] = closer_is_better(body["query"], nearby)
    body |= {"track_total_hits": False, "size": request.limit}
    return [hit["_source"]["card"] for hit in engine.search(body)["hits"]["hits"]]


def _total(answer: dict[str, Any]) -> int:
    total: int = answer["hits"]["total"]["value"]
    return total


def _read_hit(request: SearchRequest, hit: dict[str, Any]) -> Hit:
    card = hit["_source"]["card"]
    distance_m = None
    if request.circle and (location := card.get("location")):
        distance_m = haversine_m(request.circle.center, Point(location["lon"], location["lat"]))
    return Hit(card, distance_m)


def _next(request: SearchRequest, answer: dict[str, Any], forgiving: bool) -> Cursor | None:
    hits = answer["hits"]["hits"]
    if len(hits) <= request.limit:
        return None
    return Cursor(tuple(hits[request.limit - 1]["sort"]), forgiving)
