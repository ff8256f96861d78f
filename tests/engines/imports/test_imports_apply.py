"""Importing a file into the real tables: what is created, changed, left, set aside, counted and written."""

import csv
import datetime as dt
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from directory.imports import ImportFileError, ImportReport, ReferenceMissing
from geodata.gazetteer import Gazetteer
from geodata.places import GazetteerMissing
from tests.engines.import_world import ImportWorld, as_csv, clinic, counts

WHOLE = {
    "external_id": "W-1", "name": "Aga Khan Hospital", "name_local": "مستشفى آغا خان", "name_lang": "ar",
    "kind": "organisation", "type": "Hôpital", "specialties": "cardiology;pédiatre", "address": "3rd Parklands Ave",
    "postal_code": "00100", "city": "Nairobi", "region": "Nairobi County", "country": "Kenya", "lat": "-1.2617",
    "lon": "36.8247", "phone": "+254 20 366 2000", "email": "info@example.org", "website": "example.org",
    "languages": "en;Swahili", "network": "worldwide", "outpatient": "card", "inpatient": "guarantee_letter",
    "tariff": "true", "notice_days": "2", "effective_from": "2024-01-01", "effective_to": "2024-12-31",
    "verified_on": "2024-05-05", "hours": "24/7",
}  # fmt: skip


def read_rejects(report: ImportReport) -> list[dict[str, str]]:
    assert report.rejects_file is not None
    with Path(report.rejects_file).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_column_reaches_its_table(world: ImportWorld) -> None:
    assert counts(world.run_rows(WHOLE)) == (1, 0, 0, 0)
    listing = world.listing("W-1")
    facts = listing.facts
    assert listing.revision == 1
    assert facts["provider"] == {
        "kind": "organisation", "name": "Aga Khan Hospital", "lang": None, "script": "Latn",
        "sort_name": "aga khan hospital",
    }  # fmt: skip
    assert facts["names"] == [{"text": "مستشفى آغا خان", "lang": "ar", "script": "Arab"}]
    assert facts["location"] == {
        "address": "3rd Parklands Ave", "postal_code": "00100", "city": "Nairobi", "region": "Nairobi County",
        "country": "KE", "place_id": 184745, "lat": -1.2617, "lon": 36.8247, "precision": "exact",
        "time_zone": "Africa/Nairobi", "phones": ["+254203662000"], "email": "info@example.org",
        "website": "https://example.org",
    }  # fmt: skip
    assert facts["listing"] == {
        "type": "hospital", "status": "active", "status_reason": None, "merged_into": None,
        "suspended_from": None, "suspended_until": None, "confirmed": {}, "languages": ["en", "sw"],
        "hours": "24/7", "verified_on": "2024-05-05", "verified_by": "source",
    }  # fmt: skip
    assert facts["specialties"] == ["cardiology", "paediatrics"]
    [agreement] = facts["agreements"]
    del agreement["id"]
    assert agreement == {
        "network": "worldwide", "from": "2024-01-01", "to": "2025-01-01", "status": "active", "outpatient": "card",
        "inpatient": "guarantee_letter", "tariff": True, "notice_days": 2, "suspended_from": None,
        "suspended_until": None, "suspension_reason": None, "instead": None,
    }  # fmt: skip


def test_same_file_twice_changes_nothing(world: ImportWorld) -> None:
    rows = [WHOLE, clinic("2"), clinic("3", city="Mombasa"), clinic("bad", type="nonsense")]
    assert counts(world.run_rows(*rows)) == (3, 0, 0, 1)
    before, queued = world.listings(), world.queued()
    assert counts(world.run_rows(*rows)) == (0, 0, 3, 1)
    assert world.listings() == before
    assert world.queued() == queued


def test_changed_row_raises_the_revision_once_and_reaches_the_outbox(world: ImportWorld) -> None:
    world.run_rows(WHOLE, clinic("2"))
    queued = world.queued()
    changed = {**WHOLE, "name": "Aga Khan University Hospital", "phone": "", "specialties": "surgery", "lat": "-1.27"}
    assert counts(world.run_rows(changed, clinic("2"))) == (0, 1, 1, 0)
    after = world.listing("W-1")
    assert after.revision == 2
    assert world.queued() == queued + 1
    assert after.facts["provider"]["name"] == "Aga Khan University Hospital"
    assert after.facts["location"]["phones"] == []
    assert after.facts["location"]["lat"] == -1.27
    assert world.listing("2").revision == 1


