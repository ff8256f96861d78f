"""CSV: rows of a text file, read one by one; separator and encoding are found, broken rows are told from good ones."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from directory.imports.columns import (
    RawRow,
    ReadNotes,
    RowFault,
    RowIterator,
    find_column,
    is_blank,
    match_header,
    pick,
)
from directory.imports.encodings import find_encoding
from directory.imports.errors import ImportFileError

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
# A quoted cell may hold line breaks. One that goes on for longer than this was never closed.
MAX_LINES = 100
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
        lines = _Lines(text)
        header, separator = _read_header(lines)
        notes.separator = separator
        positions = match_header(header, notes)
        width = len(header)
        for line, values, problem in _records(lines, separator, width):
            notes.bytes_done = binary.tell()
            if problem:
                yield RawRow(line, None, RowFault(line, "", problem), unreadable=separator.join(values)[:2_000])
                continue
            cells = pick(values, positions)
            if is_blank(cells) and not any(value.strip() for value in values):
                continue
            yield RawRow(line, cells, _fault(line, values, width, encoding.damaged))
    notes.bytes_done = notes.bytes_total


def _fault(line: int, values: list[str], width: int, damaged: bool) -> RowFault | None:
    if len(values) > width and any(value.strip() for value in values[width:]):
        return RowFault(
            line,
            "",
            f"the row has {len(values)} cells, the header {width}: put a cell that holds a separator in quotes",
        )
    if damaged and _DAMAGED.search("".join(values)):
        return RowFault(line, "", "the row holds bytes that are not UTF-8")
    return None


def _read_header(lines: _Lines) -> tuple[list[str], str]:
    """The header's cells and the separator: the one with which the most known columns appear."""
    declared: str | None = None
    for line in lines:
        bare = line.strip().lstrip("\ufeff").strip()
        if not bare:
            continue
        if (match := re.fullmatch(r'"?sep=(.)"?', bare, re.IGNORECASE)) and lines.number == 1:
            declared = match[1]  # the first line that Excel writes and reads
            continue
        candidates = [declared] if declared in SEPARATORS else list(SEPARATORS)
        split = {each: next(csv.reader([line.lstrip("\ufeff").rstrip("\r\n")], delimiter=each)) for each in candidates}
        best = max(split, key=lambda each: sum(find_column(name) is not None for name in split[each]))
        return split[best], best
    raise ImportFileError("The file is empty: it has no header row.")


def _records(lines: _Lines, separator: str, width: int) -> Iterator[tuple[int, list[str], str | None]]:
    """(line, cells, what is wrong) of each record. Most lines hold no quote and need no parser."""
    for text in lines:
        line = lines.number
        if '"' not in text:
            bare = text.rstrip("\r\n")
            if bare:
                yield line, bare.split(separator), None
            continue
        values = _quoted_record(text, lines, separator, width)
        if values is None:
            yield line, [text.rstrip("\r\n")], _UNCLOSED
        else:
            yield line, values, None


def _quoted_record(first: str, lines: _Lines, separator: str, width: int) -> list[str] | None:
    """The record that begins with `first`; None when its quotes do not close where the record does.

    A quote that is never closed swallows the rows after it, up to the next quote. What was read of those is given
    back, so that only the first row is lost.
    """
    taken: list[str] = []

    def feed() -> Iterator[str]:
        yield first
        for line in lines:
            taken.append(line)
            yield line
            if len(taken) >= MAX_LINES:
                return

    try:
        values = next(csv.reader(feed(), delimiter=separator, strict=True))
    except csv.Error:
        lines.give_back(taken)
        if not taken:
            values = next(csv.reader([first], delimiter=separator))
            return values if first.count('"') % 2 == 0 or len(values) == width else None
        return None
    if taken and len(values) != width:
        lines.give_back(taken)
        return None
    return values
