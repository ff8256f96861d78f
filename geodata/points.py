"""Points and boxes on WGS 84, longitude before latitude, and the distance that both stores must agree on."""

import math
from dataclasses import dataclass

# The sphere that Lucene measures on, so that distances computed here equal the search engine's.
EARTH_RADIUS_M = 6_371_008.7714


class InvalidPoint(ValueError):
    """A latitude or longitude that is no number or lies outside its range; the message says what is allowed."""


class InvalidBbox(ValueError):
    """A box that cannot be read; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point in degrees: longitude -180 to 180, latitude -90 to 90. Raises InvalidPoint outside them."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not -180 <= self.lon <= 180:  # also refuses nan
            raise InvalidPoint(f"longitude must be a number from -180 to 180, not {self.lon}")
        if not -90 <= self.lat <= 90:
            raise InvalidPoint(f"latitude must be a number from -90 to 90, not {self.lat}")

    def swapped(self) -> "Point":
        """The point with longitude and latitude exchanged; InvalidPoint where that is none."""
        return Point(self.lat, self.lon)


@dataclass(frozen=True, slots=True)
class Bbox:
    """A box in degrees, its edges included. With west > east it crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not (-180 <= self.west <= 180 and -180 <= self.east <= 180):
            raise InvalidBbox(f"west and east must be from -180 to 180, not {self.west} and {self.east}")
        if not (-90 <= self.south <= 90 and -90 <= self.north <= 90):
            raise InvalidBbox(f"south and north must be from -90 to 90, not {self.south} and {self.north}")
        if self.south > self.north:
            raise InvalidBbox(f"south must not lie above north: {self.south} > {self.north}")

    @property
    def crosses_antimeridian(self) -> bool:
        """Whether the box runs from its west edge over 180 degrees to its east edge."""
        return self.west > self.east

    def contains(self, point: Point) -> bool:
        """Whether the point lies in the box or on its edge; 180 and -180 degrees are the same meridian."""
        if not self.south <= point.lat <= self.north:
            return False
        if self.crosses_antimeridian:
            return point.lon >= self.west or point.lon <= self.east
        if self.west <= point.lon <= self.east:
            return True
        return abs(point.lon) == 180 and self.west <= -point.lon <= self.east

    def split(self) -> tuple["Bbox", ...]:
        """The same area as boxes that do not cross the antimeridian: one, or the western and the eastern."""
        if not self.crosses_antimeridian:
            return (self,)
        return Bbox(self.west, self.south, 180.0, self.north), Bbox(-180.0, self.south, self.east, self.north)


def haversine_m(a: Point, b: Point) -> float:
    """Great-circle distance in metres on the sphere of EARTH_RADIUS_M (haversine formula)."""
    return distance_m(a, b.lon, b.lat)


def distance_m(a: Point, lon: float, lat: float) -> float:
    """As `haversine_m`, to a place in degrees that is known to be a point, such as one of the index."""
    lat_a, lat_b = math.radians(a.lat), math.radians(lat)
    half_chord = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(lon - a.lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, half_chord)))


def bounding_box(center: Point, radius_m: float) -> Bbox:
    """The smallest box that holds every point within radius_m of the centre, at the poles and past 180 degrees.

    A box around a pole has every longitude. Formula: J. P. Matuschek, "Finding points within a distance of a
    latitude/longitude using bounding coordinates".
    """
    if not (math.isfinite(radius_m) and radius_m >= 0):
        raise ValueError(f"radius_m must be a number of metres, 0 or more, not {radius_m}")
    angle = radius_m / EARTH_RADIUS_M
    # A few centimetres wider, so that rounding never cuts off what lies exactly on the circle.
    lat, rise = math.radians(center.lat), math.degrees(angle) + 1e-6
    south, north = max(-90.0, center.lat - rise), min(90.0, center.lat + rise)
    reach = math.sin(min(angle, math.pi / 2)) / max(math.cos(lat), 1e-12)
    if south == -90.0 or north == 90.0 or reach >= 1:
        return Bbox(-180.0, south, 180.0, north)
    spread = math.degrees(math.asin(reach)) * (1 + 1e-9) + 1e-6
    if spread >= 180:
        return Bbox(-180.0, south, 180.0, north)
    return Bbox(_wrap(center.lon - spread), south, _wrap(center.lon + spread), north)


def parse_point(lat: str | float, lon: str | float) -> Point:
    """A point from two words or numbers, latitude first as the query parameters come; raises InvalidPoint."""
    return Point(_parse_degrees(lon, "longitude", 180), _parse_degrees(lat, "latitude", 90))


def parse_bbox(text: str) -> Bbox:
    """A box from "west,south,east,north" in degrees; raises InvalidBbox."""
    edges: list[float] = []
    for part in text.split(","):
        try:
            edges.append(float(part))
        except ValueError:
            raise InvalidBbox(
                f'bbox must be "west,south,east,north" in degrees; {part.strip()!r} is no number'
            ) from None
    if len(edges) != 4:
        raise InvalidBbox(f'bbox must be four numbers, "west,south,east,north", not {len(edges)}')
    return Bbox(*edges)


def _parse_degrees(value: str | float, name: str, limit: int) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InvalidPoint(f"{name} must be a number from -{limit} to {limit}, not {value!r}") from None


def _wrap(lon: float) -> float:
    return lon - 360 if lon > 180 else lon + 360 if lon < -180 else lon
