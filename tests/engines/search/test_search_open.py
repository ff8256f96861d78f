"""What is open now: both engines find the listings whose own clock stands in their own hours, and no others."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from directory.listings.hours import openness_at, parse_hours, wall_clock
from directory.search.find import find_providers
from directory.search.postgis.listings import find_providers_in_sql
from directory.search.request import SearchRequest
from directory.search.results import Hit
from tests.engines.search.search_world import SEED, SearchWorld

ROUNDS = 12
PATIENCE_S = 10.0
PAGE = 100


def all_hits(world: SearchWorld, request: SearchRequest) -> list[Hit]:
    """Of every page."""
    page = find_providers(request)
    hits = list(page.hits)
    while page.next:
        page = find_providers(replace(request, cursor=page.next))
        hits += page.hits
    return hits


def is_open(hit: Hit, moment: datetime) -> bool:
    """As the page of a listing says it."""
    week = parse_hours(hit.shown.get("hours") or "")
    clock = wall_clock(moment, hit.shown.get("time_zone") or "")
    return bool(week and clock and openness_at(week, *clock).is_open)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_open_now_finds_what_is_open_by_its_own_clock(world: SearchWorld, number: int) -> None:
    rng = random.Random(f"{SEED} open {number}")
    moment = datetime(2026, 3, 23, tzinfo=UTC) + timedelta(minutes=rng.randrange(14 * 24 * 60))
    everything = all_hits(world, world.request(limit=PAGE, facets=()))
    expected = {hit.shown["id"] for hit in everything if is_open(hit, moment)}
    assert 0 < len(expected) < len(everything)
    asked = replace(world.request(limit=PAGE, facets=()), open_at=moment)
    assert {hit.shown["id"] for hit in all_hits(world, asked)} == expected
    ours, theirs = find_providers(asked), find_providers_in_sql(world.stores.engine, asked, seconds=PATIENCE_S)
    assert ours.total == theirs.total == len(expected)
    assert [hit.shown["id"] for hit in ours.hits] == [hit.shown["id"] for hit in theirs.hits]


def test_wish_of_a_line_is_a_filter(world: SearchWorld) -> None:
    request = world.request(q="pharmacy open now", facets=())
    assert request.open_at
    assert request.units == world.request(q="pharmacy", facets=()).units


def test_place_that_is_sure_is_searched_in(world: SearchWorld) -> None:
    request = world.request(q="dentist in Nairobi", facets=())
    assert request.circle == world.request(near="Nairobi", facets=()).circle


def test_both_engines_find_alike_what_may_be_a_place_or_a_name(world: SearchWorld) -> None:
    for typed in ("hospital nairobi", "clinic kampala", "harmony london", "saint luke", "kenya"):
        request = world.request(q=typed, limit=PAGE, facets=())
        ours, theirs = find_providers(request), find_providers_in_sql(world.stores.engine, request, seconds=PATIENCE_S)
        if ours.forgiving:
            continue
        latin = [hit for hit in ours.hits if {name["script"] for name in hit.shown["names"]} == {"Latn"}]
        assert {hit.shown["id"] for hit in theirs.hits} >= {hit.shown["id"] for hit in latin} or ours.total > PAGE


def test_relaxation_says_which_word_to_leave_out(world: SearchWorld) -> None:
    results = find_providers(world.request(q="kenyatta qqqzzzxxx", facets=()))
    assert results.total == 0
    [without] = [change for change in results.relaxations if change.without == "qqqzzzxxx"]
    assert without.value == "kenyatta"
    assert without.total == world.search(q="kenyatta", facets=()).total
