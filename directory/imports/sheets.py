"""XLSX: rows of the first sheet that has a header, read one by one; numbers as they are shown, merged cells filled.

The format keeps its texts in one table that has to be held in memory; rows are not. A million rows is the most
that a sheet can have.
"""

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from directory.imports.columns import FileColumn, ReadNotes, RowIterator, clean_cell
from directory.imports.errors import ImportFileError
from directory.imports.header import MOST_COLUMNS, decide_layout, find_header, header_score
from directory.imports.numbers import MOST_DIGITS, shown_number
from directory.imports.tables import LOOKED_THROUGH, Record, read_table
from directory.imports.workbook import (
    MOST_SMALL_PART,
    BrokenWorkbook,
    Start,
    Texts,
    XmlStream,
    open_archive,
    read_part,
    read_texts,
)

MOST_ROWS = 1_048_576
# Styled cells without content: a sheet in which whole columns are coloured has millions of them.
_MOST_EMPTY = 6_000_000
_MOST_IN_CELL = 100_000
_MOST_MERGED = 200_000
_MOST_SHEETS = 1_000
_DATES = frozenset({"effective_from", "effective_to", "verified_on"})
# Of these a wrong one would be kept for true, so the row is set aside; of others nothing is said.
_NEEDED = frozenset({"external_id", "name", "type", "country"})
# Degrees and days are numbers, however few of their digits are shown.
_PLAIN = frozenset({"lat", "lon", "notice_days", None})
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]{0,200}?ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands: its text; for a number its format instead of None, and whether that is of a date."""

    text: str
    number_format: str | None = None
    is_date: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sheet, from 1; its cells by position, from 0."""

    number: int
    cells: dict[int, Cell]


@dataclass(slots=True)
class _Book:
    """What is known of the workbook beside its rows."""

    archive: ZipFile
    texts: Texts
    formats: list[tuple[str, bool]]  # of each style, and whether it is of a date
    epoch: dt.datetime
    sheets: list[tuple[str, str]]  # title, part


def read_sheet(path: Path, notes: ReadNotes) -> RowIterator:
    """The rows of an XLSX file. ImportFileError when it is none, or its header cannot be used."""
    with open_archive(path) as archive:
        book = _open_book(archive)
        yield from _rows(book, notes)
    notes.bytes_done = notes.bytes_total


def _rows(book: _Book, notes: ReadNotes) -> RowIterator:
    title, part, first = _choose_sheet(book, notes)
    others = ", ".join(repr(each) for each, _ in book.sheets if each != title)
    if others:
        notes.remarks.append(f"Only the sheet {title!r} was read; left out: {others}."[:500])
    names = [_as_names(row) for row in first]
    at = find_header(names, notes.told)
    layout = decide_layout(names[at], notes)
    rows = read_rows(book, part)
    below = (row for row in rows if row.number > first[at].number)
    reading = _Reading(book, layout.columns, notes)
    yield from read_table(map(reading.record, _filled(below, book, part)), layout, "give them a header or remove them")


def _choose_sheet(book: _Book, notes: ReadNotes) -> tuple[str, str, list[Row]]:
    """The first sheet whose first rows hold every required column, else the first with any rows; and those rows."""
    chosen: tuple[str, str, list[Row]] | None = None
    for title, part in book.sheets:
        first = list(islice((row for row in read_rows(book, part) if row.cells), LOOKED_THROUGH))
        if any(header_score(_as_names(row), notes.told)[0] for row in first):
            return title, part, first
        if first and chosen is None:
            chosen = title, part, first
    if chosen is None:
        raise ImportFileError("The file has no sheet with rows, and no header row.")
    return chosen


def _as_names(row: Row) -> list[str]:
    width = max(row.cells, default=-1) + 1
    return [clean_cell(row.cells[position].text) if position in row.cells else "" for position in range(width)]


