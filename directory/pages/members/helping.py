"""What the members' pages of customer service share: faults in the reader's language, countries to choose, numbers."""

from collections.abc import Iterable
from typing import Any

import phonenumbers
from markupsafe import Markup

from directory.care.numbers import NumberRefused, digits_of
from directory.errors import Fault, InvalidRequest
from directory.pages.members.words import Words
from geodata.countries import country_name, load_countries

# Which field of a form a fault is about, and the sentence that says so; a number has sentences of its own.
_SAID = {
    "/phone": "care.fault_phone",
    "/contact": "care.fault_contact",
    "/email": "care.fault_contact",
    "/text": "care.fault_text",
    "/files": "care.fault_files",
    "/topic": "care.fault_topic",
    "/happened_on": "care.fault_day",
    "/paid_amount": "care.fault_amount",
    "/paid_currency": "care.fault_amount",
    "/reference_number": "care.fault_reference",
    "/country": "care.fault_country",
    "/at_desk": "care.fault_when",
    "/confirmed": "care.fault_confirmed",
}


def explain(error: InvalidRequest, words: Words) -> list[dict[str, Any]]:
    """Each fault as a sentence beside its field."""
    if isinstance(error.__cause__, NumberRefused):
        return [{"field": "number", "said": explain_number(error.__cause__, words)}]
    return [_explain(fault, words) for fault in error.faults]


def explain_number(refused: NumberRefused, words: Words) -> Markup:
    """Why a number cannot be called."""
    values = dict(refused.values)
    if code := values.pop("code_of", None):
        values["country"] = country_name(code, words.language)
        values["digits"] = digits_of(code)
    if other := values.pop("other_of", None):
        values["other"] = country_name(other, words.language)
    return words.t(f"care.number_{refused.code}", **{name: values[name] for name in _FILLED.get(refused.code, ())})


_FILLED = {
    "length": ("country", "digits"),
    "too_short": ("country", "digits"),
    "too_long": ("country", "digits"),
    "other_country": ("other", "country"),
}


def _explain(fault: Fault, words: Words) -> dict[str, Any]:
    return {"field": fault.where.strip("/"), "said": words.t(_SAID.get(fault.where, "care.fault_other"))}


def countries(words: Words) -> list[tuple[str, str, str]]:
    """Code, name and calling code of each, by name."""
    named = ((code, country_name(code, words.language)) for code in load_countries())
    return [
        (code, name, f"+{calling}" if (calling := phonenumbers.country_code_for_region(code)) else "")
        for code, name in sorted(named, key=lambda each: each[1].casefold())
    ]


def chosen(value: str, known: Iterable[str]) -> str | None:
    """What was chosen of a closed list; None for anything else."""
    return value if value in known else None
