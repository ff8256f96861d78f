"""Agreements as the index knows them: one short word each, so that filters hold within one agreement.

`worldwide:cl1` says: in the network `worldwide`, outpatient by card, inpatient by guarantee letter, with a tariff.
A filter on network, settlement and tariff becomes the list of all words that satisfy it. With n networks there are
18 n words in all, so the list stays short; nested documents would answer the same at several times the cost.

What is asked most is one settlement, in any network or in one, and the facet counts eight of them. For these a listing
has words of their own: `*:inpatient:direct`, `worldwide:inpatient:direct`. One such word is asked for or counted in a
tenth of the time that a list of 54 words takes (docs/performance.md).

Where no agreement is in force nobody settles anything: members pay, then claim, as the card says. So such a listing
settles by `none` in both care settings; it is in no network and has no tariff. Its one word is `-:nn0`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Literal

Setting = Literal["outpatient", "inpatient"]
# Of one agreement: its network, how it settles outpatient and inpatient care, and whether there is a tariff.
Terms = tuple[str, str, str, bool]
SETTINGS: tuple[Setting, ...] = ("outpatient", "inpatient")

_LETTERS = {"card": "c", "guarantee_letter": "l", "none": "n"}
# `direct` is asked for, never stored: either way in which the insurer pays the provider.
_MEANS = {"card": "c", "guarantee_letter": "l", "none": "n", "direct": "cl"}
SETTLEMENT_VALUES = tuple(f"{setting}:{value}" for setting in SETTINGS for value in _MEANS)
_ANY_NETWORK, _NO_NETWORK = "*", "-"
# What holds where no agreement is in force.
_NO_AGREEMENT: tuple[Terms, ...] = ((_NO_NETWORK, "none", "none", False),)


def agreement_words(agreements: Sequence[Terms]) -> list[str]:
    """The words of a listing's agreements in force, in their order."""
    return [
        f"{network}:{_LETTERS[outpatient]}{_LETTERS[inpatient]}{int(tariff)}"
        for network, outpatient, inpatient, tariff in agreements or _NO_AGREEMENT
    ]


def settlement_word(network: str | None, value: str) -> str:
    """The word of a listing where one agreement, of this network or of any, settles so: `outpatient:direct`, …"""
    return f"{network or _ANY_NETWORK}:{value}"


def settlement_words(agreements: Sequence[Terms]) -> list[str]:
    """All settlement words that a listing's agreements in force give it, each once."""
    words: dict[str, None] = {}
    for network, outpatient, inpatient, _ in agreements or _NO_AGREEMENT:
        words |= dict.fromkeys(_settlement_words(network, outpatient, inpatient))
    return list(words)


@lru_cache(maxsize=1_024)
def _settlement_words(network: str | None, outpatient: str, inpatient: str) -> tuple[str, ...]:
    values = [
        f"{setting}:{value}"
        for setting, settlement in zip(SETTINGS, (outpatient, inpatient), strict=True)
        for value, letters in _MEANS.items()
        if _LETTERS[settlement] in letters
    ]
    return tuple(settlement_word(scope, value) for scope in (None, network) for value in values)


def _words(networks: Iterable[str], outpatient: str, inpatient: str, tariffs: str) -> list[str]:
    ways = product(networks, outpatient, inpatient, tariffs)
    return [f"{network}:{out}{in_}{tariff}" for network, out, in_, tariff in ways]


