"""Sentences in the reader's language, from config/wording.toml; labels of codes come from `directory.codes`."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel import Locale

from config.settings import PROJECT_ROOT
from directory.cards import CardAgreement
from directory.codes import load_codes

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


def payment_sentence(agreements: Sequence[CardAgreement], setting: str, lang: str) -> str:
    """How a member pays here in one care setting.

    Where networks differ, each way is said with the networks that it holds for: a sentence that is true for some
    members only must say so.
    """
    ways = payment_ways(agreements, setting, lang)
    if len(ways) == 1:
        return ways[0].sentence
    return " ".join(f"{', '.join(way.networks)}: {way.sentence}" for way in ways)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to pay in one care setting, and the labels of the networks that it holds for."""

    settlement: str  # "card", "guarantee_letter" or "none"
    sentence: str
    networks: tuple[str, ...]


def payment_ways(agreements: Sequence[CardAgreement], setting: str, lang: str) -> tuple[Way, ...]:
    """Every way in which members pay here in one care setting; without an agreement they pay, then claim."""
    terms = tuple((each["network"], each[setting], each["notice_days"]) for each in agreements)  # type: ignore[literal-required]
    return _ways(terms, lang)


# A page has forty of them, and few differ.
@lru_cache(maxsize=16_384)
def _ways(terms: tuple[tuple[str, str, int | None], ...], lang: str) -> tuple[Way, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for network, settlement, notice_days in terms:
        said = _way(settlement, notice_days, lang)
        found.setdefault((settlement, said), []).append(load_codes().networks[network].label(lang))
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
