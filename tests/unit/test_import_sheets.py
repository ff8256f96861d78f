"""Cells of spreadsheets as people see them: numbers as shown, dates where they belong, merged cells, several sheets."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from directory.imports.columns import COLUMNS, RawRow, ReadNotes
from directory.imports.numbers import shown_number
from directory.imports.reader import open_rows

HEADER = ["external_id", "name", "type", "country"]
ROW = ["1", "A", "clinic", "KE"]


def saved(folder: Path, book: Workbook) -> tuple[ReadNotes, list[RawRow]]:
    book.save(folder / "file.xlsx")
    notes, rows = open_rows(folder / "file.xlsx")
    return notes, list(rows)


def book_of(*rows: list[Any]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return book


def one_cell(folder: Path, column: str, value: Any, number_format: str = "General") -> tuple[ReadNotes, RawRow]:
    """A sheet of one row, with this in a column."""
    values = dict(zip(HEADER, ROW, strict=True)) | {column: value}
    book = book_of(list(values), list(values.values()))
    book.worksheets[0].cell(2, list(values).index(column) + 1).number_format = number_format
    notes, [row] = saved(folder, book)
    return notes, row


def cell(row: RawRow, column: str) -> str | None:
    assert row.cells is not None
    return row.cells[COLUMNS.index(column)]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (1000, "00000", "01000"), (145678900, "0000000000", "0145678900"), (123456, "000", "123456"),
        (12345, "00000-0000", "00001-2345"), (5, '"KE-"0000', "KE-0005"), (7, "0#", "07"), (1234.0, "General", "1234"),
        (1000, "#,##0", "1000"), (2065551234, "[<=9999999]###-####;(###) ###-####", "2065551234"), (0.5, "00", "0.5"),
        (123, "[Red]00000;-0", "00123"), (3, "0.00", "3"), (254722123456, r"\+000\ 000\ 000000", "+254 722 123456"),
        (12, "0%", "12"), (1, "0.00E+00", "1"), (-5, "000", "-5"), (5, "@", "5"), (0, "0", "0"), (42, "", "42"),
    ],
)  # fmt: skip
def test_number_is_read_as_it_is_shown(value: float, number_format: str, shown: str) -> None:
    assert shown_number(float(value), number_format) == shown


@pytest.mark.parametrize("column", ["postal_code", "phone", "external_id", "name", "address"])
def test_noughts_at_the_front_are_kept(tmp_path: Path, column: str) -> None:
    assert cell(one_cell(tmp_path, column, 1000, "00000")[1], column) == "01000"


def test_degrees_keep_the_digits_that_are_not_shown(tmp_path: Path) -> None:
    assert cell(one_cell(tmp_path, "lat", -1.2863891, "0.00")[1], "lat") == "-1.2863891"


def test_date_stands_only_where_a_date_belongs(tmp_path: Path) -> None:
    day = dt.date(2024, 7, 24)
    assert cell(one_cell(tmp_path, "verified_on", day, "d-mmm")[1], "verified_on") == "2024-07-24"
    assert cell(one_cell(tmp_path, "hours", day, "d-mmm")[1], "hours") == "24/7"
    notes, row = one_cell(tmp_path, "address", dt.date(2024, 5, 3), "d-mmm")
    assert cell(row, "address") == ""
    assert notes.warnings == [("dropped_date_in_address", 2)]


@pytest.mark.parametrize("column", HEADER)
def test_row_whose_id_or_name_became_a_date_is_set_aside(tmp_path: Path, column: str) -> None:
    _, row = one_cell(tmp_path, column, dt.date(2024, 3, 1), "mmm-yy")
    assert row.fault is not None
    assert "2024-03-01" in row.fault.reason


def test_number_of_a_day_is_a_date_in_a_column_of_dates(tmp_path: Path) -> None:
    assert cell(one_cell(tmp_path, "effective_from", 45323)[1], "effective_from") == "2024-02-01"
    assert cell(one_cell(tmp_path, "postal_code", 45323)[1], "postal_code") == "45323"


def test_time_is_read_as_hours(tmp_path: Path) -> None:
    assert cell(one_cell(tmp_path, "hours", dt.time(8, 30), "h:mm")[1], "hours") == "08:30"


def test_id_of_more_digits_than_a_spreadsheet_keeps_is_refused(tmp_path: Path) -> None:
    _, row = one_cell(tmp_path, "external_id", 1234567890123456)
    assert row.fault is not None
    assert "15 digits" in row.fault.reason
    assert one_cell(tmp_path, "external_id", "1234567890123456")[1].fault is None
    assert cell(one_cell(tmp_path, "external_id", 123456789012345)[1], "external_id") == "123456789012345"


def test_cells_merged_downwards_speak_for_each_of_their_rows(tmp_path: Path) -> None:
    rows = [["1", "A", "clinic", "KE", "Nairobi"], ["2", "B"], ["3", "C"], ["4", "D", "clinic", "UG"]]
    book = book_of([*HEADER, "city"], *rows)
    for place in ("C2:C4", "D2:D4", "E2:E4"):
        book.worksheets[0].merge_cells(place)
    read = saved(tmp_path, book)[1]
    assert [(cell(row, "name"), cell(row, "country"), cell(row, "city")) for row in read] == [
        ("A", "KE", "Nairobi"), ("B", "KE", "Nairobi"), ("C", "KE", "Nairobi"), ("D", "UG", ""),
    ]  # fmt: skip


def test_cells_merged_sideways_speak_for_their_first_column(tmp_path: Path) -> None:
    book = book_of([*HEADER, "city", "region"], [*ROW, "Nairobi", None])
    book.worksheets[0].merge_cells("E2:F2")
    [row] = saved(tmp_path, book)[1]
    assert (cell(row, "city"), cell(row, "region")) == ("Nairobi", "")


def test_title_and_blank_rows_above_the_header_are_passed_over(tmp_path: Path) -> None:
    book = book_of(["Provider list 2024"], [], HEADER, ROW)
    book.worksheets[0].merge_cells("A1:D1")
    notes, [row] = saved(tmp_path, book)
    assert (row.line, cell(row, "name")) == (4, "A")
    assert notes.columns == HEADER


def test_sheet_with_the_columns_is_found_behind_one_that_explains(tmp_path: Path) -> None:
    book = book_of(["Read me first"], ["This list is of 2024."])
    providers = book.create_sheet("Providers")
    providers.append(HEADER)
    providers.append(ROW)
    notes, [row] = saved(tmp_path, book)
    assert cell(row, "name") == "A"
    assert "'Providers'" in notes.remarks[0]


def test_rows_with_gaps_between_have_their_own_numbers(tmp_path: Path) -> None:
    book = book_of(HEADER)
    for column, value in enumerate(ROW, start=1):
        book.worksheets[0].cell(900_000, column, value)
    [row] = saved(tmp_path, book)[1]
    assert row.line == 900_000


def test_cells_made_harmless_are_read_from_a_spreadsheet_too(tmp_path: Path) -> None:
    assert cell(one_cell(tmp_path, "address", "'=1+1")[1], "address") == "=1+1"


def test_errors_of_formulas_are_empty(tmp_path: Path) -> None:
    book = book_of([*HEADER, "city"], ROW)
    place = book.worksheets[0].cell(2, 5, "#N/A")
    place.data_type = "e"
    assert cell(saved(tmp_path, book)[1][0], "city") == ""
