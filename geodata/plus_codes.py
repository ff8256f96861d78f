"""Plus codes (Open Location Code): a place as "6GCRPR6C+RR", or as "PR6C+RR" near some other place.

After the public specification: https://github.com/google/open-location-code/blob/main/Documentation/Specification/specification.md
Only what reads a code is here; nobody asks us to write one.
"""

import re

from geodata.points import Point

_DIGITS = "23456789CFGHJMPQRVWX"
_BASE = len(_DIGITS)
# Where the sign stands in a whole code; so many digits go in pairs, those after them name a cell of 5 rows, 4 columns.
_SIGN_AT = 8
_IN_PAIRS = 10
_ROWS, _COLUMNS = 5, 4
_MOST_DIGITS = 15
_FIRST_STEP = 20.0
# The first digits of latitude and longitude that lie on the globe: 180° and 360° in steps of 20°.
_MOST_FIRST = (9, 18)
_CODE = re.compile(rf"(?<![\w+])([{_DIGITS}0]{{2,8}})\+([{_DIGITS}]*)(?![\w+])", re.IGNORECASE)


def find_plus_code(text: str) -> str | None:
    """The first plus code in a text, in capitals; None where there is none."""
    match = _CODE.search(text)
    if not match or len(match[1]) % 2 or len(match[2]) == 1:
        return None
    code = match[0].upper()
    return code if _is_written_well(code) else None


def read_plus_code(code: str, near: Point | None = None) -> Point | None:
    """The middle of a code's area. A short one is looked for around `near`, and None where that is not known.

    None, too, for one that lies beyond the globe.
    """
    missing = _SIGN_AT - code.index("+")
    if not missing:
        return _middle(code)
    if near is None:
        return None
    middle = _middle(_first_digits(near, missing) + code)
    return middle and _nearest(middle, near, _BASE ** (2 - missing / 2))


def _is_written_well(code: str) -> bool:
    """Zeros stand for what is not said: in pairs, up to the sign, with nothing after it."""
    before, _, after = code.partition("+")
    said = before.rstrip("0")
    if len(said) == len(before):
        return "0" not in before and (len(before) == _SIGN_AT or len(after) > 1)
    return "0" not in said and len(said) > 1 and len(said) % 2 == 0 and len(before) == _SIGN_AT and not after


def _middle(code: str) -> Point | None:
    values = [_DIGITS.index(digit) for digit in code.replace("+", "").rstrip("0")[:_MOST_DIGITS]]
    if values[0] >= _MOST_FIRST[0] or values[1] >= _MOST_FIRST[1]:
        return None
    lat, lon, high, wide = -90.0, -180.0, _FIRST_STEP * _BASE, _FIRST_STEP * _BASE
    for north, east in zip(values[:_IN_PAIRS:2], values[1:_IN_PAIRS:2], strict=True):
        high, wide = high / _BASE, wide / _BASE
        lat, lon = lat + north * high, lon + east * wide
    for value in values[_IN_PAIRS:]:
        high, wide = high / _ROWS, wide / _COLUMNS
        lat, lon = lat + value // _COLUMNS * high, lon + value % _COLUMNS * wide
    return Point(lon=lon + wide / 2, lat=lat + high / 2)


def _first_digits(point: Point, count: int) -> str:
    """The first digits of the whole code of a point."""
    lat, lon = min(point.lat + 90, 179.999), (point.lon + 180) % 360
    step, digits = _FIRST_STEP, ""
    for _ in range(count // 2):
        digits += _DIGITS[int(lat // step)] + _DIGITS[int(lon // step)]
        lat, lon, step = lat % step, lon % step, step / _BASE
    return digits


def _nearest(middle: Point, near: Point, step: float) -> Point:
    """The same place in the neighbouring area where that is nearer; `step`: degrees from one area to the next."""
    lat, lon = middle.lat, middle.lon
    if near.lat + step / 2 < lat and lat - step >= -90:
        lat -= step
    elif near.lat - step / 2 > lat and lat + step <= 90:
        lat += step
    if near.lon + step / 2 < lon:
        lon -= step
    elif near.lon - step / 2 > lon:
        lon += step
    return Point(lon=(lon + 180) % 360 - 180, lat=lat)
