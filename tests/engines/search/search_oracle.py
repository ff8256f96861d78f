"""The oracle: what a search must answer, computed over plain rows, knowing nothing of how the search does it."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.points import Point
from geodata.text import sort_key

Asked = Mapping[str, Any]  # the parameters of GET /v1/providers, read

EARTH_M = 6_371_008.7714
SHOWN = 50  # values of a facet
SETTLEMENT_VALUES = [
    f"{setting}:{means}"
    for setting in ("outpatient", "inpatient")
    for means in ("card", "guarantee_letter", "none", "direct")
]
_SINGLE = {"country": "country", "type": "type", "city": "place"}
_SEVERAL = {"specialty": "specialties", "language": "languages"}
_OF_AGREEMENT = ("network", "settlement", "tariff")


@dataclass(frozen=True, slots=True)
class InForce:
    """An agreement that is active today."""

    network: str
    outpatient: str
    inpatient: str
    tariff: bool

    def meets(self, networks: Sequence[str], settlements: Sequence[str], tariff: bool) -> bool:
        """Whether this one agreement satisfies everything at once."""
        return (
            (not networks or self.network in networks)
            and all(self._settles(*settlement.split(":")) for settlement in settlements)
            and (self.tariff or not tariff)
        )

    @property
    def gives_something(self) -> bool:
        """Whether the insurer pays any care directly under it, or a tariff was negotiated."""
        return self.tariff or {self.outpatient, self.inpatient} != {"none"}

    def _settles(self, setting: str, means: str) -> bool:
        settled = self.outpatient if setting == "outpatient" else self.inpatient
        return settled in ("card", "guarantee_letter") if means == "direct" else settled == means


@dataclass(frozen=True, slots=True)
class Listed:
    """A live listing."""

    id: int
    name: str
    type: str
    country: str
    place: str | None
    point: Point | None
    specialties: tuple[str, ...]
    languages: tuple[str, ...]
    agreements: tuple[InForce, ...]
    # Known by its city alone: its point is the city's.
    by_city: bool = False
    # How well it is known, by the rules of config/ranking.toml.
    standing: int = 0


class Oracle:
    """Answers by looking at every listing."""

    def __init__(self, listings: Iterable[Listed]) -> None:
        self.listings = list(listings)

    def find(self, asked: Asked) -> list[Listed]:
        """Every match, in the order that was asked for: by distance or by name, then by id.

        What is known by its city alone comes after all that has a point; at one point, what is known best comes first.
        """
        found = self.matches(asked)
        if asked.get("sort", "distance" if "lat" in asked else "name") == "distance":
            return sorted(found, key=lambda each: (each.by_city, self.distance_m(asked, each), -each.standing, each.id))
        return sorted(found, key=lambda each: (sort_key(each.name), each.id))

    def matches(self, asked: Asked) -> list[Listed]:
        """Every match."""
        return [each for each in self.listings if _matches(each, asked)]

    @staticmethod
    def distance_m(asked: Asked, listing: Listed) -> float:
        """Metres from the point that was asked for."""
        assert listing.point is not None
        return distance_m(Point(asked["lon"], asked["lat"]), listing.point)

    def facet(self, asked: Asked, facet: str) -> list[tuple[str, int]]:
        """The values of a facet with their counts, made without the facet's own filter."""
        parameter = "place" if facet == "city" else facet
        others = {name: value for name, value in asked.items() if name != parameter}
        chosen = ["true"] if asked.get(facet) is True else [str(value) for value in asked.get(parameter, ())]
        counts = self._count_choices(others, facet) if facet in _OF_AGREEMENT else self._count_values(others, facet)
        largest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
        shown = dict(largest) | {value: counts.get(value, 0) for value in chosen}
        return sorted(shown.items(), key=lambda item: (-item[1], item[0]))

    def _count_values(self, others: Asked, facet: str) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for each in self.matches(others):
            values = [getattr(each, _SINGLE[facet])] if facet in _SINGLE else getattr(each, _SEVERAL[facet])
            counts.update(value for value in values if value is not None)
        return counts

    def _count_choices(self, others: Asked, facet: str) -> dict[str, int]:
        values = {
            "network": sorted({a.network for each in self.listings for a in each.agreements}),
            "settlement": SETTLEMENT_VALUES,
            "tariff": ["true"],
        }[facet]
        counts = {
            value: len(self.matches({**others, facet: True if facet == "tariff" else [value]})) for value in values
        }
        return {value: count for value, count in counts.items() if count}


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance on the mean sphere, by the angle between two vectors: good at every distance."""
    (ax, ay, az), (bx, by, bz) = _vector(a), _vector(b)
    cross = math.hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx)
    return EARTH_M * math.atan2(cross, ax * bx + ay * by + az * bz)


def _vector(point: Point) -> tuple[float, float, float]:
    lon, lat = math.radians(point.lon), math.radians(point.lat)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _matches(each: Listed, asked: Asked) -> bool:
    return _offers(each, asked) and _lies_within(each.point, asked) and _settles(each, asked)


def _offers(each: Listed, asked: Asked) -> bool:
    has: dict[str, set[str | None]] = {
        "country": {each.country},
        "place": {each.place},
        "type": {each.type},
        "specialty": set(each.specialties),
        "language": set(each.languages),
    }
    return all(has[parameter] & set(map(str, asked[parameter])) for parameter in has if asked.get(parameter))


def _lies_within(point: Point | None, asked: Asked) -> bool:
    if "lat" not in asked and "bbox" not in asked:
        return True
    if point is None:
        return False
    if "lat" in asked and distance_m(Point(asked["lon"], asked["lat"]), point) > asked.get("radius_km", 25) * 1000:
        return False
    return "bbox" not in asked or _inside(point, *asked["bbox"])


def _settles(each: Listed, asked: Asked) -> bool:
    networks, settlements, tariff = (asked.get(name) for name in _OF_AGREEMENT)
    something = bool(asked.get("direct_or_tariff"))
    if not (networks or settlements or tariff or something):
        return True
    if not each.agreements and not networks and not tariff and not something:
        # Nobody settles anything: as the card says, members pay there, then claim.
        return all(settlement.endswith(":none") for settlement in settlements or ())
    kept = [a for a in each.agreements if a.gives_something or not something]
    return any(a.meets(networks or (), settlements or (), bool(tariff)) for a in kept)


def _inside(point: Point, west: float, south: float, east: float, north: float) -> bool:
    if not south <= point.lat <= north:
        return False
    # 180 and -180 are one meridian.
    lons = (180.0, -180.0) if abs(point.lon) == 180 else (point.lon,)
    if west <= east:
        return any(west <= lon <= east for lon in lons)
    return any(lon >= west or lon <= east for lon in lons)
