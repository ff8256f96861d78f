"""What a search found."""

from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from directory.search.request import Circle, Cursor
from geodata.points import distance_m


class FacetCounts(NamedTuple):
    """How many hits choosing each value of a facet (alone, of its facet) would give.

    In the order in which they are shown: larger ones first, equal ones by value; every selected value is there.
    """

    counts: dict[str, int]
    selected: tuple[str, ...]

    @classmethod
    def of(cls, counts: dict[str, int], selected: tuple[str, ...]) -> "FacetCounts":
        """Counts in any order, in theirs."""
        ordered = sorted({**dict.fromkeys(selected, 0), **counts}.items())
        ordered.sort(key=itemgetter(1), reverse=True)
        return cls(dict(ordered), selected)


class Hit(NamedTuple):
    """What members see of a listing, and its distance from the point that was asked for."""

    shown: dict[str, Any]
    distance_m: float | None

    @classmethod
    def of(cls, shown: dict[str, Any], circle: Circle | None) -> "Hit":
        """The hit of a listing in a circle, or of one anywhere; how far the middle of its city is says nothing."""
        if circle and (location := shown.get("location")) and location["precision"] == "exact":
            return cls(shown, distance_m(circle.center, location["lon"], location["lat"]))
        return cls(shown, None)


class Nearest(NamedTuple):
    """Where nothing is within the radius: the nearest that fits at any distance, and that takes the card."""

    any: Hit | None
    card: Hit | None


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One change of the request, and the total that it would give. `value` None: the filter is left out.

    `at_least`: it would give more than were counted.
    """

    parameter: str
    value: str | None
    total: int
    at_least: bool = False
    # The words that it would be without, where `value` is what is left of the query.
    without: str | None = None


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page. `forgiving`: too little was found as typed, so near spellings count too.

    `found_as_typed`: how many of the total are spelled as typed; None on the later pages of a forgiving search.

    `plainer`: the words are so long that near spellings, or changes that keep them, were not looked for.
    `at_least`: there are more hits than were counted. `facets` has those that were counted, of those that were asked.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: dict[str, FacetCounts]
    relaxations: tuple[Relaxation, ...]
    next: Cursor | None
    forgiving: bool = False
    degraded: bool = False
    plainer: bool = False
    at_least: bool = False
    found_as_typed: int | None = None
    nearest: Nearest | None = None
