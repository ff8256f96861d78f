"""Agreements as the index knows them: one short word each, so that filters hold within one agreement.

`worldwide:cl1` says: in the network `worldwide`, outpatient by card, inpatient by guarantee letter, with a tariff.
A filter on network, settlement and tariff becomes the list of all words that satisfy it. With n networks there are
18 n words in all, so the list stays short; nested documents would answer the same at several times the cost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

Setting = Literal["outpatient", "inpatient"]
SETTINGS: tuple[Setting, ...] = ("outpatient", "inpatient")

_LETTERS = {"card": "c", "guarantee_letter": "l", "none": "n"}
# `direct` is asked for, never stored: either way in which the insurer pays the provider.
_MEANS = {"card": "c", "guarantee_letter": "l", "none": "n", "direct": "cl"}
SETTLEMENT_VALUES = tuple(f"{setting}:{value}" for setting in SETTINGS for value in _MEANS)


def agreement_word(network: str, outpatient: str, inpatient: str, tariff: bool) -> str:
    """The word of one agreement in force."""
    return f"{network}:{_LETTERS[outpatient]}{_LETTERS[inpatient]}{int(tariff)}"


@dataclass(frozen=True, slots=True)
class AgreementFilter:
    """What one and the same agreement must satisfy; empty asks for nothing."""

    networks: tuple[str, ...] = ()
    settlements: tuple[str, ...] = ()  # "outpatient:card", … : all of them
    tariff: bool = False

    def __bool__(self) -> bool:
        return bool(self.networks or self.settlements or self.tariff)

    def words(self, all_networks: Iterable[str]) -> list[str]:
        """Every agreement word that satisfies the filter; `all_networks` are the codes that exist."""
        networks: Sequence[str] = self.networks or tuple(all_networks)
        outpatient, inpatient = self._letters("outpatient"), self._letters("inpatient")
        tariffs = "1" if self.tariff else "01"
        return [
            f"{network}:{out}{in_}{tariff}"
            for network, out, in_, tariff in product(networks, outpatient, inpatient, tariffs)
        ]

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
