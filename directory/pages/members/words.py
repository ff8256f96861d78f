"""The reader's language on the public pages: sentences of config/pages.toml, numbers, distances and dates."""

import tomllib
from datetime import date, time
from functools import cached_property, lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time, get_day_names
from babel.numbers import format_decimal
from babel.units import format_unit
from markupsafe import Markup, escape

from config.settings import PROJECT_ROOT
from directory.wording.payment import LANGUAGES

# What each language is called by those who read it.
OWN_NAMES = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية"}


@lru_cache(maxsize=1)
def load_catalogues() -> dict[str, dict[str, Any]]:
    """The sentences of each language."""
    found: dict[str, dict[str, Any]] = tomllib.loads(
        (PROJECT_ROOT / "config" / "pages.toml").read_text(encoding="utf-8")
    )
    return found


def bdi(text: object) -> Markup:
    """Words of a direction of their own, set apart from the sentence around them."""
    return Markup("<bdi>{}</bdi>").format(text)


class Words:
    """Sentences as safe HTML: what is filled in is escaped, unless it is markup already."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.direction = "rtl" if language == "ar" else "ltr"
        self._sentences = load_catalogues()[language]

    @cached_property
    def _locale(self) -> Locale:
        return Locale.parse(self.language)

    def say(self, sentence: str, **values: object) -> Markup:
        """A sentence."""
        return escape(self._sentences[sentence]).format(**values)

    def many(self, sentence: str, count: int, **values: object) -> Markup:
        """The form of a sentence that goes with a number."""
        forms = self._sentences[sentence]
        form = forms.get(self._locale.plural_form(count), forms["other"])
        return escape(form).format(count=self.number(count), **values)

    def number(self, value: float) -> str:
        """A number as this language writes it."""
        return str(format_decimal(value, locale=self._locale))

    def distance(self, km: float) -> str:
        """Kilometres; below one, metres to the nearest ten."""
        if km < 0.995:
            return self._unit(max(10, round(km * 100) * 10), "length-meter", "#,##0")
        return self._unit(km, "length-kilometer", "#,##0.#" if km < 9.95 else "#,##0")

    def kilometres(self, km: float) -> str:
        """A radius."""
        return self._unit(km, "length-kilometer", "#,##0.#")

    def day(self, iso: str) -> str:
        """A calendar day given as `YYYY-MM-DD`."""
        return str(format_date(date.fromisoformat(iso), format="medium", locale=self._locale))

    def time(self, minutes: int) -> str:
        """A time of day, in minutes from midnight."""
        return str(format_time(time(minutes // 60 % 24, minutes % 60), format="short", locale=self._locale))

    def weekday(self, day: int) -> str:
        """0: Monday."""
        return str(get_day_names("wide", locale=self._locale)[day])

    def _unit(self, value: float, unit: str, digits: str) -> str:
        return str(format_unit(value, unit, length="short", format=digits, locale=self._locale))


@lru_cache(maxsize=len(LANGUAGES))
def words_in(language: str) -> Words:
    """The words of one of LANGUAGES."""
    return Words(language)
