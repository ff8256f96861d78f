"""Numbers, distances, dates and times as each language writes them: the one place that knows. English is British."""

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    DateTimePattern,
    format_time,
    format_timedelta,
    get_day_names,
    get_timezone_location,
    parse_pattern,
)
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from config.languages import LANGUAGES

UTC = "UTC"


@lru_cache(maxsize=8)
def locale_of(lang: str) -> Locale:
    """How a language of LANGUAGES writes dates, times and numbers."""
    return Locale.parse(LANGUAGES[lang].locale)


def number(lang: str, value: float) -> str:
    """A number: 1,234.5 in English."""
    return str(format_decimal(value, locale=locale_of(lang)))


def distance(lang: str, km: float) -> str:
    """Kilometres, above ten without decimals; below one, metres to the nearest ten."""
    if km < 0.995:
        return _unit(lang, max(10, round(km * 100) * 10), "length-meter", "#,##0")
    return _unit(lang, km, "length-kilometer", "#,##0.#" if km < 9.95 else "#,##0")


def kilometres(lang: str, km: float) -> str:
    """A radius, or a distance to a hundred metres."""
    return _unit(lang, km, "length-kilometer", "#,##0.#")


def either(lang: str, several: Sequence[str]) -> str:
    """One of them or another: card, letter or cash."""
    return str(format_list(several, style="or", locale=locale_of(lang)))


def date(lang: str, day: dt.date) -> str:
    """A day in words with its year: 29 November 2026, 1er décembre 2026."""
    return _date(lang, "long", day)


def short_date(lang: str, day: dt.date) -> str:
    """A day with its year, where there is little room: 29 Nov 2026."""
    return _date(lang, "medium", day)


def day_and_month(lang: str, day: dt.date) -> str:
    """A day of this year: 29 November, 1er décembre."""
    return _date(lang, "MMMMd", day)


def time(lang: str, minutes: int) -> str:
    """A time of day, in minutes from midnight: 14:05."""
    return str(format_time(dt.time(minutes // 60 % 24, minutes % 60), format="short", locale=locale_of(lang)))


def days_ago(lang: str, days: int) -> str:
    """So many days before today, two at least: 5 days ago, 3 weeks ago."""
    return str(
        format_timedelta(-dt.timedelta(days=days), granularity="day", add_direction=True, locale=locale_of(lang))
    )


def several(lang: str, names: Sequence[str]) -> str:
    """Names one after the other: English, French and Arabic."""
    return str(format_list(names, locale=locale_of(lang)))


def weekday(lang: str, day: int) -> str:
    """0: Monday."""
    return str(get_day_names("wide", locale=locale_of(lang))[day])


def city_of_zone(lang: str, zone: str) -> str:
    """The city that a time zone is named for, in the reader's language: القاهرة of Africa/Cairo; UTC stays UTC."""
    return UTC if zone == UTC else str(get_timezone_location(ZoneInfo(zone), locale=locale_of(lang), return_city=True))


def _unit(lang: str, value: float, unit: str, digits: str) -> str:
    return str(format_unit(value, unit, length="short", format=digits, locale=locale_of(lang)))


def _date(lang: str, how: str, day: dt.date) -> str:
    return str(_pattern(lang, how, day.day == 1).apply(day, locale_of(lang)))


@lru_cache(maxsize=64)
def _pattern(lang: str, how: str, is_first: bool) -> DateTimePattern:
    """CLDR's pattern; French writes the first of a month, where that is a word, as an ordinal, which CLDR lacks."""
    locale = locale_of(lang)
    pattern = locale.datetime_skeletons.get(how) or locale.date_formats[how]
    if lang == "fr" and is_first and "MMM" in pattern.pattern:
        return parse_pattern(re.sub(r"\bd\b", "d'er'", pattern.pattern))
    return parse_pattern(pattern.pattern)
