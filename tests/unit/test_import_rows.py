"""Rows understood: facts, warnings, and every fault of a row that is set aside. On the real codes and gazetteer."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.imports.columns import COLUMNS, RowFault, clean_cell
from directory.imports.rows import ParsedRow, RowParser, UnusableRow
from directory.listings.placing import Placer
from directory.vocabulary.codes import load_codes
from geodata.gazetteer import Gazetteer

TODAY = dt.date(2026, 6, 15)
PLAIN = {"external_id": "1", "name": "A clinic", "type": "clinic", "country": "KE"}


@pytest.fixture(scope="module")
def parser(gazetteer_path: Path) -> RowParser:
    return RowParser(load_codes(), Placer(Gazetteer(gazetteer_path)), TODAY)


def parse(parser: RowParser, **cells: str) -> ParsedRow:
    """A plain row with these cells besides."""
    row = {**PLAIN, **cells}
    return parser.parse(2, tuple(row.get(column) for column in COLUMNS))


def faults(parser: RowParser, **cells: str) -> dict[str, str]:
    """The reasons for which a plain row with these cells is set aside, by column."""
    with pytest.raises(UnusableRow) as error:
        parse(parser, **cells)
    assert all(fault.line == 2 for fault in error.value.faults)
    return {fault.column: fault.reason for fault in error.value.faults}


def kinds(row: ParsedRow) -> list[str]:
    """The kinds of a row's warnings."""
    return [warning.kind for warning in row.warnings]


def test_type_country_and_specialties_are_read_in_four_languages(parser: RowParser) -> None:
    row = parse(parser, type="صيدلية", country="Côte d'Ivoire", specialties="pédiatre; cardiología;dermatology")
    assert row.listing["type"] == "pharmacy"
    assert row.location["country"] == "CI"
    assert row.specialties == ["paediatrics", "cardiology", "dermatology"]


def test_unknown_specialty_is_a_warning_and_the_row_goes_in(parser: RowParser) -> None:
    row = parse(parser, specialties="cardiology;underwater basket weaving")
    assert row.specialties == ["cardiology"]
    assert ("unknown_specialty", "'underwater basket weaving'") in row.warnings


def test_every_fault_of_a_row_is_told_at_once(parser: RowParser) -> None:
    found = faults(parser, name="", type="hospitl", country="Kenia-land", notice_days="91", network="vip")
    assert found.keys() == {"name", "type", "country", "notice_days", "network"}
    assert "'hospital'" in found["type"]
    assert "worldwide" in found["network"]


@pytest.mark.parametrize("name", ["", "\u200b\u200e", "x" * 301])
def test_name_that_is_empty_invisible_or_too_long_sets_the_row_aside(parser: RowParser, name: str) -> None:
    assert "name" in faults(parser, name=name)


def test_language_of_names_belongs_to_the_local_name_where_there_is_one(parser: RowParser) -> None:
    both = parse(parser, name="Al Salam", name_local="السلام", name_lang="ar")
    assert both.names == [{"text": "السلام", "lang": "ar", "script": "Arab"}]
    assert both.provider["lang"] is None
    assert parse(parser, name="Clinique", name_lang="fr", name_local="").provider["lang"] == "fr"


def test_kind_is_that_of_the_type_unless_given(parser: RowParser) -> None:
    assert parse(parser, type="doctor").default_kind == "practitioner"
    assert parse(parser, type="doctor", kind="organization").provider["kind"] == "organisation"
    assert "organisation or practitioner" in faults(parser, kind="company")["kind"]


def test_swapped_point_is_put_right(parser: RowParser) -> None:
    row = parse(parser, lat="36.82", lon="-1.28")
    assert (row.location["lat"], row.location["lon"], row.location["precision"]) == (-1.28, 36.82, "exact")
    assert kinds(row) == ["swapped"]


def test_swapped_point_is_put_right_where_its_latitude_is_none(parser: RowParser) -> None:
    row = parse(parser, country="PH", lat="121,03", lon="14,55")
    assert (row.location["lat"], row.location["lon"]) == (14.55, 121.03)
    assert kinds(row) == ["swapped"]


def test_point_far_outside_its_country_is_not_used(parser: RowParser) -> None:
    row = parse(parser, lat="48.85", lon="2.35", city="Mombasa")
    assert row.location["precision"] == "place"
    assert abs(row.location["lat"] - -4.05) < 0.1
    assert kinds(row) == ["dropped_point", "placed_by_city"]


@pytest.mark.parametrize(("lat", "lon"), [("-1.28", ""), ("", "36.8"), ("abc", "36.8"), ("-1.28", "999"), ("95", "95")])
def test_point_that_is_none_is_dropped_and_the_row_goes_in(parser: RowParser, lat: str, lon: str) -> None:
    row = parse(parser, lat=lat, lon=lon)
    assert row.location["lat"] is None
    assert kinds(row) == ["dropped_point", "without_point"]


