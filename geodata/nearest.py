"""The city nearest to a point, of all or of one country.

The straight lines to all of a country's cities are taken at once: at most some 20,000, in less time than a tree of them
would need to be asked from Python for one point.
"""

import math
from typing import Any

import numpy as np

from geodata.place_file import PlaceFile
from geodata.points import Point


class NearestCity:
    """Holds every city's point on the unit sphere; the straight line orders them as the great circle does."""

    def __init__(self, file: PlaceFile) -> None:
        rows = file.rows("SELECT id, lon, lat, country FROM place WHERE kind = 'city' ORDER BY country, id")
        ids, lons, lats, countries = zip(*rows, strict=True)
        self._ids = np.array(ids, dtype=np.int64)
        lon, lat = np.radians(lons), np.radians(lats)
        self._vectors = np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))
        names, begins = np.unique(np.array(countries), return_index=True)
        ends = [*begins[1:].tolist(), len(ids)]
        # Those of a country stand side by side; "" is all of them.
        self._parts = {"": slice(0, len(ids))} | {
            str(name): slice(*bounds) for name, *bounds in zip(names, begins.tolist(), ends, strict=True)
        }

    def find(self, point: Point, country: str = "") -> int | None:
        """Id of the city nearest to the point, of a country where one is given; None where that has no city."""
        part = self._parts.get(country)
        if part is None:
            return None
        # The larger the cosine of the angle between them, the nearer.
        cosines = self._vectors[part] @ _unit_vector(point)
        return int(self._ids[part][cosines.argmax()])


def _unit_vector(point: Point) -> Any:
    lon, lat = math.radians(point.lon), math.radians(point.lat)
    return np.array((math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)))
