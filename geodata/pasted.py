"""Where something is, as people paste it into one box: coordinates, a plus code, or the link of a map.

Links are read, never opened: those of Google, OpenStreetMap, Apple, Bing and HERE, and geo: of RFC 5870.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import parse_qs, unquote, urlsplit

from geodata.degrees import parse_pair
from geodata.plus_codes import find_plus_code, read_plus_code
from geodata.points import Point

_NUMBER = r"-?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"\s*({_NUMBER})\s*[,+\s]\s*({_NUMBER})\b")
# Of a link of Google: the place that it is about; the middle of what is seen says less.
_GOOGLE_PLACE = re.compile(rf"!3d({_NUMBER})!4d({_NUMBER})")
_GOOGLE_VIEW = re.compile(rf"/@({_NUMBER}),({_NUMBER})")
_IN_PATH = re.compile(rf"/(?:place|search|dir|maps|q)/(?:[^/]*/)?({_NUMBER}),[+\s]*({_NUMBER})(?=[/,?]|$)")
_OSM_VIEW = re.compile(rf"map=\d+(?:\.\d+)?/({_NUMBER})/({_NUMBER})")
# Parameters that hold a point; the place before what is seen.
_POINTS = ("query", "q", "coordinate", "daddr", "destination", "to", "ll", "sll", "center", "cp", "map", "mapcenter")
_LONGEST = 4000


class NoWhere(ValueError):
    """What was pasted names no point that can be read."""


def parse_pasted(text: str, near: Point | None = None) -> Point:
    """The point that a text names. `near` helps with short plus codes. Raises NoWhere."""
    plain = text.strip()[:_LONGEST]
    point = _from_link(plain) or _from_code(plain, near) or _from_degrees(plain)
    if point is None:
        raise NoWhere("no coordinates, no plus code and no link of a map that names a point")
    return point


def _from_degrees(text: str) -> Point | None:
    pair = parse_pair(text)
    return _point(pair[0].degrees, pair[1].degrees) if pair else None


def _from_code(text: str, near: Point | None) -> Point | None:
    code = find_plus_code(text)
    return read_plus_code(code, near) if code else None


def _from_link(text: str) -> Point | None:
    if text.lower().startswith("geo:"):
        return _from_geo(text[4:])
    if not re.match(r"https?://", text, re.IGNORECASE):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    asked = parse_qs(parts.query)
    found: Sequence[Callable[[], Point | None]] = (
        lambda: _matched(_GOOGLE_PLACE, unquote(parts.path + parts.query)),
        lambda: _of_marker(asked),
        lambda: _of_parameters(asked),
        lambda: _matched(_IN_PATH, unquote(parts.path)),
        lambda: _matched(_GOOGLE_VIEW, unquote(parts.path)),
        lambda: _matched(_OSM_VIEW, unquote(parts.fragment)),
        lambda: _from_code(unquote(parts.path + " " + parts.query).replace("/", " "), None),
    )
    return next((point for read in found if (point := read())), None)


def _from_geo(rest: str) -> Point | None:
    """geo:-1.29,36.82;u=35, and Android's geo:0,0?q=-1.29,36.82(Clinic)."""
    path, _, query = rest.partition("?")
    return _of_parameters(parse_qs(query)) or _matched(_PAIR, unquote(path))


def _of_marker(asked: Mapping[str, Sequence[str]]) -> Point | None:
    """OpenStreetMap's ?mlat=…&mlon=…, and ?lat=…&lon=… of many."""
    for lat, lon in (("mlat", "mlon"), ("lat", "lon"), ("lat", "lng")):
        if lat in asked and lon in asked and (point := _matched(_PAIR, f"{asked[lat][0]},{asked[lon][0]}")):
            return point
    return None


def _of_parameters(asked: Mapping[str, Sequence[str]]) -> Point | None:
    for name in _POINTS:
        for value in asked.get(name, ()):
            # Bing writes -1.29~36.82, and Apple puts a word before it.
            if point := _matched(_PAIR, value.replace("~", ",").removeprefix("loc:")):
                return point
    return None


def _matched(pattern: re.Pattern[str], text: str) -> Point | None:
    match = pattern.match(text) if pattern is _PAIR else pattern.search(text)
    return _point(float(match[1]), float(match[2])) if match else None


def _point(lat: float, lon: float) -> Point | None:
    """A point on the globe; (0, 0) is what programs write for "unknown"."""
    if abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        return None
    return Point(lon=lon, lat=lat)
