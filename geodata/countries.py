"""Countries: their codes, the names people give them, and whether a point lies in, near or far from one.

Codes are ISO 3166-1 alpha-2 and XK. What the files in geodata/data hold and where it comes from: data/README.md.
"""

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geodata.points import Bbox, Point
from geodata.small_words import IN_NAMES_OF_COUNTRIES
from geodata.text import fold

if TYPE_CHECKING:
    from geodata.outlines import Outlines

DATA = Path(__file__).parent / "data"

# Ports, islets and border towns lie a little outside a simplified outline.
INSIDE_M = 10_000
NEAR_M = 50_000
ANTARCTICA_NORTH = -60.0

# Points in the second are also taken for the first: providers' files name the state where the code list has a
# territory of its own, and where governments and the code list disagree about an area a file may follow either.
FILED_UNDER = {
    "AU": ("CC", "CX", "HM", "NF"),
    "CN": ("HK", "MO", "TW"),
    "DK": ("FO", "GL"),
    "FI": ("AX",),
    "FR": ("BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"),
    "GB": ("GG", "GI", "IM", "JE"),
    "IL": ("PS",),
    "MA": ("EH",),
    "NL": ("AW", "BQ", "CW", "SX"),
    "NO": ("BV", "SJ"),
    "NZ": ("CK", "NU", "TK"),
    "RS": ("XK",),
    "US": ("AS", "GU", "MP", "PR", "UM", "VI"),
}

Position = Literal["inside", "near", "far"]


@dataclass(frozen=True)
class Country:
    """A country: ISO codes, its name in each language of readers, and other names by which it is known."""

    code: str
    alpha3: str
    names: dict[str, str]
    other_names: tuple[str, ...]


@lru_cache(maxsize=1)
def load_countries() -> dict[str, Country]:
    """All countries by alpha-2 code."""
    rows = json.loads((DATA / "countries.json").read_text(encoding="utf-8"))
    return {code: Country(code, row["alpha3"], row["names"], tuple(row["other_names"])) for code, row in rows.items()}


def country_name(code: str, lang: str = "en") -> str:
    """The country's name in en, fr, es or ar; other languages fall back to en. KeyError for an unknown code."""
    names = load_countries()[code].names
    return names.get(lang.partition("-")[0], names["en"])


def find_country(words: str) -> str | None:
    """Alpha-2 code of a code (alpha-2, alpha-3) or a name in any of the known languages; None when it is none.

    What could be two countries is given to one: "Congo" is CG (its short name in ISO 3166), "Korea" KR, "Guinea"
    GN, "Virgin Islands" VI, "Saint Martin" MF, "Samoa" WS; the choices are in data/country_names.toml.
    """
    return _codes_by_words().get(_name_key(words))


def countries_starting(prefix: str) -> set[str]:
    """Alpha-2 codes of the countries with a code or name, in any known language, that starts so."""
    key = _name_key(prefix)
    return {code for name, code in _codes_by_words().items() if name.startswith(key)} if key else set()


@lru_cache(maxsize=1)
def everyday_abbreviations() -> frozenset[str]:
    """Folded abbreviations that people write for a country without having a list of codes: "uk", "drc", "usa"."""
    others = {name for country in load_countries().values() for name in country.other_names}
    return frozenset(name.lower() for name in others if name.isascii() and name.isalpha() and name.isupper()) | {"usa"}


def countries_close_to(words: str) -> set[str]:
    """Alpha-2 codes of the countries with a name that is the words but for one letter, or two in eight or more."""
    key = _name_key(words)
    names = _codes_by_words()
    allowed = 1 if len(key) < 8 else 2
    close = process.extract(key, names.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=None)
    return {names[name] for name, _, _ in close if len(name) > 3}


def _name_key(words: str) -> str:
    parts = fold(words).split()
    if all(len(part) == 1 for part in parts) or len(parts) == 1:
        return "".join(parts)  # "U.S.A.", "ST" (São Tomé), "The"
    return " ".join("saint" if part == "st" else part for part in parts if part not in IN_NAMES_OF_COUNTRIES)


@lru_cache(maxsize=1)
def _codes_by_words() -> dict[str, str]:
    # Codes first, then labels, then other names: "Áo" is Austria in Vietnamese, but AO is Angola.
    codes: dict[str, str] = {}
    known = load_countries().values()
    for country in known:
        for code in (country.code, country.alpha3):
            codes.setdefault(code.lower(), country.code)
    for country in known:
        for name in country.names.values():
            codes.setdefault(_name_key(name), country.code)
    for country in known:
        for name in country.other_names:
            codes.setdefault(_name_key(name), country.code)
    return codes


@lru_cache(maxsize=1)
def _outlines() -> "Outlines":
    # Not every process asks for it: numpy, shapely and the polygons take some 60 MB.
    from geodata.outlines import Outlines  # noqa: PLC0415

    return Outlines(DATA / "outlines.npz")


def country_of_point(point: Point) -> str | None:
    """Alpha-2 code of the country that the point lies in, or within 10 km of (the nearest); None at sea."""
    holding = _outlines().holding(point)
    if holding:
        return min(holding)
    if point.lat < ANTARCTICA_NORTH:
        return "AQ"
    around = _outlines().within(point, INSIDE_M)
    return min(around, key=lambda code: around[code]) if around else None


def country_box(code: str) -> Bbox | None:
    """The box to look at for a country; None for one without an outline."""
    return _outlines().box(code)


def position(code: str, point: Point) -> Position:
    """Where the point lies as seen from a country (alpha-2 code; KeyError for an unknown one).

    "inside": in its outline or within 10 km of it, for coasts, islets and border towns; "near": within 50 km;
    "far": beyond. A territory counts as inside the state that it belongs to (Réunion in France), not the reverse.
    """
    if code not in load_countries():
        raise KeyError(code)
    if code == "AQ":
        return "inside" if point.lat < ANTARCTICA_NORTH else "far"
    accepted = (code, *FILED_UNDER.get(code, ()))
    outlines = _outlines()
    if any(country in accepted for country in outlines.holding(point)):
        return "inside"
    around = outlines.within(point, NEAR_M)
    distance = min((around[country] for country in accepted if country in around), default=math.inf)
    return "inside" if distance <= INSIDE_M else "near" if distance <= NEAR_M else "far"
