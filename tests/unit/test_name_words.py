"""Words of names that are written in several ways."""

import pytest

from directory.vocabulary.name_words import initials, initials_of, other_forms


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("Saint", "st"),
        ("St", "saint"),
        ("Mount", "mt"),
        ("IV", "4"),
        ("4", "iv"),
        ("Lab", "laboratory"),
        ("Dr", "doctor"),
    ],
)
def test_word_has_its_other_form(word: str, other: str) -> None:
    assert other in other_forms(word)


@pytest.mark.parametrize("word", ["Kenyatta", "i", "v", "21"])
def test_other_words_have_none(word: str) -> None:
    assert other_forms(word) == ()


def test_initials_are_those_of_every_run_with_and_without_small_words() -> None:
    assert {"knh", "kn", "nh"} <= set(initials(["Kenyatta National Hospital"]))
    assert {"cds", "cs"} <= set(initials(["Centre de Santé"]))


def test_one_word_has_no_initials() -> None:
    assert initials(["Apollo"]) == []
    assert initials_of("Apollo") is None
    assert initials_of("Health Centre") == "hc"
