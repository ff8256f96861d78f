"""Search on a map: a box and a zoom -> clusters and single listings, every listing of the box in one of them.

What is known by its city alone is no pin and in no cluster: it stands in a list, city by city.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from directory.search import engine
from directory.search.budget import Budget
from directory.search.forgiving import FEW, find_forgiving_within
from directory.search.query import build_query
from directory.search.request import SearchRequest
from directory.vocabulary.codes import load_codes
from geodata.points import Bbox, Point

Shown = dict[str, Any]

MOST_ZOOM = 20
# Up to so many listings each is shown by itself; more would hide each other and the streets.
MOST_APART = 200
# A tile of a web map is 256 pixels wide; two levels deeper a cell is 64, about the size of a cluster's circle.
_LEVELS_BELOW_TILE = 2
# A wide screen full of cells of 64 pixels. A box too large for its zoom gets larger cells, never a part of them.
MOST_CELLS = 1024
# Cities whose listings without a point are told, and so many of each by name.
MOST_CITIES, MOST_NAMED = 10, 5
MERCATOR_LAT = 85.0511287798066
# The engine rounds points down to a grid of less than a centimetre; degrees are told to six decimals, edges outwards.
_STEP, _DECIMALS, _PER_DEGREE = 1e-7, 6, 1_000_000


@dataclass(frozen=True, slots=True)
class Cluster:
    """`count` listings, `center` their centroid. `bounds` holds them and no other that was searched for.

    `same_point`: all of them are at one point, so that no zoom parts them: mostly a city's, where no more is known.
    """

    center: Point
    count: int
    bounds: Bbox
    same_point: bool


@dataclass(frozen=True, slots=True)
class Somewhere:
    """`count` listings that are somewhere in a city of the box (None: in none that is known), the best known first."""

    place: int | None
    count: int
    listings: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Vague:
    """What is known by its city alone: how much in all, and the cities that have the most."""

    total: int = 0
    cities: tuple[Somewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class MapResults:
    """What is in the box; `total` of it has a point. `forgiving` and `degraded` as in SearchResults."""

    clusters: tuple[Cluster, ...]
    listings: tuple[Shown, ...]
    total: int
    somewhere: Vague = Vague()
    forgiving: bool = False
    degraded: bool = False


def find_map(request: SearchRequest, bbox: Bbox, zoom: int) -> MapResults:
    """What the filters of a request find in `bbox`; its order, facets and pages do not matter.

    `zoom` is that of web maps: 256 pixels hold the world at 0, half of it at 1. Raises SearchUnavailable when the
    engine cannot answer.
    """
    request, networks = replace(request, bbox=bbox), tuple(load_codes().networks)
    grid = {"geotile_grid": {"field": "location", "precision": cell_level(bbox, zoom), "size": 10_000}, "aggs": _CELL}
    forgiving = False
    query, answer, somewhere = _ask(request, networks, grid, forgiving=False)
    if request.units and _total(answer) + somewhere.total < FEW:
        forgiving = find_forgiving_within(Budget(request.units), request, networks, searches=3)
        if forgiving:
            query, answer, somewhere = _ask(request, networks, grid, forgiving=True)
    if _total(answer) <= MOST_APART:
        listings, total = _load_listings(query, MOST_APART)
        if total == len(listings):
            return replace(show_apart(listings, forgiving=forgiving), somewhere=somewhere)
    return replace(_read_cells(query, answer, forgiving), somewhere=somewhere)


def _ask(
    request: SearchRequest, networks: Sequence[str], grid: dict[str, Any], *, forgiving: bool
) -> tuple[dict[str, Any], dict[str, Any], Vague]:
    """The query of what has a point, its cells, and what has none."""
    query, vague = (
        build_query(replace(request, by_city=by_city), networks, forgiving=forgiving) for by_city in (False, True)
    )
    # Without hits the engine remembers the answer until listings change: the view that everybody opens with is cheap.
    counted = {"size": 0, "track_total_hits": True}
    cells, cities = engine.search_many(
        [{"query": query, "aggs": {"cells": grid}, **counted}, {"query": vague, "aggs": {"cities": _CITIES}, **counted}]
    )
    return query, cells, _read_cities(cities)


_CITIES = {
    "terms": {"field": "place", "missing": "", "size": MOST_CITIES, "order": [{"_count": "desc"}, {"_key": "asc"}]},
    "aggs": {
        "named": {"top_hits": {"size": MOST_NAMED, "sort": [{"standing": "desc"}, {"id": "asc"}], "_source": ["shown"]}}
    },
}


def _read_cities(answer: dict[str, Any]) -> Vague:
    cities = [
        Somewhere(
            int(city["key"]) if city["key"] else None,
            city["doc_count"],
            tuple(hit["_source"]["shown"] for hit in city["named"]["hits"]["hits"]),
        )
        for city in answer["aggregations"]["cities"]["buckets"]
    ]
    return Vague(_total(answer), tuple(cities))


# Of a cell with one listing, the largest id is its id. Ids stay far below 2^53, up to which the engine's doubles count.
_CELL = {
    "center": {"geo_centroid": {"field": "location"}},
    "bounds": {"geo_bounds": {"field": "location", "wrap_longitude": False}},
    "id": {"max": {"field": "id"}},
}


def cell_level(bbox: Bbox, zoom: int) -> int:
    """The level of the tiles that listings are counted by: 64 pixels wide, or larger where too many are in the box."""
    level = zoom + _LEVELS_BELOW_TILE
    while level and sum(_count_tiles(box, level) for box in bbox.split()) > MOST_CELLS:
        level -= 1
    return level


def _count_tiles(box: Bbox, level: int) -> int:
    """How many tiles of a level touch a box that does not cross the antimeridian."""
    across = 1 << level
    columns = math.floor(box.east / 360 * across) - math.floor(box.west / 360 * across) + 1
    rows = math.floor(_mercator(box.north) * across) - math.floor(_mercator(box.south) * across) + 1
    return min(columns, across) * min(rows, across)


def _mercator(lat: float) -> float:
    """Height on the square map of the world, from 0 in the south to 1 in the north."""
    radians = math.radians(max(-MERCATOR_LAT, min(MERCATOR_LAT, lat)))
    return 0.5 + math.asinh(math.tan(radians)) / (2 * math.pi)


def _total(answer: dict[str, Any]) -> int:
    total: int = answer["hits"]["total"]["value"]
    return total


def _load_listings(query: dict[str, Any], most: int) -> tuple[list[Shown], int]:
    """What is shown of the first `most` listings by id, and how many there are."""
    body = {"query": query, "size": most, "sort": [{"id": "asc"}], "track_total_hits": True}
    answer = engine.search(body)
    return [hit["_source"]["shown"] for hit in answer["hits"]["hits"]], _total(answer)


def show_apart(listings: Sequence[Shown], *, forgiving: bool = False) -> MapResults:
    """Every listing by itself, but for those at one and the same point."""
    at: dict[Point, list[Shown]] = defaultdict(list)
    for shown in listings:
        at[Point(shown["location"]["lon"], shown["location"]["lat"])].append(shown)
    clusters = [
        Cluster(point, len(together), Bbox(point.lon, point.lat, point.lon, point.lat), same_point=True)
        for point, together in at.items()
        if len(together) > 1
    ]
    singles = [together[0] for together in at.values() if len(together) == 1]
    return MapResults(tuple(clusters), tuple(singles), len(listings), forgiving=forgiving)


def _read_cells(query: dict[str, Any], answer: dict[str, Any], forgiving: bool) -> MapResults:
    cells = answer["aggregations"]["cells"]["buckets"]
    alone = {str(int(cell["id"]["value"])): cell for cell in cells if cell["doc_count"] == 1}
    listings: list[Shown] = []
    if alone:
        listings, _ = _load_listings({"bool": {"filter": [{"ids": {"values": list(alone)}}, query]}}, len(alone))
    # A listing that was retired between the two searches stays what the first one saw: something that is there.
    named = {str(shown["id"]) for shown in listings}
    clusters = [_read_cell(cell) for cell in cells if cell["doc_count"] > 1]
    clusters += [_read_cell(cell) for id_, cell in alone.items() if id_ not in named]
    return MapResults(tuple(clusters), tuple(listings), _total(answer), forgiving=forgiving)


def _read_cell(cell: dict[str, Any]) -> Cluster:
    corners, center = cell["bounds"]["bounds"], cell["center"]["location"]
    low, high = corners["bottom_right"]["lat"], corners["top_left"]["lat"]
    left, right = corners["top_left"]["lon"], corners["bottom_right"]["lon"]
    return make_cluster(cell["doc_count"], (center["lon"], center["lat"]), (left, low, right, high))


def make_cluster(count: int, center: tuple[float, float], corners: tuple[float, float, float, float]) -> Cluster:
    """A cluster in rounded degrees. `center` is (lon, lat) of the mean, `corners` (west, south, east, north)."""
    left, low, right, high = corners
    bounds = Bbox(
        west=max(-180.0, _down(left)),
        south=max(-90.0, _down(low)),
        east=min(180.0, _up(right)),
        north=min(90.0, _up(high)),
    )
    lon, lat = (round(degrees, _DECIMALS) for degrees in center)
    return Cluster(
        # Rounded or summed up, it may come to lie a hair outside.
        center=Point(min(max(lon, bounds.west), bounds.east), min(max(lat, bounds.south), bounds.north)),
        count=count,
        bounds=bounds,
        same_point=(left, low) == (right, high),
    )


def _down(degrees: float) -> float:
    return math.floor(degrees * _PER_DEGREE) / _PER_DEGREE


def _up(degrees: float) -> float:
    return math.ceil((degrees + _STEP) * _PER_DEGREE) / _PER_DEGREE
