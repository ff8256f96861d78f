"""Rows understood: facts, warnings, and every fault of a row that is set aside. On the real codes and gazetteer."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.imports.columns import COLUMNS, RowFault, clean_cell
from directory.imports.rows import ParsedRow, RowParser, UnusableRow, external_id_of
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


@pytest.mark.parametrize("name", ["N/A", "NULL", "-", "néant", "sin datos", "لا يوجد", "#REF!", "0"])
def test_name_that_is_only_a_placeholder_sets_the_row_aside_with_that_reason(parser: RowParser, name: str) -> None:
    assert faults(parser, name=name) == {"name": f"{name!r} stands for nothing; it must be given"}


def test_placeholders_are_no_facts(parser: RowParser) -> None:
    row = parse(
        parser, city="N/A", address="NULL", postal_code="nan", hours="N/A", region="\\N", email="N/A",
        website="#ERROR!", phone="None", lat="nan", lon="nan", specialties="-", languages="nan", verified_on="N/A",
        name_local="néant",
    )  # fmt: skip
    empty = ("city", "address", "postal_code", "region", "email", "website", "lat")
    assert [row.location[name] for name in empty] == [None] * 7
    assert (row.location["phones"], row.listing["languages"], row.specialties, row.names) == ([], [], [], [])
    assert (row.listing["hours"], row.listing["verified_on"]) == (None, None)
    assert kinds(row) == ["without_point"]


@pytest.mark.parametrize("external_id", ["NULL", "nan", "N/A", "-", "#REF!"])
def test_external_id_that_is_a_placeholder_is_none(external_id: str) -> None:
    assert external_id_of(tuple({**PLAIN, "external_id": external_id}.get(column) for column in COLUMNS)) == ""


def test_garbled_names_are_mended_and_told(parser: RowParser) -> None:
    row = parse(parser, name="HÃ´pital GÃ©nÃ©ral Vorbenka", address="Rue de lâ€™HÃ´tel", country="SN", city="Dakar")
    assert (row.provider["name"], row.location["address"]) == ("Hôpital Général Vorbenka", "Rue de l’Hôtel")
    assert kinds(row) == ["mended_text", "mended_text", "placed_by_city"]


@pytest.mark.parametrize(
    ("country", "lat", "lon", "point"),
    [
        ("KE", "1°17'11\"S", "36°49'02\"E", (-1.28639, 36.81722)),
        ("KE", "1.2864 S", "36.8172 E", (-1.2864, 36.8172)),
        ("KE", "36.8172 E", "1.2864 S", (-1.2864, 36.8172)),
        ("KE", "-1,2864", "36,8172", (-1.2864, 36.8172)),
        ("KE", "-1.2864,36.8172", "", (-1.2864, 36.8172)),
        ("KE", "", "-1.2864; 36.8172", (-1.2864, 36.8172)),
        ("KE", "-1.2864, 36.8172", "-1.2864, 36.8172", (-1.2864, 36.8172)),
        ("KE", "0", "36.0715", (0, 36.0715)),
        ("PT", "38º 43' N", "9º 08' O", (38.71667, -9.13333)),
        ("ES", "40° 25' N", "3° 42' O", (40.41667, -3.7)),
        ("DE", "52° 31' N", "13° 24' O", (52.51667, 13.4)),
        ("NL", "52,37 N", "4,9 O", (52.37, 4.9)),
        ("EG", "٣٠٫٠٤ شمال", "٣١٫٢٤ شرق", (30.04, 31.24)),
        ("FJ", "-16.8040", "180.085", (-16.804, -179.915)),
        ("FJ", "-16.8500", "-179.915", (-16.85, -179.915)),
        ("WS", "-13.83", "188.24", (-13.83, -171.76)),
    ],
)
def test_point_is_read_in_each_way_of_writing_it(
    parser: RowParser, country: str, lat: str, lon: str, point: tuple[float, float]
) -> None:
    row = parse(parser, country=country, lat=lat, lon=lon)
    assert row.location["precision"] == "exact"
    assert (row.location["lat"], row.location["lon"]) == pytest.approx(point, abs=1e-4)
    assert row.warnings == []


def test_coordinates_that_cannot_be_read_are_named(parser: RowParser) -> None:
    row = parse(parser, lat="-1.286.400", lon="36.817.200", city="Nairobi")
    assert row.warnings == [("dropped_point", "'-1.286.400 36.817.200'"), ("placed_by_city", "'Nairobi'")]


def test_phones_that_cannot_be_read_and_faxes_are_named(parser: RowParser) -> None:
    row = parse(parser, phone="Tel: 020 2722160 Fax: 020 2723450; Visit Website", city="Nairobi")
    assert row.location["phones"] == ["+254202722160"]
    assert row.warnings[:2] == [("dropped_phone", "'Visit Website'"), ("dropped_fax", "'+254202723450'")]


def test_extension_of_a_phone_is_kept(parser: RowParser) -> None:
    assert parse(parser, country="US", phone="+1 650 253 0000 x136").location["phones"] == ["+16502530000;ext=136"]


def test_lists_may_be_parted_by_bars_and_line_breaks(parser: RowParser) -> None:
    row = parse(parser, specialties="gynaecology|radiology\ncardiology", languages="fr|en", email="a@b.org | c@d.org")
    assert row.specialties == ["obstetrics_gynaecology", "radiology", "cardiology"]
    assert (row.listing["languages"], row.location["email"]) == (["fr", "en"], "a@b.org")


@pytest.mark.parametrize("hours", ["Mon-Fri 8am to 5pm", "open most days", "Jan-Mar: 08:00-12:00"])
def test_hours_that_cannot_be_understood_are_kept_and_told(parser: RowParser, hours: str) -> None:
    row = parse(parser, hours=hours)
    assert row.listing["hours"] == hours
    assert ("unclear_hours", repr(hours)) in row.warnings


@pytest.mark.parametrize("hours", ["24/7", "Mo-Fr 08:00-17:00; Sa 09:00-12:00", ""])
def test_hours_that_are_understood_are_not_told(parser: RowParser, hours: str) -> None:
    assert "unclear_hours" not in kinds(parse(parser, hours=hours))


@pytest.mark.parametrize("hours", ["2024-07-24", "24-Jul", "24/07/2024", "24 juil. 2024", "2024-07-24T00:00:00"])
def test_day_that_a_spreadsheet_made_of_hours_is_not_shown(parser: RowParser, hours: str) -> None:
    row = parse(parser, hours=hours)
    assert row.listing["hours"] is None
    assert ("unclear_hours", repr(hours)) in row.warnings


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"verified_on": "1445-07-20"}, "verified_on", "Hijri"),
        ({"verified_on": "2567-01-31"}, "verified_on", "Buddhist"),
        ({"effective_from": "2567-12-31"}, "effective_from", "Buddhist"),
        ({"effective_to": "2526-12-31"}, "effective_to", "2526"),
        ({"effective_to": "2150-12-31"}, "effective_to", "more than 100 years ahead"),
    ],
)
def test_years_of_other_calendars_and_far_ahead_set_the_row_aside(
    parser: RowParser, cells: dict[str, str], column: str, reason: str
) -> None:
    assert reason in faults(parser, network="worldwide", outpatient="card", **cells)[column]


def test_last_of_all_days_is_no_end(parser: RowParser) -> None:
    [agreement] = parse(parser, network="worldwide", outpatient="card", effective_to="9999-12-31").agreements
    assert agreement["to"] is None


def test_first_of_several_types_is_taken_and_told(parser: RowParser) -> None:
    row = parse(parser, type="Hospital / Clinic")
    assert row.listing["type"] == "hospital"
    assert ("several_types", "'Hospital / Clinic'") in row.warnings


def test_country_and_type_are_read_as_ministries_write_them(parser: RowParser) -> None:
    row = parse(parser, type="Level 4 Hospital", country="Korea, Rep.")
    assert (row.listing["type"], row.location["country"]) == ("hospital", "KR")


def test_own_words_of_the_source_are_read(gazetteer_path: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.toml"
    words.write_text('[type]\n"Puskesmas" = "health_centre"\n[network]\n"NW1" = "worldwide"\n', encoding="utf-8")
    own = RowParser(load_codes(), Placer(Gazetteer(gazetteer_path)), TODAY, words)
    row = parse(own, type="Puskesmas", network="NW1", outpatient="card")
    assert (row.listing["type"], row.agreements[0]["network"]) == ("health_centre", "worldwide")


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
