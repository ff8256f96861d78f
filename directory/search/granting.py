"""What nothing meets is given up, and said: the wishes of a line one by one, then a place that may be part of a name.

"24 hour pharmacy" shows pharmacies; "Farmácia Farmax - loja nº1" is not sought in the city of Loja alone.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from directory.search.request import SearchRequest
from directory.search.understand import Understood, as_name, without_wishes
from geodata.gazetteer import get_gazetteer


class _Totalled(Protocol):
    @property
    def total(self) -> int: ...
    @property
    def forgiving(self) -> bool: ...


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
    name = as_name(understood, get_gazetteer())
    if name and _is_as_typed(again := find(name.request)):
        return name, again
    return understood, results


def _is_as_typed(found: _Totalled) -> bool:
    """Whether something is spelled so: what is merely like the words is no better than what is near their place."""
    return bool(getattr(found, "found_as_typed", None)) or bool(found.total and not found.forgiving)