@pytest.mark.parametrize(
    "cells",
    [
        {"name": "Another name"}, {"name_local": "المستشفى"}, {"kind": "practitioner"}, {"address": "elsewhere"},
        {"type": "clinic"}, {"specialties": "pédiatre;cardiology"}, {"outpatient": "none"}, {"effective_to": ""},
        {"hours": ""}, {"verified_on": "2024-06-06"}, {"languages": "fr"}, {"city": "Nakuru", "lat": "", "lon": ""},
        {"country": "UG", "lat": "0.31", "lon": "32.58"}, {"phone": "020 366 2001"},
    ],
    ids="+".join,
)  # fmt: skip
def test_each_part_of_a_listing_can_change_alone_and_back(world: ImportWorld, cells: dict[str, str]) -> None:
    world.run_rows(WHOLE)
    first = world.listing("W-1")
    assert counts(world.run_rows({**WHOLE, **cells})) == (0, 1, 0, 0)
    changed = world.listing("W-1")
    assert changed.revision == 2
    assert changed.facts != first.facts
    assert counts(world.run_rows(WHOLE)) == (0, 1, 0, 0)
    assert world.listing("W-1").facts == first.facts
    assert world.listing("W-1").revision == 3


def test_day_that_a_file_names_anew_is_confirmed_by_the_file(world: ImportWorld) -> None:
    world.run_rows(WHOLE)
    listing = world.listing("W-1").listing_id
    world.query("UPDATE listing SET verified_by = 'network_team' WHERE id = %s", listing)
    world.run_rows({**WHOLE, "hours": "Mo-Fr 08:00-12:00"})
    assert world.query("SELECT verified_by FROM listing WHERE id = %s", listing) == [("network_team",)]
    world.run_rows({**WHOLE, "verified_on": "2024-06-06"})
    assert world.query("SELECT verified_by FROM listing WHERE id = %s", listing) == [("source",)]


def test_change_that_means_the_same_leaves_the_revision(world: ImportWorld) -> None:
    world.run_rows(WHOLE)
    queued = world.queued()
    again = {**WHOLE, "type": "hospital", "country": "KEN", "phone": "020 3662000", "name": " Aga  Khan Hospital "}
    assert counts(world.run_rows(again)) == (0, 0, 1, 0)
    assert world.listing("W-1").revision == 1
    assert world.queued() == queued


def test_absent_columns_leave_what_is_known(world: ImportWorld) -> None:
    world.run_rows(WHOLE)
    first = world.listing("W-1").facts
    kept = ("external_id", "name", "type", "country")
    assert counts(world.run_rows({column: WHOLE[column] for column in kept} | {"address": "moved"})) == (0, 1, 0, 0)
    after = world.listing("W-1").facts
    assert after["location"] == {**first["location"], "address": "moved"}
    assert (after["specialties"], after["agreements"], after["names"], after["listing"]) == (
        first["specialties"], first["agreements"], first["names"], first["listing"],
    )  # fmt: skip


def test_row_that_cannot_be_used_is_set_aside_and_can_be_corrected(world: ImportWorld) -> None:
    rows = [clinic("1"), clinic("2", type="clinnic", phone="+254 20 366 2000"), clinic("", city="Nairobi"), clinic("4")]
    report = world.run_rows(*rows)
    assert counts(report) == (2, 0, 0, 2)
    first, second = read_rejects(report)
    assert (first["line"], first["column"], first["external_id"]) == ("3", "type", "2")
    assert "'clinnic' is no type" in first["reason"]
    assert (second["line"], second["column"]) == ("4", "external_id")
    assert report.rejects_file is not None
    corrected = Path(report.rejects_file).read_text(encoding="utf-8-sig").replace("clinnic", "clinic")
    again = world.run(corrected, "corrected.csv")
    assert counts(again) == (1, 0, 0, 1)
    assert set(again.ignored_columns) == {"line", "column", "reason", "unreadable"}
    assert world.listing("2").facts["location"]["phones"] == ["+254203662000"]


