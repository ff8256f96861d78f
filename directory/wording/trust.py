"""How far a listing can be trusted, in a line: who confirmed it when, what colleagues met, and whom to call first.

Nobody is told to call where there is no number to call.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from directory.wording import formats
from directory.wording.catalogue import phrase

# What was confirmed longer ago than this is called old; it is said by its year.
OLD_DAYS = 548
# A colleague's visit says something for so long.
FRESH_VISIT_DAYS = 183


@dataclass(frozen=True, slots=True)
class Trust:
    """The line; `call`: the number that it tells to call first."""

    kind: str  # "accepted", "mixed", "confirmed", "old" or "never"
    sentence: str
    call: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a listing, of all that a line may tell."""

    verified_on: str | None
    verified_by: str | None
    last_accepted: str | None
    last_refused: str | None
    takes_card: bool
    phone: str | None


def known_of(shown: Mapping[str, Any]) -> Known:
    """What is known of a listing as members see it."""
    visits = shown.get("visits") or {}
    agreements = shown.get("agreements") or ()
    phones = shown.get("phones") or ()
    return Known(
        verified_on=shown.get("verified_on"),
        verified_by=shown.get("verified_by"),
        last_accepted=visits.get("last_accepted"),
        last_refused=visits.get("last_refused"),
        takes_card=any("card" in (each["outpatient"], each["inpatient"]) for each in agreements),
        phone=phones[0] if phones else None,
    )


@lru_cache(maxsize=4096)
def trust_line(known: Known, lang: str, today: dt.date, helpline: str | None) -> Trust:
    """The line on a day. `helpline`: our own number, for what has none."""
    number = known.phone or helpline
    visit = _of_visits(known, lang, today, number)
    confirmed = dt.date.fromisoformat(known.verified_on) if known.verified_on else None
    if confirmed and (today - confirmed).days <= OLD_DAYS:
        said = _confirmed(known, confirmed, lang)
        return Trust(visit.kind, f"{visit.sentence} · {said}", visit.call) if visit else Trust("confirmed", said, None)
    if visit:
        return visit
    kind = "old" if confirmed else "never"
    year = str(confirmed.year) if confirmed else ""
    if number:
        return Trust(kind, phrase(lang, f"trust.{kind}_call", year=year), number)
    return Trust(kind, phrase(lang, f"trust.{kind}", year=year), None)


def _of_visits(known: Known, lang: str, today: dt.date, number: str | None) -> Trust | None:
    """What colleagues met; a refusal after it is never left out. None without a card, or a yes of lately."""
    accepted, refused = (
        (today - dt.date.fromisoformat(day)).days if day else None for day in (known.last_accepted, known.last_refused)
    )
    if accepted is None or accepted > FRESH_VISIT_DAYS or not known.takes_card:
        return None
    ago = _ago(lang, accepted)
    if refused is None or refused > accepted:
        return Trust("accepted", phrase(lang, "trust.accepted", ago=ago), None)
    key = "trust.mixed_call" if number else "trust.mixed"
    return Trust("mixed", phrase(lang, key, ago=ago, refused=_ago(lang, refused)), number)


def _ago(lang: str, days: int) -> str:
    if days <= 1:
        return phrase(lang, "trust.yesterday" if days == 1 else "trust.today")
    return formats.days_ago(lang, days)


def _confirmed(known: Known, day: dt.date, lang: str) -> str:
    date = formats.short_date(lang, day)
    if known.verified_by:
        return phrase(lang, "members.confirmed_by", date=date, who=phrase(lang, f"verified_by.{known.verified_by}"))
    return phrase(lang, "members.confirmed", date=date)
