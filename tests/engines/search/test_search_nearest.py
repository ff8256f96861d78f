"""Nothing within the radius: the nearest that fits, and the nearest that takes the card, in both engines."""

import random
from typing import Any

import pytest

from directory.search.results import Hit, Nearest
from tests.engines.search.search_oracle import Asked, Listed
from tests.engines.search.search_rows import SPECIALTIES, TYPES
from tests.engines.search.search_ways import WAYS, Ask, in_engine
from tests.engines.search.search_world import SearchWorld

# In the middle of the Sahara: a hundred kilometres from any listing.
NOWHERE = {"lat": 23.0, "lon": 2.0, "radius_km": 5.0}
ORDER_M = 0.05


def nearest_of(world: SearchWorld, ask: Ask, **asked: Any) -> Nearest | None:
    results = ask(world, world.request(**NOWHERE, **asked, facets=()))
    assert results.total == 0
    return results.nearest


def expect(world: SearchWorld, asked: Asked, *, card: bool = False) -> Listed | None:
    """By looking at every listing that has a point."""
    fitting = [each for each in world.oracle.matches(asked) if each.point]
    if card:
        ways = [(*asked.get("settlement", ()), f"{setting}:card") for setting in ("outpatient", "inpatient")]
        taking = {each.id for way in ways for each in world.oracle.matches({**asked, "settlement": way})}
        fitting = [each for each in fitting if each.id in taking]
    away = {each.id: world.oracle.distance_m(NOWHERE, each) for each in fitting}
    return min(fitting, key=lambda each: (each.by_city, away[each.id], -each.standing, each.id), default=None)


def same(world: SearchWorld, hit: Hit | None, expected: Listed | None) -> None:
    assert (hit is None) is (expected is None)
    if hit is None or expected is None:
        return
    listed = {each.id: each for each in world.oracle.listings}[hit.shown["id"]]
    away = world.oracle.distance_m(NOWHERE, expected)
    assert abs(world.oracle.distance_m(NOWHERE, listed) - away) < ORDER_M
    assert listed.by_city is expected.by_city
    assert hit.distance_m == (None if listed.by_city else pytest.approx(away, abs=0.01))


@WAYS
@pytest.mark.parametrize("number", range(12))
def test_nearest_is_the_one_that_the_oracle_finds(world: SearchWorld, ask: Ask, number: int) -> None:
    rng = random.Random(number)
    asked: dict[str, Any] = {}
    if rng.random() < 0.6:
        asked["type"] = [rng.choice(TYPES)]
    if rng.random() < 0.4:
        asked["specialty"] = [rng.choice(SPECIALTIES)]
    if rng.random() < 0.4:
        asked["network"] = ["essential"]
    if rng.random() < 0.3:
        asked["settlement"] = ["inpatient:direct"]
    nearest = nearest_of(world, ask, **asked)
    assert nearest is not None
    same(world, nearest.any, expect(world, asked))
    same(world, nearest.card, expect(world, asked, card=True))


@WAYS
def test_words_hold_beyond_the_radius(world: SearchWorld, ask: Ask) -> None:
    nearest = nearest_of(world, ask, q="kenyatta", country=["KE"], as_typed=True)
    assert nearest is None
    nearest = nearest_of(world, ask, q="sunrise", as_typed=True)
    assert nearest is not None
    assert nearest.any is not None
    assert "sunrise" in nearest.any.shown["name"].lower()
    assert nearest.any.distance_m is not None


def test_a_slip_in_the_words_is_forgiven_where_nothing_is_spelled_so(world: SearchWorld) -> None:
    nearest = nearest_of(world, in_engine, q="sunrsie", as_typed=True)
    assert nearest is not None
    assert nearest.any is not None
    assert "sunrise" in nearest.any.shown["name"].lower()


@WAYS
def test_where_nobody_takes_the_card_none_is_told(world: SearchWorld, ask: Ask) -> None:
    nearest = nearest_of(world, ask, settlement=["outpatient:none", "inpatient:none"])
    assert nearest is not None
    assert nearest.any is not None
    assert nearest.card is None


@WAYS
@pytest.mark.parametrize(
    "asked",
    [
        {"lat": -1.2921, "lon": 36.8219, "radius_km": 30.0},
        {"country": ["LU"]},
        {**NOWHERE, "type": ["hospice"]},
    ],
    ids=repr,
)
def test_nothing_nearest_is_told_where_something_is_found_or_nothing_fits(
    world: SearchWorld, ask: Ask, asked: dict[str, Any]
) -> None:
    assert ask(world, world.request(**asked, facets=())).nearest is None
