"""How a member pays at a listing, in sentences; labels of codes come from `vocabulary.codes`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from directory.listings.shown import PublicAgreement
from directory.vocabulary.codes import load_codes
from directory.wording.catalogue import phrase


def settlement_label(value: str, lang: str) -> str:
    """`outpatient:card` as words."""
    setting, _, way = value.partition(":")
    return f"{phrase(lang, f'settlement.{setting}')}: {phrase(lang, f'settlement.{way}')}"


def payment_sentence(agreements: Sequence[PublicAgreement], setting: str, lang: str) -> str:
    """How a member pays here in one care setting.

    Where networks differ, each way is said with the networks that it holds for: a sentence that is true for some
    members only must say so.
    """
    ways = payment_ways(agreements, setting, lang)
    if len(ways) == 1:
        return ways[0].sentence
    return " ".join(f"{', '.join(way.networks)}: {way.sentence}" for way in ways)


def payment_sentences(agreements: Sequence[PublicAgreement], lang: str) -> tuple[str, str]:
    """How a member pays here as an outpatient, and as an inpatient."""
    return _sentences(tuple(map(_terms, agreements)), lang)


_terms = itemgetter("network", "outpatient", "inpatient", "tariff", "notice_days")


# A page has twenty of them, and few differ.
@lru_cache(maxsize=16_384)
def _sentences(terms: tuple[tuple[str, str, str, bool, int | None], ...], lang: str) -> tuple[str, str]:
    agreements = [
        PublicAgreement(network=network, outpatient=outpatient, inpatient=inpatient, tariff=tariff, notice_days=days)
        for network, outpatient, inpatient, tariff, days in terms
    ]
    return payment_sentence(agreements, "outpatient", lang), payment_sentence(agreements, "inpatient", lang)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to pay in one care setting, and the labels of the networks that it holds for."""

    settlement: str  # "card", "guarantee_letter" or "none"
    sentence: str
    networks: tuple[str, ...]


def payment_ways(agreements: Sequence[PublicAgreement], setting: str, lang: str) -> tuple[Way, ...]:
    """Every way in which members pay here in one care setting; without an agreement they pay, then claim."""
    ways: dict[tuple[str, str], list[str]] = {}
    for each in agreements:
        settlement: str = each[setting]  # type: ignore[literal-required]
        text = _way(settlement, each["notice_days"], lang)
        ways.setdefault((settlement, text), []).append(load_codes().networks[each["network"]].label(lang))
    if not ways:
        return (Way("none", phrase(lang, "payment.none"), ()),)
    return tuple(Way(settlement, text, tuple(networks)) for (settlement, text), networks in ways.items())


@lru_cache(maxsize=1024)
def _way(settlement: str, notice_days: int | None, lang: str) -> str:
    if settlement == "guarantee_letter" and notice_days is not None:
        return phrase(lang, "payment.guarantee_letter_days", count=notice_days)
    return phrase(lang, f"payment.{settlement}")
