"""The columns of the import file, and how the names in a file's header are understood."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from directory.imports.errors import ImportFileError

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
_KEYS = {column.replace("_", ""): column for column in COLUMNS}


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


@dataclass(slots=True)
class ReadNotes:
    """How the file was understood; filled while it is read."""

    format: str
    bytes_total: int
    bytes_done: int = 0
    encoding: str | None = None
    separator: str | None = None
    columns: list[str] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


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


def find_column(name: str) -> str | None:
    """The column that a header cell means: letter case, spaces, `_`, `-`, quotes and a BOM make no difference."""
    return _KEYS.get(_key(name))


def _key(name: str) -> str:
    return "".join(re.findall(r"[^\W_]+", name.casefold()))


def match_header(names: Sequence[str], notes: ReadNotes) -> list[int | None]:
    """For each of COLUMNS its position in the header, None where it is absent.

    Unknown columns go into `notes.ignored_columns`. ImportFileError when a required column is missing or one is
    there twice.
    """
    positions: dict[str, int] = {}
    for position, name in enumerate(names):
        column = find_column(name)
        if column is None:
            if name.strip():
                notes.ignored_columns.append(name.strip()[:100])
        elif column in positions:
            raise ImportFileError(
                f"The column {column} is there twice (cells {positions[column] + 1} and {position + 1} of the header): "
                "rename or remove one."
            )
        else:
            positions[column] = position
    missing = [column for column in REQUIRED if column not in positions]
    if missing:
        raise ImportFileError(_missing_message(missing, names))
    notes.columns = [column for column in COLUMNS if column in positions]
    return [positions.get(column) for column in COLUMNS]


def _missing_message(missing: Sequence[str], names: Sequence[str]) -> str:
    found = [name.strip()[:60] for name in names if name.strip()]
    unknown = {name: _key(name) for name in found if find_column(name) is None}
    hints = []
    for column in missing:
        near = process.extractOne(column.replace("_", ""), unknown, scorer=fuzz.partial_ratio, score_cutoff=70)
        if near:
            hints.append(f"is {near[2]!r} meant to be {column}?")
    shown = ", ".join(found[:40]) or "no names at all"
    return (
        f"The header lacks {', '.join(missing)}. Found: {shown}. Required: {', '.join(REQUIRED)}; "
        f"allowed besides: {', '.join(column for column in COLUMNS if column not in REQUIRED)}."
        + "".join(f" {hint[0].upper()}{hint[1:]}" for hint in hints)
    )


def pick(values: Sequence[str], positions: Sequence[int | None]) -> Cells:
    """The row's known cells, cleaned; a row that ends early has empty cells at its end."""
    count = len(values)
    return tuple(
        None if position is None else clean_cell(values[position]) if position < count else "" for position in positions
    )


def is_blank(cells: Cells) -> bool:
    """Whether no known column holds anything."""
    return not any(cells)


RowIterator = Iterator[RawRow]
