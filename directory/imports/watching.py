"""Columns that nobody knows, looked at while rows go by: what seems phones, points or hours is asked about."""

import re
from collections.abc import Iterable, Sequence

import phonenumbers

from directory.imports.columns import COLUMNS, Cells
from directory.imports.errors import ColumnQuestion, ColumnsUnclear
from directory.imports.header import Layout
from geodata.countries import find_country

# So many values tell what a column holds; most of them must look alike.
_ENOUGH = 30
_MOST = 0.6
# All columns that have something by then are asked about together.
_FIRST_LOOK = 200
_COUNTRY = COLUMNS.index("country")
_DEGREES = re.compile(r"[-+−]?\d{1,3}[.,]\d{3,}")
_BOTH = re.compile(r"\(?\s*[-+−]?\d{1,2}\.\d{3,}\s*[,;\s]\s*[-+−]?\d{1,3}\.\d{3,}.*|(?:SRID=\d+;)?\s*POINT\s*Z?\s*\(.*")
_HOURS = re.compile(
    r"24\s*/\s*7|24\s*(?:h|hrs?|hours|heures|horas|stunden|ore|часа?)\b|.*\b\d{1,2}(?:[:.hH]\d{2}|\s*[hH]|\s*[ap]\.?m\.?)"
    r"\s*(?:-|–|—|to|à|a|bis|until|до|الى|إلى)\s*\d{1,2}(?:[:.hH]\d{2}|\s*[hH]|\s*[ap]\.?m\.?).*",
    re.IGNORECASE | re.DOTALL,
)
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")


class Watch:
    """Looks at a file's unknown columns, as long as phones, points or hours have no column of their own."""

    def __init__(self, layout: Layout) -> None:
        fields = {column.field for column in layout.columns}
        self._points = layout.point is not None or "lat" in fields
        self._phones = "phone" in fields
        self._hours = "hours" in fields
        self._layout = layout
        watching = not (self._points and self._phones and self._hours)
        self._values: dict[int, list[tuple[str, str]]] = {
            column.number - 1: [] for column in layout.columns if watching and column.how == "unknown"
        }
        self._rows = 0

    def look(self, values: Sequence[str | None], cells: Cells) -> None:
        """See one row. ColumnsUnclear once enough is known."""
        if not self._values:
            return
        self._rows += 1
        filled = []
        for position, seen in self._values.items():
            if position < len(values) and (value := (values[position] or "").strip()):
                seen.append((value[:200], cells[_COUNTRY] or ""))
                if len(seen) >= _ENOUGH:
                    filled.append(position)
        if self._rows == _FIRST_LOOK:
            self.ask()
        elif self._rows > _FIRST_LOOK and filled:
            self._ask_about(filled)
        if self._rows >= _FIRST_LOOK:
            for position in filled:
                del self._values[position]

    def ask(self) -> None:
        """Judge by what was seen. ColumnsUnclear when a column seems to hold what would be lost."""
        self._ask_about(list(self._values))

    def _ask_about(self, positions: Sequence[int]) -> None:
        questions = []
        for position in positions:
            if self._values[position] and (guess := self._guess(self._values[position])):
                column = self._layout.columns[position]
                field, what = guess
                questions.append(ColumnQuestion(column.number, column.name, field, f"seems to hold {what}"))
        if questions:
            raise ColumnsUnclear(questions)

    def _guess(self, seen: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
        values = [value for value, _ in seen]
        if not self._points and _most(_BOTH.fullmatch(value) is not None for value in values):
            return "lat,lon", "points"
        if not self._points and _most(_is_degrees(value) for value in values):
            return _which_degrees(values), "coordinates"
        if not self._hours and _most(_HOURS.fullmatch(value) is not None for value in values):
            return "hours", "opening hours"
        if not self._phones and _most(_is_phone(value, country) for value, country in seen):
            return "phone", "phone numbers"
        return None


def _most(answers: Iterable[bool]) -> bool:
    given = list(answers)
    return sum(given) > _MOST * len(given)


def _is_degrees(value: str) -> bool:
    return _DEGREES.fullmatch(value) is not None and abs(_number(value)) <= 180


def _number(value: str) -> float:
    return float(value.replace("−", "-").replace(",", "."))


def _which_degrees(values: Sequence[str]) -> str:
    """Beyond 90 it is a longitude; else it may be either, and the question says so."""
    return "lon" if any(abs(_number(value)) > 90 for value in values if _is_degrees(value)) else "lat"


def _is_phone(value: str, country: str) -> bool:
    if sum(char.isdigit() for char in value) < 6 or _DATE.fullmatch(value) or _DEGREES.fullmatch(value):
        return False
    # A number without any sign may be a code as well: one that begins with 0 or with +, or is parted, is none.
    if value.isdigit() and not value.startswith("0"):
        return False
    try:
        number = phonenumbers.parse(value, find_country(country))
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)