@dataclass(frozen=True, slots=True)
class AgreementFilter:
    """What one and the same agreement must satisfy; empty asks for nothing."""

    networks: tuple[str, ...] = ()
    settlements: tuple[str, ...] = ()  # "outpatient:card", … : all of them
    tariff: bool = False
    # The networks of the member's plan: no agreement of another one counts for them, and of those that do the best way
    # to pay is theirs. Empty: whoever asks may be in any network, and each agreement speaks for its own members.
    scope: tuple[str, ...] = ()
    # Something that a member has of it: the insurer pays one kind of care at least, or a tariff was negotiated.
    direct_or_tariff: bool = False

    def __bool__(self) -> bool:
        return bool(self.networks or self.settlements or self.tariff or self.direct_or_tariff)

    def words(self, all_networks: Iterable[str]) -> list[str]:
        """Every agreement word that satisfies the filter; `all_networks` are the codes that exist."""
        networks: Sequence[str] = self.counted or tuple(all_networks)
        outpatient, inpatient = self._letters("outpatient"), self._letters("inpatient")
        words = _words(networks, outpatient, inpatient, "1" if self.tariff else "01")
        if self.direct_or_tariff:
            words = [word for word in words if not word.endswith(":nn0")]
        return [*words, *agreement_words(())] if self.is_met_by_none and not self.scope else words

    def among(self, networks: Iterable[str]) -> tuple[str, ...]:
        """Those of the networks whose agreements may count for who asks."""
        return tuple(network for network in networks if not self.scope or network in self.scope)

    @property
    def counted(self) -> tuple[str, ...]:
        """The networks whose agreements count: those asked for, within the plan; empty: all."""
        return self.among(self.networks) if self.networks else self.scope

    def better(self, setting: Setting) -> tuple[str, ...]:
        """The ways in which a plan's member must not be better off in a care setting than is asked for."""
        allowed = self.allowed(setting)
        if not self.scope or not allowed:
            return ()
        ways = tuple(_LETTERS)
        return ways[: ways.index(allowed[0])]

    @property
    def is_met_by_none(self) -> bool:
        """Whether a listing without an agreement in force satisfies it."""
        asks_for_one = self.networks or self.tariff or self.direct_or_tariff
        return not asks_for_one and all("none" in self.allowed(setting) for setting in SETTINGS)

    @property
    def is_plain(self) -> bool:
        """Whether a settlement word says all of it once one settlement is chosen: one network at most, no tariff."""
        return len(self.networks) <= 1 and not (self.tariff or self.direct_or_tariff or self.scope)

    def build_clause(self, all_networks: Iterable[str]) -> dict[str, Any]:
        """The filter as the engine takes it."""
        if self.is_plain and len(self.settlements) == 1:
            return {"term": {"settles": settlement_word(next(iter(self.networks), None), self.settlements[0])}}
        if self.networks and not (self.settlements or self.tariff or self.direct_or_tariff):
            return {"terms": {"network": list(self.counted)}}
        if self.scope:
            return self._build_in_plan()
        return {"terms": {"agreement": self.words(all_networks)}}

    def _build_in_plan(self) -> dict[str, Any]:
        """One agreement of the plan's networks is so, or there is none; and none of them is better than is asked."""
        found: dict[str, Any] = {"terms": {"agreement": self.words(())}}
        if self.is_met_by_none:
            without = {"bool": {"must_not": [{"terms": {"network": list(self.counted)}}]}}
            found = {"bool": {"should": [found, without], "minimum_should_match": 1}}
        better = self._better_words()
        return {"bool": {"filter": [found], "must_not": [{"terms": {"agreement": better}}]}} if better else found

    def _better_words(self) -> list[str]:
        any_ = "".join(_LETTERS.values())
        outpatient, inpatient = ("".join(_LETTERS[way] for way in self.better(setting)) for setting in SETTINGS)
        return [*_words(self.counted, outpatient, any_, "01"), *_words(self.counted, any_, inpatient, "01")]

    def allowed(self, setting: Setting) -> tuple[str, ...]:
        """The settlements of this care setting that satisfy the filter: `card`, `guarantee_letter`, `none`."""
        letters = self._letters(setting)
        return tuple(settlement for settlement, letter in _LETTERS.items() if letter in letters)

    def _letters(self, setting: Setting) -> str:
        left = set("cln")
        for settlement in self.settlements:
            asked_setting, _, value = settlement.partition(":")
            if asked_setting == setting:
                left &= set(_MEANS[value])
        return "".join(sorted(left))
