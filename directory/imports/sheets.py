"""XLSX: rows of the first sheet that is not empty, read one by one.

The format keeps its texts in one table that has to be held in memory; rows are not. A million rows is the most
that a sheet can have.
"""

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from directory.imports.columns import RawRow, ReadNotes, RowFault, RowIterator, clean_cell, is_blank, match_header, pick
from directory.imports.errors import ImportFileError

# What a formula shows when it has no value.
_ERROR_VALUES = frozenset({"#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DIV/0!", "#GETTING_DATA"})
# More than any sheet of a million rows needs; a small file that unpacks to more was made to fill a disk.
_MOST_BYTES = 4 << 30
_BEFORE_HEADER = 20


def read_sheet(path: Path, notes: ReadNotes) -> RowIterator:
    """The rows of an XLSX file. ImportFileError when it is none, or its header cannot be used."""
    _refuse_bomb(path)
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise ImportFileError(f"The file cannot be read as XLSX: {error}") from error
    try:
        names = workbook.sheetnames
        if not workbook.worksheets:
            raise ImportFileError("The file has no sheet with rows.")
        sheet = workbook.worksheets[0]
        if len(names) > 1:
            others = ", ".join(name for name in names if name != sheet.title)
            notes.remarks.append(f"Only the first sheet, {sheet.title!r}, was read; left out: {others}.")
        # Some writers store a wrong size of the sheet, and rows beyond it would be lost.
        sheet.reset_dimensions()
        yield from _rows(sheet, notes)
    finally:
        workbook.close()
    notes.bytes_done = notes.bytes_total


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise ImportFileError(f"The file cannot be read as XLSX: {error}") from error
    if size > _MOST_BYTES:
        raise ImportFileError(f"The file unpacks to {size >> 20} MB, more than the {_MOST_BYTES >> 20} MB allowed.")


def _rows(sheet: Any, notes: ReadNotes) -> RowIterator:
    positions: list[int | None] | None = None
    width = 0
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        texts = [cell_text(value) for value in values]
        if positions is None:
            if any(texts):
                positions = match_header(texts, notes)
                width = max(position for position, name in enumerate(texts) if name) + 1
            elif line > _BEFORE_HEADER:
                break
            continue
        cells = pick(texts, positions)
        if is_blank(cells) and not any(texts):
            continue
        yield RawRow(line, cells, _fault(line, texts, width))
    if positions is None:
        raise ImportFileError(f"The first sheet has no header row in its first {_BEFORE_HEADER} rows.")


def _fault(line: int, texts: list[str], width: int) -> RowFault | None:
    if any(texts[width:]):
        return RowFault(line, "", f"the row has cells beyond the header's {width}")
    return None


def cell_text(value: Any) -> str:
    """A cell as text: 1234.0 is a postal code or phone and becomes "1234", dates become ISO 8601."""
    if value is None or (isinstance(value, str) and value.strip() in _ERROR_VALUES):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return clean_cell(str(value))
