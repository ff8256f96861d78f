"""The map that PostGIS answers shows what OpenSearch shows, in the same cells."""

import random
from collections import Counter
from typing import Any

import pytest

from directory.errors import SearchUnavailable
from directory.search.clusters import Cluster, MapResults, find_map
from directory.search.postgis.map import find_map_in_sql
from directory.search.request import SearchRequest
from geodata.points import Bbox
from tests.engines.search.search_world import SEED, SearchWorld
from tests.engines.search.test_search_filters import build_asked

ROUNDS = 10
REQUESTS = 20
# A listing within a hair of the line between two cells may be counted on the other side: the engine rounds points.
NEAR_A_LINE = 2


def in_sql(world: SearchWorld, request: SearchRequest, bbox: Bbox, zoom: int) -> MapResults:
    return find_map_in_sql(world.stores.engine, request, bbox, zoom, seconds=10.0)


def box_of(rng: random.Random) -> Bbox:
    if rng.random() < 0.2:
        return Bbox(rng.uniform(100, 180), -60.0, rng.uniform(-180, -100), 70.0)  # over the antimeridian
    west, south = rng.uniform(-180, 100), rng.uniform(-90, 40)
    return Bbox(west, south, rng.uniform(west, 180), rng.uniform(south, 90))


def counts(results: MapResults) -> Counter[int]:
    return Counter(cluster.count for cluster in results.clusters)


def named(results: MapResults) -> tuple[int, list[Any]]:
    """What is somewhere in a city: how much in all, and city by city with the ids that are named."""
    cities = [(city.place, city.count, [shown["id"] for shown in city.listings]) for city in results.somewhere.cities]
    return results.somewhere.total, cities


def holds(cluster: Cluster) -> bool:
    return cluster.bounds.contains(cluster.center)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_both_engines_show_the_same_map(world: SearchWorld, number: int) -> None:
    rng = random.Random(f"{SEED} map {number}")
    for _ in range(REQUESTS):
        asked = {name: said for name, said in build_asked(rng, world).items() if name not in ("bbox", "sort", "cursor")}
        request, bbox, zoom = world.request(**asked), box_of(rng), rng.randint(0, 14)
        ours, theirs = find_map(request, bbox, zoom), in_sql(world, request, bbox, zoom)
        assert ours.total == theirs.total, (request, bbox, zoom)
        assert named(ours) == named(theirs), (request, bbox, zoom)
        assert theirs.total == sum(cluster.count for cluster in theirs.clusters) + len(theirs.listings)
        different = (counts(ours) - counts(theirs)) + (counts(theirs) - counts(ours))
        assert sum(different.values()) <= 2 * NEAR_A_LINE, (request, bbox, zoom)
        shown, shown_in_sql = ({listing["id"] for listing in results.listings} for results in (ours, theirs))
        assert len(shown ^ shown_in_sql) <= NEAR_A_LINE, (request, bbox, zoom)
        assert all(map(holds, theirs.clusters))
        assert theirs.degraded


def test_the_whole_world_is_a_few_clusters(world: SearchWorld) -> None:
    request, bbox = world.request(), Bbox(-180.0, -90.0, 180.0, 90.0)
    ours, theirs = find_map(request, bbox, 1), in_sql(world, request, bbox, 1)
    assert len(theirs.clusters) > 3
    assert counts(ours) == counts(theirs)


def test_a_map_that_takes_too_long_is_given_up(world: SearchWorld) -> None:
    with pytest.raises(SearchUnavailable):
        find_map_in_sql(world.stores.engine, world.request(), Bbox(-10.0, -10.0, 10.0, 10.0), 3, seconds=0.0)
