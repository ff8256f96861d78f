"""Outlines of the countries: which of them hold a point, and how far the others around it are."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.affinity import translate

from geodata.points import EARTH_RADIUS_M, Bbox, Point, bounding_box

# Of the area of a country's largest part, for what counts as one: Sumatra beside Borneo, and no Réunion beside France.
_LARGE_PART = 0.1
# Most points lie in a cell that is all of one country, or all sea: to look that up takes a hundredth of the time.
_CELL_DEGREES = 0.25


class Outlines:
    """The polygons of the file that data/make_outlines.py makes; each lies within -180 and 180 degrees."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as stored:
            degrees = np.cumsum(stored["steps"], axis=1, dtype=np.int64).T / 10_000
            self.codes: list[str] = stored["codes"].tolist()
            self.polygons: Any = shapely.from_ragged_array(
                shapely.GeometryType.POLYGON,
                np.ascontiguousarray(degrees),
                (stored["ring_ends"], stored["polygon_ends"]),
            )
        shapely.prepare(self.polygons)
        self.tree = shapely.STRtree(self.polygons)
        self._cells: dict[tuple[int, int], tuple[str, ...] | None] = {}

    def holding(self, point: Point) -> list[str]:
        """Codes of the countries whose outline holds the point."""
        cell = math.floor(point.lon / _CELL_DEGREES), math.floor(point.lat / _CELL_DEGREES)
        if cell not in self._cells:
            self._cells[cell] = self._codes_of_cell(*cell)
        codes = self._cells[cell]
        return list(codes) if codes is not None else self._holding(shapely.Point(point.lon, point.lat))

    def _codes_of_cell(self, east: int, north: int) -> tuple[str, ...] | None:
        """The countries that hold every point of a cell; None where a border or a coast runs through it."""
        west, south = east * _CELL_DEGREES, north * _CELL_DEGREES
        box = shapely.box(west, south, west + _CELL_DEGREES, south + _CELL_DEGREES)
        touching = self.tree.query(box, predicate="intersects")
        is_whole = all(shapely.covers(self.polygons[number], box) for number in touching)
        return tuple(self.codes[number] for number in touching) if is_whole else None

    def _holding(self, shape: Any) -> list[str]:
        return [self.codes[number] for number in self.tree.query(shape, predicate="intersects")]

    def box(self, code: str) -> Bbox | None:
        """Where a country's large parts lie: overseas ones and islets would make the box that of an ocean."""
        parts = self.polygons[np.array(self.codes) == code]
        if not len(parts):
            return None
        areas = shapely.area(parts)
        west, south, east, north = shapely.total_bounds(parts[areas >= areas.max() * _LARGE_PART]).tolist()
        if east - west > 180:
            west, south, east, north = parts[areas.argmax()].bounds
        return Bbox(west, south, east, north)

    def within(self, point: Point, reach_m: float) -> dict[str, float]:
        """Distance in metres to each country's outline that is no farther than reach_m (0 inside it)."""
        distances: dict[str, float] = {}
        for box in bounding_box(point, reach_m).split():
            window = shapely.box(box.west, box.south, box.east, box.north)
            for number in self.tree.query(window):
                distance = self._distance_m(self.polygons[number], point, box)
                code = self.codes[number]
                if distance <= min(reach_m, distances.get(code, math.inf)):
                    distances[code] = distance
        return distances

    @staticmethod
    def _distance_m(polygon: Any, point: Point, box: Bbox) -> float:
        # Flat in the window, whose half is at most 50 km: wrong by less than one part in a hundred below 80 degrees.
        part = shapely.clip_by_rect(polygon, box.west, box.south, box.east, box.north)
        if part.is_empty:
            return math.inf
        shrink = math.cos(math.radians(point.lat))
        # Past the antimeridian the window's longitudes have the other sign.
        turn = 360 if part.bounds[0] - point.lon < -180 else -360 if part.bounds[0] - point.lon > 180 else 0
        moved = translate(part, xoff=turn - point.lon, yoff=-point.lat)
        flat = shapely.transform(moved, lambda lonlat: lonlat * (shrink, 1.0))
        return float(math.radians(flat.distance(shapely.Point(0, 0))) * EARTH_RADIUS_M)
