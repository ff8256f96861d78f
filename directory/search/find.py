"""The search itself: ask the engine, once more with typos allowed when too little was found, and read the answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from directory.search import engine
from directory.search.budget import Budget
from directory.search.facets import read_facets
from directory.search.forgiving import FEW, find_forgiving_within
from directory.search.nearest import asks_nearest, find_nearest
from directory.search.query import build_bodies, build_names, count_searches
from directory.search.relaxations import find_relaxations
from directory.search.request import Circle, Cursor, SearchRequest
from directory.search.results import Hit, Relaxation, SearchResults
from directory.vocabulary.codes import load_codes


def find_providers(request: SearchRequest) -> SearchResults:
    """One page of hits. Raises SearchUnavailable when the engine cannot answer."""
    networks = tuple(load_codes().networks)
    budget, searches = Budget(request.units), count_searches(request, networks)
    # A cursor that was made up buys nothing either.
    forgiving = bool(request.cursor and request.cursor.forgiving and budget.spend(searches, near=searches))
    page = _ask(request, networks, forgiving)
    as_typed = None if forgiving else page.total
    if request.units and not request.cursor and page.total < FEW:
        forgiving = find_forgiving_within(budget, request, networks, searches=searches)
        if forgiving:
            # What was found as typed scores higher, so it stays first.
            page = _ask(request, networks, forgiving=True)
    relaxations: tuple[Relaxation, ...] = ()
    if page.total < FEW and not request.cursor and not request.curated:
        relaxations = find_relaxations(request, page.total, networks, budget, forgiving=forgiving)
    return SearchResults(
        hits=tuple(_hit(hit, request) for hit in page.hits[: request.limit]),
        total=page.total,
        facets=read_facets(request, page.counted),
        relaxations=relaxations,
        next=_next(request, page.hits, forgiving),
        forgiving=forgiving,
        plainer=budget.exceeded,
        found_as_typed=as_typed,
        nearest=find_nearest(request, networks, budget) if asks_nearest(request, page.total) else None,
    )


def _hit(hit: dict[str, Any], request: SearchRequest) -> Hit:
    # The last of the values that it is sorted by: see query._order.
    shown = {"id": hit["sort"][-1]} if request.curated else hit["_source"]["shown"]
    return Hit.of(shown, request.circle)


class _Found(NamedTuple):
    """The engine's hits, their number, and its aggregations."""

    hits: list[dict[str, Any]]
    total: int
    counted: dict[str, Any]


def _ask(request: SearchRequest, networks: Sequence[str], forgiving: bool) -> _Found:
    answers = engine.search_many(build_bodies(request, networks, forgiving=forgiving))
    counted: dict[str, Any] = {}
    for answer in answers:
        counted |= answer.get("aggregations", {})
    [total] = [answer["hits"]["total"]["value"] for answer in answers if "total" in answer["hits"]]
    return _Found(answers[0]["hits"]["hits"], total, counted)


def find_names(request: SearchRequest, nearby: Circle | None) -> list[dict[str, Any]]:
    """The first listings of a name for type-ahead, those in `nearby` first: no facets, no total, no second try.

    Mostly there are enough nearby; looking there alone takes a third of the time of preferring it in the whole world.
    """
    near = _name_listings(replace(request, circle=nearby)) if nearby else []
    if len(near) == request.limit:
        return near
    known = {shown["id"] for shown in near}
    return [*near, *(shown for shown in _name_listings(request) if shown["id"] not in known)][: request.limit]


def _name_listings(request: SearchRequest) -> list[dict[str, Any]]:
    body = build_names(request, tuple(load_codes().networks))
    return [hit["_source"]["shown"] for hit in engine.search(body)["hits"]["hits"]]


def _next(request: SearchRequest, hits: list[dict[str, Any]], forgiving: bool) -> Cursor | None:
    if len(hits) <= request.limit:
        return None
    return Cursor(tuple(hits[request.limit - 1]["sort"]), forgiving)
