"""The ways in which a search is answered: by the engine, in SQL, and in SQL that looks at few."""

from collections.abc import Callable

import pytest

from directory.search.find import find_providers
from directory.search.postgis.listings import find_providers_in_sql
from directory.search.request import SearchRequest
from directory.search.results import SearchResults
from tests.engines.search.search_world import SearchWorld

Ask = Callable[[SearchWorld, SearchRequest], SearchResults]


def in_engine(_: SearchWorld, request: SearchRequest) -> SearchResults:
    """By the engine."""
    return find_providers(request)


def in_sql(world: SearchWorld, request: SearchRequest) -> SearchResults:
    """By PostGIS."""
    return find_providers_in_sql(world.stores.engine, request, seconds=10.0)


def in_sql_at_few(world: SearchWorld, request: SearchRequest) -> SearchResults:
    """As of a search that finds more than are looked at."""
    return find_providers_in_sql(world.stores.engine, request, seconds=10.0, most=3)


WAYS = pytest.mark.parametrize("ask", [in_engine, in_sql, in_sql_at_few])