def test_rejects_of_an_earlier_run_do_not_stay(world: ImportWorld) -> None:
    path = Path(str(world.run_rows(clinic(type="nonsense")).rejects_file))
    assert path == world.folder / "file.rejects.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert world.run_rows(clinic()).rejects_file is None
    assert not path.exists()


def test_row_that_stays_bad_is_told_every_time(world: ImportWorld) -> None:
    rows = [clinic(), clinic(network="vip")]
    assert counts(world.run_rows(*rows)) == (1, 0, 0, 1)
    assert counts(world.run_rows(*rows)) == (0, 0, 1, 1)
    assert world.listing().revision == 1


def test_faults_of_one_row_are_one_reject(world: ImportWorld) -> None:
    report = world.run_rows(clinic(type="nonsense", notice_days="100"))
    [reject] = read_rejects(report)
    assert reject["column"] == "type; notice_days"
    assert report.first_rejects[0]["line"] == 2
    assert report.set_aside == 1


def test_reason_is_never_run_as_a_formula(world: ImportWorld) -> None:
    report = world.run_rows(clinic(type="=cmd()", name="=1+1"))
    [reject] = read_rejects(report)
    assert not reject["reason"].startswith(("=", "+", "-", "@"))
    assert reject["name"] == "'=1+1"


def test_two_rows_of_one_listing_make_one_listing_in_two_networks(world: ImportWorld) -> None:
    rows = [
        clinic(network="worldwide", outpatient="card"),
        clinic("2"),
        clinic(network="essential", outpatient="none", inpatient="guarantee_letter"),
    ]
    assert counts(world.run_rows(*rows)) == (2, 1, 0, 0)
    listing = world.listing()
    assert [agreement["network"] for agreement in listing.facts["agreements"]] == ["worldwide", "essential"]
    assert listing.revision == 1
    assert counts(world.run_rows(*rows)) == (0, 0, 3, 0)
    assert world.listing() == listing


def test_agreement_is_updated_in_place_and_keeps_its_status(world: ImportWorld) -> None:
    world.run_rows(clinic(network="worldwide", outpatient="card", effective_from="2024-01-01"))
    [agreement] = world.listing().facts["agreements"]
    world.query("UPDATE agreement SET status = 'suspended' WHERE id = %s", agreement["id"])
    later = clinic(network="worldwide", outpatient="none", tariff="yes", effective_from="2024-02-01")
    assert counts(world.run_rows(later)) == (0, 1, 0, 0)
    assert world.listing().facts["agreements"] == [
        {**agreement, "status": "suspended", "outpatient": "none", "tariff": True, "from": "2024-02-01"}
    ]


def test_row_whose_period_meets_two_agreements_is_set_aside(world: ImportWorld) -> None:
    world.run_rows(
        clinic(network="worldwide", effective_from="2023-01-01", effective_to="2023-12-31"),
        clinic(network="worldwide", effective_from="2024-01-01", effective_to=""),
    )
    known = world.listing()
    assert len(known.facts["agreements"]) == 2
    report = world.run_rows(clinic(network="worldwide", effective_from="2023-06-01", effective_to=""))
    assert counts(report) == (0, 0, 0, 1)
    assert "overlaps 2 agreements" in read_rejects(report)[0]["reason"]
    # Only that the row must be read again is remembered.
    assert world.listing() == replace(known, facts={**known.facts, "import_hash": None})


@pytest.mark.parametrize("status", ["suspended", "retired"])
def test_status_given_by_the_team_survives_an_import(world: ImportWorld, status: str) -> None:
    world.run_rows(clinic())
    world.query(
        "UPDATE listing SET status = %s, status_reason = 'x', revision = revision + 1 WHERE source = %s",
        status, world.source,
    )  # fmt: skip
    assert counts(world.run_rows(clinic(address="new"))) == (0, 1, 0, 0)
    assert world.listing().facts["listing"]["status"] == status


