"""The tables of data/ that add to GeoNames: names by language, parts of cities, airports, counties (data/README.md)."""

import lzma
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from geodata.countries import DATA


@dataclass(slots=True)
class MoreNames:
    """Of one city: names by language of readers, and names that are only searched for."""

    told: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class District:
    """A part of a city (GeoNames id), with its names, the best known first."""

    id: int
    city: int
    kind: str
    names: tuple[str, ...]
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Airport:
    """An airport with its IATA code and the town that it serves."""

    id: int
    code: str
    name: str
    city: str
    country: str
    lat: float
    lon: float
    time_zone: str


def _rows(name: str) -> Iterator[list[str]]:
    with lzma.open(DATA / f"{name}.tsv.xz", "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            yield line.rstrip("\n").split("\t")


def load_more_names() -> dict[int, MoreNames]:
    """More names of cities, by GeoNames id."""
    found: dict[int, MoreNames] = defaultdict(MoreNames)
    for number, language, name in _rows("place_names"):
        more = found[int(number)]
        if language:
            more.told[language] = name
        more.others.append(name)
    return found


def load_districts() -> Iterator[District]:
    """Parts of large cities, by id in each table."""
    for table in ("districts", "osm_districts"):
        for number, city, kind, name, other, lat, lon in _rows(table):
            yield District(int(number), int(city), kind, (name, other) if other else (name,), float(lat), float(lon))


def load_airports() -> Iterator[Airport]:
    """Airports, by code."""
    for number, code, name, city, country, lat, lon, zone in _rows("airports"):
        yield Airport(int(number), code, name, city, country, float(lat), float(lon), zone)


def load_counties() -> Iterator[tuple[str, str]]:
    """(region as "US.TX", name) of what lies in a region, and of regions by names of their own."""
    return ((region, name) for region, name in _rows("counties"))
