"""Listings that may be the same as one that somebody describes, by name in any script and by where it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from directory.errors import SearchUnavailable
from directory.listings.likeness import FAR_M, as_written, distance_m, likeness, may_be_same, telling_words
from directory.runtime import deadline
from directory.search.answering import search_promptly
from directory.search.line_tokens import split_words
from directory.search.request import Circle, SearchRequest, Sort, Unit
from directory.search.results import Hit
from geodata.points import Point
from geodata.text import latin_words

MOST_LISTINGS = 5
# So many candidates are looked at by name.
_CANDIDATES = 30
_NEARBY_M = 3_000.0
# Looking takes no more of a request than this, so that a slow search leaves time for what is asked beside it.
SAME_S = 0.8


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look-alike is sought for: names, where, and which proposal it is itself.

    `point` is the provider's own; `around` that of its city where it has none: no use for who is next door, but what is
    far from it is no branch of the same (without it Cairo was shown what is in Alexandria).
    """

    names: tuple[str, ...]
    country: str
    point: Point | None = None
    but: UUID | None = None
    around: Point | None = None

    @property
    def middle(self) -> Point | None:
        """From where it is told what is too far away."""
        return self.point or self.around


@dataclass(frozen=True, slots=True)
class SameListing:
    """A listing that may be the same: what members see, how alike (0 to 100), how far away in metres."""

    shown: Mapping[str, Any]
    alike: float
    distance_m: float | None

    @property
    def in_network(self) -> bool:
        """Whether members can use it under some agreement today."""
        return bool(self.shown.get("agreements"))


def find_same_listings(looked: Looked) -> list[SameListing]:
    """Listings that may be the same, the likeliest first; none where search cannot answer."""
    listings: dict[int, Mapping[str, Any]] = {}
    with deadline.sooner(SAME_S):
        for request in _requests(looked):
            hits = find_hits(request)
            if hits is None:
                break
            listings |= {hit.shown["id"]: hit.shown for hit in hits}
    compared = [_compared(looked, shown) for shown in listings.values() if not _is_far(looked, shown)]
    same = [each for each in compared if may_be_same(each.alike, each.distance_m)]
    same.sort(key=lambda each: (-each.alike, -_as_written(looked, each.shown), each.shown["id"]))
    return same[:MOST_LISTINGS]


def find_named(looked: Looked, most: int) -> list[SameListing]:
    """Listings of a country to choose one of, by likeness of names and never by the alphabet; none too far away."""
    listings: dict[int, Mapping[str, Any]] = {}
    with deadline.sooner(SAME_S):
        for request in _by_name(looked):
            hits = find_hits(request)
            if hits is None:
                break
            listings |= {hit.shown["id"]: hit.shown for hit in hits}
    compared = [_compared(looked, shown) for shown in listings.values() if not _is_far(looked, shown)]
    compared.sort(key=lambda each: (-_as_written(looked, each.shown), -each.alike, each.shown["id"]))
    return compared[:most]


def _is_far(looked: Looked, shown: Mapping[str, Any]) -> bool:
    """Whether it lies in another region, by whatever points are known of both."""
    location = shown.get("location")
    away = distance_m(looked.middle, Point(location["lon"], location["lat"])) if location else None
    return away is not None and away > FAR_M


def _as_written(looked: Looked, shown: Mapping[str, Any]) -> float:
    """How alike the names are with every word of them: of two prisons and a hospital of one town the hospital first."""
    return max((as_written(mine, name["text"]) for mine in looked.names for name in shown["names"]), default=0.0)


def find_hits(request: SearchRequest) -> Sequence[Hit] | None:
    """What search finds in the time that is left; None where it cannot answer: what is shown without it is enough."""
    try:
        return search_promptly(request).hits
    except SearchUnavailable:
        return None


def _requests(looked: Looked) -> list[SearchRequest]:
    """By each name in the country, by its single words where it has several, and whatever lies next door."""
    requests = _by_name(looked)
    if looked.point:
        circle = Circle(looked.point, _NEARBY_M)
        requests.append(SearchRequest(circle=circle, sort=Sort.distance, facets=(), limit=100))
    return requests


def _by_name(looked: Looked) -> list[SearchRequest]:
    requests = []
    for name in looked.names:
        words = split_words(telling_words(name))
        whole = tuple(map(Unit, words[:6]))
        ways = [whole] if whole else []
        if len(words) > 1:
            # The longest word tells most; who wrote the others differently still finds it.
            ways.append((Unit(max(words, key=lambda word: len(latin_words(word)))),))
        requests += [
            SearchRequest(
                units=units, countries=(looked.country,), sort=Sort.relevance, facets=(), limit=_CANDIDATES,
                circle=None,
            )
            for units in ways
        ]  # fmt: skip
    return requests


def _compared(looked: Looked, shown: Mapping[str, Any]) -> SameListing:
    location = shown.get("location")
    # The point of a city says nothing about who is next door.
    known = location and location["precision"] == "exact"
    away = distance_m(looked.point, Point(location["lon"], location["lat"])) if location and known else None
    return SameListing(shown, likeness(looked.names, (name["text"] for name in shown["names"])), away)