def test_shared_provider_that_changes_raises_every_listing_that_shows_it(world: ImportWorld) -> None:
    world.run_rows(clinic("1"), clinic("2"), clinic("3"))
    one, two, three = (world.listing(external_id) for external_id in "123")
    world.query(
        "UPDATE listing SET provider_id = %s, revision = revision + 1 WHERE id = %s", one.provider_id, two.listing_id
    )
    assert counts(world.run_rows(clinic("1", name="New name"), clinic("2"), clinic("3"))) == (0, 1, 2, 0)
    after = world.listings()
    assert [after[each].revision for each in "123"] == [2, 3, 1]
    assert after["2"].facts["provider"]["name"] == "New name"
    assert after["3"] == three


def test_sources_do_not_meet(world: ImportWorld) -> None:
    world.run_rows(clinic(name="Mine"))
    world.run_rows(clinic(name="Theirs"), source=f"{world.source} other")
    assert world.listing().facts["provider"]["name"] == "Mine"


def test_dry_run_says_the_same_and_changes_nothing(world: ImportWorld) -> None:
    rows = [clinic("1", city="Nairobi"), clinic("2", lat="36.8", lon="-1.28"), clinic("3", type="nonsense")]
    imports = world.query("SELECT count(*) FROM import")
    dry = world.run_rows(*rows, dry_run=True)
    assert dry.import_id is None
    assert world.listings() == {}
    assert world.query("SELECT count(*) FROM import") == imports
    wet = world.run_rows(*rows)
    assert wet.import_id is not None
    assert counts(dry) == counts(wet) == (2, 0, 0, 1)
    assert dry.warnings == wet.warnings == {"placed_by_city": 1, "swapped": 1}
    assert read_rejects(dry)[0]["line"] == "4"


def test_report_has_the_shape_that_the_command_promises(world: ImportWorld) -> None:
    report = world.run_rows(clinic()).as_json()
    assert report["warnings"] == {"swapped": 0, "placed_by_city": 0, "dropped_point": 0, "without_point": 1}
    expected = {"created": 1, "changed": 0, "unchanged": 0, "set_aside": 0, "rejects_file": None, "rows": 1}
    assert {name: report[name] for name in expected} == expected
    [kept] = world.query("SELECT report, actor, status FROM import WHERE id = %s", report["import_id"])
    assert kept == (report, "cli", "applied")
    audit = world.query("SELECT action, after FROM audit_entry WHERE subject = %s", f"import:{report['import_id']}")
    assert audit == [("import", report)]


def test_spreadsheet_and_json_lines_give_the_same_listing_as_csv(world: ImportWorld) -> None:
    row = clinic(city="Nairobi", specialties="cardiology")
    world.run_rows(row)
    csv_facts = world.listing().facts
    book = Workbook()
    book.worksheets[0].append(list(row))
    book.worksheets[0].append(list(row.values()))
    book.save(world.folder / "made.xlsx")
    report = world.run((world.folder / "made.xlsx").read_bytes(), "file.xlsx", source=f"{world.source} x")
    assert counts(report) == (1, 0, 0, 0)
    line = '{"external_id": "1", "name": "Clinic 1", "type": "clinic", "country": "KE", "city": "Nairobi", '
    assert counts(world.run(line + '"specialties": ["cardiology"]}', "f.ndjson")) == (0, 0, 1, 0)
    assert world.listing().facts == csv_facts


def test_broken_lines_go_into_the_rejects_as_they_are(world: ImportWorld) -> None:
    report = world.run('{"external_id": "1"\n{"external_id": "2", "name": "B", "type": "clinic", "country": "KE"}\n')
    assert counts(report) == (1, 0, 0, 1)
    [reject] = read_rejects(report)
    assert (reject["line"], reject["unreadable"]) == ("1", '{"external_id": "1"')


def test_windows_1256_file_with_semicolons_is_imported_whole(world: ImportWorld) -> None:
    text = as_csv(clinic(name="مستشفى الملك فيصل", city="نيروبي")).replace(",", ";").replace("\n", "\r\n")
    assert counts(world.run(text.encode("cp1256"))) == (1, 0, 0, 0)
    facts = world.listing().facts
    assert facts["provider"]["name"] == "مستشفى الملك فيصل"
    assert facts["provider"]["script"] == "Arab"
    assert facts["location"]["place_id"] == 184745


