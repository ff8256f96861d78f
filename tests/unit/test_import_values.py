"""Single cells of an import file: what they mean, and what is said of those that mean nothing."""

import datetime as dt
import random

import phonenumbers
import pytest

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


@pytest.mark.parametrize("cell", ["02/03/2024", "2024-02-30", "31/31/2024", "soon", "2024", "45000"])
def test_date_that_can_be_read_in_two_ways_or_none_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        values.parse_date(cell)


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [
        ("-1.25", -1.25),
        ("45,36480718542", 45.36480718542),
        ("٣٠٫٠٤", 30.04),
        ("+36.8°", 36.8),
        ("−4.3", -4.3),
        ("7", 7),
    ],
)
def test_decimal_comma_and_digits_of_other_scripts_are_degrees(cell: str, degrees: float) -> None:
    assert values.parse_degrees(cell) == degrees


@pytest.mark.parametrize("cell", ["", "N/A", "1°15'N", "1.234.567", "nan", "inf", "1,234,5"])
def test_what_is_no_number_of_degrees_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="decimal degrees"):
        values.parse_degrees(cell)


@pytest.mark.parametrize(
    ("cell", "country", "phones", "failed"),
    [
        ("+254 20 366 2000", "KE", ("+254203662000",), 0),
        ("020 366 2000", "KE", ("+254203662000",), 0),
        ("01 42 34 56 78; 06 12 34 56 78", "FR", ("+33142345678", "+33612345678"), 0),
        ("01 42 34 56 78 / 06 12 34 56 78", "FR", ("+33142345678", "+33612345678"), 0),
        ("01 42 34 56 78, 01 42 34 56 78", "FR", ("+33142345678",), 0),
        ("+41 22 791 21 11", "FR", ("+41227912111",), 0),
        ("٠٢ ٢٥٢٤ ٠٢٥٠", "EG", ("+20225240250",), 0),
        ("12; call the desk", "FR", (), 2),
        ("", "FR", (), 0),
    ],
)
def test_phones_are_read_by_country_and_invalid_ones_counted(
    cell: str, country: str, phones: tuple[str, ...], failed: int
) -> None:
    assert values.parse_phones(cell, country) == (phones, failed)


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
    ],
)
def test_text_becomes_one_clean_line(cell: str, line: str) -> None:
    assert values.clean_line(cell) == line


def test_text_that_is_too_long_is_refused_with_both_lengths() -> None:
    with pytest.raises(ValueError, match="has 301 characters; at most 300"):
        values.parse_text("x" * 301, 300)


def test_several_values_are_each_kept_once_in_their_order() -> None:
    assert values.split_values(" b; a ;;b؛ c；d") == ["b", "a", "c", "d"]


def _by_the_library(text: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def test_number_written_in_full_is_what_the_library_makes_of_it() -> None:
    rng = random.Random(5)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        code = phonenumbers.country_code_for_region(region)
        example = phonenumbers.example_number(region)
        assert example is not None
        whole = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        others = [f"+{code}{rng.randrange(10 ** rng.randrange(5, 12))}" for _ in range(20)]
        for text in (whole, whole[:-1], f"{whole}1", f"+{code}0{whole.removeprefix(f'+{code}')}", *others):
            by_library = _by_the_library(text, region)
            assert values.parse_phones(text, region)[0] == ((by_library,) if by_library else ()), text
