"""What the templates of proposals need besides phrases: labels of states and actions, moments, days and distances."""

import datetime as dt
from functools import partial
from typing import Any

from directory.pages.staff.frame import moment, reader_language
from directory.proposals import words
from directory.wording import formats
from directory.wording.catalogue import has_phrase, phrase

# Fields whose label has another name.
_CALLED = {
    "text": "write",
    "message": "message_to_officer",
    "listing_id": "which_listing",
    "about_listing": "which_refuses",
    "words": "reason_words",
}


def proposal_words() -> dict[str, Any]:
    """For the context of templates."""
    lang = reader_language()
    return {
        "label": partial(words.label, lang),
        "moment": partial(moment, lang=lang),
        "day": partial(formats.day_and_month, lang),
        "date": partial(_date, lang),
        "field_name": partial(_field_name, lang),
        "km": partial(formats.kilometres, lang),
    }


def _field_name(lang: str, name: str) -> str:
    """What a field is called on its form."""
    key = f"proposals.{_CALLED.get(name, name)}"
    return phrase(lang, key) if has_phrase(key) else name


def _date(lang: str, day: str) -> str:
    """A day as it is kept (ISO 8601), in words with its year."""
    return formats.date(lang, dt.date.fromisoformat(day))
