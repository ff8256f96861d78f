"""Searches that answer though OpenSearch cannot: PostGIS does then, in a plainer form, and the answer says so."""

import logging
import time
from typing import Any

from directory.breaker import Breaker
from directory.db import get_engine
from directory.errors import SearchUnavailable
from directory.search import engine
from directory.search.find import find_names, find_providers
from directory.search.request import Circle, SearchRequest
from directory.search.results import SearchResults
from directory.search.sql import find_providers_in_sql

log = logging.getLogger(__name__)

# Every request ends within two seconds; what is left of them belongs to reading the request and showing the answer.
LONGEST_S = 1.8

opensearch = Breaker()


def search_providers(request: SearchRequest) -> SearchResults:
    """One page of hits, from PostGIS with `degraded` where OpenSearch does not answer.

    Raises SearchUnavailable when neither answers in time.
    """
    ends = time.monotonic() + LONGEST_S
    if opensearch.allows():
        try:
            with engine.answering_within(LONGEST_S):
                results = find_providers(request)
        except SearchUnavailable as error:
            opensearch.failed()
            log.warning("search from PostGIS: %s", error)
        else:
            opensearch.succeeded()
            return results
    return find_providers_in_sql(get_engine(), request, seconds=ends - time.monotonic())


def suggest_names(request: SearchRequest, nearby: Circle | None) -> list[dict[str, Any]]:
    """The first cards of a name for type-ahead. Raises SearchUnavailable at once while OpenSearch is away."""
    if not opensearch.allows():
        raise SearchUnavailable("The search engine does not answer.")
    try:
        with engine.answering_within(LONGEST_S):
            cards = find_names(request, nearby)
    except SearchUnavailable:
        opensearch.failed()
        raise
    opensearch.succeeded()
    return cards
