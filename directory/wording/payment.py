"""How a member pays at a listing, in sentences; labels of codes come from `vocabulary.codes`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from directory.listings.shown import PublicAgreement
from directory.vocabulary.codes import load_codes
from directory.wording.catalogue import phrase
from directory.wording.formats import date, either


def settlement_label(value: str, lang: str) -> str:
    """`outpatient:card` as words."""
    setting, _, way = value.partition(":")
    return f"{phrase(lang, f'settlement.{setting}')}: {phrase(lang, f'settlement.{way}')}"


# Of an agreement that pays nothing until it comes back.
SUSPENDED = "suspended"
Agreements = Sequence[PublicAgreement] | Sequence[Mapping[str, Any]]


def payment_sentence(agreements: Agreements, setting: str, lang: str) -> str:
    """How a member pays here in one care setting.

    Where networks differ, each way is said with the networks that it holds for: a sentence that is true for some
    members only must say so.
    """
    ways = payment_ways(agreements, setting, lang)
    if len(ways) == 1:
        return ways[0].sentence
    return " ".join(f"{', '.join(way.networks)}: {way.sentence}" for way in ways)


def payment_sentences(agreements: Agreements, lang: str) -> tuple[str, str]:
    """How a member pays here as an outpatient, and as an inpatient."""
    return _sentences(tuple(tuple(map(agreement.get, _TERMS)) for agreement in agreements), lang)


_TERMS = ("network", "outpatient", "inpatient", "tariff", "notice_days", "status", "suspended_until", "instead")


# A page has twenty of them, and few differ.
@lru_cache(maxsize=16_384)
def _sentences(terms: tuple[tuple[Any, ...], ...], lang: str) -> tuple[str, str]:
    agreements = [dict(zip(_TERMS, each, strict=True)) for each in terms]
    return payment_sentence(agreements, "outpatient", lang), payment_sentence(agreements, "inpatient", lang)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to pay in one care setting, and the labels of the networks that it holds for."""

    settlement: str  # "card", "guarantee_letter" or "none"
    sentence: str
    networks: tuple[str, ...]


def payment_ways(agreements: Agreements, setting: str, lang: str) -> tuple[Way, ...]:
    """Every way in which members pay here in one care setting; without an agreement they pay, then claim."""
    ways: dict[tuple[str, str], list[str]] = {}
    for agreement in agreements:
        each = cast("Mapping[str, Any]", agreement)
        suspended = each.get("status") == SUSPENDED
        settlement = "none" if suspended else each[setting]
        text = _while_suspended(each, lang) if suspended else _way(settlement, each["notice_days"], lang)
        ways.setdefault((settlement, text), []).append(load_codes().networks[each["network"]].label(lang))
    if not ways:
        return (Way("none", phrase(lang, "payment.none"), ()),)
    return tuple(Way(settlement, text, tuple(networks)) for (settlement, text), networks in ways.items())


def easiest_way(agreements: Agreements, setting: str) -> str:
    """The settlement that asks least of a member under any of the agreements that are in force."""
    known = cast("Sequence[Mapping[str, Any]]", agreements)
    settled = {each[setting] for each in known if each.get("status") != SUSPENDED}
    return next((way for way in ("card", "guarantee_letter") if way in settled), "none")


def payment_range(agreements: Agreements, setting: str, lang: str) -> Way:
    """How members pay here in one care setting, for who has not said a plan: one way, or from which to which."""
    ways = payment_ways(agreements, setting, lang)
    settlements = sorted({way.settlement for way in ways}, key=_EASE.index)
    if len(ways) == 1:
        return ways[0]
    if len(settlements) > 1:
        said = either(lang, [phrase(lang, f"payment.range_{settlement}") for settlement in settlements])
        sentence = phrase(lang, "payment.range", ways=said)
        return Way("range", sentence[:1].upper() + sentence[1:], ())
    if settlements == ["guarantee_letter"]:
        # Who asks as early as the most careful agreement wants is in time for each.
        each = cast("Sequence[Mapping[str, Any]]", agreements)
        days = [
            one["notice_days"] for one in each if one[setting] == "guarantee_letter" and one["notice_days"] is not None
        ]
        return Way("guarantee_letter", _way("guarantee_letter", max(days, default=None), lang), ())
    return Way(settlements[0], ways[0].sentence, ())


_EASE = ("card", "guarantee_letter", "none")


def _while_suspended(agreement: Mapping[str, Any], lang: str) -> str:
    """Until when it is suspended, and what to do meanwhile; in the team's own words where it said so."""
    until = agreement["suspended_until"]
    instead = agreement["instead"] or phrase(lang, "payment.none")
    if until is None:
        return phrase(lang, "payment.suspended", instead=instead)
    return phrase(lang, "payment.suspended_until", day=date(lang, dt.date.fromisoformat(until)), instead=instead)


@lru_cache(maxsize=1024)
def _way(settlement: str, notice_days: int | None, lang: str) -> str:
    if settlement == "guarantee_letter" and notice_days is not None:
        return phrase(lang, "payment.guarantee_letter_days", count=notice_days)
    return phrase(lang, f"payment.{settlement}")
