"""Points, boxes and distances, with the poles and the antimeridian as ordinary places."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.points import (
    EARTH_RADIUS_M,
    Bbox,
    InvalidBbox,
    InvalidPoint,
    Point,
    bounding_box,
    haversine_m,
    parse_bbox,
    parse_point,
)

lons = st.floats(-180, 180)
lats = st.floats(-90, 90)
points = st.builds(Point, lons, lats)


def destination(start: Point, bearing: float, distance_m: float) -> Point:
    """Where one arrives after distance_m from the start, bearing in radians (spherical law of sines)."""
    lat, angle = math.radians(start.lat), distance_m / EARTH_RADIUS_M
    sine = math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing)
    end_lat = math.asin(max(-1.0, min(1.0, sine)))
    east = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(lat), math.cos(angle) - math.sin(lat) * math.sin(end_lat)
    )
    lon = (start.lon + math.degrees(east) + 540) % 360 - 180
    return Point(lon, max(-90.0, min(90.0, math.degrees(end_lat))))


def test_distance_between_cities_is_known() -> None:
    nairobi, kinshasa = Point(36.81667, -1.28333), Point(15.31357, -4.32758)
    assert haversine_m(nairobi, kinshasa) == pytest.approx(2_412_000, rel=0.005)


def test_distance_across_the_antimeridian_is_short() -> None:
    assert haversine_m(Point(179.9, 0), Point(-179.9, 0)) == pytest.approx(22_239, abs=2)


def test_half_the_earth_is_the_longest_distance() -> None:
    assert haversine_m(Point(0, 90), Point(123, -90)) == pytest.approx(math.pi * EARTH_RADIUS_M)


@given(points, points)
def test_distance_is_the_same_both_ways(a: Point, b: Point) -> None:
    assert haversine_m(a, b) == pytest.approx(haversine_m(b, a), abs=1e-6)


@pytest.mark.parametrize(
    ("lon", "lat"), [(180.1, 0), (-181, 0), (0, 90.5), (math.nan, 0), (0, math.nan), (math.inf, 0)]
)
def test_point_off_the_globe_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(InvalidPoint, match="must be a number from"):
        Point(lon, lat)


@pytest.mark.parametrize(("lat", "lon"), [("north", "1"), ("", "1"), ("1", "nan"), ("1", "inf"), ("91", "1")])
def test_words_that_are_no_point_are_refused(lat: str, lon: str) -> None:
    with pytest.raises(InvalidPoint, match=r"(latitude|longitude) must be a number from -\d+ to \d+"):
        parse_point(lat, lon)


def test_point_is_read_latitude_first() -> None:
    assert parse_point("-1.28", 36.8) == Point(lon=36.8, lat=-1.28)


def test_swapped_point_exchanges_its_numbers() -> None:
    assert Point(36.8, -1.3).swapped() == Point(-1.3, 36.8)
    with pytest.raises(InvalidPoint):
        Point(120, 14).swapped()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,2,3", "four numbers"),
        ("", "no number"),
        ("1,2,3,x", "'x' is no number"),
        ("1,2,3,4,5", "not 5"),
        ("1,2,nan,4", "from -180 to 180"),
        ("1,-inf,2,4", "from -90 to 90"),
        ("1,4,2,3", "south must not lie above north"),
        ("-181,0,0,1", "from -180 to 180"),
    ],
)
def test_words_that_are_no_box_are_refused_with_what_is_allowed(text: str, message: str) -> None:
    with pytest.raises(InvalidBbox, match=message):
        parse_bbox(text)


def test_box_across_the_antimeridian_holds_both_sides() -> None:
    fiji = parse_bbox("176, -20, -178, -15")
    assert fiji.crosses_antimeridian
    assert fiji.contains(Point(177, -18))
    assert fiji.contains(Point(-179, -18))
    assert not fiji.contains(Point(0, -18))
    assert not fiji.contains(Point(177, -21))
    assert fiji.split() == (Bbox(176, -20, 180, -15), Bbox(-180, -20, -178, -15))


def test_box_up_to_180_holds_the_same_meridian_named_minus_180() -> None:
    assert Bbox(170, -10, 180, 10).contains(Point(-180, 0))


@given(st.builds(Bbox, lons, st.floats(-90, 0), lons, st.floats(0, 90)), points)
def test_split_boxes_hold_the_same_points(box: Bbox, point: Point) -> None:
    assert box.contains(point) == any(part.contains(point) for part in box.split())


@given(points, st.floats(0, 5_000_000), st.floats(0, 2 * math.pi), st.floats(0, 1))
def test_every_point_within_the_radius_lies_in_the_box(
    center: Point, radius_m: float, bearing: float, share: float
) -> None:
    assert bounding_box(center, radius_m).contains(destination(center, bearing, radius_m * share))


def test_box_around_a_pole_has_every_longitude() -> None:
    box = bounding_box(Point(20, 89.9), 50_000)
    assert (box.west, box.east, box.north) == (-180, 180, 90)
    assert box.south == pytest.approx(89.45, abs=0.01)


def test_box_across_the_antimeridian_is_narrow() -> None:
    box = bounding_box(Point(179.9, -17), 50_000)
    assert box.west == pytest.approx(179.43, abs=0.01)
    assert box.east == pytest.approx(-179.63, abs=0.01)


@pytest.mark.parametrize("radius_m", [-1, math.nan, math.inf])
def test_radius_that_is_no_length_is_refused(radius_m: float) -> None:
    with pytest.raises(ValueError, match="radius_m"):
        bounding_box(Point(0, 0), radius_m)
