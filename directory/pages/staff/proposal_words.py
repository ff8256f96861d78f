"""What the templates of proposals need besides phrases: labels of states and actions, moments, days and distances."""

import datetime as dt
from functools import partial
from typing import Any

from directory.pages.staff.frame import moment, reader_language
from directory.proposals import words
from directory.wording import formats


def proposal_words() -> dict[str, Any]:
    """For the context of templates."""
    lang = reader_language()
    return {
        "label": partial(words.label, lang),
        "moment": partial(moment, lang=lang),
        "day": partial(formats.day_and_month, lang),
        "date": partial(_date, lang),
        "km": partial(formats.kilometres, lang),
    }


def _date(lang: str, day: str) -> str:
    """A day as it is kept (ISO 8601), in words with its year."""
    return formats.date(lang, dt.date.fromisoformat(day))