class _Reading:
    """Makes texts of cells, as their columns ask."""

    def __init__(self, book: _Book, columns: tuple[FileColumn, ...], notes: ReadNotes) -> None:
        self._epoch = book.epoch
        self._fields = [column.field for column in columns]
        self._notes = notes

    def record(self, row: Row) -> Record:
        """The row's cells as texts; those beyond the header show that they are there."""
        width = len(self._fields)
        values = [""] * width
        for position, cell in row.cells.items():
            if position < width:
                try:
                    values[position] = self._text(cell, self._fields[position], row.number)
                except ValueError as error:
                    return row.number, [each.text for each in row.cells.values()], f"{self._fields[position]}: {error}"
            elif cell.text and len(values) == width:
                values.append(cell.text)
        return row.number, values, None

    def _text(self, cell: Cell, field: str | None, line: int) -> str:
        """The cell as its column needs it. ValueError where a spreadsheet made something else of what was typed."""
        if cell.number_format is None:
            return cell.text
        try:
            value = float(cell.text)
        except ValueError:
            return cell.text
        if cell.is_date or (field in _DATES and 20_000 <= value <= 80_000):
            return self._date(value, field, line)
        if field == "external_id" and abs(value) >= 10**MOST_DIGITS:
            raise ValueError(
                f"{cell.text!r} is a number of more than {MOST_DIGITS} digits, which spreadsheets round: format the "
                "column as text before the numbers are entered"
            )
        return shown_number(value, "General" if field in _PLAIN else cell.number_format)

    def _date(self, value: float, field: str | None, line: int) -> str:
        moment = _moment(value, self._epoch)
        if moment is None:
            return ""
        if isinstance(moment, dt.time):
            return moment.isoformat("minutes")
        if field in _DATES or field is None:
            return moment.date().isoformat()
        if field == "hours" and (moment.day, moment.month) == (24, 7):
            return "24/7"
        if field in _NEEDED:
            raise ValueError(f"a spreadsheet made the date {moment.date().isoformat()} of what was typed")
        self._notes.warnings.append((f"dropped_date_in_{field}", line))
        return ""


def _moment(value: float, epoch: dt.datetime) -> dt.datetime | dt.time | None:
    try:
        moment = from_excel(value, epoch)
    except (OverflowError, ValueError):
        return None
    return moment if isinstance(moment, dt.datetime | dt.time) else None


def _open_book(archive: ZipFile) -> _Book:
    titles, epoch = _read_titles(archive)
    targets = _read_targets(archive)
    parts = set(archive.namelist())
    sheets = [(title, targets[key]) for title, key in titles if targets.get(key) in parts]
    if not sheets:
        raise ImportFileError("The file has no sheet with rows.")
    texts = next((name for name in parts if name.casefold() == "xl/sharedstrings.xml"), "")
    return _Book(archive, read_texts(archive, texts), _read_formats(archive), epoch, sheets)


def _read_titles(archive: ZipFile) -> tuple[list[tuple[str, str]], dt.datetime]:
    titles: list[tuple[str, str]] = []
    epoch = CALENDAR_WINDOWS_1900

    def start(tag: str, attributes: Mapping[str, str]) -> bool:
        nonlocal epoch
        if tag == "sheet" and len(titles) < _MOST_SHEETS:
            key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            titles.append((clean_cell(attributes.get("name", ""))[:100], key))
        elif tag == "workbookPr" and attributes.get("date1904", "0") in ("1", "true"):
            epoch = CALENDAR_MAC_1904
        return True

    _run(archive, "xl/workbook.xml", start)
    return titles, epoch