def test_file_that_cannot_be_read_leaves_no_trace(world: ImportWorld) -> None:
    imports = world.query("SELECT count(*) FROM import")
    with pytest.raises(ImportFileError, match="lacks"):
        world.run("a,b\n1,2\n")
    assert world.query("SELECT count(*) FROM import") == imports


def test_rejects_that_cannot_be_written_leave_nothing_imported(world: ImportWorld) -> None:
    with pytest.raises(ImportFileError, match="Nothing was imported"):
        world.run_rows(clinic("1"), clinic("2", type="x"), rejects_path=world.folder / "no such folder" / "r.csv")
    assert world.listings() == {}


@pytest.mark.parametrize("source", ["", "  ", "x" * 101])
def test_source_must_be_named(world: ImportWorld, source: str) -> None:
    with pytest.raises(ImportFileError, match="source"):
        world.run_rows(clinic(), source=source)


def test_database_without_the_places_is_told_what_to_do(world: ImportWorld) -> None:
    lodwar = world.gazetteer.match_city("Lodwar", "KE")
    assert lodwar is not None
    [kept] = world.query("DELETE FROM place WHERE id = %s RETURNING id, name, country, population, point", lodwar.id)
    try:
        with pytest.raises(ReferenceMissing, match="places load"):
            world.run_rows(clinic(city="Lodwar"))
        assert world.listings() == {}
    finally:
        world.query("INSERT INTO place (id, name, country, population, point) VALUES (%s, %s, %s, %s, %s)", *kept)


def test_two_imports_of_one_source_at_once_make_each_listing_once(world: ImportWorld) -> None:
    rows = as_csv(*(clinic(str(number)) for number in range(200)))
    reports: list[ImportReport] = []
    threads = [
        threading.Thread(target=lambda name=name: reports.append(world.run(rows, name))) for name in ("a.csv", "b.csv")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(counts, reports)) == [(0, 0, 200, 0), (200, 0, 0, 0)]


def test_verification_of_today_is_taken_and_of_next_week_is_not(world: ImportWorld) -> None:
    today = dt.date(2026, 6, 15)
    rows = [clinic("1", verified_on="2026-06-15"), clinic("2", verified_on="2026-06-22")]
    assert counts(world.run_rows(*rows, today=today)) == (1, 0, 0, 1)


def test_progress_ends_with_every_row_and_byte(world: ImportWorld) -> None:
    told: list[tuple[int, int, int]] = []
    world.run_rows(*(clinic(str(number)) for number in range(50)), progress=lambda *done: told.append(done))
    assert told[-1][0] == 50
    assert told[-1][1] == told[-1][2] > 0
    assert told == sorted(told)


def test_rows_read_by_other_processes_make_the_same_listings(world: ImportWorld) -> None:
    rows = [
        WHOLE, clinic("2", name="Back\\slash\ttab", address="one\ntwo"), clinic("bad", type="nonsense"),
        *(clinic(str(number), city="Nakuru") for number in range(10, 60)),
    ]  # fmt: skip
    other = f"{world.source} other"
    here = world.run_rows(*rows)
    there = world.run_rows(*rows, source=other, processes_from=1)
    assert counts(here) == counts(there) == (52, 0, 0, 1)
    assert (here.warnings, here.first_rejects) == (there.warnings, there.first_rejects)
    mine, theirs = world.listings(), replace(world, source=other).listings()
    assert mine.keys() == theirs.keys()
    for external_id, listing in mine.items():
        for facts in (listing.facts, theirs[external_id].facts):
            for agreement in facts["agreements"]:
                del agreement["id"]
        assert theirs[external_id].facts == listing.facts
    changed = [{**WHOLE, "address": "moved"}, *rows[1:]]
    assert counts(world.run_rows(*changed, source=other, processes_from=1)) == (0, 1, 51, 1)


def test_error_in_another_process_is_told_and_nothing_is_imported(world: ImportWorld) -> None:
    nowhere = Gazetteer(world.folder / "no gazetteer.sqlite")
    with pytest.raises(GazetteerMissing):
        world.run_rows(clinic(city="Nairobi"), gazetteer=nowhere, processes_from=1)
    assert world.listings() == {}
