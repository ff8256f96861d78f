"""What is searched for: parsed once, checked, never changed."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from directory.search.agreements import AgreementFilter
from directory.search.curated import Curated
from directory.vocabulary.plans import CoverageArea
from geodata.points import Bbox, Point

# Hours as they are written, of which each is open now in each of these time zones.
OpenHours = tuple[tuple[str, ...], tuple[str, ...]]


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
    # Only of members whose plan and country of duty are known.
    coverage = "coverage"
    # Of listings that members may not see: the network team's alone (STAFF_FACETS).
    status = "status"
    source = "source"
    owner = "owner"


STAFF_FACETS = (Facet.status, Facet.source, Facet.owner)
MEMBER_FACETS = tuple(facet for facet in Facet if facet not in STAFF_FACETS)
DEFAULT_FACETS = (Facet.country, Facet.city, Facet.type, Facet.specialty, Facet.settlement)


ANYWHERE_M = math.inf


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within `radius_m` metres of `center`; ANYWHERE_M: all that has a point."""

    center: Point
    radius_m: float

    @property
    def is_everywhere(self) -> bool:
        """Whether it leaves nothing out that has a point."""
        return self.radius_m == ANYWHERE_M


@dataclass(frozen=True, slots=True)
class Area:
    """Where a word of the query may say that a listing lies: around a place, or in a country."""

    circle: Circle | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A run of words of the query that is searched as one: a word, or an everyday name of types or specialties.

    `also_types`, `also_specialties`: fit too, and come after the others. `area`: the words may name a place as well as
    a house. `optional`: they count for the order alone. `name_only`: neither the city nor what is offered is asked.
    `code_only`: letters that name a code ("A&E") are looked for in no name.
    """

    text: str
    types: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    # Other ways to write the word in a name, each as good.
    forms: tuple[str, ...] = ()
    also_types: tuple[str, ...] = ()
    also_specialties: tuple[str, ...] = ()
    area: Area | None = None
    optional: bool = False
    name_only: bool = False
    code_only: bool = False


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
    # The words of the units and between them as they follow each other in a name.
    whole: str = ""
    countries: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    circle: Circle | None = None
    bbox: Bbox | None = None
    types: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    agreement: AgreementFilter = field(default_factory=AgreementFilter)
    # The member's area, and what of it is asked for: `home`, `regional`, `outside`.
    area: CoverageArea | None = None
    coverage: tuple[str, ...] = ()
    curated: Curated | None = None
    # Only what is known by its city alone, or only what is not.
    by_city: bool | None = None
    # Only what is known to be open at this moment, by the clocks of where it is.
    open_at: datetime | None = None
    # The same moment as PostGIS asks for it (postgis/opening.py).
    open_hours: tuple[OpenHours, ...] | None = None
    sort: Sort = Sort.name
    facets: tuple[Facet, ...] = DEFAULT_FACETS
    limit: int = 20
    cursor: Cursor | None = None
    # Parameters that words of the query ask for: leaving the parameter out would change nothing.
    said: tuple[str, ...] = field(default=(), compare=False)
    # The same request without one run of its words each, made when too little was found.
    shorter: "Callable[[], Iterable[Shorter]] | None" = field(default=None, compare=False, repr=False)


class Shorter(NamedTuple):
    """A request without some words, or without all: those, the words that are left, and what they ask for."""

    without: str | None
    typed: str | None
    request: SearchRequest


def needed(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """The units that a listing is found by; the others count for the order alone."""
    return tuple(unit for unit in units if not unit.optional)


def default_sort(*, has_words: bool, has_point: bool) -> Sort:
    """The order when none is asked for: relevance with words, else distance with a point, else name."""
    if has_words:
        return Sort.relevance
    return Sort.distance if has_point else Sort.name
