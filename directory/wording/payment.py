"""Sentences in the reader's language, from config/wording.toml; labels of codes come from `vocabulary.codes`."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from babel import Locale

from config.settings import PROJECT_ROOT
from directory.listings.shown import PublicAgreement
from directory.vocabulary.codes import load_codes

LANGUAGES = ("en", "fr", "es", "ar")


@lru_cache(maxsize=1)
def _wording() -> dict[str, Any]:
    return tomllib.loads((PROJECT_ROOT / "config" / "wording.toml").read_text(encoding="utf-8"))


def best_language(wanted: Iterable[str]) -> str:
    """The first of `wanted` (BCP 47, in order of preference) that we speak, else English."""
    for tag in wanted:
        if (language := tag.partition("-")[0].lower()) in LANGUAGES:
            return language
    return "en"


def sentence(lang: str, *path: str, **values: object) -> str:
    """The sentence at `path`, with `values` filled in."""
    found: Any = _wording()[lang]
    for step in path:
        found = found[step]
    return str(found).format(**values)


def settlement_label(value: str, lang: str) -> str:
    """`outpatient:card` as words."""
    setting, _, way = value.partition(":")
    return f"{sentence(lang, 'settlement', setting)}: {sentence(lang, 'settlement', way)}"


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
    found: dict[tuple[str, str], list[str]] = {}
    for each in agreements:
        settlement: str = each[setting]  # type: ignore[literal-required]
        said = _way(settlement, each["notice_days"], lang)
        found.setdefault((settlement, said), []).append(load_codes().networks[each["network"]].label(lang))
    if not found:
        return (Way("none", sentence(lang, "payment", "none"), ()),)
    return tuple(Way(settlement, said, tuple(networks)) for (settlement, said), networks in found.items())


@lru_cache(maxsize=1024)
def _way(settlement: str, notice_days: int | None, lang: str) -> str:
    if settlement != "guarantee_letter" or notice_days is None:
        return sentence(lang, "payment", settlement)
    form = Locale.parse(lang).plural_form(notice_days)
    forms = _wording()[lang]["payment"]["guarantee_letter_days"]
    return str(forms.get(form, forms["other"])).format(days=notice_days)
