"""What the templates of proposals need besides phrases: labels of states and actions, moments in words."""

import datetime as dt
from functools import partial
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from directory.pages.staff.frame import moment, reader_language
from directory.proposals import words
from directory.wording.phrases import phrase


def proposal_words() -> dict[str, Any]:
    """For the context of templates."""
    lang = reader_language()
    return {
        "label": partial(words.label, lang),
        "moment": partial(moment, lang=lang),
        "day": partial(_day, lang),
        "date": partial(_date, lang),
        "km": partial(kilometres, lang),
    }


def kilometres(lang: str, km: float) -> str:
    """A distance, to a hundred metres."""
    return phrase(lang, "proposals.away", km=format_decimal(round(km, 1), locale=lang))


def _date(lang: str, day: str) -> str:
    """A day as it is kept (ISO 8601), in words with its year."""
    return format_date(dt.date.fromisoformat(day), "long", locale=lang)


def _day(lang: str, day: dt.date) -> str:
    return words.day(day, lang)
