"""What the templates of proposals need besides phrases: labels of states and actions, moments in words."""

import datetime as dt
from functools import partial
from typing import Any

from babel.dates import format_date

from directory.pages.frame import reader_language
from directory.proposals import words


def proposal_words() -> dict[str, Any]:
    """For the context of templates."""
    lang = reader_language()
    return {"label": partial(words.label, lang), "moment": partial(_moment, lang), "day": partial(_day, lang)}


def _moment(lang: str, moment: dt.datetime) -> str:
    """A moment in the reader's language, in UTC: officers and team sit in many zones."""
    utc = moment.astimezone(dt.UTC)
    return f"{format_date(utc.date(), 'medium', locale=lang)}, {utc:%H:%M} UTC"


def _day(lang: str, day: dt.date) -> str:
    return words.day(day, lang)
