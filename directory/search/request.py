"""What is searched for: parsed once, checked, never changed."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from directory.search.agreements import AgreementFilter
from directory.search.curated import Curated
from geodata.points import Bbox, Point


class Sort(StrEnum):
    """The order of the hits; the id breaks every tie."""

    relevance = "relevance"
    distance = "distance"
    name = "name"


class Facet(StrEnum):
    """What can be counted. The first five are counted when nothing else is asked."""

    country = "country"
    city = "city"
    type = "type"
    specialty = "specialty"
    settlement = "settlement"
    tariff = "tariff"
    language = "language"
    network = "network"
    # Of listings that members may not see: the network team's alone (STAFF_FACETS).
    status = "status"
    source = "source"
    owner = "owner"


STAFF_FACETS = (Facet.status, Facet.source, Facet.owner)
MEMBER_FACETS = tuple(facet for facet in Facet if facet not in STAFF_FACETS)
DEFAULT_FACETS = (Facet.country, Facet.city, Facet.type, Facet.specialty, Facet.settlement)


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within `radius_m` metres of `center`."""

    center: Point
    radius_m: float


@dataclass(frozen=True, slots=True)
class Unit:
    """A run of words of the query that is searched as one: a word, or an everyday name of types or specialties."""

    text: str
    types: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the previous page ended: the sort values of its last hit, and whether typos were allowed for."""

    after: tuple[Any, ...]
    forgiving: bool


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """Empty tuples and None ask for nothing; within one tuple any value will do.

    `curated`: the network team asks, and listings of every status are found.
    """

    units: tuple[Unit, ...] = ()
    countries: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    circle: Circle | None = None
    bbox: Bbox | None = None
    types: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    agreement: AgreementFilter = field(default_factory=AgreementFilter)
    curated: Curated | None = None
    sort: Sort = Sort.name
    facets: tuple[Facet, ...] = DEFAULT_FACETS
    limit: int = 20
    cursor: Cursor | None = None


def default_sort(*, has_words: bool, has_point: bool) -> Sort:
    """The order when none is asked for: relevance with words, else distance with a point, else name."""
    if has_words:
        return Sort.relevance
    return Sort.distance if has_point else Sort.name
