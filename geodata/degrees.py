"""Coordinates as people and files write them: degrees, minutes and seconds, hemispheres in many languages, pairs.

`parse_degrees` reads one number, `parse_pair` two that stand in one cell. Both give decimal degrees.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from geodata.text import fold_digits

Axis = Literal["lat", "lon"]

# What hemispheres are called: the axis that they are on, and the sign. "O" is not among them: it is oeste, ouest and
# ovest, but Ost and oost too.
_HEMISPHERE_WORDS: dict[tuple[Axis, int], str] = {
    ("lat", 1): "n north norte nord noord شمال شمالا شمالي شمالية الشمال ش 北纬 北緯 北 с сш север",
    ("lat", -1): "s south sur sud sul süd zuid جنوب جنوبا جنوبي جنوبية الجنوب ج 南纬 南緯 南 ю юш юг",
    ("lon", 1): "e east este est leste ost oost öst øst ö ø شرق شرقا شرقي شرقية الشرق ق 东经 東経 東經 东 東 в вд",
    ("lon", -1): "w west oeste ouest ovest vest väst غرب غربا غربي غربية الغرب غ 西经 西経 西經 西 з зд",
}
_HEMISPHERES = {word: meaning for meaning, words in _HEMISPHERE_WORDS.items() for word in words.split()}
# Names of the axes that stand before a number: "Lat: -1.28", "X=36.8".
_AXIS_WORDS: dict[Axis, str] = {
    "lat": "lat latitude latitud y العرض",
    "lon": "lon long lng longitude longitud x الطول",
}
_OF_AXES = frozenset(("خط", "دائرة", "de", "la"))  # "خط العرض", "latitude de …"
_AXES = {word: axis for axis, words in _AXIS_WORDS.items() for word in words.split()}
_UNITS = (
    (re.compile(r"[°º˚ᵒ⁰]|(?<=\d)\s*(?:deg(?:rees?)?|degrés?|grados?|درجات|درجة)(?![^\W\d_])\.?", re.IGNORECASE), "d"),
    (re.compile(r"''|′′|’’|´´|[″”“˝\"]|(?<=\d)\s*(?:sec(?:onds?)?|ثواني|ثانية)(?![^\W\d_])\.?", re.IGNORECASE), "q"),
    (re.compile(r"[′’‘'´`ʹ]|(?<=\d)\s*(?:min(?:utes?|utos?)?|دقائق|دقيقة)(?![^\W\d_])\.?", re.IGNORECASE), "p"),
)
_BY_LETTER = re.compile(r"(\d+)\s*d\s*(\d+(?:[.,]\d+)?)\s*m(?:\s*(\d+(?:[.,]\d+)?)\s*s)?", re.IGNORECASE)
_NUMBER = r"\d+(?:[.,]\d+)?"
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# Once the units are d, p and q: "1d17p11q", "1 17 11", "1:17:11", "1d17.18p", "36,8d".
_ANGLE = re.compile(
    rf"(?P<sign>[+-]?)\s*(?P<degrees>{_NUMBER})"
    rf"(?:\s*[d:\s]\s*(?P<minutes>{_NUMBER})(?:\s*[p:\s]\s*(?P<seconds>{_NUMBER})\s*q?|\s*p?)|\s*d?)"
)
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = (
    re.compile(r"\s*[;|\n]\s*"),
    re.compile(r"\s*[,،/]\s*|\s+-\s+"),
    re.compile(r"\s+|(?<=[^\W\d_])(?=\d)|(?<=[dpq\d])(?=[^\W\d_])"),
)
_LONGEST = 100
_WKT = re.compile(r"(?:SRID=4326;)?\s*POINT\s*Z?\s*\(\s*(\S+)\s+(\S+?)(?:\s+\S+)?\s*\)", re.IGNORECASE)


class NoDegrees(ValueError):
    """What was to be a coordinate and is none; the message says what is allowed."""

    def __init__(self, cell: str) -> None:
        shown = cell if len(cell) <= 80 else f"{cell[:80]}…"
        super().__init__(f"{shown!r} is no number of decimal degrees, and no degrees, minutes and seconds")


@dataclass(frozen=True, slots=True)
class Angle:
    """Degrees, and what was written beside them: the axis, and an O, which is west or, in some languages, east."""

    degrees: float
    axis: Axis | None = None
    doubtful: bool = False
    parts: int = 1


def read_decimal(cell: str) -> float | None:
    """Plain decimal degrees, as nearly every file has them; None where the cell must be looked at closely."""
    return float(cell) if _DECIMAL.fullmatch(cell) else None


@lru_cache(maxsize=16_384)
def parse_angle(cell: str) -> Angle:
    """One coordinate; raises NoDegrees. A longitude beyond 180, as in files around the Pacific, is not yet turned."""
    if (degrees := read_decimal(cell)) is not None:
        return Angle(degrees)
    angle = _read_angle(_plain(cell)) if len(cell) <= _LONGEST else None
    if angle is None:
        raise NoDegrees(cell)
    return angle


def parse_degrees(cell: str) -> float:
    """One coordinate in decimal degrees, whatever its axis; raises NoDegrees."""
    return parse_angle(cell).degrees


@lru_cache(maxsize=16_384)
def parse_pair(cell: str) -> tuple[Angle, Angle] | None:
    """Latitude and longitude that stand in one cell, in this order unless letters say otherwise; None when they do not.

    Where a cell could be parted in more than one way, it is not; "1 17 36 49" has two degrees and two minutes.
    """
    if len(cell) > _LONGEST:
        return None
    if wkt := _WKT.fullmatch(cell.strip()):
        lon, lat = (_read_angle(_plain(part)) for part in wkt.groups())
        return (lat, lon) if lat and lon else None
    text = _plain(cell).strip(" ()[]{}")
    for between in _BETWEEN:
        pairs = [pair for gap in between.finditer(text) if (pair := _pair(text, gap))]
        if pairs:
            return pairs[0] if len(pairs) == 1 else None
    return None


def _pair(text: str, gap: re.Match[str]) -> tuple[Angle, Angle] | None:
    first, second = _read_angle(text[: gap.start()]), _read_angle(text[gap.end() :])
    if first is None or second is None or first.parts != second.parts or (first.axis and first.axis == second.axis):
        return None
    if first.parts == 1 and not (first.axis or second.axis):
        # "1,36" is a number with a decimal comma, "1 36" perhaps degrees and minutes.
        whole = [part.strip(" +-").isdigit() for part in (text[: gap.start()], text[gap.end() :])]
        if all(whole) or (any(whole) and gap.group() == ","):
            return None
    return (second, first) if first.axis == "lon" or second.axis == "lat" else (first, second)


def _plain(cell: str) -> str:
    """The cell in ASCII digits and signs, its units as d, p and q."""
    text = cell
    if not cell.isascii():
        text = fold_digits(text).replace("−", "-").replace("–", "-").replace("٫", ".")
        text = "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Mn"))
    for unit, letter in _UNITS:
        text = unit.sub(letter, text)
    text = _BY_LETTER.sub(lambda match: f"{match[1]}d{match[2]}p" + (f"{match[3]}q" if match[3] else ""), text)
    return re.sub(r"(?<=[^\W\d_])\.", "", text).strip()


def _read_angle(text: str) -> Angle | None:
    words = _read_words(text)
    match = _ANGLE.fullmatch(words.rest) if words else None
    if not words or not match or _is_odd(match) or (match["sign"] and words.sign > 0):
        return None  # "-33.9 N" contradicts itself
    numbers = [float(match[name].replace(",", ".")) for name in ("degrees", "minutes", "seconds") if match[name]]
    degrees = sum(number / 60**power for power, number in enumerate(numbers))
    sign = -1 if match["sign"] == "-" else words.sign or 1
    return Angle(sign * degrees, words.axis, words.doubtful, len(numbers))


def _is_odd(angle: re.Match[str]) -> bool:
    """60 minutes and more, or a fraction of what has smaller parts."""
    minutes, seconds = angle["minutes"], angle["seconds"]
    if minutes is None:
        return False
    whole = angle["degrees"].isdigit() and (seconds is None or minutes.isdigit())
    return not whole or any(float(part.replace(",", ".")) > 60 for part in (minutes, seconds) if part)


@dataclass(slots=True)
class _Words:
    """What the words beside a number say; `rest` is the text without them, `sign` 0 where none names a hemisphere."""

    rest: str
    axis: Axis | None = None
    sign: int = 0
    doubtful: bool = False


def _read_words(text: str) -> _Words | None:
    """None for a word that is none of these, and for two hemispheres."""
    words = _Words(text)
    for word in _words_around(text):
        name = word.casefold()
        words.rest = words.rest.replace(word, " ", 1)
        if name in _OF_AXES:
            continue
        if name in _AXES:
            words.axis = words.axis or _AXES[name]
            continue
        if words.sign or (name != "o" and name not in _HEMISPHERES):
            return None
        words.doubtful = name == "o"
        words.axis, words.sign = ("lon", -1) if words.doubtful else _HEMISPHERES[name]
    words.rest = words.rest.strip(" .,:=()")
    return words


def _words_around(text: str) -> Iterator[str]:
    """The words that are no units."""
    for match in _WORD.finditer(text):
        letters = match.group()
        before = text[match.start() - 1 : match.start()]
        if before.isdigit() and letters[0] in "dpq":
            letters = letters[1:]
        if letters:
            yield letters
