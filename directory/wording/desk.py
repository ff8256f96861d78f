"""What a desk card tells a provider, in the provider's own language: what was agreed with it, one line a care setting.

It tells of the agreement, never of a person: who holds the card is the membership card's to say.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from directory.vocabulary.codes import load_codes
from directory.wording import formats
from directory.wording.catalogue import phrase
from directory.wording.payment import SUSPENDED

SETTINGS = ("outpatient", "inpatient")


@dataclass(frozen=True, slots=True)
class Line:
    """How one kind of care is paid, and under which networks where they differ."""

    setting: str
    way: str  # "card", "guarantee_letter", "none" or "suspended"
    sentence: str
    networks: tuple[str, ...]


def desk_lines(agreements: Iterable[Mapping[str, Any]], lang: str) -> tuple[Line, ...]:
    """The lines, outpatient first. Without an agreement the patient pays, and nobody is told otherwise."""
    held = list(agreements)
    return tuple(line for setting in SETTINGS for line in _lines(held, setting, lang))


def _lines(agreements: list[Mapping[str, Any]], setting: str, lang: str) -> list[Line]:
    ways: dict[tuple[str, str], list[str]] = {}
    for agreement in agreements:
        way = SUSPENDED if agreement["status"] == SUSPENDED else agreement[setting]
        label = load_codes().networks[agreement["network"]].label(lang)
        ways.setdefault((way, _sentence(way, agreement, lang)), []).append(label)
    if not ways:
        return [Line(setting, "none", phrase(lang, "desk.none"), ())]
    alone = len(ways) == 1
    return [Line(setting, way, said, () if alone else tuple(labels)) for (way, said), labels in ways.items()]


def _sentence(way: str, agreement: Mapping[str, Any], lang: str) -> str:
    if way == SUSPENDED and (until := agreement["suspended_until"]):
        return phrase(lang, "desk.suspended_until", day=formats.date(lang, dt.date.fromisoformat(until)))
    return phrase(lang, f"desk.{way}")
