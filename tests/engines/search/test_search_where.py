"""Circles and boxes at the ends of the earth, across the antimeridian, and to the metre."""

import random
from typing import Any

import pytest

from geodata.points import Point
from tests.engines.search.search_oracle import Listed, distance_m
from tests.engines.search.search_world import SearchWorld


def ids(listings: list[Listed]) -> set[int]:
    return {each.id for each in listings}


def found_ids(world: SearchWorld, **asked: Any) -> set[int]:
    shown = [hit.shown["id"] for page in world.walk(**asked, limit=100) for hit in page.hits]
    assert len(shown) == len(set(shown))
    return set(shown)


@pytest.mark.parametrize("radius_km", [0.1, 1.0, 25.0, 111.0, 500.0])
@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (0.0, 90.0),
        (77.0, 90.0),
        (-180.0, 89.95),
        (0.0, -90.0),
        (-140.0, -89.9),
        (180.0, -16.85),
        (-180.0, -16.85),
        (179.9, -16.8),
        (-179.95, -16.9),
        (179.99, 66.3),
        (36.8219, -1.2921),
        (0.0, 0.0),
    ],
)
def test_circle_finds_what_lies_in_it(world: SearchWorld, lon: float, lat: float, radius_km: float) -> None:
    asked = {"lat": lat, "lon": lon, "radius_km": radius_km}
    assert found_ids(world, **asked) == ids(world.oracle.matches(asked))


def test_circles_of_this_file_meet_listings_on_both_sides_of_the_antimeridian(world: SearchWorld) -> None:
    near = world.oracle.matches({"lat": -16.85, "lon": 180.0, "radius_km": 25})
    east = [each for each in near if each.point and each.point.lon > 0]
    assert len(near) > len(east) > 10
    assert len(world.oracle.matches({"lat": 90.0, "lon": 0.0, "radius_km": 111})) > 8
    assert len(world.oracle.matches({"lat": -90.0, "lon": 0.0, "radius_km": 111})) > 30


@pytest.mark.parametrize("seed", range(5))
def test_listing_is_found_to_the_metre(world: SearchWorld, seed: int) -> None:
    rng = random.Random(seed)
    listed = [each for each in world.oracle.listings if each.point]
    for _ in range(12):
        target, center = rng.choice(listed), random_center(rng, rng.choice(listed))
        assert target.point is not None
        distance = distance_m(center, target.point)
        if not 101 < distance < 499_000:
            target = min(listed, key=lambda each: abs(distance_m(center, each.point or center) - 5_000))
            assert target.point is not None
            distance = distance_m(center, target.point)
        for metres, inside in ((1, True), (-1, False)):
            asked = {"lat": center.lat, "lon": center.lon, "radius_km": (distance + metres) / 1000}
            assert (target.id in found_ids(world, **asked)) is inside, (center, target)


def random_center(rng: random.Random, near: Listed) -> Point:
    """A point some kilometres from a listing."""
    assert near.point is not None
    lon = (near.point.lon + rng.gauss(0, 0.3) + 540) % 360 - 180
    return Point(lon, max(-90.0, min(90.0, near.point.lat + rng.gauss(0, 0.3))))


@pytest.mark.parametrize(
    "bbox",
    [
        (179.0, -20.0, -179.0, -10.0),
        (179.95, -17.2, -179.95, -16.5),
        (170.0, 60.0, -170.0, 70.0),
        (-180.0, -20.0, -179.0, -10.0),
        (179.0, -20.0, 180.0, -10.0),
        (180.0, -17.0, -179.9, -16.0),
        (179.9, -17.0, -180.0, -16.0),
        (-180.0, -90.0, 180.0, 90.0),
        (-180.0, -90.0, 180.0, -89.0),
        (-180.0, 89.0, 180.0, 90.0),
        (0.0, -90.0, 90.0, -89.9),
        (10.0, -90.0, -10.0, 90.0),
        (36.8, -1.3, 36.8, -1.3),
        (36.0, -2.0, 37.0, -1.0),
    ],
)
def test_box_finds_what_lies_in_it(world: SearchWorld, bbox: tuple[float, ...]) -> None:
    asked = {"bbox": bbox}
    assert found_ids(world, **asked) == ids(world.oracle.matches(asked))


@pytest.mark.parametrize("seed", range(3))
def test_listing_on_the_edge_of_a_box_is_in_it(world: SearchWorld, seed: int) -> None:
    rng = random.Random(seed)
    listed = [each for each in world.oracle.listings if each.point and abs(each.point.lat) < 85]
    for target in rng.sample(listed, 12):
        assert target.point is not None
        lon, lat = target.point.lon, target.point.lat
        west, east = (lon - 0.5 + 540) % 360 - 180, (lon + 0.5 + 540) % 360 - 180
        for edge, bbox in {
            "west": (lon, lat - 0.5, east, lat + 0.5),
            "east": (west, lat - 0.5, lon, lat + 0.5),
            "south": (west, lat, east, lat + 0.5),
            "north": (west, lat - 0.5, east, lat),
            "all": (lon, lat, lon, lat),
        }.items():
            assert target.id in found_ids(world, bbox=bbox), (edge, target)


def test_listing_just_outside_a_box_is_not_in_it(world: SearchWorld) -> None:
    listed = [each for each in world.oracle.listings if each.point and abs(each.point.lat) < 85]
    for target in random.Random(7).sample(listed, 12):
        assert target.point is not None
        lon, lat = target.point.lon, target.point.lat
        east, north = (lon + 1 + 540) % 360 - 180, lat + 1
        # A metre or so.
        for bbox in ((lon, lat + 1e-5, east, north), ((lon + 1e-5 + 540) % 360 - 180, lat, east, north)):
            assert target.id not in found_ids(world, bbox=bbox), target


def test_listing_without_a_point_is_found_only_where_no_place_is_asked_for(world: SearchWorld) -> None:
    pointless = {each.id for each in world.oracle.listings if each.point is None}
    assert pointless <= found_ids(world)
    assert not pointless & found_ids(world, bbox=(-180.0, -90.0, 180.0, 90.0))
    # Anywhere on earth is within 500 km of nowhere for them.
    assert not pointless & found_ids(world, lat=-1.29, lon=36.82, radius_km=500.0, sort="name")


def test_circle_and_box_together_ask_for_both(world: SearchWorld) -> None:
    asked = {"lat": -1.2921, "lon": 36.8219, "radius_km": 8.0, "bbox": (36.8219, -1.4, 36.9, -1.2)}
    expected = ids(world.oracle.matches(asked))
    assert 10 < len(expected) < len(world.oracle.matches({"lat": -1.2921, "lon": 36.8219, "radius_km": 8.0}))
    assert found_ids(world, **asked) == expected
