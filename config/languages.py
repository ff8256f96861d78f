"""The languages that the service speaks: one line each. docs/wording.md says what else a new one needs."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language of readers. `locale` is the one of CLDR whose dates, times and numbers it is written with."""

    code: str
    own_name: str
    locale: str
    direction: str = "ltr"


LANGUAGES = {
    each.code: each
    for each in (
        # British: 29 November 2026, 14:05.
        Language("en", "English", "en_GB"),
        Language("fr", "Français", "fr"),
        Language("es", "Español", "es"),
        # As most international organisations write it, with the digits that phones and dates of birth have there too.
        Language("ar", "العربية", "ar", "rtl"),
    )
}
# What phrases are written in first, and what is read where nothing else fits.
SOURCE = "en"


def best_language(wanted: Iterable[str]) -> str:
    """The first of `wanted` (BCP 47, in order of preference) that we speak, else English."""
    for tag in wanted:
        if (language := tag.partition("-")[0].lower()) in LANGUAGES:
            return language
    return SOURCE
