"""Reading import files as they come: encodings, separators, quotes, spreadsheets, JSON lines, and what is no table."""

import csv
import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from directory.imports.columns import COLUMNS, RawRow, ReadNotes, pack, unpack
from directory.imports.errors import ImportFileError
from directory.imports.reader import open_rows

HEADER = "external_id,name,type,country"


def read(path: Path) -> tuple[ReadNotes, list[RawRow]]:
    notes, rows = open_rows(path)
    return notes, list(rows)


def write(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def named(row: RawRow) -> dict[str, str]:
    """The cells that the file has, by column."""
    assert row.cells is not None
    return {column: cell for column, cell in zip(COLUMNS, row.cells, strict=True) if cell is not None}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_file_is_read_with_and_without_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    text = f"{HEADER}\n1,Clínica São José,clinic,BR\n2,مستشفى السلام,hospital,EG\n3,北京医院,hospital,CN\n"
    _, rows = read(write(tmp_path, text.encode(encoding)))
    assert [named(row)["name"] for row in rows] == ["Clínica São José", "مستشفى السلام", "北京医院"]


def test_latin_1_file_is_read(tmp_path: Path) -> None:
    text = (
        f"{HEADER}\n1,Clínica Ñuñoa,clinic,CL\n2,Hôpital d’Été Œuvre,hospital,FR\n3,Krankenhaus Köln Süd,hospital,DE\n"
    )
    notes, rows = read(write(tmp_path, text.encode("cp1252")))
    assert notes.encoding == "cp1252"
    assert [named(row)["name"] for row in rows] == ["Clínica Ñuñoa", "Hôpital d’Été Œuvre", "Krankenhaus Köln Süd"]


def test_windows_1256_file_is_read_even_with_french_words_in_it(tmp_path: Path) -> None:
    text = (
        f"{HEADER}\n1,مستشفى الملك فيصل,hospital,SA\n2,صيدلية النهضة,pharmacy,MA\n3,Clinique Médicale Agdal,clinic,MA\n"
    )
    notes, rows = read(write(tmp_path, text.encode("cp1256")))
    assert notes.encoding == "cp1256"
    assert [named(row)["name"] for row in rows] == ["مستشفى الملك فيصل", "صيدلية النهضة", "Clinique Médicale Agdal"]


def test_one_accent_far_down_a_large_file_decides_its_encoding(tmp_path: Path) -> None:
    plain = "".join(f"{number},Clinic,clinic,FR\n" for number in range(150_000))
    notes, rows = read(write(tmp_path, (HEADER + "\n" + plain + "x,Hôpital,hospital,FR\n").encode("cp1252")))
    assert notes.encoding == "cp1252"
    assert named(rows[-1])["name"] == "Hôpital"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1251", "Городская больница номер семь"),
        ("gb18030", "北京市第一人民医院急诊中心"),
        ("shift_jis", "函館市立病院診療所"),
    ],
)
def test_encoding_that_is_not_read_is_refused_with_advice(tmp_path: Path, encoding: str, name: str) -> None:
    text = HEADER + "\n" + "".join(f"{number},{name},hospital,RU\n" for number in range(20))
    with pytest.raises(ImportFileError, match="UTF-8"):
        read(write(tmp_path, text.encode(encoding)))


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859_2", "cp1251", "cp1253", "mac_roman", "koi8_r"])
def test_encoding_that_was_ruled_out_is_not_guessed(tmp_path: Path, encoding: str) -> None:
    names = ["Szpital Łódź ŻÓŁĆ Śródmieście", "Přerov ŽĎÁR nemocnice ŠŤASTNÝ", "Больница", "Νοσοκομείο", "Hôpital ÀÉÈÇ"]
    rows = [f"{number},{name},hospital,PL\n".encode(encoding, "ignore") for number, name in enumerate(names)]
    with pytest.raises(ImportFileError) as error:
        read(write(tmp_path, HEADER.encode() + b"\n" + b"".join(rows)))
    assert not re.search("looks like (cp1252|latin_1|iso8859_1|cp1256|utf|ascii)", str(error.value))


