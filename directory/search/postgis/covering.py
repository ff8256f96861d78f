"""Which listings lie in a member's area, as conditions in SQL (search/covering.py: for the search engine)."""

from collections.abc import Callable, Iterable

from directory.vocabulary.plans import HOME, OUTSIDE, CoverageArea, Region
from geodata.points import Point

# Binds a value, and says that a row lies within metres of a point.
Add = Callable[[object], str]
Within = Callable[[Point, float], str]


def build_coverage(area: CoverageArea, values: Iterable[str], add: Add, within: Within) -> str:
    """That a row of `f` is one of these to the area."""
    ways = [build_value(area, value, add, within) for value in values]
    return f"({' OR '.join(ways) or 'false'})"


def build_value(area: CoverageArea, value: str, add: Add, within: Within) -> str:
    """That it is just this. Of a row without a point no part of a country is known."""
    home = f"f.country = {add(area.home)}"
    if value == HOME:
        return home
    regions = [_region(region, add, within) for region in area.regions]
    regional = f"({' OR '.join(regions) or 'false'})"
    return f"(NOT {home} AND {'NOT ' if value == OUTSIDE else ''}{regional})"


def _region(region: Region, add: Add, within: Within) -> str:
    country = f"f.country = {add(region.country)}"
    if region.center is None:
        return country
    return f"({country} AND COALESCE({within(region.center, region.radius_m)}, false))"
