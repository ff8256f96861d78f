"""The columns of the import file, and what is known of a file and of a row while they are read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

COLUMNS = (
    "external_id",
    "name",
    "name_local",
    "name_lang",
    "kind",
    "type",
    "specialties",
    "address",
    "postal_code",
    "city",
    "region",
    "country",
    "lat",
    "lon",
    "phone",
    "email",
    "website",
    "hours",
    "languages",
    "network",
    "outpatient",
    "inpatient",
    "tariff",
    "notice_days",
    "effective_from",
    "effective_to",
    "verified_on",
)
REQUIRED = ("external_id", "name", "type", "country")

Cells = tuple[str | None, ...]
"""One row in the order of COLUMNS: trimmed text, empty where the cell is empty, None where the file has no such column.

The difference matters to an update: an empty cell empties the fact, an absent column leaves it as it is.
"""

_BETWEEN, _ABSENT = "\x1f", "\x1e"
# Line breaks and tabs stay: an address may have several lines. NUL cannot be stored; 1E and 1F are used here.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row is set aside: its line in the file (from 1), the column, and what is wrong and what is allowed."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as read. With a `fault` its `cells` may be None; `unreadable` then holds its text."""

    line: int
    cells: Cells | None
    fault: RowFault | None = None
    unreadable: str = ""


How = Literal["name", "synonym", "told", "ignored", "passed_over", "other_used", "unknown"]
"""Why a column is read as a field, or is not: it has the field's own name, or another one of it; whoever imports the
file said so, or said that it be ignored; it is known and of no use; another has the field; nobody knows what it is."""

Told = Mapping[str, str | None]
"""What is said of columns by whoever imports the file: a name in the header, and its field or None to ignore it."""


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of the file, from 1, and what it is read as."""

    number: int
    name: str
    field: str | None
    how: How


def unnamed(number: int) -> str:
    """What a column is called that has no name in the header."""
    return f"column {number}"


@dataclass(slots=True)
class ReadNotes:
    """How the file was understood; filled while it is read."""

    format: str
    bytes_total: int
    bytes_done: int = 0
    encoding: str | None = None
    separator: str | None = None
    told: Told = field(default_factory=dict)
    # Rows as they stand: each cell of the file in its place, and nothing is decided of its columns.
    as_they_stand: bool = False
    header: list[str] = field(default_factory=list)  # then: its cells as they are
    columns: list[str] = field(default_factory=list)
    file_columns: list[FileColumn] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    # Cells that had to be left out while the file was read: kind of warning, line.
    warnings: list[tuple[str, int]] = field(default_factory=list)

    @property
    def ignored_columns(self) -> list[str]:
        """Names of the columns that are read as no field."""
        return [each.name for each in self.file_columns if each.field is None and each.name != unnamed(each.number)]


def clean_cell(text: str) -> str:
    """The cell without control characters and without white space around it."""
    if _CONTROLS.search(text):
        text = _CONTROLS.sub("", text)
    return text.strip()


def pack(cells: Cells) -> str:
    """The row as one string that `unpack` reads and that equal rows share."""
    return _BETWEEN.join([_ABSENT if cell is None else cell for cell in cells])


def unpack(packed: str) -> Cells:
    """The row that `pack` wrote."""
    return tuple(None if cell == _ABSENT else cell for cell in packed.split(_BETWEEN))


def is_blank(cells: Cells) -> bool:
    """Whether no known column holds anything."""
    return not any(cells)


RowIterator = Iterator[RawRow]
