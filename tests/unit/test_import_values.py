"""Single cells of an import file: what they mean, and what is said of those that mean nothing."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.listings import values


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-01-31", dt.date(2024, 1, 31)),
        ("2024/1/31", dt.date(2024, 1, 31)),
        ("2024-01-31 00:00:00", dt.date(2024, 1, 31)),
        ("2024-01-31T10:00:00Z", dt.date(2024, 1, 31)),
        ("31/01/2024", dt.date(2024, 1, 31)),
        ("31.1.2024", dt.date(2024, 1, 31)),
        ("1/31/2024", dt.date(2024, 1, 31)),
        ("05/05/2024", dt.date(2024, 5, 5)),
        ("٢٠٢٤-٠١-٣١", dt.date(2024, 1, 31)),
    ],
)
def test_date_that_can_be_read_in_one_way_is_read(cell: str, day: dt.date) -> None:
    assert values.parse_date(cell) == day


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2567-01-31", "Buddhist"),
        ("31/01/2567", "Buddhist"),
        ("๒๕๖๗-๐๑-๓๑", "Buddhist"),
        ("1445-07-20", "Hijri"),
        ("١٤٤٥-٠٧-٢٠", "Hijri"),
        ("1403/01/31", "Persian"),
        ("5784-05-21", "Hebrew"),
        ("2016-13-05", "Ethiopian"),
        ("2017-01-31 E.C.", "E.C"),
        ("1445-07-20 هـ", "هـ"),
        ("31/01/2567 พ.ศ.", "พ.ศ"),
        ("2526-12-31", "2526"),
        ("2999-12-31", "1900 to 2200"),
        ("0024-01-31", "1900 to 2200"),
    ],
)
def test_year_of_another_calendar_or_far_away_is_refused_with_the_reason(cell: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        values.parse_date(cell)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)))
def test_any_day_of_our_time_is_read(day: dt.date) -> None:
    assert values.parse_date(day.isoformat()) == day


def test_last_of_all_days_is_a_day() -> None:
    assert values.parse_date("9999-12-31") == dt.date.max


@pytest.mark.parametrize("cell", ["02/03/2024", "2024-02-30", "31/31/2024", "soon", "2024", "45000"])
def test_date_that_can_be_read_in_two_ways_or_none_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        values.parse_date(cell)


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("www.example.org", "https://www.example.org"),
        ("HTTP://example.org/a?b=c", "http://example.org/a?b=c"),
        ("https://例え.jp/", "https://例え.jp/"),
        ("example.org:8080", "https://example.org:8080"),
    ],
)
def test_website_is_given_a_scheme(cell: str, address: str) -> None:
    assert values.parse_website(cell) == address


@pytest.mark.parametrize(
    "cell", ["javascript:alert(1)", "data:text/html,x", "ftp://a.org", "none", "http://", "a b.org"]
)
def test_what_is_no_web_address_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="http"):
        values.parse_website(cell)


@pytest.mark.parametrize("cell", ["info", "a@b", "a b@example.org", "a@example.org, b@example.org", "<a@example.org>"])
def test_what_is_no_email_address_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="e-mail"):
        values.parse_email(cell)


def test_email_is_read() -> None:
    assert values.parse_email("mailto:Info.Desk@hopital-été.org") == "Info.Desk@hopital-été.org"


@pytest.mark.parametrize(
    ("cell", "settlement"),
    [
        ("card", "card"),
        ("Guarantee Letter", "guarantee_letter"),
        ("guarantee_letter", "guarantee_letter"),
        ("GOP", "guarantee_letter"),
        ("prise en charge", "guarantee_letter"),
        ("pay and claim", "none"),
        ("", "none"),
        ("بطاقة", "card"),
    ],
)
def test_settlement_is_read_from_everyday_words(cell: str, settlement: str) -> None:
    assert values.parse_settlement(cell) == settlement


@pytest.mark.parametrize("cell", ["yes", "TRUE", "1", "oui", "sí", "نعم"])
def test_yes_is_read_in_four_languages(cell: str) -> None:
    assert values.parse_yes_no(cell)


@pytest.mark.parametrize("cell", ["no", "False", "0", "non", "لا", ""])
def test_no_is_read_in_four_languages_and_from_nothing(cell: str) -> None:
    assert not values.parse_yes_no(cell)


@pytest.mark.parametrize("cell", ["91", "-1", "2.5", "two"])
def test_notice_outside_0_to_90_days_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="0 to 90"):
        values.parse_notice_days(cell)


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("  A \t clinic\n", "A clinic"),
        ("Cafe\u0301", "Café"),
        ("Clinic\u200e \u200bA\ufeff", "Clinic A"),
        ("می\u200cشود", "می\u200cشود"),
        ("A\u00a0B", "A B"),
        ("Kranken\u00adhaus", "Krankenhaus"),
        ("Word\u2060joiner", "Wordjoiner"),
        ("\u202bمستشفى زلندري\u202c", "مستشفى زلندري"),
        ("\u2067القاهرة\u2069\u200f", "القاهرة"),
        ("\u200d\u200cA\u200c", "A"),
        ("서울\u3164병원", "서울병원"),
        ("\u3164\u115f", ""),
    ],
)
def test_text_becomes_one_clean_line(cell: str, line: str) -> None:
    assert values.clean_line(cell) == line


def test_text_that_is_too_long_is_refused_with_both_lengths() -> None:
    with pytest.raises(ValueError, match="has 301 characters; at most 300"):
        values.parse_text("x" * 301, 300)


def test_several_values_are_each_kept_once_in_their_order() -> None:
    assert values.split_values(" b; a ;;b؛ c；d|e\n f ") == ["b", "a", "c", "d", "e", "f"]
