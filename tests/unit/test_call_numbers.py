"""Numbers that may be called: as they are dialled, in any digits; never a nought taken away; refusals with a reason."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.care.numbers import NumberRefused, digits_of, read_number

OWN = frozenset({"+442079460100"})


@pytest.mark.parametrize(
    ("country", "typed", "e164"),
    [
        ("BE", "0479 17 18 82", "+32479171882"),
        ("BE", "+32 479 17 18 82", "+32479171882"),
        ("BE", "0032 479/17.18.82", "+32479171882"),
        ("BE", "٠٤٧٩١٧١٨٨٢", "+32479171882"),
        ("BE", "０４７９－１７１８８２", "+32479171882"),
        ("BE", "\u202a+32 479 17 18 82\u202c", "+32479171882"),
        ("GB", "+44 (0)20 7946 0958", "+442079460958"),
        ("KE", "0712 345 678", "+254712345678"),
        ("FR", "06 12 34 56 78", "+33612345678"),
        # Here the nought belongs to the number.
        ("BJ", "01 97 12 34 56", "+2290197123456"),
        ("CG", "06 612 3456", "+242066123456"),
        ("CI", "07 07 12 34 56", "+2250707123456"),
        ("GA", "074 12 34 56", "+24174123456"),
        ("IT", "06 698 12345", "+390669812345"),
        ("SM", "0549 882914", "+3780549882914"),
        ("VA", "06 698 12345", "+390669812345"),
    ],
)
def test_a_number_is_read_as_it_is_dialled(country: str, typed: str, e164: str) -> None:
    assert read_number(typed, country).e164 == e164


@pytest.mark.parametrize(
    ("country", "typed", "code"),
    [
        ("BE", "", "empty"),
        ("BE", "   ", "empty"),
        ("BE", "ring me", "letters"),
        ("BE", "+32 479 17 18 82 x 5", "extension"),
        ("BE", "+32479171882;ext=5", "extension"),
        ("BE", "12345", "too_short"),
        ("BE", "047917188299", "too_long"),
        ("BE", "+33 6 12 34 56 78", "other_country"),
        ("BE", "0033 6 12 34 56 78", "other_country"),
        ("US", "+1 416 555 0123", "other_country"),
        ("BE", "+999 123 456", "unknown_country"),
        ("NL", "0900 12345", "premium"),
        ("GB", "0800 123456", "toll_free"),
        ("DE", "0180 1 234567", "shared_cost"),
        ("BE", "112", "emergency"),
        ("US", "911", "emergency"),
        ("BE", "1733", "short"),
        ("GB", "020 7946 0100", "own"),
    ],
)
def test_a_number_that_cannot_be_called_is_refused_with_its_reason(country: str, typed: str, code: str) -> None:
    with pytest.raises(NumberRefused) as refused:
        read_number(typed, country, OWN)
    assert refused.value.code == code
    assert str(refused.value)


def test_how_many_digits_a_country_has_is_told() -> None:
    assert (digits_of("BE"), digits_of("BJ"), digits_of("GB")) == ("8–9", "10", "9–10")


def test_a_number_that_begins_like_an_emergency_number_is_none() -> None:
    assert read_number("911 22 33 44", "ES").e164 == "+34911223344"


COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_library_s_own_example_of_each_country_is_read_back_however_it_is_written(country: str) -> None:
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
    example = next(filter(None, (phonenumbers.example_number_for_type(country, kind) for kind in kinds)))
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
    region = phonenumbers.region_code_for_number(example) or country
    assert read_number(e164, region).e164 == e164
    assert read_number(national, region).e164 == e164
    assert read_number("00" + e164[1:], region).e164 == e164


@given(typed=st.text(max_size=60), country=st.sampled_from(COUNTRIES))
def test_whatever_is_typed_is_a_number_or_refused(typed: str, country: str) -> None:
    try:
        said = read_number(typed, country).e164
    except NumberRefused as error:
        said = str(error)
    assert said
