"""Filters, totals, orders and facets, each alone and many together, against the oracle and against SQL."""

import itertools
import random
from typing import Any

import pytest

from directory.search.request import Facet
from tests.engines.search.search_oracle import SETTLEMENT_VALUES, Asked, distance_m
from tests.engines.search.search_rows import LANGUAGES, NETWORKS, SPECIALTIES, TYPES
from tests.engines.search.search_world import ALL_FACETS, SearchWorld

# Points are stored to the centimetre in the engine: nearer than this, it may take either for the closer one.
ORDER_M = 0.05


def check(world: SearchWorld, asked: Asked) -> None:
    """Total, ids, order and facets of a search equal the oracle's."""
    results = world.search(**asked)
    expected = world.oracle.find(asked)
    assert results.total == len(expected)
    shown = [hit.shown["id"] for hit in results.hits]
    assert len(shown) == min(asked.get("limit", 20), len(expected))
    if asked.get("sort", "distance" if "lat" in asked else "name") == "distance":
        check_distances(world, asked, shown)
    else:
        assert shown == [each.id for each in expected[: len(shown)]]
    for facet in asked.get("facets", ALL_FACETS):
        counted = list(results.facets[facet.value].counts.items())
        assert counted == world.oracle.facet(asked, facet.value), facet


def check_distances(world: SearchWorld, asked: Asked, shown: list[int]) -> None:
    """The listings shown are the nearest, in their order; those at one point by their standing and id."""
    expected = world.oracle.find(asked)
    listed = {each.id: each for each in expected}
    assert len(set(shown)) == len(shown)
    assert set(shown) <= set(listed)
    for id_, nearest in zip(shown, expected, strict=False):
        gap_m = world.oracle.distance_m(asked, listed[id_]) - world.oracle.distance_m(asked, nearest)
        assert abs(gap_m) < ORDER_M
    for before, after in itertools.pairwise(listed[id_] for id_ in shown):
        assert before.by_city <= after.by_city
        assert (-before.standing, before.id) < (-after.standing, after.id) or before.point != after.point


def test_world_is_as_wide_as_it_should_be(world: SearchWorld) -> None:
    listings = world.oracle.listings
    points = [each.point for each in listings if each.point]
    assert len(world.rows) > 3000
    assert 50 < len(listings) - len(points) < 200
    assert {90.0, -90.0} <= {point.lat for point in points}
    assert {180.0, -180.0} <= {point.lon for point in points}
    assert len({each.place for each in listings}) > 100
    assert max(len(each.agreements) for each in listings) == 4


def test_import_keeps_every_point_as_it_was_given(world: SearchWorld) -> None:
    stored = {
        row.external_id: (row.lon, row.lat)
        for row in world.sql(
            "SELECT l.external_id, ST_X(c.point::geometry) AS lon, ST_Y(c.point::geometry) AS lat"
            "  FROM listing l JOIN location c ON c.id = l.location_id"
        )
    }
    moved = {
        id_: stored[id_]
        for id_, row in world.rows.items()
        if row.point and stored[id_] != (row.point.lon, row.point.lat)
    }
    assert moved == {}


SINGLE: list[dict[str, Any]] = [
    {},
    {"country": ["KE"]},
    {"country": ["EG", "FJ", "AQ"]},
    {"country": ["LU"]},
    {"place": [184745]},
    {"place": [184745, 360630]},
    *({"type": [code]} for code in TYPES),
    {"type": ["hospital", "clinic"]},
    {"type": ["hospice"]},
    *({"specialty": [code]} for code in SPECIALTIES),
    {"specialty": ["cardiology", "urology"]},
    *({"language": [code]} for code in LANGUAGES),
    {"language": ["en", "fr"]},
    *({"network": [code]} for code in NETWORKS),
    {"network": ["essential", "emergency"]},
    *({"settlement": [value]} for value in SETTLEMENT_VALUES),
    {"settlement": ["outpatient:card", "inpatient:card"]},
    {"settlement": ["outpatient:direct", "inpatient:none"]},
    {"settlement": ["outpatient:card", "outpatient:none"]},
    {"tariff": True},
    {"direct_or_tariff": True},
    {"direct_or_tariff": True, "network": ["worldwide"], "settlement": ["inpatient:none"]},
    {"lat": -1.2921, "lon": 36.8219},
    {"lat": -1.2921, "lon": 36.8219, "radius_km": 3.0},
    {"lat": -1.2921, "lon": 36.8219, "sort": "name"},
    {"bbox": (36.8, -1.3, 36.9, -1.2)},
]


