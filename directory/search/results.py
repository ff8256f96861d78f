"""What a search found."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from directory.search.request import Cursor


# A page holds a hundred of these and twenty of the next; what is frozen takes three times as long to make.
@dataclass(slots=True)
class FacetValue:
    """One value of a facet, and how many hits choosing it (alone, of its facet) would give."""

    value: str
    count: int
    selected: bool


class Hit(NamedTuple):
    """A listing's card, and its distance from the point that was asked for."""

    card: dict[str, Any]
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One change of the request, and the exact total that it would give. `value` None: the filter is left out."""

    parameter: str
    value: str | None
    total: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page. `forgiving`: too little was found as typed, so near spellings count too."""

    hits: tuple[Hit, ...]
    total: int
    facets: dict[str, tuple[FacetValue, ...]]
    relaxations: tuple[Relaxation, ...]
    next: Cursor | None
    forgiving: bool = False
    degraded: bool = False
