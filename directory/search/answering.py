"""Searches that answer though OpenSearch cannot: PostGIS does then, in a plainer form, and the answer says so.

Walls stand between the kinds of search (directory/runtime/walls.py): long words, type-ahead and the plainer form each
keep to a part of a process's threads, so that none takes another one, or a page, down.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from directory.db import MOST_SEARCHES, get_search_engine
from directory.errors import SearchBusy, SearchSlow, SearchUnavailable
from directory.runtime import deadline, metrics
from directory.runtime.breaker import Breaker
from directory.runtime.walls import NoPlace, Wall
from directory.search.budget import are_long
from directory.search.clusters import MapResults, find_map
from directory.search.explaining import Explanation, explain_hits, find_in_index
from directory.search.find import find_names, find_providers
from directory.search.missing import Checked, Indexed
from directory.search.postgis.checking import check_listing
from directory.search.postgis.explaining import explain_hits_in_sql
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
# The plainer search answers sooner, with less where it must; what there is no time to count it leaves out.
LONGEST_PLAIN_S = 1.2
# The plainer search is worth a try with so much time; with less it would only keep PostgreSQL busy.
LEAST_S = 0.25

opensearch = Breaker(tell=metrics.AWAY.labels("search").set)
# Type-ahead asks little, and what it hears is no word on searches: each finds out for itself.
type_ahead = Breaker()

# Of the four threads of a process. Long words are rare, and take tens of milliseconds of all that the engine has.
long_words = Wall("long words", 1, patience_s=0.2)
names_ahead = Wall("type-ahead", 2, patience_s=0.1)
plainer = Wall("plainer search", MOST_SEARCHES, patience_s=0.2)

Found = TypeVar("Found")


def search_providers(request: SearchRequest) -> SearchResults:
    """One page of hits, from PostGIS with `degraded` where OpenSearch does not answer.

    Raises SearchUnavailable when neither answers in time.
    """
    return _ask_either(
        request,
        lambda: find_providers(request),
        lambda seconds: find_providers_in_sql(get_search_engine(), request, seconds=seconds),
    )


def explain_results(request: SearchRequest, results: SearchResults) -> dict[int, Explanation]:
    """Why the hits of a search stand where they stand, from the engine that found them. Raises SearchUnavailable."""
    ids = [hit.shown["id"] for hit in results.hits]
    if results.degraded:
        return _behind(plainer, lambda: explain_hits_in_sql(get_search_engine(), request, ids, seconds=LONGEST_PLAIN_S))
    return _ask(request, lambda: explain_hits(request, ids, forgiving=results.forgiving))


def check_facts(request: SearchRequest, listing_id: int) -> Checked:
    """What the database says of one listing and each condition of a request. Raises SearchUnavailable."""
    return _behind(plainer, lambda: check_listing(get_search_engine(), request, listing_id, seconds=LONGEST_PLAIN_S))


def ask_index(request: SearchRequest, listing_id: int, *, forgiving: bool) -> Indexed:
    """What the index says of one listing and a request. Raises SearchUnavailable."""
    return _ask(request, lambda: find_in_index(request, listing_id, forgiving=forgiving))


def search_promptly(request: SearchRequest) -> SearchResults:
    """As `search_providers`, for what a page can do without: no second try in the plainer form.

    Raises SearchUnavailable, at once while OpenSearch is known to be away.
    """
    return _ask(request, lambda: find_providers(request))


def search_map(request: SearchRequest, bbox: Bbox, zoom: int) -> MapResults:
    """Clusters and listings of a box, from PostGIS with `degraded` where OpenSearch does not answer.

    Raises SearchUnavailable when neither answers in time.
    """
    return _ask_either(
        request,
        lambda: find_map(request, bbox, zoom),
        lambda seconds: find_map_in_sql(get_search_engine(), request, bbox, zoom, seconds=seconds),
    )


def suggest_names(request: SearchRequest, nearby: Circle | None) -> list[dict[str, Any]]:
    """The first listings of a name for type-ahead. Raises SearchUnavailable, at once while OpenSearch is away."""
    return _behind(names_ahead, lambda: _ask(request, lambda: find_names(request, nearby), type_ahead))


def _ask_either(request: SearchRequest, find: Callable[[], Found], find_in_sql: Callable[[float], Found]) -> Found:
    """What OpenSearch finds, else what PostGIS finds in the seconds that are left."""
    with deadline.within(LONGEST_S):
        try:
            return _ask(request, find)
        except SearchBusy:
            raise
        except SearchUnavailable as error:
            if isinstance(error, SearchSlow) and _left() < LEAST_S + TO_SAY_SO_S:
                raise
            metrics.DEGRADED.inc()
            return _behind(plainer, lambda: find_in_sql(min(_left() - TO_SAY_SO_S, LONGEST_PLAIN_S)))


def _ask(request: SearchRequest, find: Callable[[], Found], breaker: Breaker = opensearch) -> Found:
    """What OpenSearch finds, in the time that is left, unless it is known to be away."""
    if not breaker.allows():
        raise SearchUnavailable("The search engine does not answer.")
    if are_long(request.units):
        return _behind(long_words, lambda: _hear(find, breaker, lambda: None))
    return _hear(find, breaker, breaker.was_slow)


def _hear(find: Callable[[], Found], breaker: Breaker, was_slow: Callable[[], None]) -> Found:
    """What OpenSearch finds; the breaker hears what came of it, and `was_slow` that it was too much to ask."""
    try:
        with deadline.within(LONGEST_S):
            answer = find()
    except SearchSlow:
        was_slow()
        raise
    except SearchUnavailable as error:
        breaker.failed()
        log.warning("the search engine: %s", error)
        raise
    breaker.succeeded()
    return answer


def _behind(wall: Wall, find: Callable[[], Found]) -> Found:
    """What is found by one of the few who may look at a time. Raises SearchBusy where they are too many."""
    try:
        with wall.place():
            return find()
    except NoPlace:
        raise SearchBusy("Too many such searches are at work. Please try again in a few seconds.") from None


def _left() -> float:
    left = deadline.left()
    return LONGEST_S if left is None else min(left, LONGEST_S)