@pytest.mark.parametrize("asked", SINGLE, ids=repr)
def test_each_filter_alone_finds_what_the_oracle_finds(world: SearchWorld, asked: Asked) -> None:
    check(world, asked)


def build_asked(rng: random.Random, world: SearchWorld) -> dict[str, Any]:
    """Some filters, each with values that listings have; mostly such that one listing at least has them all."""
    target = rng.choice(world.oracle.listings)
    asked: dict[str, Any] = {"limit": rng.choice((1, 7, 20, 100))}

    def several(value: Any, others: Any) -> list[Any]:
        return sorted({value, *rng.sample(sorted(others), rng.choice((0, 0, 1, 3)))})

    if rng.random() < 0.3:
        asked["country"] = several(target.country, {each.country for each in world.oracle.listings})
    if target.place and rng.random() < 0.15:
        asked["place"] = [int(place) for place in several(target.place, {"184745", "360630", "703448", "264371"})]
    if rng.random() < 0.25:
        asked["type"] = several(target.type, TYPES)
    if target.specialties and rng.random() < 0.25:
        asked["specialty"] = several(target.specialties[0], SPECIALTIES)
    if target.languages and rng.random() < 0.15:
        asked["language"] = several(target.languages[0], LANGUAGES)
    if rng.random() < 0.25:
        asked["network"] = several(rng.choice(NETWORKS), NETWORKS)
    if rng.random() < 0.3:
        asked["settlement"] = sorted(rng.sample(SETTLEMENT_VALUES, rng.choice((1, 1, 2))))
    if rng.random() < 0.2:
        asked["tariff"] = True
    if target.point and rng.random() < 0.4:
        asked |= {
            "lat": max(-90.0, min(90.0, target.point.lat + rng.gauss(0, 0.05))),
            "lon": (target.point.lon + rng.gauss(0, 0.05) + 540) % 360 - 180,
            "radius_km": rng.choice((0.1, 1.0, 5.0, 25.0, 100.0, 500.0)),
        }
        if rng.random() < 0.3:
            asked["sort"] = "name"
    if target.point and rng.random() < 0.15:
        width, height = rng.choice((0.02, 0.5, 20)), rng.choice((0.02, 0.5, 20))
        asked["bbox"] = (
            (target.point.lon - width + 540) % 360 - 180,
            max(-90.0, target.point.lat - height),
            (target.point.lon + width + 540) % 360 - 180,
            min(90.0, target.point.lat + height),
        )
    asked["facets"] = ALL_FACETS if rng.random() < 0.7 else tuple(rng.sample(ALL_FACETS, rng.randrange(4)))
    return asked


