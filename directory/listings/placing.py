"""Where a row is: its point checked against its country, its city matched, each from the other where one is missing."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from directory.models import Precision
from geodata.countries import INSIDE_M, position
from geodata.degrees import Angle, NoDegrees, parse_angle, parse_pair, read_decimal
from geodata.gazetteer import Gazetteer
from geodata.places import Place
from geodata.points import InvalidPoint, Point, haversine_m

# Farther from a row's own point than any city is wide: another city of that name must be meant.
NAMESAKE_M = 100_000.0


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a row is. `place` is the matched or nearest city; the point is exact unless it is the city's own."""

    point: Point | None
    precision: str | None
    place: Place | None
    warnings: tuple[str, ...]


class Placer:
    """Places rows by means of one gazetteer; remembers the cities that it matched last."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._match = lru_cache(maxsize=131_072)(gazetteer.match_city)

    def locate(self, country: str, lat: str, lon: str, city: str | None, region: str | None) -> Placing:
        """Where a row of this country (alpha-2) is, from its cells.

        Warnings: `swapped` (latitude and longitude were exchanged), `dropped_point` (no usable coordinates, or far
        outside the country), `placed_by_city`, `without_point` (nothing to place it by).
        """
        place = self._match(city, country, region=region) if city else None
        point, warnings = check_point(country, read_point(lat, lon, country), place)
        if point is not None:
            return Placing(point, Precision.exact.value, self._around(point, place, city, country), warnings)
        if place is not None:
            return Placing(place.point, Precision.place.value, place, (*warnings, "placed_by_city"))
        return Placing(None, None, None, (*warnings, "without_point"))

    def _around(self, point: Point, place: Place | None, city: str | None, country: str) -> Place | None:
        """The matched city, the one of its name that lies by the point, or else the nearest one."""
        if place and haversine_m(point, place.point) <= NAMESAKE_M:
            return place
        namesake = self._gazetteer.match_city(city, country, near=point) if place and city else None
        if namesake and haversine_m(point, namesake.point) <= NAMESAKE_M:
            return namesake
        return self._gazetteer.nearest(point, country)


Degrees = tuple[float, float]


def read_point(lat: str, lon: str, country: str) -> Degrees | Literal["missing", "unreadable"]:
    """(latitude, longitude) of two cells, or of one that holds both, not yet checked.

    (0, 0) lies in the sea and is what programs write for "unknown": it counts as missing.
    """
    if not lat and not lon:
        return "missing"
    north, east = read_decimal(lat), read_decimal(lon)
    if north is None or east is None:
        pair = _read_pair(lat, lon)
        if pair is None:
            return "unreadable"
        north, east = pair[0].degrees, _longitude(*pair, country)
    return (north, east) if north or east else "missing"


def _read_pair(lat: str, lon: str) -> tuple[Angle, Angle] | None:
    """Latitude and longitude; letters that name the other axis than the column's win."""
    try:
        first, second = parse_angle(lat), parse_angle(lon)
    except NoDegrees:
        # Both are in one cell, and perhaps in the other as well.
        return parse_pair(lat or lon) if not (lat and lon) or lat == lon else None
    if first.axis and first.axis == second.axis:
        return None
    return (second, first) if first.axis == "lon" or second.axis == "lat" else (first, second)


def _longitude(lat: Angle, lon: Angle, country: str) -> float:
    """Degrees east. An "O" is west, but where only the east lies in the row's country, it is Ost or oost."""
    if lon.doubtful:
        west, east = (_point(degrees, lat.degrees) for degrees in (lon.degrees, -lon.degrees))
        if east and position(country, east) == "inside" and not (west and position(country, west) == "inside"):
            return -lon.degrees
    return lon.degrees


def check_point(
    country: str, degrees: Degrees | Literal["missing", "unreadable"], place: Place | None
) -> tuple[Point | None, tuple[str, ...]]:
    """The point that a row of this country may use, and the warnings that it takes to use it or not to.

    `place` is the row's city, where it is known: what lies within INSIDE_M of a city of the country is inside the
    country by the rule of `position`, and need not be held against its outline.
    """
    if degrees == "missing":
        return None, ()
    if degrees == "unreadable":
        return None, ("dropped_point",)
    lat, lon = degrees
    point = _point(lon, lat)
    if point and place and haversine_m(point, place.point) <= INSIDE_M:
        return point, ()
    where = position(country, point) if point else "far"
    if where != "inside" and (swapped := _point(lat, lon)) and position(country, swapped) == "inside":
        return swapped, ("swapped",)
    return (None, ("dropped_point",)) if where == "far" else (point, ())


def _point(lon: float, lat: float) -> Point | None:
    """None where it is none. Files of the Pacific count on to 360 degrees east: 200 is 160 west."""
    try:
        return Point(lon - math.copysign(360, lon) if 180 < abs(lon) <= 360 else lon, lat)
    except InvalidPoint:
        return None