def _read_targets(archive: ZipFile) -> dict[str, str]:
    targets: dict[str, str] = {}

    def start(_: str, attributes: Mapping[str, str]) -> bool:
        if "Id" in attributes and "Target" in attributes and len(targets) < 10 * _MOST_SHEETS:
            target = attributes["Target"]
            targets[attributes["Id"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        return True

    _run(archive, "xl/_rels/workbook.xml.rels", start)
    return targets


def _read_formats(archive: ZipFile) -> list[tuple[str, bool]]:
    """The number format of each style of cells."""
    own: dict[str, str] = {}
    formats: list[tuple[str, bool]] = []
    in_cells = False

    def start(tag: str, attributes: Mapping[str, str]) -> bool:
        nonlocal in_cells
        if tag == "numFmt":
            own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:255]
        elif tag in ("cellXfs", "cellStyleXfs"):
            in_cells = tag == "cellXfs"
        elif tag == "xf" and in_cells:
            number = attributes.get("numFmtId", "0")
            known = BUILTIN_FORMATS.get(int(number)) if number.isascii() and number.isdigit() else None
            code = own.get(number) or known or "General"
            formats.append((code, bool(is_date_format(code))))
        return True

    _run(archive, "xl/styles.xml", start)
    return formats


def _run(archive: ZipFile, part: str, start: Start) -> None:
    XmlStream(start, lambda _: None, lambda _: None).run(read_part(archive, part, MOST_SMALL_PART))


def read_rows(book: _Book, part: str) -> Iterator[Row]:
    """The rows of a sheet that have cells. BrokenWorkbook; ImportFileError beyond what a sheet can have."""
    sheet = _SheetXml(book)
    stream = XmlStream(sheet.start, sheet.text, sheet.end)
    for _ in stream.feed(read_part(book.archive, part)):
        yield from sheet.take()
    yield from sheet.take()


class _SheetXml:
    """The events of a sheet's XML, gathered into rows."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        self._done: list[Row] = []
        self._row = 0
        self._cells: dict[int, Cell] = {}
        self._place, self._after = "", -1
        self._kind = self._style = ""
        self._pieces: list[str] = []
        self._size = self._empty = 0
        self._in_value = False

    def take(self) -> list[Row]:
        """The rows that came to their end since the last call."""
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag == "c":
            # Where it stands is found out when it holds something.
            if place := attributes.get("r"):
                self._place, self._after = place, 0
            else:
                self._after += 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        elif tag in ("v", "t"):
            self._in_value = self._kind != "inlineStr" or tag == "t"
        elif tag == "row":
            self._start_row(attributes.get("r", ""))
        elif tag not in ("f", "is", "r"):
            return False
        return True

    def _start_row(self, number: str) -> None:
        self._row = int(number) if number.isascii() and number.isdigit() and len(number) < 12 else self._row + 1
        self._place, self._after = "", -1
        if self._row > MOST_ROWS or len(number) >= 12:
            raise BrokenWorkbook(f"it has a row numbered {number[:20] or self._row}; a sheet has {MOST_ROWS:,} at most")

    def _position(self) -> int:
        """The column of this cell, from 0: by what it says, or what one before it said, or next to that."""
        match = _PLACE.fullmatch(self._place)
        if self._place and not match:
            raise BrokenWorkbook(f"it has a cell at {self._place[:20]!r}")
        position = self._after + (_column_number(match[1]) if match else 0)
        if position >= MOST_COLUMNS:
            raise BrokenWorkbook(f"it has a cell in column {position + 1:,}; a sheet has {MOST_COLUMNS:,} at most")
        return position

    def text(self, text: str) -> None:
        if self._in_value:
            self._size += len(text)
            if self._size > _MOST_IN_CELL:
                raise BrokenWorkbook(f"row {self._row:,} has a cell of more than {_MOST_IN_CELL:,} characters")
            self._pieces.append(text)

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self._in_value = False
        elif tag == "c":
            if self._pieces:
                self._cells[self._position()] = self._cell("".join(self._pieces))
                self._pieces, self._size = [], 0
            else:
                self._empty += 1
                if self._empty > _MOST_EMPTY:
                    raise ImportFileError(f"The sheet has more than {_MOST_EMPTY:,} empty cells: remove them.")
        elif tag == "row" and self._cells:
            self._done.append(Row(self._row, self._cells))
            self._cells = {}

    def _cell(self, text: str) -> Cell:
        match self._kind:
            case "s":
                try:
                    return Cell(self._book.texts[int(text)])
                except (ValueError, IndexError):
                    raise BrokenWorkbook(f"row {self._row:,} refers to a text that is not there") from None
            case "b":
                return Cell("true" if text.strip() == "1" else "false")
            case "e":
                return Cell("")  # what a formula shows when it has no value
            case "n":
                return self._number(text)
            case _:
                return Cell(text)

    def _number(self, text: str) -> Cell:
        formats = self._book.formats
        style = int(self._style) if self._style.isascii() and self._style.isdigit() and len(self._style) < 9 else 0
        code, is_date = formats[style] if style < len(formats) else ("General", False)
        return Cell(text.strip(), code, is_date)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def _filled(rows: Iterator[Row], book: _Book, part: str) -> Iterator[Row]:
    """The rows with what cells merged downwards say to each of the rows that they span.

    Cells merged sideways say it to their first column only: what stands across a name and a type is no type.
    """
    merged = _read_merged(book, part)
    if not merged:
        yield from rows
        return
    starts = {position: [start for start, _ in spans] for position, spans in merged.items()}
    shown: dict[int, tuple[int, Cell]] = {}
    for row in rows:
        for position, spans in merged.items():
            index = bisect_right(starts[position], row.number) - 1
            if index < 0 or row.number > spans[index][1]:
                continue
            cell = row.cells.get(position)
            if cell is not None:
                shown[position] = (index, cell)
            elif row.cells and (above := shown.get(position)) and above[0] == index:
                row.cells[position] = above[1]
        yield row


def _read_merged(book: _Book, part: str) -> dict[int, list[tuple[int, int]]]:
    """By column the first and last rows of cells merged downwards. As they stand behind the rows, all is read twice."""
    merged: dict[int, list[tuple[int, int]]] = {}
    count, tail = 0, b""
    for block in read_part(book.archive, part):
        text = tail + block
        end = 0
        for match in _MERGED.finditer(text):
            end = match.end()
            first, last = int(match[2]), int(match[3])
            if last > first:
                merged.setdefault(_column_number(match[1].decode()), []).append((first, last))
                count += 1
        if count > _MOST_MERGED:
            raise ImportFileError(f"The sheet has more than {_MOST_MERGED:,} merged cells.")
        tail = text[max(end, len(text) - 400) :]
    return {position: sorted(spans) for position, spans in merged.items()}