def test_few_broken_bytes_in_utf_8_set_only_their_rows_aside(tmp_path: Path) -> None:
    good = "".join(f"{number},Hôpital Saint-Élie,hospital,FR\n" for number in range(20)).encode()
    _, rows = read(write(tmp_path, HEADER.encode() + b"\n" + good + b"x,H\xf4pital,hospital,FR\n"))
    assert [row.fault is None for row in rows] == [True] * 20 + [False]
    assert named(rows[0])["name"] == "Hôpital Saint-Élie"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_line_ending_and_separator_is_found(tmp_path: Path, ending: str, separator: str) -> None:
    lines = [HEADER.replace(",", separator), separator.join(["1", "A clinic", "clinic", "KE"]), ""]
    notes, rows = read(write(tmp_path, ending.join(lines)))
    assert notes.separator == separator
    assert [named(row) for row in rows] == [{"external_id": "1", "name": "A clinic", "type": "clinic", "country": "KE"}]


def test_separator_line_of_excel_is_honoured(tmp_path: Path) -> None:
    _, rows = read(write(tmp_path, "\ufeffsep=;\r\nexternal_id;name;type;country\r\n1;A, B;clinic;KE\r\n"))
    assert named(rows[0])["name"] == "A, B"
    assert rows[0].line == 3


def test_header_is_recognised_however_it_is_written(tmp_path: Path) -> None:
    header = '\ufeff"External ID", NAME ,Type,COUNTRY,Postal-Code,nameLocal,rating'
    notes, rows = read(write(tmp_path, f"{header}\n1,A,clinic,KE,00100,ب,5\n"))
    assert named(rows[0]) == {
        "external_id": "1", "name": "A", "type": "clinic", "country": "KE", "postal_code": "00100", "name_local": "ب",
    }  # fmt: skip
    assert notes.ignored_columns == ["rating"]


def test_missing_column_is_named_with_what_was_found_and_what_was_perhaps_meant(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError) as error:
        read(write(tmp_path, "their_external_id_2024,the name by which,type,country\n1,A,clinic,KE\n"))
    message = str(error.value)
    assert "lacks external_id, name" in message
    assert "their_external_id_2024" in message
    assert "'the name by which' meant to be name" in message
    assert "--columns 'the name by which=name'" in message


def test_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="name is there twice"):
        read(write(tmp_path, "external_id,name,type,country,Name\n1,A,clinic,KE,B\n"))


def test_cell_with_line_breaks_quotes_and_separators_is_one_cell(tmp_path: Path) -> None:
    content = (
        f'{HEADER},address\r\n1,"The ""Good"" Clinic, Ltd",clinic,KE,"First line\r\nsecond"\r\n2,B,clinic,KE,x\r\n'
    )
    _, rows = read(write(tmp_path, content))
    assert named(rows[0])["name"] == 'The "Good" Clinic, Ltd'
    assert named(rows[0])["address"].splitlines() == ["First line", "second"]
    assert [row.line for row in rows] == [2, 4]


def test_quote_that_is_never_closed_loses_only_its_row(tmp_path: Path) -> None:
    content = f'{HEADER}\n1,"Open clinic,clinic,KE\n2,B,clinic,KE\n3,"Quoted, well",clinic,KE\n4,D,clinic,KE\n'
    _, rows = read(write(tmp_path, content))
    assert [(row.line, row.fault is not None) for row in rows] == [(2, True), (3, False), (4, False), (5, False)]
    assert rows[0].fault is not None
    assert "quotation mark" in rows[0].fault.reason
    assert rows[0].unreadable == '1,"Open clinic,clinic,KE'


def test_quote_in_the_middle_of_a_cell_is_kept(tmp_path: Path) -> None:
    _, rows = read(write(tmp_path, f'{HEADER}\n1,Clinic 5" pipe,clinic,KE\n2,St "Mary" Home,clinic,KE\n'))
    assert [named(row)["name"] for row in rows] == ['Clinic 5" pipe', 'St "Mary" Home']


def test_row_with_more_cells_than_the_header_is_set_aside(tmp_path: Path) -> None:
    _, rows = read(write(tmp_path, f"{HEADER}\n1,A,B,clinic,KE\n2,B,clinic,KE,,\n"))
    assert rows[0].fault is not None
    assert "5 cells, the header 4" in rows[0].fault.reason
    assert rows[1].fault is None


def test_row_that_ends_early_has_empty_cells(tmp_path: Path) -> None:
    _, rows = read(write(tmp_path, f"{HEADER},city\n1,A,clinic,KE\n"))
    assert named(rows[0])["city"] == ""


def test_nul_bytes_and_control_characters_are_taken_out(tmp_path: Path) -> None:
    _, rows = read(write(tmp_path, f"{HEADER}\n1,A\x00 cli\x1fnic\x0b,clinic,KE\n" + "2,B,clinic,KE\n" * 20))
    assert named(rows[0])["name"] == "A clinic"


