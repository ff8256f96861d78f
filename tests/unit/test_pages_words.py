"""The words of the public pages: every sentence in every language, the same blanks, all the forms of a number."""

import re

import pytest
from babel import Locale
from markupsafe import Markup

from directory.pages.members.words import OWN_NAMES, bdi, load_catalogues, words_in
from directory.wording.payment import LANGUAGES

CATALOGUES = load_catalogues()
ENGLISH = CATALOGUES["en"]


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_language_of_the_readers_has_a_catalogue_and_a_name() -> None:
    assert set(CATALOGUES) == set(OWN_NAMES) == set(LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_missing_empty_or_left_over(lang: str) -> None:
    assert CATALOGUES[lang].keys() == ENGLISH.keys()
    for name, said in CATALOGUES[lang].items():
        forms = said.values() if isinstance(said, dict) else [said]
        assert name == "and_more" or all(form.strip() for form in forms), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_has_the_blanks_of_the_english_one(lang: str) -> None:
    for name, said in CATALOGUES[lang].items():
        english = ENGLISH[name]
        assert isinstance(said, dict) == isinstance(english, dict), name
        if isinstance(said, dict):
            # One, two and none may be said in words; whoever else is counted is counted by number.
            assert blanks(said["other"]) == blanks(english["other"]), name
        else:
            assert blanks(said) == blanks(english), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_number_has_its_form(lang: str) -> None:
    wanted = {Locale.parse(lang).plural_form(number) for number in range(1_000)} | {"other"}
    for name, said in CATALOGUES[lang].items():
        if isinstance(said, dict):
            assert wanted <= set(said), name


def test_what_is_filled_in_is_never_markup() -> None:
    said = words_in("en").say("unknown_place", place="<img src=x>")
    assert "<img" not in said
    assert "&lt;img" in said
    assert words_in("en").many("found_near", 2, place=bdi("<b>")) == Markup("2 providers near <bdi>&lt;b&gt;</bdi>")


@pytest.mark.parametrize(
    ("lang", "km", "written"),
    [
        ("en", 0.004, "10 m"),
        ("en", 0.617, "620 m"),
        ("en", 1.44, "1.4 km"),
        ("fr", 1.44, "1,4 km"),
        ("en", 12.4, "12 km"),
    ],
)
def test_distances_are_as_exact_as_anyone_needs(lang: str, km: float, written: str) -> None:
    assert words_in(lang).distance(km).replace("\xa0", " ").replace("\u202f", " ") == written


def test_arabic_counts_in_six_forms() -> None:
    said = [words_in("ar").many("found", number) for number in (0, 1, 2, 3, 11, 100)]
    assert len(set(said)) == 6
