"""Telephones as people write them, as the digits with which the whole number ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.listings.known import ways_to_dial, with_plain_digits


@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        ("+254 20 366 2000", ["254203662000"]),
        ("00254203662000", ["254203662000", "54203662000"]),
        ("+44 (0)20 7946 0018", ["442079460018"]),
        ("8 (495) 123-45-67", ["84951234567", "4951234567"]),
        ("020 366 2000 ext. 12", ["203662000", "03662000"]),
        ("020 366 2000 x12", ["203662000", "03662000"]),
        ("020 366 2000;ext=12", ["203662000", "03662000"]),
        ("366 2000", ["3662000"]),
    ],
)
def test_a_number_is_read_as_it_may_end(typed: str, ways: list[str]) -> None:
    assert list(ways_to_dial(typed)) == ways


@pytest.mark.parametrize("typed", ["12345", "0000000", "room 366 2000", "aga-khan", "P-123456", "", "+"])
def test_what_is_no_telephone_is_not_looked_for_as_one(typed: str) -> None:
    assert list(ways_to_dial(typed)) == []


@given(st.text(max_size=60))
def test_anything_typed_is_read_without_a_fault(typed: str) -> None:
    for digits in ways_to_dial(with_plain_digits(typed)):
        assert digits.isascii()
        assert digits.isdigit()
        assert len(digits) >= 6


@given(
    st.integers(10**8, 10**12 - 1).map(str),
    st.lists(st.sampled_from(["", " ", "-", ".", "/", " - "]), min_size=12, max_size=12),
)
def test_signs_between_the_digits_change_nothing(digits: str, between: list[str]) -> None:
    written = "".join(sign + gap for sign, gap in zip(digits, between, strict=False))
    assert next(ways_to_dial(f"+{written}")) == digits


def test_digits_of_any_script_are_digits() -> None:
    assert with_plain_digits("٠٢٠ ۳۶۶ ２０００") == "020 366 2000"
