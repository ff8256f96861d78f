"""The order of hits: by which keys, one after the other. Both engines sort by these, and a cursor holds their values.

What is known only as its city is never nearest: where nearness decides, it comes after all that has a point of its own.
It decides in a search by distance, and by relevance where the words name no house: "pharmacy" near a point. Who types
a name means the house that is called so, wherever in the city it stands; it gains nothing by closeness.
"""

from typing import NamedTuple

from directory.search.request import SearchRequest, Sort, Unit, needed


class Key(NamedTuple):
    """A value that hits are ordered by. `kind`: how it stands in a cursor."""

    name: str
    kind: type
    descending: bool = False


BY_CITY = Key("by_city", int)
DISTANCE = Key("distance", float)
SCORE = Key("score", float, descending=True)
STANDING = Key("standing", int, descending=True)
NAME = Key("sort_name", str)
ID = Key("id", int)


def order_of(request: SearchRequest) -> tuple[Key, ...]:
    """The keys of a request's order, the first one first; the id is the last one always."""
    nearness = (BY_CITY,) if request.circle and not names_a_house(request.units) else ()
    if request.sort is Sort.distance and request.circle:
        return (BY_CITY, DISTANCE, STANDING, ID)
    if request.sort is Sort.relevance:
        return (*nearness, *((SCORE,) if request.units else ()), STANDING, ID)
    return (NAME, ID)


def names_a_house(units: tuple[Unit, ...]) -> bool:
    """Whether some words may be those of a name, rather than of a kind of care alone."""
    return not all(unit.types or unit.specialties or unit.also_types or unit.also_specialties for unit in needed(units))
