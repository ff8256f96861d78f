"""NDJSON: one JSON object a line. A key that is absent says nothing, null says empty; arrays hold several values."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

import orjson

from directory.imports.columns import RawRow, ReadNotes, RowFault, RowIterator, clean_cell
from directory.imports.encodings import bounded_lines, find_encoding
from directory.imports.errors import ImportFileError
from directory.imports.header import Layout, decide_layout
from directory.imports.tables import count_blank
from directory.imports.watching import Watch

# The keys of so many first lines are taken together for the header; those that come later are added to it.
_FIRST_LINES = 200
# Objects that hold data for keys, such as a person each, are no table.
_MOST_KEYS = 1_000
_DAMAGED = re.compile("[\udc80-\udcff]")

_Line = tuple[int, dict[str, Any] | RawRow]
"""A line's number, and its object or what is wrong with it."""


def read_json_lines(path: Path, notes: ReadNotes) -> RowIterator:
    """The rows of an NDJSON file; a line that is no JSON object is given with its fault."""
    encoding = find_encoding(path)
    notes.encoding = encoding.codec
    with (
        path.open("rb") as binary,
        open(binary.fileno(), encoding=encoding.codec, errors=encoding.errors, closefd=False) as text,
    ):
        lines = _read_lines(bounded_lines(text))
        first = list(islice(lines, _FIRST_LINES))
        if not first:
            raise ImportFileError("The file is empty: it has no rows.")
        table = _Objects(notes)
        objects = [parsed for _, parsed in first if isinstance(parsed, dict)]
        if objects:
            table.learn(objects)
        for line, parsed in chain(first, lines):
            notes.bytes_done = binary.tell()
            yield table.row(line, parsed) if isinstance(parsed, dict) else parsed
        table.finish()
    notes.bytes_done = notes.bytes_total


def _read_lines(lines: Iterator[str]) -> Iterator[_Line]:
    any_line, blank = False, 0
    for number, content in enumerate(lines, start=1):
        bare = content.strip().lstrip("\ufeff").strip()
        if not bare:
            blank = count_blank(blank)
            continue
        if not any_line and bare.startswith("["):
            raise ImportFileError("The file is a JSON array. NDJSON is needed: one object a line, no commas between.")
        any_line, blank = True, 0
        yield number, _read_line(number, bare)


def _read_line(line: int, content: str) -> dict[str, Any] | RawRow:
    if _DAMAGED.search(content):
        shown = content.encode("utf-8", "replace").decode("utf-8")
        return _unreadable(line, shown, "the line holds bytes that are not UTF-8")
    try:
        row = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        return _unreadable(line, content, f"the line is not JSON: {error}")
    if not isinstance(row, dict):
        return _unreadable(line, content, "the line is not a JSON object with the columns as its keys")
    return row


def _unreadable(line: int, content: str, reason: str) -> RawRow:
    return RawRow(line, None, RowFault(line, "", reason), unreadable=content[:2_000])


class _Objects:
    """The objects of one file as rows: which of their keys are columns is decided as they are met."""

    def __init__(self, notes: ReadNotes) -> None:
        self._notes = notes
        self._names: dict[str, None] = {}
        self._known: tuple[Layout, Watch] | None = None
        self._fields: list[tuple[str, str]] = []  # name in the file, column

    def learn(self, objects: list[dict[str, Any]]) -> tuple[Layout, Watch]:
        """Take the keys of these objects for columns. ColumnsUnclear; ImportFileError when they are too many."""
        for each in objects:
            self._names |= dict.fromkeys(each)
            if len(self._names) > _MOST_KEYS:
                raise ImportFileError(f"The objects have more than {_MOST_KEYS:,} different keys: this is no table.")
        layout = decide_layout(list(self._names), self._notes)
        columns = zip(self._names, layout.columns, strict=True)
        self._fields = [(name, column.field) for name, column in columns if column.field]
        self._known = layout, Watch(layout)
        return self._known

    def row(self, line: int, record: dict[str, Any]) -> RawRow:
        """The object as a row."""
        known = self._known if record.keys() <= self._names.keys() else None
        layout, watch = known or self.learn([record])
        for name, field in self._fields:
            if fault := _fault_of(record.get(name)):
                return RawRow(
                    line, None, RowFault(line, field, fault), unreadable=orjson.dumps(record).decode()[:2_000]
                )
        values = [_cell(record[name]) if name in record else None for name in self._names]
        cells = layout.pick_cleaned(values, lambda text: text)
        watch.look(values, cells)
        return RawRow(line, cells)

    def finish(self) -> None:
        """What can be said only at the end. ColumnsUnclear."""
        if self._known:
            self._known[1].ask()


def _fault_of(value: Any) -> str | None:
    if isinstance(value, dict):
        return "an object is not allowed here: write a text, a number, null, or an array of them"
    if isinstance(value, list) and any(isinstance(item, list | dict) for item in value):
        return "an array may hold texts and numbers only"
    return None


def _cell(value: Any) -> str:
    match value:
        case str():
            return clean_cell(value)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case list():
            return ";".join(filter(None, map(_cell, value)))
        case _:
            return ""
