"""Rows as real provider files have them, from the file to what is written, and what the report says of them."""

import pytest

from directory.vocabulary.file_words import InvalidWords
from tests.engines.import_world import ImportWorld, clinic, counts


def test_every_warning_names_its_lines_and_what_it_was_about(world: ImportWorld) -> None:
    report = world.run_rows(
        clinic("1", phone="Visit Website"),
        clinic("2", phone="0722 123456 or 0733 654321", hours="mornings"),
        clinic("3", phone="Tel: 020 2722160 Fax: 020 2723450", specialties="radiology|basket weaving"),
        clinic("4", lat="-1.286.400", lon="36.817.200", city="Nairobi"),
    )
    assert counts(report) == (4, 0, 0, 0)
    told = report.as_json()["first_warnings"]
    assert told["dropped_phone"] == [{"line": 2, "cell": "'Visit Website'"}]
    assert told["unclear_hours"] == [{"line": 3, "cell": "'mornings'"}]
    assert told["dropped_fax"] == [{"line": 4, "cell": "'+254202723450'"}]
    assert told["unknown_specialty"] == [{"line": 4, "cell": "'basket weaving'"}]
    assert told["dropped_point"] == [{"line": 5, "cell": "'-1.286.400 36.817.200'"}]
    assert {kind: len(lines) for kind, lines in told.items()} == {
        kind: count for kind, count in report.as_json()["warnings"].items() if count
    }
    assert world.listing("2").facts["location"]["phones"] == ["+254722123456", "+254733654321"]


def test_only_the_first_lines_of_a_warning_are_named_and_all_are_counted(world: ImportWorld) -> None:
    report = world.run_rows(*[clinic(str(number), phone="none of your business") for number in range(50)])
    assert report.warnings["dropped_phone"] == 50
    assert [line for line, _ in report.first_warnings["dropped_phone"]] == list(range(2, 22))


def test_extension_of_a_phone_is_kept_and_read_back(world: ImportWorld) -> None:
    world.run_rows(clinic(country="US", phone="+1 650 253 0000 x136; +1 650 253 0001"))
    phones = world.listing().facts["location"]["phones"]
    assert phones == ["+16502530000;ext=136", "+16502530001"]
    assert counts(world.run_rows(clinic(country="US", phone=";".join(phones)))) == (0, 0, 1, 0)


def test_names_are_written_as_they_were_meant(world: ImportWorld) -> None:
    world.run_rows(
        clinic("1", name="St. Mary&#039;s Hospital &amp; Clinic", address="12 Moi Ave &amp; Uhuru Hwy"),
        clinic("2", name="HÃ´pital GÃ©nÃ©ral Vorbenka"),
        clinic("3", name="Kranken\u00adhaus Zal\u00adandrow"),
        clinic("4", name="\u202bمستشفى زلندري\u202c", city="\u200fالقاهرة\u200f", country="EG"),
        clinic("5", name="Wordjoin\u2060er Clinic", address="N/A", postal_code="nan"),
    )
    names = [world.listing(str(number)).facts["provider"]["name"] for number in range(1, 6)]
    assert names == [
        "St. Mary's Hospital & Clinic", "Hôpital Général Vorbenka", "Krankenhaus Zalandrow", "مستشفى زلندري",
        "Wordjoiner Clinic",
    ]  # fmt: skip
    assert world.listing("1").facts["location"]["address"] == "12 Moi Ave & Uhuru Hwy"
    assert world.listing("4").facts["location"]["city"] == "القاهرة"
    assert world.listing("5").facts["location"]["address"] is None


def test_listing_is_never_called_by_a_placeholder(world: ImportWorld) -> None:
    report = world.run_rows(clinic("1", name="N/A"), clinic("2", name="-"), clinic("3", name="Pharmacie Nullandria"))
    assert counts(report) == (1, 0, 0, 2)
    assert "'N/A' stands for nothing" in report.first_rejects[0]["reason"]


def test_own_words_of_a_source_are_read_and_their_change_reads_the_file_anew(world: ImportWorld) -> None:
    words = world.folder / "words.toml"
    words.write_text('[type]\n"Puskesmas" = "health_centre"\n', encoding="utf-8")
    rows = [clinic("1", type="Puskesmas", country="Indonesia (ID)")]
    assert counts(world.run_rows(*rows)) == (0, 0, 0, 1)
    assert counts(world.run_rows(*rows, own_words=words)) == (1, 0, 0, 0)
    words.write_text('[type]\n"Puskesmas" = "clinic"\n', encoding="utf-8")
    assert counts(world.run_rows(*rows, own_words=words)) == (0, 1, 0, 0)
    assert world.listing().facts["listing"]["type"] == "clinic"


def test_own_words_that_cannot_be_used_import_nothing(world: ImportWorld) -> None:
    words = world.folder / "words.toml"
    words.write_text('[type]\n"Puskesmas" = "nonsense"\n', encoding="utf-8")
    with pytest.raises(InvalidWords, match="Puskesmas"):
        world.run_rows(clinic(), own_words=words)
    assert world.listings() == {}


def test_own_words_reach_the_processes_that_help(world: ImportWorld) -> None:
    words = world.folder / "words.toml"
    words.write_text('[type]\n"Puskesmas" = "health_centre"\n', encoding="utf-8")
    rows = [clinic(str(number), type="Puskesmas") for number in range(3)]
    assert counts(world.run_rows(*rows, own_words=words, processes_from=1)) == (3, 0, 0, 0)
