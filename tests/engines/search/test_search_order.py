"""What is known by its city alone is never nearest, in either engine; ties go to what is known best."""

from dataclasses import replace
from typing import Any

import pytest

from directory.search.cursor import decode_cursor, encode_cursor
from directory.search.results import Hit
from tests.engines.search.search_ways import WAYS, Ask, in_engine, in_sql
from tests.engines.search.search_world import SearchWorld


def walk(world: SearchWorld, ask: Ask, limit: int, **asked: Any) -> list[Hit]:
    """All hits, page after page, by the words that addresses carry."""
    request = world.request(**asked, facets=(), limit=limit)
    page = ask(world, request)
    hits = list(page.hits)
    while page.next:
        word = encode_cursor(request, page.next)
        page = ask(world, replace(request, cursor=decode_cursor(request, word)))
        hits += page.hits
    return hits


def city_with_both(world: SearchWorld) -> dict[str, Any]:
    """A search around a city that has listings of both kinds, the most of those that only their city places."""
    placed = [each.point for each in world.oracle.listings if each.by_city and each.point]
    point = max(placed, key=placed.count)
    return {"lat": point.lat, "lon": point.lon, "radius_km": 30.0}


@WAYS
@pytest.mark.parametrize("limit", [1, 4, 100])
def test_what_only_its_city_places_comes_last_without_a_distance(world: SearchWorld, ask: Ask, limit: int) -> None:
    asked = city_with_both(world)
    hits = walk(world, ask, limit, **asked)
    by_city = [hit.shown["location"]["precision"] == "place" for hit in hits]
    assert by_city == sorted(by_city)
    assert set(by_city) == {False, True}
    assert [hit.distance_m is None for hit in hits] == by_city
    assert {hit.shown["id"] for hit in hits} == {each.id for each in world.oracle.matches(asked)}
    expected = [each.id for each in world.oracle.find(asked)]
    assert [hit.shown["id"] for hit in hits] == expected


@WAYS
def test_at_one_point_the_one_that_is_known_best_comes_first(world: SearchWorld, ask: Ask) -> None:
    known = {each.id: each.standing for each in world.oracle.listings}
    asked = city_with_both(world)
    last = [known[hit.shown["id"]] for hit in walk(world, ask, 100, **asked) if hit.distance_m is None]
    assert len(set(last)) > 1
    assert last == sorted(last, reverse=True)


@pytest.mark.parametrize(
    "words",
    [{"q": "clinic"}, {"q": "hospital"}, {"q": "heart doctor"}, {"q": "sunrise"}, {"sort": "relevance"}],
    ids=repr,
)
def test_both_engines_have_one_order_by_relevance_near_a_point(world: SearchWorld, words: dict[str, Any]) -> None:
    asked = {**city_with_both(world), **words}
    ours, theirs = (walk(world, ask, 7, **asked) for ask in (in_engine, in_sql))
    assert [hit.shown["id"] for hit in ours] == [hit.shown["id"] for hit in theirs]


@pytest.mark.parametrize("words", [{"q": "hospital"}, {"q": "heart doctor"}, {"sort": "relevance"}], ids=repr)
def test_both_engines_have_one_order_by_relevance(world: SearchWorld, words: dict[str, Any]) -> None:
    asked = {"country": ["KE"], **words}
    ours, theirs = (walk(world, ask, 30, **asked) for ask in (in_engine, in_sql))
    assert len(ours) > 40
    assert [hit.shown["id"] for hit in ours] == [hit.shown["id"] for hit in theirs]


def test_standing_is_counted_alike_in_the_index_and_in_sql(world: SearchWorld) -> None:
    asked = {"sort": "relevance", "country": ["KE", "EG", "UA"]}
    known = {each.id: each.standing for each in world.oracle.listings}
    for ask in (in_engine, in_sql):
        standings = [known[hit.shown["id"]] for hit in walk(world, ask, 100, **asked)]
        assert len(set(standings)) > 4
        assert standings == sorted(standings, reverse=True)
