"""Forms of listings: facts as fields and back, hours as a week, differences in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from directory.errors import InvalidRequest
from directory.listings.facts import EMPTY_AGREEMENT, EMPTY_LISTING, EMPTY_LOCATION, Facts
from directory.listings.hours import parse_hours
from directory.pages.staff.listings.forms import faults_by_field, fill, put_together, read_patch
from directory.pages.staff.listings.page import GROUPS
from directory.pages.staff.listings.told import say_agreement, tell
from directory.pages.staff.listings.week import DAYS, fill_week, read_week

AGREEMENT = {**EMPTY_AGREEMENT, "id": 7, "network": "worldwide", "from": "2026-01-01", "to": "2027-01-01",
             "outpatient": "card", "inpatient": "guarantee_letter", "notice_days": 12}  # fmt: skip


def facts(**location: Any) -> Facts:
    return Facts(
        provider={"kind": "organisation", "name": "Mercy", "lang": "en", "script": "Latn", "sort_name": "mercy"},
        names=[{"text": "الرحمة", "lang": "ar", "script": "Arab"}],
        location={**EMPTY_LOCATION, "country": "KE", "lat": -1.2921, "lon": 36.8219, "precision": "exact", **location},
        listing={**EMPTY_LISTING, "type": "clinic", "languages": ["sw", "en"], "hours": "Mo-Fr 08:00-17:00"},
        specialties=["paediatrics", "cardiology"],
        agreements=[AGREEMENT],
        import_hash=None,
    )


def test_a_form_says_the_facts_that_it_was_filled_with() -> None:
    patch = read_patch(fill(facts(phones=["+254203662000"], email="a@b.org")), GROUPS)
    assert patch["names"] == [{"text": "Mercy", "lang": "en"}, {"text": "الرحمة", "lang": "ar"}]
    assert (patch["lat"], patch["lon"]) == (-1.2921, 36.8219)
    assert (patch["phones"], patch["email"]) == (["+254203662000"], "a@b.org")
    assert (patch["specialties"], patch["languages"]) == (["paediatrics", "cardiology"], ["sw", "en"])
    assert patch["hours"] == "Mo-Fr 08:00-17:00"


def test_a_point_that_is_only_the_city_s_is_an_empty_box() -> None:
    patch = read_patch(fill(facts(precision="place")), ["location"])
    assert (patch["lat"], patch["lon"]) == (None, None)


@given(
    st.floats(-89, 89).filter(lambda each: each != int(each)),
    st.floats(-179, 179).filter(lambda each: each != int(each)),
)
def test_a_point_comes_back_from_its_box_as_it_was(lat: float, lon: float) -> None:
    lat, lon = round(lat, 7), round(lon, 7)
    if abs(lat) < 1e-4 or abs(lon) < 1e-4 or lat == int(lat) or lon == int(lon):
        return
    patch = read_patch(fill(facts(lat=lat, lon=lon)), ["location"])
    assert (patch["lat"], patch["lon"]) == (lat, lon)


@pytest.mark.parametrize(
    "hours",
    [
        None, "24/7", "Mo-Fr 08:00-17:00", "mo-fr 8:00-17:00; sa 9:00-12:00", "Mo 08:00-12:00,14:00-18:00; PH off",
        "Sa-Th 22:00-06:00", "Mo-Su 00:00-24:00", "Mo 08:00-09:00,10:00-11:00,12:00-13:00", "by appointment",
        "Jan-Mar 08:00-10:00",
    ],
)  # fmt: skip
def test_hours_that_nobody_touched_stay_in_their_own_words(hours: str | None) -> None:
    assert read_week(MultiDict(fill_week(hours))) == hours


def test_hours_are_typed_as_people_type_them() -> None:
    typed = {
        "hours_as": "week",
        "mo_from": "8",
        "mo_to": "1730",
        "tu_from": "٠٩:٠٠",
        "tu_to": "12h",
        "su_closed": "yes",
    }
    assert read_week(MultiDict({**typed, "su_from": "8", "su_to": "9"})) == "Mo 08:00-17:30; Tu 09:00-12:00"


@pytest.mark.parametrize(
    ("begins", "ends"), [("8", ""), ("25", "26"), ("8:61", "9"), ("morning", "noon"), ("24:00", "8")]
)
def test_times_that_are_none_are_told_by_their_day(begins: str, ends: str) -> None:
    with pytest.raises(InvalidRequest) as error:
        read_week(MultiDict({"hours_as": "week", "we_from": begins, "we_to": ends}))
    assert list(faults_by_field(error.value, "en")) == ["we_from"]


_TIMES = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda each: f"{each[0]:02}:{each[1]:02}")


@given(st.dictionaries(st.sampled_from(DAYS), st.tuples(_TIMES, _TIMES), min_size=1))
def test_a_typed_week_can_be_read_and_fills_the_same_form(typed: dict[str, tuple[str, str]]) -> None:
    form = MultiDict({"hours_as": "week"})
    for day, (begins, ends) in typed.items():
        form |= {f"{day}_from": begins, f"{day}_to": ends}
    hours = read_week(form)
    assert hours
    assert parse_hours(hours)
    assert parse_hours(read_week(MultiDict(fill_week(hours))) or "") == parse_hours(hours)


def test_only_what_the_second_of_two_typed_is_kept_over_what_is_there_now() -> None:
    typed = fill(facts(email="mine@b.org", website="https://old.org"))
    now = facts(email="theirs@b.org", website="https://new.org")
    together = put_together(now, typed, ["email"])
    assert (together["email"], together["website"]) == ("mine@b.org", "https://new.org")


def test_differences_are_told_in_words() -> None:
    told = tell(
        {
            "specialties": (["cardiology"], ["paediatrics"]),
            "verified_on": (None, "2026-11-29"),
            "lat": (-1.29, -1.30),
            "lon": (36.82, 36.82),
            "place_id": (1, 2),
            "agreement:7": (AGREEMENT, {**AGREEMENT, "notice_days": 7}),
            "agreement:8": (None, AGREEMENT),
        },
        "en",
    )
    point, specialties, day, changed, new = told
    assert (point.field, point.more) == ("point", "moved by 1.1 km")
    assert (specialties.went, specialties.came) == (("Cardiology",), ("Paediatrics",))
    assert (day.was, day.now) == (None, "29 November 2026")
    assert (changed.was, changed.now) == ("12 days of notice", "7 days of notice")
    assert new.was is None
    assert new.now == say_agreement(AGREEMENT, "en")


def test_an_agreement_is_a_sentence_with_its_last_day() -> None:
    assert say_agreement(AGREEMENT, "en") == (
        "Worldwide network, Outpatient: card accepted, Inpatient: guarantee letter, no negotiated tariff, "
        "12 days of notice, from 1 January 2026, to 31 December 2026"
    )
    suspended = {**AGREEMENT, "status": "suspended", "suspended_from": "2026-05-03", "suspended_until": "2026-06-01",
                 "suspension_reason": "Bills unpaid", "instead": "Pay, then claim"}  # fmt: skip
    assert "suspended from 3 May 2026, back on 1 June 2026 – Bills unpaid – Pay, then claim" in say_agreement(
        suspended, "en"
    ).replace("Suspended", "suspended")
