"""The search that PostGIS answers gives what OpenSearch gives: 2,000 requests, each asked of both."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from directory.errors import SearchUnavailable
from directory.search.find import find_providers
from directory.search.postgis.listings import find_providers_in_sql
from directory.search.request import DEFAULT_FACETS, SearchRequest
from directory.search.results import SearchResults
from tests.engines.search.search_world import SEED, SearchWorld
from tests.engines.search.test_search_filters import build_asked

ROUNDS = 20
REQUESTS = 100
PATIENCE_S = 10.0


def in_sql(world: SearchWorld, request: SearchRequest) -> SearchResults:
    return find_providers_in_sql(world.stores.engine, request, seconds=PATIENCE_S)


def ids(results: SearchResults) -> list[int]:
    return [hit.shown["id"] for hit in results.hits]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_both_engines_find_the_same_listings(world: SearchWorld, number: int) -> None:
    rng = random.Random(f"{SEED} both {number}")
    for _ in range(REQUESTS):
        facets = DEFAULT_FACETS if rng.random() < 0.2 else ()
        request = world.request(**{**build_asked(rng, world), "facets": facets, "limit": 100})
        ours, theirs = find_providers(request), in_sql(world, request)
        assert ours.total == theirs.total, request
        if ours.total <= 100:
            assert sorted(ids(ours)) == sorted(ids(theirs)), request
        assert ours.facets == theirs.facets, request
        assert ours.relaxations == theirs.relaxations, request
        assert theirs.degraded


WORDS = ["harmony", "clinic nairobi", "harm", "armon", "dentist", "طبيب أطفال", "hospital of the", "heart doctor"]


def all_hits(ask: Callable[[SearchRequest], SearchResults], request: SearchRequest) -> dict[int, list[str]]:
    """Of every hit on all pages, the scripts of its names."""
    page = ask(request)
    hits = list(page.hits)
    while page.next:
        page = ask(replace(request, cursor=page.next))
        hits += page.hits
    return {hit.shown["id"]: [name["script"] for name in hit.shown["names"]] for hit in hits}


@pytest.mark.parametrize("typed", WORDS)
def test_words_are_found_as_they_are_typed(world: SearchWorld, typed: str) -> None:
    request = world.request(q=typed, limit=100, facets=())
    ours, theirs = (all_hits(ask, request) for ask in (find_providers, lambda asked: in_sql(world, asked)))
    assert theirs
    assert set(theirs) <= set(ours)
    # What only OpenSearch finds is written in another script, with the same consonants.
    for id_ in set(ours) - set(theirs):
        assert set(ours[id_]) != {"Latn"}


@pytest.mark.parametrize(
    "asked",
    [
        {"sort": "name"},
        {"lat": -1.2921, "lon": 36.8219, "radius_km": 500.0},
        {"q": "clinic"},
        {"q": "clinic nairobi", "lat": -1.2921, "lon": 36.8219, "radius_km": 500.0},
    ],
    ids=repr,
)
def test_pages_neither_skip_nor_repeat(world: SearchWorld, asked: dict[str, object]) -> None:
    request = world.request(**asked, facets=(), limit=37)
    page = in_sql(world, request)
    seen = ids(page)
    while page.next:
        page = in_sql(world, replace(request, cursor=page.next))
        seen += ids(page)
    assert len(seen) == len(set(seen)) == page.total


def test_a_listing_in_another_script_is_found_by_its_latin_words(world: SearchWorld) -> None:
    world_names = {hit.shown["name"] for hit in in_sql(world, world.request(q="apteka", limit=100)).hits}
    assert any("Аптека" in name for name in world_names)


def test_a_search_that_takes_too_long_is_given_up(world: SearchWorld) -> None:
    with pytest.raises(SearchUnavailable):
        find_providers_in_sql(world.stores.engine, world.request(), seconds=0.0)
