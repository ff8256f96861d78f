"""The city nearest to a point: a tree over all cities, or over those of one country."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from geodata.place_file import PlaceFile
from geodata.points import Point


class NearestCity:
    """Holds every city's point on the unit sphere; the straight line orders them as the great circle does."""

    def __init__(self, file: PlaceFile) -> None:
        rows = file.rows("SELECT id, lon, lat, country FROM place WHERE kind = 'city' ORDER BY id")
        self._ids = np.array([row[0] for row in rows], dtype=np.int64)
        self._vectors = _unit_vectors([row[1] for row in rows], [row[2] for row in rows])
        self._countries = np.array([row[3] for row in rows])
        # All cities are "", a country's are made when first asked for.
        self._trees: dict[str, tuple[Any, Any]] = {"": (cKDTree(self._vectors), self._ids)}

    def find(self, points: Sequence[Point], country: str = "") -> list[int | None]:
        """Id of the city nearest to each point, of a country where one is given; None where that has no city."""
        if country not in self._trees:
            mine = self._countries == country
            self._trees[country] = (cKDTree(self._vectors[mine]), self._ids[mine])
        tree, ids = self._trees[country]
        if not len(ids):
            return [None] * len(points)
        _, nearest = tree.query(_unit_vectors([p.lon for p in points], [p.lat for p in points]))
        return [int(number) for number in ids[nearest]]


def _unit_vectors(lons: Sequence[float], lats: Sequence[float]) -> Any:
    lon, lat = np.radians(lons), np.radians(lats)
    return np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))
