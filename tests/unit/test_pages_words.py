"""The words of the public pages: what is filled in is escaped, and numbers are said as each language says them."""

import pytest
from markupsafe import Markup

from config.languages import LANGUAGES, SOURCE
from directory.pages.members.words import bdi, words_in
from directory.wording.catalogue import load_phrases


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_phrase(lang: str) -> None:
    assert load_phrases(lang).keys() == load_phrases(SOURCE).keys()


def test_what_is_filled_in_is_never_markup() -> None:
    said = words_in("en").t("members.unknown_place", place="<img src=x>")
    assert "<img" not in said
    assert "&lt;img" in said
    assert words_in("en").t("members.found_near", count=2, place=bdi("<b>")) == Markup(
        "2 providers near <bdi>&lt;b&gt;</bdi>"
    )


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
    said = [words_in("ar").t("members.found", count=number) for number in (0, 1, 2, 3, 11, 100)]
    assert len(set(said)) == 6
