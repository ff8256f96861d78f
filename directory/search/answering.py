"""Searches that answer though OpenSearch cannot: PostGIS does then, in a plainer form, and the answer says so."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from directory.db import get_engine
from directory.errors import SearchUnavailable
from directory.runtime import deadline, metrics
from directory.runtime.breaker import Breaker
from directory.search import engine
from directory.search.clusters import MapResults, find_map
from directory.search.find import find_names, find_providers
from directory.search.postgis.listings import find_providers_in_sql
from directory.search.postgis.map import find_map_in_sql
from directory.search.request import Circle, SearchRequest
from directory.search.results import SearchResults
from geodata.points import Bbox

log = logging.getLogger(__name__)

# Every request ends within two seconds; what is left of them belongs to reading the request and showing the answer.
LONGEST_S = 1.8
# The server ends the plainer search itself, and this much is left for it to say so before the wait for it ends.
TO_SAY_SO_S = 0.15

opensearch = Breaker(tell=metrics.AWAY.labels("search").set)

Found = TypeVar("Found")


def search_providers(request: SearchRequest) -> SearchResults:
    """One page of hits, from PostGIS with `degraded` where OpenSearch does not answer.

    Raises SearchUnavailable when neither answers in time.
    """
    return _ask_either(
        lambda: find_providers(request),
        lambda seconds: find_providers_in_sql(get_engine(), request, seconds=seconds),
    )


def search_promptly(request: SearchRequest) -> SearchResults:
    """As `search_providers`, for what a page can do without: no second try in the plainer form.

    Raises SearchUnavailable, at once while OpenSearch is known to be away.
    """
    return _ask(lambda: find_providers(request))


def search_map(request: SearchRequest, bbox: Bbox, zoom: int) -> MapResults:
    """Clusters and listings of a box, from PostGIS with `degraded` where OpenSearch does not answer.

    Raises SearchUnavailable when neither answers in time.
    """
    return _ask_either(
        lambda: find_map(request, bbox, zoom),
        lambda seconds: find_map_in_sql(get_engine(), request, bbox, zoom, seconds=seconds),
    )


def suggest_names(request: SearchRequest, nearby: Circle | None) -> list[dict[str, Any]]:
    """The first listings of a name for type-ahead. Raises SearchUnavailable, at once while OpenSearch is away."""
    return _ask(lambda: find_names(request, nearby))


def _ask_either(find: Callable[[], Found], find_in_sql: Callable[[float], Found]) -> Found:
    """What OpenSearch finds, else what PostGIS finds in the seconds that are left."""
    with deadline.within(LONGEST_S):
        try:
            return _ask(find)
        except SearchUnavailable:
            metrics.DEGRADED.inc()
            return find_in_sql(_left() - TO_SAY_SO_S)


def _ask(find: Callable[[], Found]) -> Found:
    """What OpenSearch finds, in the time that is left, unless it is known to be away."""
    if not opensearch.allows():
        raise SearchUnavailable("The search engine does not answer.")
    try:
        with engine.answering_within(_left()):
            found = find()
    except SearchUnavailable as error:
        opensearch.failed()
        log.warning("the search engine: %s", error)
        raise
    opensearch.succeeded()
    return found


def _left() -> float:
    left = deadline.left()
    return LONGEST_S if left is None else min(left, LONGEST_S)
