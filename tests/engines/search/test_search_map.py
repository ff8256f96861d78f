"""Maps: every listing of the box in exactly one cluster or by itself, whatever the box, the zoom and the filters."""

import math
import random
from collections import Counter
from typing import Any

import pytest

from directory.search import clusters
from directory.search.clusters import (
    MOST_APART,
    MOST_CELLS,
    MOST_CITIES,
    MOST_NAMED,
    Cluster,
    MapResults,
    Vague,
    cell_level,
    find_map,
)
from geodata.points import Bbox, Point
from tests.engines.search.search_oracle import Listed
from tests.engines.search.search_world import SearchWorld

WORLD = (-180.0, -90.0, 180.0, 90.0)
FIJI = (177.0, -20.0, -178.0, -15.0)
# Filters of every kind, none among them.
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"type": ("hospital", "clinic")},
    {"country": ("KE", "FJ"), "language": ("en",)},
    {"settlement": ("outpatient:direct",), "tariff": True},
    {"network": ("worldwide",), "specialty": ("cardiology", "paediatrics")},
    {"lat": -1.2921, "lon": 36.8219, "radius_km": 300.0},
)


def look(world: SearchWorld, bbox: tuple[float, ...], zoom: int, **asked: Any) -> MapResults:
    return find_map(world.request(**asked), Bbox(*bbox), zoom)


def point_of(listing: Listed) -> Point:
    assert listing.point is not None
    return listing.point


def hold(world: SearchWorld, found: MapResults, bbox: tuple[float, ...], asked: dict[str, Any]) -> None:
    """What is on the map against the oracle: every listing that is meant, once."""
    inside = world.oracle.matches({**asked, "bbox": bbox})
    hold_cities(found.somewhere, [each for each in inside if each.by_city])
    meant = {each.id: each for each in inside if not each.by_city}
    alone = [listing["id"] for listing in found.listings]
    assert found.total == len(meant)
    assert found.total == sum(cluster.count for cluster in found.clusters) + len(alone)
    assert len(alone) == len(set(alone))
    assert set(alone) <= set(meant)
    clustered = [each for id_, each in meant.items() if id_ not in set(alone)]
    for cluster in found.clusters:
        inside = [each for each in clustered if lies_in(cluster.bounds, point_of(each))]
        assert cluster.count == len(inside), cluster
        assert cluster.bounds.contains(cluster.center)
        assert_centroid(cluster, inside)
        assert cluster.same_point is (len({point_of(each) for each in inside}) == 1)


def hold_cities(somewhere: Vague, by_city: list[Listed]) -> None:
    """What only its city places is in a list: each city with its number, the best known by name."""
    assert somewhere.total == len(by_city)
    counts = Counter(each.place for each in by_city)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0] or ""))[:MOST_CITIES]
    assert [(city.place and str(city.place), city.count) for city in somewhere.cities] == ordered
    for city in somewhere.cities:
        there = [each for each in by_city if each.place == (city.place and str(city.place))]
        best = sorted(there, key=lambda each: (-each.standing, each.id))[:MOST_NAMED]
        assert [shown["id"] for shown in city.listings] == [each.id for each in best]


def lies_in(box: Bbox, point: Point) -> bool:
    """As `Bbox.contains`, but that 180 and -180 are two ends of the map: no cell reaches over them."""
    return box.west <= point.lon <= box.east and box.south <= point.lat <= box.north


def assert_centroid(cluster: Cluster, listings: list[Listed]) -> None:
    lon = math.fsum(point_of(each).lon for each in listings) / len(listings)
    lat = math.fsum(point_of(each).lat for each in listings) / len(listings)
    assert (cluster.center.lon, cluster.center.lat) == pytest.approx((lon, lat), abs=2e-6)


@pytest.mark.parametrize("asked", FILTERS, ids=lambda asked: " ".join(asked) or "none")
@pytest.mark.parametrize("zoom", [0, 3, 7, 12, 20])
def test_every_listing_of_the_world_is_on_its_map_once(world: SearchWorld, zoom: int, asked: dict[str, Any]) -> None:
    hold(world, look(world, WORLD, zoom, **asked), WORLD, asked)


@pytest.mark.parametrize("seed", range(6))
def test_every_listing_of_a_box_is_on_its_map_once(world: SearchWorld, seed: int) -> None:
    rng = random.Random(seed)
    listed = [each for each in world.oracle.listings if each.point]
    for _ in range(8):
        center, asked, zoom = point_of(rng.choice(listed)), rng.choice(FILTERS), rng.randint(0, 20)
        half = rng.choice((0.01, 0.3, 5.0, 40.0))
        # Now and then a box across the antimeridian, or one that ends at a listing.
        west, east = center.lon if rng.random() < 0.3 else center.lon - half, center.lon + half
        south, north = max(-90.0, center.lat - half), min(90.0, center.lat + half)
        bbox = ((west + 540) % 360 - 180, south, (east + 540) % 360 - 180, north)
        hold(world, look(world, bbox, zoom, **asked), bbox, asked)


