"""Whether an external id tells providers apart: ids that a spreadsheet rounded, and rows that share one and differ."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from directory.imports.columns import RowFault
from directory.imports.rows import ParsedRow
from geodata.points import Point, haversine_m
from geodata.text import fold

# 203,112,233,001 is shown as 2.03E+11 once a column is narrow, 2,03E+11 in half of the world; Java writes 2.03E11.
_ROUNDED = re.compile(r"[-+]?\d[.,٫]?\d*\s?[Eeе]\+\d{1,3}|[-+]?\d[.,٫]\d+\s?[Ee]\d{1,3}")
_APART_M = 1_000
_SHOWN_LINES = 10


def fault_of_id(external_id: str) -> str | None:
    """Why this id cannot tell providers apart, None when it may."""
    if external_id[-1:].isdigit() and _ROUNDED.fullmatch(external_id):
        return (
            f"{external_id!r} was rounded by a spreadsheet, and others may be rounded to the same: format the column "
            "as text, and take the ids from where they came from once more"
        )
    return None


def find_contradictions(rows: Sequence[ParsedRow]) -> list[RowFault]:
    """A fault for each of the rows of one external id, when they cannot be of one provider; else none.

    Several rows may have one id, for instance one a network; then they name one provider in one place. What a row
    leaves empty contradicts nothing.
    """
    if len(rows) < 2:
        return []
    differing = [what for what, value_of in _COMPARED.items() if _differ(rows, value_of)]
    if not _near(rows):
        differing.append("lat and lon")
    if not differing:
        return []
    lines = ", ".join(str(row.line) for row in rows[:_SHOWN_LINES]) + (", …" if len(rows) > _SHOWN_LINES else "")
    reason = f"lines {lines} have this id and differ in {', '.join(differing)}: give each provider an id of its own"
    return [RowFault(row.line, "external_id", reason) for row in rows]


_COMPARED: dict[str, Callable[[ParsedRow], Any]] = {
    "name": lambda row: fold(row.provider["name"]),
    "type": lambda row: row.listing["type"],
    "country": lambda row: row.location["country"],
    "city": lambda row: fold(row.location.get("city") or ""),
    "postal_code": lambda row: fold(row.location.get("postal_code") or ""),
    "address": lambda row: fold(row.location.get("address") or ""),
}


def _differ(rows: Sequence[ParsedRow], value_of: Callable[[ParsedRow], Any]) -> bool:
    return len({value for row in rows if (value := value_of(row))}) > 1


def _near(rows: Sequence[ParsedRow]) -> bool:
    points = [
        Point(row.location["lon"], row.location["lat"]) for row in rows if row.location.get("precision") == "exact"
    ]
    return all(haversine_m(points[0], each) <= _APART_M for each in points[1:])
