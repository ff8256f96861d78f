"""Days and times as each language writes them, whatever the day; English is British on every page."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.languages import LANGUAGES, SOURCE
from directory.wording import formats
from directory.wording.catalogue import load_phrases

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))
FORMATS = (formats.date, formats.short_date, formats.day_and_month)
MONTHS = {
    "en": [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ],
    "fr": [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ],
    "es": [
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ],
}  # fmt: skip
# The American word, where the British one differs. Names of codes and products are not words of ours.
AMERICAN = re.compile(
    r"\b(?:colors?|centers?|favorites?|licenses?|pediatric\w*|gynecolog\w*|orthopedic\w*|anesthe\w*|hematolog\w*|"
    r"organiz\w*|recogniz\w*|authoriz\w*|apologiz\w*|analyz\w*|customiz\w*|minimiz\w*|summariz\w*|canceled|traveled|"
    r"catalogs?|dialog|gray|neighbors?|labor|behaviors?|zip code|cell ?phone|vacation)\b",
    re.IGNORECASE,
)


@given(DAYS)
def test_a_day_in_words_names_day_month_and_year_in_the_order_of_the_language(day: dt.date) -> None:
    for lang, months in MONTHS.items():
        first = "1er" if lang == "fr" and day.day == 1 else str(day.day)
        of = " de " if lang == "es" else " "
        assert formats.date(lang, day) == f"{first}{of}{months[day.month - 1]}{of}{day.year}"
        assert formats.day_and_month(lang, day) == f"{first}{of}{months[day.month - 1]}"


@given(DAYS)
def test_only_the_first_of_a_french_month_is_an_ordinal(day: dt.date) -> None:
    for write in FORMATS:
        said = write("fr", day)
        assert said.startswith("1er ") == (day.day == 1)
        for lang in LANGUAGES.keys() - {"fr"}:
            assert "1er" not in write(lang, day)


@given(DAYS)
def test_a_day_of_an_arabic_page_has_the_digits_of_its_numbers(day: dt.date) -> None:
    said = formats.date("ar", day)
    assert re.findall(r"\d+", said) == [str(day.day), str(day.year)]
    assert said.isascii() is False


@given(st.integers(0, 24 * 60 - 1))
def test_times_have_24_hours_in_british_french_and_spanish(minutes: int) -> None:
    for lang in MONTHS:
        assert re.fullmatch(r"\d{1,2}:\d\d", formats.time(lang, minutes))
        hour, minute = map(int, formats.time(lang, minutes).split(":"))
        assert (hour, minute) == divmod(minutes, 60)


def test_english_is_british_in_every_phrase() -> None:
    told = {
        key: found[0]
        for key, text in load_phrases(SOURCE).items()
        for words in ((text,) if isinstance(text, str) else text)
        if (found := AMERICAN.findall(words))
    }
    assert told == {}


@pytest.mark.parametrize("american", ["color", "center", "license", "pediatrics", "organization", "canceled"])
def test_american_words_would_be_found(american: str) -> None:
    assert AMERICAN.search(f"The {american} is here")


@pytest.mark.parametrize("british", ["colour", "centre", "licence", "paediatrics", "organisation", "program"])
def test_british_words_are_left_alone(british: str) -> None:
    assert not AMERICAN.search(f"The {british} is here")
