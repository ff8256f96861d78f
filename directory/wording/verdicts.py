"""How a member of one plan pays at a listing: one verdict a care setting, as a rule and as a sentence."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.wording.catalogue import phrase
from directory.wording.formats import day_and_month

CARD, LETTER, NONE = WAYS = ("card", "guarantee_letter", "none")
# Where an agreement does not say how many days before a letter is asked for.
USUAL_NOTICE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Visit:
    """Today, and the day of the visit where the member has said it."""

    today: dt.date
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One way to pay. Of a letter: until when it is asked for (`ask_by`), and the day that it is then there for.

    Where no day of a visit is known, that is today for the earliest day that leaves enough time.
    """

    value: str
    notice_days: int | None = None
    ask_by: dt.date | None = None
    for_day: dt.date | None = None

    def is_late(self, today: dt.date) -> bool:
        """Whether the last day to ask is over."""
        return self.ask_by is not None and self.ask_by < today


def judge(agreements: Iterable[Mapping[str, Any]], networks: Sequence[str], setting: str, visit: Visit) -> Verdict:
    """The easiest way of the agreements in force of these networks; one that is suspended does not count."""
    counted = _counted(agreements, networks)
    if (way := _easiest(counted, setting)) != LETTER:
        return Verdict(way)
    notice = min(_notice(each) for each in counted if each[setting] == LETTER)
    ahead = dt.timedelta(notice)
    ask_by, for_day = (visit.on - ahead, visit.on) if visit.on else (visit.today, visit.today + ahead)
    return Verdict(LETTER, notice, ask_by, for_day)


def depends_on_plan(agreements: Iterable[Mapping[str, Any]], setting: str, plans: Iterable[Sequence[str]]) -> bool:
    """Whether members of plans with these networks pay in more than one way."""
    several = list(agreements)
    return len({_easiest(_counted(several, networks), setting) for networks in plans}) > 1


def _counted(agreements: Iterable[Mapping[str, Any]], networks: Sequence[str]) -> list[Mapping[str, Any]]:
    return [each for each in agreements if each["network"] in networks and each.get("status", "active") == "active"]


def _easiest(agreements: Iterable[Mapping[str, Any]], setting: str) -> str:
    ways = {each[setting] for each in agreements}
    return next((way for way in WAYS if way in ways), NONE)


def _notice(agreement: Mapping[str, Any]) -> int:
    days = agreement["notice_days"]
    return USUAL_NOTICE_DAYS if days is None else int(days)


def verdict_sentence(verdict: Verdict, claim_months: int, visit: Visit, lang: str) -> str:
    """What to do, in the reader's language."""
    if verdict.value == CARD:
        return phrase(lang, "verdict.card")
    if verdict.ask_by is None or verdict.for_day is None:
        return phrase(lang, "verdict.none", count=claim_months)
    day = day_and_month(lang, verdict.for_day)
    if visit.on is None:
        return phrase(lang, "verdict.ask_ahead", day=day)
    if verdict.ask_by > visit.today:
        return phrase(lang, "verdict.ask_by", day=day_and_month(lang, verdict.ask_by))
    return phrase(lang, "verdict.ask_late" if verdict.is_late(visit.today) else "verdict.ask_today")