def test_empty_lines_are_passed_over_and_lines_still_counted(tmp_path: Path) -> None:
    _, rows = read(write(tmp_path, f"\n{HEADER}\n\n1,A,clinic,KE\n,,,\n\n2,B,clinic,KE\n"))
    assert [row.line for row in rows] == [4, 7]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n\n", "no header"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"<!doctype html><html>", "web page"),
        (bytes(range(256)) * 40, "not text"),
        (b"PK\x03\x04 and then nothing that unpacks", "XLSX"),
        (b"[{}]", "JSON array"),
        (b"x" * 3_000_000, "longer than a million"),
    ],
)
def test_what_is_no_import_file_is_refused_by_name(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read(write(tmp_path, content))


def test_file_with_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    assert read(write(tmp_path, HEADER))[1] == []


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"nowhere\.csv cannot be read"):
        read(tmp_path / "nowhere.csv")


def sheet(folder: Path, *tables: list[list[Any]]) -> Path:
    """An XLSX file with these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, table in enumerate(tables):
        page = book.create_sheet(f"Sheet {number + 1}")
        for row in table:
            page.append(row)
    path = folder / "file.xlsx"
    book.save(path)
    return path


def test_spreadsheet_is_read_with_numbers_dates_and_truth_values(tmp_path: Path) -> None:
    header = [*HEADER.split(","), "postal_code", "lat", "effective_from", "tariff", "phone", "city"]
    values = [1.0, "A clinic", "clinic", "KE", 1234.0, -1.25, dt.date(2024, 1, 31), True, 254203662000, "#N/A"]
    notes, rows = read(sheet(tmp_path, [header, values]))
    assert notes.format == "xlsx"
    assert named(rows[0]) == {
        "external_id": "1", "name": "A clinic", "type": "clinic", "country": "KE", "postal_code": "1234",
        "lat": "-1.25", "effective_from": "2024-01-31", "tariff": "true", "phone": "254203662000", "city": "",
    }  # fmt: skip
    assert rows[0].line == 2


def test_only_the_first_sheet_is_read_and_the_report_says_so(tmp_path: Path) -> None:
    first = [HEADER.split(","), ["1", "A", "clinic", "KE"]]
    notes, rows = read(sheet(tmp_path, first, [["other"], ["x"]]))
    assert len(rows) == 1
    assert "Sheet 2" in notes.remarks[0]


def test_title_rows_above_the_header_do_not_hide_a_missing_header(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="lacks external_id"):
        read(sheet(tmp_path, [["Our providers"], HEADER.split(",")[1:]]))
    with pytest.raises(ImportFileError, match="no header row"):
        read(sheet(tmp_path, [[]]))


def test_cells_beyond_a_sheets_header_set_the_row_aside(tmp_path: Path) -> None:
    rows = read(sheet(tmp_path, [HEADER.split(","), ["1", "A", "clinic", "KE", None, "stray"]]))[1]
    assert rows[0].fault is not None


def test_json_lines_are_read_with_arrays_numbers_and_null(tmp_path: Path) -> None:
    content = (
        '{"external_id": 7, "name": "A", "type": "clinic", "country": "KE", "specialties": ["cardiology",'
        ' "dermatology"], "lat": -1.25, "city": null, "tariff": true, "rating": 5}\n\n'
        '{"external_id": "8", "name": "B"\n[1]\n{"external_id": "9", "name": {"en": "C"}}\n'
    )
    notes, rows = read(write(tmp_path, content, "file.ndjson"))
    assert named(rows[0]) == {
        "external_id": "7", "name": "A", "type": "clinic", "country": "KE", "specialties": "cardiology;dermatology",
        "lat": "-1.25", "city": "", "tariff": "true",
    }  # fmt: skip
    assert notes.ignored_columns == ["rating"]
    assert [(row.line, row.fault.column if row.fault else None) for row in rows[1:]] == [(3, ""), (4, ""), (5, "name")]
    assert rows[1].unreadable == '{"external_id": "8", "name": "B"'


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(rows=st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=8), separator=st.sampled_from(",;\t|"))
def test_every_row_that_csv_writes_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], separator: str
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([HEADER.split(","), *rows])
    path = write(tmp_path_factory.mktemp("rows"), text.getvalue())
    expected = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    assert [list(named(row).values()) for row in read(path)[1]] == [
        [named_row[position] for position in (0, 1, 2, 3)] for named_row in expected
    ]


@given(st.lists(st.one_of(st.none(), CELLS), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_packed_row_unpacks_to_itself(cells: list[str | None]) -> None:
    assert unpack(pack(tuple(cells))) == tuple(cells)
