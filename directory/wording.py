"""Sentences in the reader's language, from config/wording.toml; labels of codes come from `directory.codes`."""

import tomllib
from collections.abc import Iterable, Sequence
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
    terms = tuple((each["network"], each[setting], each["notice_days"]) for each in agreements)  # type: ignore[literal-required]
    return _payment(terms, lang)


# A page has forty of them, and few differ.
@lru_cache(maxsize=16_384)
def _payment(terms: tuple[tuple[str, str, int | None], ...], lang: str) -> str:
    if not terms:
        return sentence(lang, "payment", "none")
    networks_by_way: dict[str, list[str]] = {}
    for network, settlement, notice_days in terms:
        way = _way(settlement, notice_days, lang)
        networks_by_way.setdefault(way, []).append(load_codes().networks[network].label(lang))
    if len(networks_by_way) == 1:
        return next(iter(networks_by_way))
    return " ".join(f"{', '.join(networks)}: {way}" for way, networks in networks_by_way.items())


@lru_cache(maxsize=1024)
def _way(settlement: str, notice_days: int | None, lang: str) -> str:
    if settlement != "guarantee_letter" or notice_days is None:
        return sentence(lang, "payment", settlement)
    form = Locale.parse(lang).plural_form(notice_days)
    forms = _wording()[lang]["payment"]["guarantee_letter_days"]
    return str(forms.get(form, forms["other"])).format(days=notice_days)