@pytest.mark.parametrize("zoom", [0, 5, 9, 16])
def test_box_across_the_antimeridian_has_both_of_its_sides(world: SearchWorld, zoom: int) -> None:
    found = look(world, FIJI, zoom)
    hold(world, found, FIJI, {})
    lons = [each["location"]["lon"] for each in found.listings] + [cluster.center.lon for cluster in found.clusters]
    assert min(lons) < 0 < max(lons)


def test_search_in_the_box_of_a_cluster_finds_what_is_in_it(world: SearchWorld) -> None:
    found = look(world, (-20.0, -40.0, 60.0, 60.0), 4)
    assert len(found.clusters) > 20
    for cluster in found.clusters:
        box = cluster.bounds
        asked = {"bbox": (box.west, box.south, box.east, box.north)}
        by_city = [each for each in world.oracle.matches(asked) if each.by_city]
        assert world.search(**asked).total == cluster.count + len(by_city)


def test_closer_map_parts_what_a_wider_one_gathers(world: SearchWorld) -> None:
    counts = [len(look(world, WORLD, zoom).clusters) for zoom in range(4)]
    assert counts == sorted(set(counts))


def test_few_listings_are_each_shown_whatever_the_zoom(world: SearchWorld) -> None:
    asked = {"country": ("FJ",), "type": ("hospital",)}
    shown = [look(world, WORLD, zoom, **asked) for zoom in (0, 9, 20)]
    assert 0 < shown[0].total <= MOST_APART
    assert shown[0] == shown[1] == shown[2]
    assert all(cluster.same_point for cluster in shown[0].clusters)


@pytest.mark.parametrize("most_apart", [MOST_APART, 0])
def test_listings_at_one_point_never_come_apart(
    world: SearchWorld, monkeypatch: pytest.MonkeyPatch, most_apart: int
) -> None:
    # With none shown for being few, the engine's cells tell the same.
    monkeypatch.setattr(clusters, "MOST_APART", most_apart)
    listed = [each for each in world.oracle.listings if not each.by_city]
    points = Counter(each.point for each in listed if each.point and abs(each.point.lon) < 180)
    shared = [(point, count) for point, count in points.most_common(10) if count > 1 and abs(point.lat) < 85]
    assert len(shared) > 3
    for point, count in shared:
        bbox = (point.lon - 0.001, point.lat - 0.001, point.lon + 0.001, point.lat + 0.001)
        [cluster] = look(world, bbox, 20).clusters
        assert (cluster.count, cluster.same_point) == (count, True)
        assert (cluster.center.lon, cluster.center.lat) == pytest.approx((point.lon, point.lat), abs=1e-6)
        box = cluster.bounds
        assert world.search(bbox=(box.west, box.south, box.east, box.north)).total >= count


def test_few_listings_are_the_same_when_the_engine_counts_them(
    world: SearchWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    bbox = (36.8219, -1.2921, 36.95, -1.2)
    by_themselves = look(world, bbox, 20)
    monkeypatch.setattr(clusters, "MOST_APART", 0)
    counted = look(world, bbox, 20)
    assert 10 < by_themselves.total == counted.total <= MOST_APART
    assert counted.listings
    shown = {listing["id"]: listing for listing in by_themselves.listings}
    assert all(shown[listing["id"]] == listing for listing in counted.listings)
    hold(world, counted, bbox, {})


def test_map_forgives_a_typo_as_the_search_does(world: SearchWorld) -> None:
    seen = set()
    for words in ("hospital", "hermony", "sunrsie", "zzzzqqq"):
        search = world.search(q=words, bbox=WORLD)
        found = look(world, WORLD, 2, q=words)
        assert (found.total + found.somewhere.total, found.forgiving) == (search.total, search.forgiving)
        seen.add((found.forgiving, found.total > 0))
    assert seen >= {(False, True), (True, True)}


def test_empty_box_has_an_empty_map(world: SearchWorld) -> None:
    assert look(world, (-150.0, -60.0, -140.0, -50.0), 6) == MapResults((), (), 0)


@pytest.mark.parametrize("zoom", range(21))
@pytest.mark.parametrize("bbox", [WORLD, FIJI, (36.6, -1.5, 37.1, -1.1), (0.0, 0.0, 0.0, 0.0), (1.0, 90.0, 2.0, 90.0)])
def test_cells_are_never_too_many_and_never_smaller_than_the_zoom_asks(bbox: tuple[float, ...], zoom: int) -> None:
    box = Bbox(*bbox)
    level = cell_level(box, zoom)
    width = 360 / 2**level
    cells = ((box.east - box.west) % 360 or (360 if box.west < box.east else 0)) / width
    assert cells <= MOST_CELLS
    assert 0 <= level <= zoom + 2
    if bbox[0] == bbox[2]:
        assert level == zoom + 2