@pytest.mark.parametrize(("lat", "lon"), [("0", "0"), ("0.0", "0,00"), ("", "")])
def test_zero_zero_counts_as_missing_without_a_warning_of_its_own(parser: RowParser, lat: str, lon: str) -> None:
    assert kinds(parse(parser, lat=lat, lon=lon, city="Nairobi")) == ["placed_by_city"]


def test_point_just_over_the_border_is_kept(parser: RowParser) -> None:
    row = parse(parser, country="CH", lat="46.20", lon="6.30")  # Annemasse, in France, 1 km from Geneva's border
    assert row.location["precision"] == "exact"
    assert row.warnings == []


@pytest.mark.parametrize("city", ["Cairo", "Le Caire", "القاهرة", "El Cairo", "カイロ"])
def test_city_is_matched_in_any_script(parser: RowParser, city: str) -> None:
    row = parse(parser, country="EG", city=city)
    assert row.location["place_id"] == 360630
    assert row.location["time_zone"] == "Africa/Cairo"
    assert row.location["city"] == city


def test_city_of_another_country_is_not_matched(parser: RowParser) -> None:
    row = parse(parser, country="PH", city="Goma")
    assert row.location["place_id"] != 216281


def test_point_without_a_city_gets_the_nearest_place(parser: RowParser) -> None:
    row = parse(parser, lat="-1.2921", lon="36.8219")
    assert row.location["place_id"] == 184745  # Nairobi
    assert row.location["time_zone"] == "Africa/Nairobi"
    assert "city" not in row.location


def test_point_with_an_unknown_city_keeps_its_words(parser: RowParser) -> None:
    row = parse(parser, lat="-1.2921", lon="36.8219", city="Zzyzx Qwrt")
    assert row.location["city"] == "Zzyzx Qwrt"
    assert row.location["place_id"] == 184745


def test_region_tells_cities_of_one_name_apart(parser: RowParser) -> None:
    illinois = parse(parser, country="US", city="Springfield", region="Illinois")
    oregon = parse(parser, country="US", city="Springfield", region="Oregon")
    assert illinois.location["lon"] > -95 > oregon.location["lon"]


def test_point_tells_cities_of_one_name_apart(parser: RowParser) -> None:
    row = parse(parser, country="US", city="Springfield", lat="44.05", lon="-123.02")
    assert row.location["time_zone"] == "America/Los_Angeles"


def test_contacts_that_are_none_are_dropped_with_a_warning(parser: RowParser) -> None:
    row = parse(parser, phone="123", email="nobody", website="javascript:alert(1)", languages="fr;klingonese")
    assert row.location["phones"] == []
    assert (row.location["email"], row.location["website"]) == (None, None)
    assert row.listing["languages"] == ["fr"]
    assert set(kinds(row)) >= {"dropped_phone", "dropped_email", "dropped_website", "dropped_language"}


def test_agreement_is_read_with_its_last_day_in_force(parser: RowParser) -> None:
    row = parse(
        parser, network="worldwide;essential", outpatient="card", inpatient="GOP", tariff="yes", notice_days="2",
        effective_from="2024-01-01", effective_to="2024-12-31",
    )  # fmt: skip
    terms = {
        "outpatient": "card", "inpatient": "guarantee_letter", "tariff": True, "notice_days": 2,
        "from": "2024-01-01", "to": "2025-01-01",
    }  # fmt: skip
    assert row.agreements == [{"network": "worldwide", **terms}, {"network": "essential", **terms}]


def test_settlement_without_a_network_sets_the_row_aside(parser: RowParser) -> None:
    assert "without a network" in faults(parser, outpatient="card")["outpatient"]
    assert parse(parser, outpatient="none", inpatient="").agreements == []


def test_end_before_the_beginning_sets_the_row_aside(parser: RowParser) -> None:
    dates = {"effective_from": "2024-06-01", "effective_to": "2024-05-31"}
    assert "before effective_from" in faults(parser, network="worldwide", **dates)["effective_to"]


def test_verification_in_the_future_sets_the_row_aside(parser: RowParser) -> None:
    assert "future" in faults(parser, verified_on="2026-06-17")["verified_on"]
    assert parse(parser, verified_on="2026-06-16").listing["verified_on"] == "2026-06-16"


CELLS = st.one_of(
    st.text(max_size=40).map(clean_cell),
    st.sampled_from(
        ["", "0", "-1.28", "36.8", "999", "card", "worldwide", "2024-01-01", "Nairobi", "fr", "yes", "القاهرة"]
    ),
)


@given(cells=st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS, CELLS)))
def test_any_row_is_either_used_or_set_aside_with_reasons(parser: RowParser, cells: dict[str, str]) -> None:
    faulty: list[RowFault] = []
    try:
        row = parse(parser, **cells)
    except UnusableRow as error:
        faulty = error.faults
    assert all(fault.column in COLUMNS and fault.reason for fault in faulty)
    if faulty:
        return
    assert 0 < len(row.provider["name"]) <= 300
    point = (row.location["lat"], row.location["lon"])
    assert (point == (None, None)) == (row.location["precision"] is None)
    if row.location["lat"] is not None:
        assert abs(row.location["lat"]) <= 90
        assert abs(row.location["lon"]) <= 180
