"""Wishes of a line that nothing meets are given up one by one, and said: "24 hour pharmacy" shows pharmacies."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from directory.search.request import SearchRequest
from directory.search.understand import Understood, without_wishes
from geodata.gazetteer import get_gazetteer


class _Totalled(Protocol):
    @property
    def total(self) -> int: ...


Found = TypeVar("Found", bound=_Totalled)


def find_what_can_be(understood: Understood, find: Callable[[SearchRequest], Found]) -> tuple[Understood, Found]:
    """What is found, and what was asked for it: with every wish, else with the most of them that give anything.

    What is known of opening hours and languages is little, so that nobody known to be open is no answer.
    """
    results = find(understood.request)
    if results.total or understood.request.cursor:
        return understood, results
    for fewer in without_wishes(understood, get_gazetteer()):
        again = find(fewer.request)
        if again.total:
            return fewer, again
    return understood, results
