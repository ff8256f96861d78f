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
    """Holds cities' points on the unit sphere; the straight line orders them as the great circle does.

    Those of a country are read when the first point in it is asked for: a request has no time for those of all.
    """

    def __init__(self, file: PlaceFile) -> None:
        self._file = file
        self._parts: dict[str, tuple[Any, Any]] = {}

    def find(self, point: Point, country: str = "") -> int | None:
        """Id of the city nearest to the point, of a country where one is given; None where that has no city."""
        if country not in self._parts:
            self._parts[country] = self._read(country)
        ids, vectors = self._parts[country]
        if not len(ids):
            return None
        # The larger the cosine of the angle between them, the nearer.
        return int(ids[(vectors @ _unit_vector(point)).argmax()])

    def _read(self, country: str) -> tuple[Any, Any]:
        of_country, values = (" AND country = ?", (country,)) if country else ("", ())
        rows = self._file.rows(f"SELECT id, lon, lat FROM place WHERE kind = 'city'{of_country} ORDER BY id", values)
        points = np.array(rows, dtype=np.float64).reshape(-1, 3)
        lon, lat = np.radians(points[:, 1]), np.radians(points[:, 2])
        return points[:, 0].astype(np.int64), np.column_stack(
            (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
        )


def _unit_vector(point: Point) -> Any:
    lon, lat = math.radians(point.lon), math.radians(point.lat)
    return np.array((math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)))
