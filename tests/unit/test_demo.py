"""The demonstration's data: what the converters give is whole, coded, licensed, and stays the same."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from demo import load
from demo.agreements import REFERENCE_DATE, agreements, languages, verified_on, with_inventions
from demo.convert import cleaning
from demo.convert.asia import hokkaido_specialties
from demo.convert.europe import hospital_and_site
from demo.convert.form import COLUMNS, Row, listing, opening_hours, stable_id
from demo.convert.words import specialties_said, type_said
from demo.sets import DATA_DIR, SETS, DemoSet, write_import_file
from directory.vocabulary.codes import load_codes
from geodata.text import script_of

MEGABYTE = 1_000_000

GOLDEN_AGREEMENTS = [
    {
        "network": "essential",
        "outpatient": "guarantee_letter",
        "inpatient": "none",
        "tariff": "false",
        "effective_from": "2024-02-29",
        "notice_days": "9",
    }
]
GOLDEN_DIGEST = "ab6cc3ad066b"


@pytest.fixture(scope="module")
def listings() -> dict[str, list[Row]]:
    return {demo_set.name: list(demo_set.listings()) for demo_set in SETS}


@pytest.fixture(scope="module")
def everything(listings: dict[str, list[Row]]) -> list[Row]:
    return [row for rows in listings.values() for row in rows]


@pytest.mark.parametrize("demo_set", SETS, ids=lambda demo_set: demo_set.name)
def test_every_set_gives_listings_with_what_an_import_requires(
    demo_set: DemoSet, listings: dict[str, list[Row]]
) -> None:
    rows = listings[demo_set.name]
    assert rows
    for row in rows:
        assert all(row.get(column) for column in ("external_id", "name", "type", "country", "kind")), row
        assert set(row) <= set(COLUMNS)


@pytest.mark.parametrize("demo_set", SETS, ids=lambda demo_set: demo_set.name)
def test_no_two_listings_of_a_set_share_an_external_id(demo_set: DemoSet, listings: dict[str, list[Row]]) -> None:
    counts = Counter(row["external_id"] for row in listings[demo_set.name])
    assert counts.most_common(1)[0][1] == 1


def test_there_are_sixty_thousand_listings_or_more(everything: list[Row]) -> None:
    assert len(everything) >= 60_000


def test_every_type_and_specialty_is_a_known_code(everything: list[Row]) -> None:
    codes = load_codes()
    assert {row["type"] for row in everything} <= set(codes.types)
    used = {code for row in everything for code in row.get("specialties", "").split(";") if code}
    assert used <= set(codes.specialties)


def test_every_network_of_an_agreement_is_a_known_code() -> None:
    used = {agreement.network for number in range(500) for agreement in agreements("any", str(number), "hospital")}
    assert used == set(load_codes().networks)


def test_names_are_there_in_every_promised_script(everything: list[Row]) -> None:
    names = [name for row in everything for name in (row["name"], row.get("name_local", "")) if name]
    scripts = Counter(script_of(name) for name in names)
    for script in ("Latn", "Arab", "Cyrl", "Grek", "Hani", "Jpan", "Hang", "Tfng"):
        assert scripts[script], f"no name in {script}"


def test_every_continent_is_there(everything: list[Row]) -> None:
    countries = {row["country"] for row in everything}
    assert {"KE", "EG", "CD", "DE", "UA", "IN", "JP", "US", "BR", "GU"} <= countries


def test_coordinates_are_numbers_on_the_globe_or_absent(everything: list[Row]) -> None:
    for row in everything:
        assert ("lat" in row) == ("lon" in row), row
        if "lat" in row:
            assert -90 <= float(row["lat"]) <= 90, row
            assert -180 <= float(row["lon"]) <= 180, row


def test_what_has_no_point_has_a_city(everything: list[Row]) -> None:
    assert not [row for row in everything if "lat" not in row and "city" not in row]


def test_no_placeholder_of_a_source_is_left(everything: list[Row]) -> None:
    placeholders = {"NOT AVAILABLE", "-999", "0", "UNKNOWN"}
    for row in everything:
        assert not placeholders & {value.upper() for key, value in row.items() if key != "external_id"}, row
        assert "\ufffd" not in row["name"], row
        assert "??" not in row["name"], row


def test_names_in_capitals_only_are_rare(everything: list[Row]) -> None:
    shouting = [row["name"] for row in everything if row["name"].isupper() and len(row["name"]) > 12]
    assert len(shouting) < len(everything) / 200


def test_a_doctor_of_the_demonstration_is_an_invented_one(listings: dict[str, list[Row]]) -> None:
    for name, rows in listings.items():
        if name != "invented-practitioners":
            assert not [row for row in rows if row["type"] == "doctor" or row["kind"] == "practitioner"]
            assert not [row for row in rows if row["name"].lower().startswith("docteur ")]


@pytest.mark.parametrize(("city", "least"), [("Brussels", 60), ("Dakar", 10), ("Cairo", 20), ("New York", 150)])
def test_where_members_serve_there_are_numbers_to_call(city: str, least: int, everything: list[Row]) -> None:
    assert len([row for row in everything if row.get("city") == city and row.get("phone")]) >= least


def test_a_pharmacy_of_a_duty_station_is_not_a_persons_name_alone(listings: dict[str, list[Row]]) -> None:
    names = {row["name"] for row in listings["duty-stations-osm"] if row["type"] == "pharmacy"}
    assert "سامي الجريس" not in names
    assert "صيدلية ميسلون" in names


def test_a_brazilian_point_outside_its_state_is_left_out(listings: dict[str, list[Row]]) -> None:
    rows = listings["cnes-brazil"]
    acre = [row for row in rows if row["region"] == "Acre" and "lon" in row]
    assert acre
    assert all(float(row["lon"]) < -66 for row in acre)
    assert 100 < len([row for row in rows if "lat" not in row]) < len(rows) / 10


def test_closed_hospitals_are_not_listed(listings: dict[str, list[Row]]) -> None:
    by_set = {demo_set.name: demo_set for demo_set in SETS}
    closed = {raw["ID"] for raw in by_set["hifld-hospitals"].raw_rows() if raw["STATUS"] == "CLOSED"}
    assert closed
    assert not closed & {row["external_id"] for row in listings["hifld-hospitals"]}


def test_agreements_stay_the_same_from_run_to_run() -> None:
    drawn = [agreement.columns() for agreement in agreements("hifld-hospitals", "0003829406", "hospital")]
    assert drawn == GOLDEN_AGREEMENTS


def test_all_that_is_drawn_has_the_digest_it_always_had() -> None:
    rows = [
        row
        for number in range(200)
        for row in with_inventions(
            "golden",
            {"external_id": str(number), "country": "MA", "type": ("hospital", "pharmacy", "clinic")[number % 3]},
        )
    ]
    assert stable_id(json.dumps(rows, sort_keys=True)) == GOLDEN_DIGEST


def test_a_listing_in_two_networks_is_two_rows_that_differ_only_in_the_agreement() -> None:
    row = {"external_id": "7", "country": "KE", "type": "hospital", "name": "X"}
    pairs = [list(with_inventions("any", row | {"external_id": str(number)})) for number in range(50)]
    two = next(rows for rows in pairs if len(rows) == 2)
    agreement_columns = {
        "network", "outpatient", "inpatient", "tariff", "notice_days", "effective_from", "effective_to",
    }  # fmt: skip
    first, second = ({key: value for key, value in row.items() if key not in agreement_columns} for row in two)
    assert first == second
    assert two[0]["network"] != two[1]["network"]


def test_shares_of_agreements_are_plausible() -> None:
    drawn = {
        type_code: [agreements("shares", str(number), type_code) for number in range(3000)]
        for type_code in ("hospital", "pharmacy", "laboratory")
    }
    counts = Counter(len(found) for found in drawn["hospital"])
    assert set(counts) == {0, 1, 2}
    for type_code in ("pharmacy", "laboratory"):
        assert {one.inpatient for some in drawn[type_code] for one in some} == {"none"}
    assert {one.outpatient for some in drawn["pharmacy"] for one in some} == {"card", "none"}
    every = [one for found in drawn.values() for some in found for one in some]
    assert 0.35 < sum(one.tariff for one in every) / len(every) < 0.45
    assert 0.02 < sum(one.effective_to is not None for one in every) / len(every) < 0.06
    for one in every:
        letters = "guarantee_letter" in (one.outpatient, one.inpatient)
        assert (one.notice_days in range(7, 11)) if letters else one.notice_days is None
        assert one.effective_to is None or one.effective_from < one.effective_to < REFERENCE_DATE


def test_a_verification_lies_within_two_years_and_a_language_is_never_missing() -> None:
    days = [verified_on("any", str(number)) for number in range(400)]
    assert "" in days
    known = [date.fromisoformat(day) for day in days if day]
    assert all(0 <= (REFERENCE_DATE - day).days < 730 for day in known)
    assert all(languages("any", str(number), "MA")[0] == "ar" for number in range(50))


@pytest.mark.parametrize("demo_set", SETS, ids=lambda demo_set: demo_set.name)
def test_every_file_tells_its_source_and_licence(demo_set: DemoSet) -> None:
    text = demo_set.source_path.read_text(encoding="utf-8")
    for heading in ("Source:", "Licence:", "Attribution:", "Cut:"):
        assert heading in text, f"{demo_set.source_path.name} does not tell {heading}"
    if "osm" in demo_set.name:
        assert "Open Database License" in text


def test_no_file_of_the_data_is_without_a_set_and_all_are_small() -> None:
    known = {path for demo_set in SETS for path in (demo_set.data_path, demo_set.source_path)}
    files = set(DATA_DIR.iterdir())
    assert files == known
    assert sum(path.stat().st_size for path in files) <= 20 * MEGABYTE


def test_readme_counts_the_listings_of_every_set_and_says_what_is_invented(listings: dict[str, list[Row]]) -> None:
    text = (DATA_DIR.parent / "README.md").read_text(encoding="utf-8")
    for name, rows in listings.items():
        counted = re.search(rf"\| `{name}` \| [\d,]+ \| ([\d,]+) \|", text)
        assert counted, f"README.md does not name {name}"
        assert counted[1] == f"{len(rows):,}", name
    assert "The agreements are invented" in text
    assert "No private person is meant" in text


def test_import_files_are_the_same_each_time_and_whole(tmp_path: Path) -> None:
    rabat = next(demo_set for demo_set in SETS if demo_set.name == "rabat-osm")
    first, count = write_import_file(rabat, tmp_path / "a")
    second, _ = write_import_file(rabat, tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()
    rows = [json.loads(line) for line in first.read_text(encoding="utf-8").splitlines()]
    assert len({row["external_id"] for row in rows}) == count
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["rabat-osm.ndjson"]


def test_a_limit_counts_listings_and_keeps_all_their_agreements(tmp_path: Path) -> None:
    hokkaido = next(demo_set for demo_set in SETS if demo_set.name == "hokkaido-hospitals")
    path, count = write_import_file(hokkaido, tmp_path, limit=40)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert count == len({row["external_id"] for row in rows}) == 40
    assert len(rows) > 40


def test_convert_only_writes_the_chosen_sets_and_imports_nothing(tmp_path: Path) -> None:
    done = CliRunner().invoke(load.main, ["--convert-only", str(tmp_path), "--sets", "niort-osm,korea-emergency"])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["korea-emergency.ndjson", "niort-osm.ndjson"]


def test_a_set_that_does_not_exist_is_named_with_those_that_do() -> None:
    done = CliRunner().invoke(load.main, ["--sets", "atlantis", "--convert-only", "unused"])
    assert done.exit_code == 2
    assert "atlantis" in done.output
    assert "rabat-osm" in done.output


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("HOSPITAL DE LA SANTA CREU", "Hospital de la Santa Creu"),
        ("CLINICA SANT'ANNA E L'AQUILA", "Clinica Sant'Anna e L'Aquila"),
        ("VA MEDICAL CENTER - CASTLE POINT", "VA Medical Center - Castle Point"),
        ("ST. MARY'S HOSPITAL", "St. Mary's Hospital"),
        ("MCLAREN PORT HURON", "McLaren Port Huron"),
        ("211 4TH ST", "211 4th St"),
        ("UBS SAO JOSE II", "UBS Sao Jose II"),
        ("Bupa Cromwell HOSPITAL", "Bupa Cromwell HOSPITAL"),
        ("ΓΝ ΗΜΑΘΙΑΣ", "ΓΝ Ημαθιας"),
        ("مستشفى", "مستشفى"),
        ("NOT AVAILABLE", ""),
    ],
)
def test_capitals_become_a_name(raw: str, clean: str) -> None:
    assert cleaning.proper_case(raw) == clean


@pytest.mark.parametrize(
    ("field", "name", "local"),
    [
        ("Pharmacie Misk صيدلية مسك", "Pharmacie Misk", "صيدلية مسك"),
        ("laboratoire avicenne-khouribgaمختبر ابن سينا", "laboratoire avicenne-khouribga", "مختبر ابن سينا"),
        ("Sheikh Zayed Hospital | مستشفى الشيخ زايد", "Sheikh Zayed Hospital", "مستشفى الشيخ زايد"),
        ("مستشفى مركز القلب الدولي icc", "مستشفى مركز القلب الدولي icc", ""),
        ("Hôpital Mohamed Boudiaf ⵙⵠⵉⵜⴰⵔ ⵎⵓⵀⴰⵎⴻⴷ", "Hôpital Mohamed Boudiaf", "ⵙⵠⵉⵜⴰⵔ ⵎⵓⵀⴰⵎⴻⴷ"),
        ("Pharmacie 24/7", "Pharmacie 24/7", ""),
    ],
)
def test_a_field_with_two_scripts_is_two_names(field: str, name: str, local: str) -> None:
    assert cleaning.split_scripts(field) == (name, local)


def test_words_that_lost_their_letters_are_dropped() -> None:
    assert cleaning.without_lost_letters("Rue Ain Khalouiya ???? ??? ?????") == "Rue Ain Khalouiya"
    assert cleaning.without_lost_letters("Bukumbi (Shayo??)") == "Bukumbi"


def test_an_article_behind_its_name_goes_before_it() -> None:
    assert cleaning.article_first("Ejido, El") == "El Ejido"
    assert cleaning.article_first("Sonneberg, Thüringen") == "Sonneberg, Thüringen"


@pytest.mark.parametrize(
    ("name", "type_code"),
    [
        ("Poste de Santé de Ndimb", "health_post"),
        ("Laboratoire d'Analyses Médicales", "laboratory"),
        ("عيادة متعددة الخدمات", "polyclinic"),
        ("Hôpital psychiatrique Errazi", "psychiatric_hospital"),
        ("Kaloma Maternity", "maternity"),
        ("Denton Regional Hospital", "hospital"),
        ("Opmann", "clinic"),
    ],
)
def test_a_name_says_the_type(name: str, type_code: str) -> None:
    assert type_said(name, "clinic") == type_code


@pytest.mark.parametrize(
    ("name", "specialties"),
    [
        ("Sacred Heart Hospital", ()),
        ("Rochester General Hospital", ()),
        ("UROLOGY AND NEUROLOGY CLINIC", ("neurology", "urology")),
        ("Department of Environmental Health", ()),
        ("太原市妇幼保健院", ("paediatrics", "obstetrics_gynaecology")),
        ("عيادة طب الاطفال", ("paediatrics",)),
    ],
)
def test_a_name_says_the_specialties_and_no_more(name: str, specialties: tuple[str, ...]) -> None:
    assert specialties_said(name) == specialties


def test_japanese_departments_are_read_in_short_and_in_full() -> None:
    assert hokkaido_specialties("内|神内|小|リハビリテーション科，救急科") == [
        "internal_medicine", "neurology", "paediatrics", "physical_medicine", "emergency_medicine",
    ]  # fmt: skip


def test_a_hospital_and_its_site_make_one_name() -> None:
    assert hospital_and_site("Johanniter-Tagesklinik Siegburg", "Hauptstandort") == "Johanniter-Tagesklinik Siegburg"
    assert hospital_and_site("Elkerliek Ziekenhuis", "Elkerliek Ziekenhuis Helmond") == "Elkerliek Ziekenhuis Helmond"
    assert hospital_and_site("A.Z. Rivierenland", "Rumst") == "A.Z. Rivierenland – Rumst"


def test_only_opening_hours_are_taken_for_opening_hours() -> None:
    assert opening_hours("24/7") == "24/7"
    assert opening_hours("Mo-Sa 09:00-12:30 / 14:00-19:15") == "Mo-Sa 09:00-12:30,14:00-19:15"
    assert opening_hours("on call") == ""


def test_a_column_that_the_import_does_not_know_is_refused() -> None:
    with pytest.raises(KeyError, match="colour"):
        listing(external_id="1", colour="blue")