@pytest.mark.parametrize("seed", range(20))
def test_filters_together_find_what_the_oracle_finds(world: SearchWorld, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(15):
        asked = build_asked(rng, world)
        try:
            check(world, asked)
        except AssertionError as error:
            raise AssertionError(f"{asked}: {error}") from error


def choose(asked: Asked, facet: Facet, value: str) -> dict[str, Any]:
    """The search that a click on a facet's value makes: this value alone of its facet."""
    parameter = "place" if facet is Facet.city else facet.value
    chosen: Any = True if facet is Facet.tariff else [int(value) if facet is Facet.city else value]
    return {**asked, parameter: chosen, "facets": ()}


@pytest.mark.parametrize("seed", range(8))
def test_count_of_a_facet_value_is_the_total_of_the_search_that_chooses_it(world: SearchWorld, seed: int) -> None:
    rng = random.Random(1000 + seed)
    for _ in range(3):
        asked = build_asked(rng, world) | {"facets": ALL_FACETS, "limit": 1}
        results = world.search(**asked)
        for facet in ALL_FACETS:
            counts = results.facets[facet.value].counts
            for value in rng.sample(list(counts), min(3, len(counts))):
                total = world.search(**choose(asked, facet, value)).total
                assert counts[value] == total, (asked, facet, value)


@pytest.mark.parametrize(
    "asked",
    [
        {"country": ["KE", "EG"]},
        {"sort": "name", "type": ["hospital"], "tariff": True},
        {"lat": -1.2921, "lon": 36.8219, "radius_km": 10.0, "network": ["worldwide"]},
        {"bbox": (170.0, -90.0, -160.0, 90.0)},
    ],
    ids=repr,
)
def test_pages_together_hold_every_match_once_and_in_order(world: SearchWorld, asked: Asked) -> None:
    for limit in (7, 100):
        shown = [hit.shown["id"] for page in world.walk(**asked, limit=limit) for hit in page.hits]
        if "lat" in asked:
            check_distances(world, asked, shown)
        else:
            assert shown == [each.id for each in world.oracle.find(asked)]


def test_only_the_fifty_largest_cities_are_counted_and_the_chosen_one(world: SearchWorld) -> None:
    cities = world.search().facets["city"].counts
    assert len(cities) == 50
    small = min(each.place for each in world.oracle.listings if each.place and each.place not in cities)
    chosen = world.search(place=[int(small)]).facets["city"]
    assert len(chosen.counts) == 51
    assert small in chosen.counts
    assert chosen.selected == (small,)


def test_listings_that_are_not_active_are_never_found(world: SearchWorld) -> None:
    shown = {hit.shown["id"] for page in world.walk(limit=100) for hit in page.hits}
    for external_id, row in world.rows.items():
        assert (world.ids[external_id] in shown) is (row.status == "active"), row.status


def test_card_shows_agreements_in_force_and_no_others(world: SearchWorld) -> None:
    expected = {each.id: {a.network for a in each.agreements} for each in world.oracle.listings}
    for page in world.walk(limit=100, country=["KE"]):
        for hit in page.hits:
            assert {a["network"] for a in hit.shown.get("agreements", ())} == expected[hit.shown["id"]]


# The same questions in SQL: what is asked, and what of the tables answers it.
_IN_FORCE = (
    "EXISTS (SELECT FROM agreement a WHERE a.listing_id = l.id AND a.status = 'active'"
    " AND a.period @> CURRENT_DATE AND {})"
)
_OFFERS = "EXISTS (SELECT FROM listing_specialty s WHERE s.listing_id = l.id AND s.specialty = '{}')"
SQL_FILTERS: list[tuple[dict[str, Any], str, dict[str, str]]] = [
    ({}, "true", {}),
    (
        {"lat": -1.2921, "lon": 36.8219, "radius_km": 5.0, "country": ["KE"]},
        "ST_DWithin(c.point, ST_MakePoint(36.8219, -1.2921)::geography, 5000, false)",
        {"country": "c.country = 'KE'"},
    ),
    (
        {"type": ["hospital", "clinic"], "specialty": ["cardiology"]},
        "true",
        {
            "type": "l.type IN ('hospital', 'clinic')",
            "specialty": _OFFERS.format("cardiology"),
        },
    ),
    (
        {"network": ["worldwide"], "settlement": ["outpatient:direct"], "tariff": True, "country": ["EG", "KE"]},
        _IN_FORCE.format("a.network = 'worldwide' AND a.outpatient <> 'none' AND a.tariff"),
        {"country": "c.country IN ('EG', 'KE')"},
    ),
]
SQL_VALUES = {
    "country": "SELECT c.country",
    "city": "SELECT c.place_id::text WHERE c.place_id IS NOT NULL",
    "type": "SELECT l.type",
    "specialty": "SELECT s.specialty FROM listing_specialty s WHERE s.listing_id = l.id",
    "language": "SELECT unnest(l.languages)",
}


@pytest.mark.parametrize(("asked", "always", "own"), SQL_FILTERS, ids=lambda value: repr(value)[:60])
def test_facet_counts_are_those_that_sql_makes(
    world: SearchWorld, asked: dict[str, Any], always: str, own: dict[str, str]
) -> None:
    results = world.search(**asked)
    for facet, values in SQL_VALUES.items():
        others = " AND ".join(["l.status = 'active'", always, *(sql for name, sql in own.items() if name != facet)])
        counted = world.sql(
            f"SELECT v.value, count(*) FROM listing l JOIN location c ON c.id = l.location_id,"
            f' LATERAL ({values}) v (value) WHERE {others} GROUP BY 1 ORDER BY 2 DESC, v.value COLLATE "C" LIMIT 50'
        )
        shown = [(value, count) for value, count in results.facets[facet].counts.items() if count]
        assert shown[: len(counted)] == [tuple(row) for row in counted], facet


def test_nearest_listing_of_a_dense_city_is_told_with_its_distance(world: SearchWorld) -> None:
    asked = {"lat": -1.2921, "lon": 36.8219, "limit": 100}
    listed = {each.id: each for each in world.oracle.listings}
    hits = world.search(**asked).hits
    assert len(hits) == 100
    assert not any(listed[hit.shown["id"]].by_city for hit in hits)
    for hit in hits:
        point = listed[hit.shown["id"]].point
        assert point is not None
        assert hit.distance_m == pytest.approx(world.oracle.distance_m(asked, listed[hit.shown["id"]]), abs=0.01)
        assert distance_m(point, point) == 0
