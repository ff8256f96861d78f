"""NDJSON: one JSON object a line. A key that is absent says nothing, null says empty; arrays hold several values."""

import re
from pathlib import Path
from typing import Any

import orjson

from directory.imports.columns import (
    COLUMNS,
    Cells,
    RawRow,
    ReadNotes,
    RowFault,
    RowIterator,
    clean_cell,
    find_column,
)
from directory.imports.encodings import find_encoding
from directory.imports.errors import ImportFileError

# A stray file can hold any number of keys; the report names the first ones.
_MOST_IGNORED = 100
_DAMAGED = re.compile("[\udc80-\udcff]")


def read_json_lines(path: Path, notes: ReadNotes) -> RowIterator:
    """The rows of an NDJSON file; a line that is no JSON object is given with its fault."""
    encoding = find_encoding(path)
    notes.encoding = encoding.codec
    notes.columns = list(COLUMNS)
    any_line = False
    with (
        path.open("rb") as binary,
        open(binary.fileno(), encoding=encoding.codec, errors=encoding.errors, closefd=False) as text,
    ):
        for line, content in enumerate(text, start=1):
            bare = content.strip().lstrip("\ufeff").strip()
            if not bare:
                continue
            if not any_line and bare.startswith("["):
                raise ImportFileError(
                    "The file is a JSON array. NDJSON is needed: one object a line, no commas between."
                )
            any_line = True
            notes.bytes_done = binary.tell()
            yield _read_line(line, bare, notes)
    if not any_line:
        raise ImportFileError("The file is empty: it has no rows.")
    notes.bytes_done = notes.bytes_total


def _read_line(line: int, content: str, notes: ReadNotes) -> RawRow:
    if _DAMAGED.search(content):
        shown = content.encode("utf-8", "replace").decode("utf-8")
        return _unreadable(line, shown, "the line holds bytes that are not UTF-8")
    try:
        row = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        return _unreadable(line, content, f"the line is not JSON: {error}")
    if not isinstance(row, dict):
        return _unreadable(line, content, "the line is not a JSON object with the columns as its keys")
    found: dict[str, str] = {}
    for key, value in row.items():
        column = find_column(key)
        if column is None:
            if key not in notes.ignored_columns and len(notes.ignored_columns) < _MOST_IGNORED:
                notes.ignored_columns.append(key)
            continue
        try:
            found[column] = _cell(value)
        except ValueError as error:
            return RawRow(line, None, RowFault(line, column, str(error)), unreadable=content[:2_000])
    cells: Cells = tuple(found.get(column) for column in COLUMNS)
    return RawRow(line, cells)


def _unreadable(line: int, content: str, reason: str) -> RawRow:
    return RawRow(line, None, RowFault(line, "", reason), unreadable=content[:2_000])


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return clean_cell(value)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case list():
            if any(isinstance(item, list | dict) for item in value):
                raise ValueError("an array may hold texts and numbers only")
            return ";".join(filter(None, map(_cell, value)))
        case _:
            raise ValueError("an object is not allowed here: write a text, a number, null, or an array of them")
