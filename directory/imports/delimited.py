"""CSV: rows of a text file, read one by one; separator and encoding are found, broken rows are told from good ones."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from directory.imports.columns import ReadNotes, RowIterator, Told
from directory.imports.encodings import MOST_CHARACTERS, bounded_lines, find_encoding
from directory.imports.errors import ImportFileError
from directory.imports.header import decide_layout, find_header, header_score
from directory.imports.tables import LOOKED_THROUGH, Record, count_blank, read_table

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
# A quoted cell may hold line breaks. One that goes on for longer than this was never closed.
MAX_LINES = 100
# Above the header there may be a title and blank lines.
_HEAD_LINES = 1_000
_NO_HEADER = "The file is empty: it has no header row."
_BEYOND = "put a cell that holds a separator in quotes"
_DAMAGED = re.compile("[\udc80-\udcff]")
_UNCLOSED = 'a quotation mark is opened and not closed; write "" for one inside a quoted cell'


class _Lines:
    """The file's lines, one at a time, some of which can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._given_back: deque[str] = deque()
        self.number = 0  # of the line that was read last

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._given_back.popleft() if self._given_back else next(self._lines)
        self.number += 1
        return line

    def give_back(self, lines: list[str]) -> None:
        self._given_back.extendleft(reversed(lines))
        self.number -= len(lines)


def read_delimited(path: Path, notes: ReadNotes) -> RowIterator:
    """The rows of a CSV file in any of SEPARATORS. ImportFileError when its header cannot be used."""
    encoding = find_encoding(path)
    notes.encoding = encoding.codec
    if encoding.damaged:
        notes.remarks.append("The file is UTF-8 but for a few bytes; rows that hold such bytes are set aside.")
    with (
        path.open("rb") as binary,
        open(binary.fileno(), encoding=encoding.codec, errors=encoding.errors, newline="", closefd=False) as text,
    ):
        lines = _Lines(bounded_lines(text))
        header, separator = _read_header(lines, notes.told)
        notes.separator = separator
        layout = decide_layout(header, notes)
        records = _records(lines, separator, layout.width)
        for row in read_table(records, layout, _BEYOND, _damage if encoding.damaged else None):
            notes.bytes_done = binary.tell()
            yield row
    notes.bytes_done = notes.bytes_total


def _damage(values: list[str]) -> str | None:
    return "the row holds bytes that are not UTF-8" if _DAMAGED.search("".join(values)) else None


def _read_header(lines: _Lines, told: Told) -> tuple[list[str], str]:
    """The header's cells and the separator: the row among the first ones, and the way to part it, with most columns."""
    declared, head = _read_head(lines)
    best: tuple[bool, int] | None = None
    header: list[str] = []
    separator, taken = "", 0
    for each in [declared] if declared in SEPARATORS else list(SEPARATORS):
        reader = _Lines(iter(head))
        rows = []
        for _, values, _ in _records(reader, each, None):
            rows.append((values, reader.number))
        if not rows:
            continue
        values, end = rows[find_header([values for values, _ in rows], told)]
        score = header_score(values, told)
        if best is None or score > best:
            best, header, separator, taken = score, values, each, end
    if best is None:
        raise ImportFileError(_NO_HEADER)
    lines.give_back(head[taken:])
    return header, separator


def _read_head(lines: _Lines) -> tuple[str | None, list[str]]:
    """The separator that the file declares in the line that Excel writes and reads, and its first lines."""
    declared: str | None = None
    head: list[str] = []
    filled = size = 0
    for line in lines:
        bare = line.strip().lstrip("\ufeff").strip()
        if not head and declared is None and (match := re.fullmatch(r'"?sep=(.)"?', bare, re.IGNORECASE)):
            declared = match[1]
            continue
        head.append(line.lstrip("\ufeff"))
        filled += bool(bare)
        size += len(line)
        if filled >= LOOKED_THROUGH or len(head) >= _HEAD_LINES or size > MOST_CHARACTERS:
            break
    return declared, head


def _records(lines: _Lines, separator: str, width: int | None) -> Iterator[Record]:
    """(line, cells, what is wrong) of each record. Most lines hold no quote and need no parser."""
    # Spreadsheets write rows of separators down to the last row that was ever coloured.
    blank, emptiness = 0, f"{separator} "
    for text in lines:
        line = lines.number
        if '"' not in text:
            bare = text.rstrip("\r\n")
            if bare.strip(emptiness):
                blank = 0
                yield line, bare.split(separator), None
            else:
                blank = count_blank(blank)
            continue
        values = _quoted_record(text, lines, separator, width)
        if values is None:
            yield line, [text.rstrip("\r\n")], _UNCLOSED
        else:
            yield line, values, None


def _quoted_record(first: str, lines: _Lines, separator: str, width: int | None) -> list[str] | None:
    """The record that begins with `first`; None when its quotes do not close where the record does.

    A quote that is never closed swallows the rows after it, up to the next quote. What was read of those is given
    back, so that only the first row is lost. A header, whose width nobody knows, may have any.
    """
    taken: list[str] = []

    def feed() -> Iterator[str]:
        yield first
        size = 0
        for line in lines:
            taken.append(line)
            size += len(line)
            yield line
            if len(taken) >= MAX_LINES or size > MOST_CHARACTERS:
                return

    try:
        values = next(csv.reader(feed(), delimiter=separator, strict=True))
    except csv.Error:
        lines.give_back(taken)
        return None if taken else _loose_record(first, separator, width)
    if taken and width is not None and len(values) != width:
        lines.give_back(taken)
        return None
    return values


def _loose_record(line: str, separator: str, width: int | None) -> list[str] | None:
    """A line whose quotes stand within cells, as they are; None where a cell was opened and not closed."""
    try:
        values = next(csv.reader([line], delimiter=separator))
    except csv.Error:
        return None
    return values if line.count('"') % 2 == 0 or width is None or len(values) == width else None
