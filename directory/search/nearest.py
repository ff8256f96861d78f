"""Nothing is within the radius: the nearest that fits at any distance, and the nearest that takes the card.

"Takes the card" means in either care setting, in an agreement that meets what else was asked of one. What is known by
its city alone is never nearest: it is named only where nothing that fits has a point of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from directory.errors import SearchSlow
from directory.search import engine
from directory.search.agreements import SETTINGS
from directory.search.budget import Budget
from directory.search.query import build_first
from directory.search.request import ANYWHERE_M, Circle, SearchRequest, Sort
from directory.search.results import Hit, Nearest


class First(NamedTuple):
    """The first listing of a search by distance: what is shown of it, and the values of the keys of that order."""

    shown: dict[str, Any]
    by_city: int
    distance: float
    standing: int
    id: int


def asks_nearest(request: SearchRequest, total: int) -> bool:
    """Whether a search that found so many is told what is nearest beyond its radius."""
    return not (total or request.cursor or request.curated) and request.circle is not None


def build_nearest(request: SearchRequest) -> list[SearchRequest]:
    """The searches at any distance whose first hits are told: of all that fits, then of what takes the card."""
    return list(_build_nearest(request))


def _build_nearest(request: SearchRequest) -> Iterator[SearchRequest]:
    if request.circle is None:
        return
    anywhere = Circle(request.circle.center, ANYWHERE_M)
    any_ = replace(request, circle=anywhere, sort=Sort.distance, limit=1, facets=(), shorter=None)
    yield any_
    for setting in SETTINGS:
        settlements = tuple(sorted({*request.agreement.settlements, f"{setting}:card"}))
        yield replace(any_, agreement=replace(request.agreement, settlements=settlements))


def choose_nearest(request: SearchRequest, firsts: Sequence[First | None]) -> Nearest | None:
    """Of the first hits of `build_nearest`, in its order, those that are told; None where there is none."""
    any_, *cards = firsts
    card = min(filter(None, cards), key=lambda first: (*first[1:3], -first.standing, first.id), default=None)
    if any_ is None and card is None:
        return None
    return Nearest(*(Hit.of(first.shown, request.circle) if first else None for first in (any_, card)))


def find_nearest(request: SearchRequest, networks: Sequence[str], budget: Budget) -> Nearest | None:
    """What the engine finds beyond the radius, in one question; in a second one where no word is spelled so anywhere.

    None where that would take too long: the answer is whole without it.
    """
    searches = build_nearest(request)
    for forgiving in (False, True):
        near = len(searches) if forgiving else 0
        if (forgiving and not request.units) or not budget.spend(len(searches), near=near):
            break
        try:
            answers = engine.search_many([build_first(each, networks, forgiving=forgiving) for each in searches])
        except SearchSlow:
            break
        if found := choose_nearest(request, [_read_first(answer["hits"]["hits"]) for answer in answers]):
            return found
    return None


def _read_first(hits: list[dict[str, Any]]) -> First | None:
    return First(hits[0]["_source"]["shown"], *hits[0]["sort"]) if hits else None
