"""What lies around a proposed provider, as a small map: listings nearby, placed in a square."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from directory.runtime import deadline
from directory.search.look_alikes import find_hits
from directory.search.request import Circle, SearchRequest, Sort
from geodata.points import Point

RADII_KM = (2.0, 10.0, 50.0)
MOST = 40
AROUND_S = 0.4
# Fewer than these, and the next larger circle is looked at.
_ENOUGH = 8


@dataclass(frozen=True, slots=True)
class Spot:
    """A listing on the map: `x` and `y` from -1 to 1, east and north of the middle."""

    shown: Mapping[str, Any]
    distance_m: float
    x: float
    y: float
    number: int


@dataclass(frozen=True, slots=True)
class Around:
    """The square around a point, and who is in it, the nearest first."""

    radius_km: float
    spots: tuple[Spot, ...]


def find_around(point: Point) -> Around:
    """Listings around a point; none where search cannot answer."""
    around = Around(RADII_KM[0], ())
    for radius_km in RADII_KM:
        circle = Circle(point, radius_km * 1000)
        # What is somewhere in its city is not known to be around.
        request = SearchRequest(circle=circle, by_city=False, sort=Sort.distance, facets=(), limit=MOST)
        with deadline.sooner(AROUND_S):
            hits = find_hits(request)
        if hits is None:
            return around
        spots = tuple(
            _spot(point, hit.shown, hit.distance_m or 0.0, radius_km, number) for number, hit in enumerate(hits, 1)
        )
        around = Around(radius_km, spots)
        if len(spots) >= _ENOUGH:
            break
    return around


def _spot(middle: Point, shown: Mapping[str, Any], distance_m: float, radius_km: float, number: int) -> Spot:
    at = shown["location"]
    # Of the shorter way round the world, as far as it is east; a small map needs no other projection.
    east = (at["lon"] - middle.lon + 180) % 360 - 180
    north = at["lat"] - middle.lat
    east_km = east * 111.195 * math.cos(math.radians(middle.lat))
    return Spot(shown, distance_m, east_km / radius_km, north * 111.195 / radius_km, number)
