"""Filters: one small clause a parameter. Each is exact; none scores."""

from collections.abc import Callable, Iterable
from typing import Any

from directory.search.covering import build_coverage
from directory.search.curated import Curated
from directory.search.opening import build_open_filter
from directory.search.request import Circle, Facet, SearchRequest
from geodata.points import Bbox

Clause = dict[str, Any]

# The index field that a facet counts, and its filter asks. The others are asked of agreements.
FIELDS = {
    Facet.country: "country",
    Facet.city: "place",
    Facet.type: "type",
    Facet.specialty: "specialty",
    Facet.language: "language",
    Facet.status: "status",
    Facet.source: "source",
    Facet.owner: "owner",
}
# Degrees between two points of the engine's grid (Lucene keeps each coordinate in 32 bits).
_LON_STEP, _LAT_STEP = 360 / 2**32, 180 / 2**32

BY_CITY_ALONE: Clause = {"term": {"by_city": 1}}

AGREEMENT_FACETS = (Facet.settlement, Facet.tariff, Facet.network)


_SELECTED: dict[Facet, Callable[[SearchRequest], tuple[str, ...]]] = {
    Facet.country: lambda request: request.countries,
    Facet.city: lambda request: tuple(map(str, request.places)),
    Facet.type: lambda request: request.types,
    Facet.specialty: lambda request: request.specialties,
    Facet.language: lambda request: request.languages,
    Facet.settlement: lambda request: request.agreement.settlements,
    Facet.tariff: lambda request: ("true",) if request.agreement.tariff else (),
    Facet.network: lambda request: request.agreement.networks,
    Facet.coverage: lambda request: request.coverage,
    Facet.status: lambda request: request.curated.statuses if request.curated else (),
    Facet.source: lambda request: request.curated.sources if request.curated else (),
    Facet.owner: lambda request: request.curated.owners if request.curated else (),
}


def selected_values(request: SearchRequest, facet: Facet) -> tuple[str, ...]:
    """What the request asks of one facet; empty where it asks nothing."""
    return _SELECTED[facet](request)


def build_fixed_filters(request: SearchRequest) -> list[Clause]:
    """What no facet counts away: a member's listing is live; any lies where it was asked for."""
    clauses = _curated(request.curated) if request.curated else [{"term": {"live": True}}]
    if request.circle:
        clauses.append(build_circle(request.circle))
    if request.bbox:
        clauses.append(_bbox(request.bbox))
    if request.by_city is not None:
        has_a_point: Clause = {"bool": {"must_not": [BY_CITY_ALONE]}}
        clauses.append(BY_CITY_ALONE if request.by_city else has_a_point)
    if request.open_at:
        clauses.append(build_open_filter(request.open_at))
    return clauses


def build_facet_filters(request: SearchRequest, networks: Iterable[str]) -> dict[str, Clause]:
    """The filters that facets count without: by facet, and all that is asked of an agreement as one."""
    clauses: dict[str, Clause] = {
        facet: {"terms": {field: list(selected)}}
        for facet, field in FIELDS.items()
        if (selected := selected_values(request, facet))
    }
    if request.area and request.coverage:
        clauses[Facet.coverage] = build_coverage(request.area, request.coverage)
    if request.agreement:
        clauses["agreement"] = request.agreement.build_clause(networks)
    return clauses


def _curated(curated: Curated) -> list[Clause]:
    clauses: list[Clause] = []
    if curated.ids is not None:
        clauses.append({"ids": {"values": [str(listing) for listing in curated.ids]}})
    if curated.verified_before:
        since = {"range": {"verified_on": {"gte": curated.verified_before.isoformat()}}}
        clauses.append({"bool": {"must_not": [since]}})
    return clauses


def build_circle(circle: Circle) -> Clause:
    """That a listing lies in the circle."""
    if circle.is_everywhere:
        return {"exists": {"field": "location"}}
    return {
        "geo_distance": {
            "distance": f"{circle.radius_m}m",
            "location": {"lat": circle.center.lat, "lon": circle.center.lon},
        }
    }


def _bbox(bbox: Bbox) -> Clause:
    # The engine keeps points on a grid, rounded down to it, and boxes rounded inwards: a step to the south and to the
    # west keeps what lies on those edges in, and lets in what lies less than a centimetre beyond. It also gives a box
    # without width or height some, as the engine demands.
    west, east = bbox.west - _LON_STEP, bbox.east
    if bbox.west == -180 and bbox.east == 180:
        west = -180.0
    elif west < -180:
        west += 360
    elif east == 180:
        # 180 and -180 are one meridian: left > right is how the engine, too, writes a box across it.
        east = -180.0
    south = max(-90.0, bbox.south - _LAT_STEP)
    north = max(bbox.north, south + _LAT_STEP)
    return {"geo_bounding_box": {"location": {"top": north, "left": west, "bottom": south, "right": east}}}
