"""Which listings lie in a member's area: the clauses of the search engine (search/postgis/covering.py: in SQL)."""

from collections.abc import Iterable
from typing import Any

from directory.vocabulary.plans import HOME, OUTSIDE, CoverageArea, Region

Clause = dict[str, Any]
_NONE: Clause = {"match_none": {}}


def build_coverage(area: CoverageArea, values: Iterable[str]) -> Clause:
    """That a listing is one of these to the area: at home, in the regional area, outside."""
    return _any([build_value(area, value) for value in values])


def build_value(area: CoverageArea, value: str) -> Clause:
    """That it is just this."""
    home: Clause = {"term": {"country": area.home}}
    regions = [_region(region) for region in area.regions]
    if value == HOME:
        return home
    if value == OUTSIDE:
        return {"bool": {"must_not": [home, *regions]}}
    return {"bool": {"filter": [_any(regions)], "must_not": [home]}}


def _region(region: Region) -> Clause:
    country: Clause = {"term": {"country": region.country}}
    if region.center is None:
        return country
    around = {
        "distance": f"{region.radius_m}m",
        "location": {"lat": region.center.lat, "lon": region.center.lon},
    }
    return {"bool": {"filter": [country, {"geo_distance": around}]}}


def _any(clauses: list[Clause]) -> Clause:
    return {"bool": {"should": clauses, "minimum_should_match": 1}} if clauses else _NONE
