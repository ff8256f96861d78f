"""Files as people have them, imported: columns of other names, rows that share an id, rejects that come back."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from config.settings import PROJECT_ROOT
from directory.imports import ColumnsUnclear, ImportFileError, ImportReport
from tests.engines.import_world import ImportWorld, as_csv, clinic, counts

PROGRAM = Path(sys.executable).parent / "provider-directory"


def read_rejects(report: ImportReport) -> list[dict[str, str]]:
    assert report.rejects_file is not None
    with Path(report.rejects_file).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "external_id", ["2.03E+11", "1.23457E+14", "2,03E+11", "1,23457E+14", "2E+11", "2.03e+11", "2.03E11", "2.03E+011"]
)
def test_facilities_whose_ids_a_spreadsheet_rounded_do_not_become_one(world: ImportWorld, external_id: str) -> None:
    rows = [
        clinic(external_id, name="North Clinic", city="Nairobi"),
        clinic(external_id, name="South Pharmacy", type="pharmacy", city="Mombasa"),
        clinic(external_id, name="West Hospital", type="hospital", city="Kisumu"),
        clinic("00123"), clinic("123"), clinic("26.124.718/0001-83"), clinic("E12"), clinic("4E5"),
    ]  # fmt: skip
    report = world.run_rows(*rows)
    assert counts(report) == (5, 0, 0, 3)
    assert all("rounded by a spreadsheet" in each["reason"] for each in report.first_rejects)


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ({"name": "Another clinic"}, "name"), ({"type": "pharmacy"}, "type"), ({"city": "Mombasa"}, "city"),
        ({"country": "UG", "city": "Kampala"}, "country, city"), ({"address": "9 Other Road"}, "address"),
        ({"lat": "-1.40", "lon": "36.82"}, "lat and lon"),
    ],
)  # fmt: skip
def test_rows_of_one_id_that_are_not_one_provider_are_set_aside(
    world: ImportWorld, cells: dict[str, str], what: str
) -> None:
    row = clinic("7", city="Nairobi", address="1 Moi Avenue", lat="-1.28", lon="36.82")
    report = world.run_rows(row, clinic("8"), {**row, **cells})
    assert counts(report) == (1, 0, 0, 2)
    assert [each["line"] for each in report.first_rejects] == [2, 4]
    assert {each["reason"] for each in report.first_rejects} == {
        f"lines 2, 4 have this id and differ in {what}: give each provider an id of its own"
    }
    assert list(world.listings()) == ["8"]


def test_rows_that_are_not_one_provider_leave_the_listing_as_it_was(world: ImportWorld) -> None:
    world.run_rows(clinic("7", city="Nairobi"))
    before = world.listing("7").facts["provider"]
    assert counts(world.run_rows(clinic("7", name="One"), clinic("7", name="Two"))) == (0, 0, 0, 2)
    assert world.listing("7").facts["provider"] == before
    assert world.listing("7").revision == 1


def test_rows_of_one_provider_that_say_more_or_less_of_it_go_in(world: ImportWorld) -> None:
    whole = clinic("7", city="Nairobi", address="1 Moi Avenue", lat="-1.28", lon="36.82", network="worldwide")
    other = clinic(
        "7", name="CLINIC 7", city="", address="1, Moi avenue", lat="-1.2801", lon="36.82", network="essential"
    )
    assert counts(world.run_rows(whole, other)) == (1, 1, 0, 0)


HALF = {
    "External ID": "hh-01", "Name": "A Hospital", "Type": "Hospital", "Country": "Sierra Leone", "City": "Freetown",
    "Latitude": "8.4844", "Longitude": "-13.2344", "Telephone": "+232 76 123 456", "Opening hours": "24/7",
    "URL": "https://example.org/h", "Languages spoken": "English", "Zip": "00100",
}  # fmt: skip


def test_file_with_columns_of_other_names_loses_nothing(world: ImportWorld) -> None:
    report = world.run_rows(HALF)
    assert counts(report) == (1, 0, 0, 0)
    facts = world.listing("hh-01").facts
    assert facts["location"]["precision"] == "exact"
    assert facts["location"]["phones"] == ["+23276123456"]
    assert facts["location"]["website"] == "https://example.org/h"
    assert facts["location"]["postal_code"] == "00100"
    assert (facts["listing"]["hours"], facts["listing"]["languages"]) == ("24/7", ["en"])
    assert report.as_json()["columns"][5] == {"number": 6, "name": "Latitude", "field": "lat", "how": "synonym"}


def test_file_whose_phones_would_be_lost_is_not_imported_until_it_is_said_what_they_are(world: ImportWorld) -> None:
    rows = [clinic("1", **{"Kolom 9": "+254 20 366 2000"}), clinic("2", **{"Kolom 9": "0722 123 456"})]
    with pytest.raises(ColumnsUnclear, match="phone numbers"):
        world.run_rows(*rows)
    assert world.listings() == {}
    assert counts(world.run_rows(*rows, columns={"Kolom 9": None}, dry_run=True)) == (2, 0, 0, 0)
    assert counts(world.run_rows(*rows, columns={"Kolom 9": "phone"})) == (2, 0, 0, 0)
    assert world.listing("2").facts["location"]["phones"] == ["+254722123456"]


FORMULAS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\u200d=1+1",
    "\u2212 1",
    "＝1",
    "'=1",
    "''+1",
    "'tis",
    "a;=1",
    "\u00ad-\n@x",
]


def test_rejects_are_harmless_and_say_the_same_when_they_come_back(world: ImportWorld) -> None:
    rows = [
        clinic(f"x{number}", name=formula, address=formula, type="no such type")
        for number, formula in enumerate(FORMULAS)
    ]
    world.run_rows(*[{**row, "type": "clinic"} for row in rows])
    expected = {external_id: known.facts for external_id, known in world.listings().items()}
    report = world.run_rows(*rows)
    assert report.set_aside == len(FORMULAS)
    rejects = read_rejects(report)
    assert not any(
        cell.lstrip("\u200d\u00ad").startswith(("=", "+", "-", "@", "\u2212", "＝"))
        for reject in rejects
        for cell in reject.values()
    )
    corrected = Path(report.rejects_file or "").read_text(encoding="utf-8-sig").replace("no such type", "clinic")
    assert world.run(corrected, "corrected.csv").set_aside == 0
    assert {external_id: known.facts | {"import_hash": None} for external_id, known in world.listings().items()} == {
        external_id: facts | {"import_hash": None} for external_id, facts in expected.items()
    }


def test_rows_with_bytes_that_are_no_text_are_written_into_the_rejects(world: ImportWorld) -> None:
    good = [clinic(str(number), name=f"Hôpital Saint-Élie {number}") for number in range(20)]
    content = as_csv(*good).encode() + b"x,H\xf4pital,clinic,KE\r\n"
    report = world.run(content)
    assert counts(report) == (20, 0, 0, 1)
    assert read_rejects(report)[0]["external_id"] == "x"


def test_sheet_of_numbers_dates_and_merged_cells_is_imported_as_it_is_seen(world: ImportWorld) -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.append(["Our providers"])
    page.append(["external_id", "name", "type", "country", "city", "postal_code", "phone"])
    page.append([123, "One", "clinic", "FR", "Bourg-en-Bresse", 1000, 145678900])
    page.append([45, "Two"])
    page.cell(3, 1).number_format = page.cell(4, 1).number_format = page.cell(3, 6).number_format = "00000"
    page.cell(3, 7).number_format = "0000000000"
    for place in ("C3:C4", "D3:D4", "E3:E4"):
        page.merge_cells(place)
    book.save(world.folder / "sheet.xlsx")
    report = world.run((world.folder / "sheet.xlsx").read_bytes(), "sheet.xlsx")
    assert counts(report) == (2, 0, 0, 0)
    location = world.listing("00123").facts["location"]
    assert (location["postal_code"], location["phones"]) == ("01000", ["+33145678900"])
    assert world.listing("00045").facts["location"]["city"] == "Bourg-en-Bresse"


def test_file_of_rows_that_are_none_is_given_up(world: ImportWorld) -> None:
    with pytest.raises(ImportFileError, match="None of the first"):
        world.run("external_id,name,type,country\n" + ",x,clinic,KE\n" * 120_000)


def run_command(world: ImportWorld, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "DATABASE_URL": world.engine.url.render_as_string(hide_password=False),
        "STATE_DIR": str(world.gazetteer_path.parent), "PATH": "/usr/bin:/bin",
    }  # fmt: skip
    return subprocess.run(
        [PROGRAM, "import", *words, "--source", world.source, "--json"],
        env=environment, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_command_asks_about_columns_and_takes_the_answer(world: ImportWorld) -> None:
    path = world.folder / "file.csv"
    path.write_text(as_csv(clinic("1", **{"Kolom 9": "+254 20 366 2000", "Kolom 10": "x"})), encoding="utf-8")
    asked = run_command(world, str(path), "--dry-run")
    assert asked.returncode == 1
    assert "Kolom 9" in asked.stderr
    assert "Traceback" not in asked.stderr
    [question] = json.loads(asked.stdout.splitlines()[-1])["questions"]
    assert question["field"] == "phone"
    mapping = world.folder / "columns.toml"
    mapping.write_text('[columns]\n"Kolom 9" = "address"\n')
    words = ("--dry-run", "--columns-file", str(mapping), "--columns", "Kolom 9=phone", "--columns", "Kolom 10=")
    answered = run_command(world, str(path), *words)
    assert answered.returncode == 0, answered.stderr
    told = json.loads(answered.stdout.splitlines()[-1])
    assert told["created"] == 1
    assert [(each["field"], each["how"]) for each in told["columns"][4:]] == [("phone", "told"), (None, "ignored")]


def test_command_ends_a_broken_workbook_with_a_sentence(world: ImportWorld) -> None:
    path = world.folder / "file.xlsx"
    Workbook().save(path)
    path.write_bytes(path.read_bytes().replace(b"xl/worksheets/sheet1", b"xl/worksheets/sheet2"))
    done = run_command(world, str(path))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "XLSX" in done.stderr or "sheet" in done.stderr
