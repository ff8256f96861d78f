"""What the templates of listings need besides phrases: labels, days, numbers, and how members pay in a word."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from directory.pages.staff.frame import moment, reader_language
from directory.wording import formats
from directory.wording.payment import SUSPENDED, payment_ways

# The best first: what a member would hope for.
_BEST = ("card", "guarantee_letter", "none")


def list_words() -> dict[str, Any]:
    """For the context of templates."""
    lang = reader_language()
    return {
        "day": partial(_day, lang),
        "date": lambda day: formats.date(lang, dt.date.fromisoformat(day)),
        "moment": partial(moment, lang=lang),
        "number": partial(formats.number, lang),
        "km": partial(formats.kilometres, lang),
        "best_way": best_way,
        "ways": lambda agreements, setting: payment_ways(agreements, setting, lang),
    }


def best_way(agreements: Sequence[Mapping[str, Any]], setting: str) -> str:
    """The best settlement of a care setting among agreements: `card`, `guarantee_letter` or `none`."""
    ways = {agreement[setting] for agreement in agreements if agreement.get("status") != SUSPENDED}
    return next((way for way in _BEST if way in ways), "none")


def _day(lang: str, day: str) -> str:
    """A day as it is kept (ISO 8601), in words, short."""
    return formats.short_date(lang, dt.date.fromisoformat(day))
