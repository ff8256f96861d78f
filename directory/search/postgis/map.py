"""The map that PostGIS answers: the same cells and listings as directory/search/clusters.py finds, from the tables."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, Row

from directory.search.clusters import (
    MERCATOR_LAT,
    MOST_APART,
    MOST_CITIES,
    MOST_NAMED,
    Cluster,
    MapResults,
    Shown,
    Somewhere,
    Vague,
    cell_level,
    make_cluster,
    show_apart,
)
from directory.search.postgis.clauses import Values, build_where
from directory.search.postgis.opening import with_open_hours
from directory.search.postgis.order import build_standing
from directory.search.postgis.statements import Statements, within
from directory.search.request import SearchRequest
from geodata.points import Bbox

_LON, _LAT = "ST_X(f.point::geometry)", "ST_Y(f.point::geometry)"


def find_map_in_sql(engine: Engine, request: SearchRequest, bbox: Bbox, zoom: int, *, seconds: float) -> MapResults:
    """What the filters of a request find in `bbox`. Raises SearchUnavailable when `seconds` are too short for it."""
    request = replace(request, bbox=bbox, by_city=False)
    with within(engine, seconds) as statements:
        request = with_open_hours(request, statements)
        if (listings := _load_few(statements, request)) is not None:
            results = replace(show_apart(listings), degraded=True)
        else:
            results = _count_cells(statements, request, 1 << cell_level(bbox, zoom))
        return replace(results, somewhere=_find_cities(statements, replace(request, by_city=True)))


def _find_cities(statements: Statements, request: SearchRequest) -> Vague:
    """What is known by its city alone, in the cities that have the most."""
    values = Values()
    statement = f"""
        WITH found AS (SELECT f.listing_id AS id, f.place_id AS place, {build_standing()} AS standing
                         FROM findable f WHERE {build_where(request, values)}),
             cities AS (SELECT place, count(*) AS listings FROM found
                         GROUP BY place ORDER BY 2 DESC, COALESCE(place::text, '') COLLATE "C" LIMIT {MOST_CITIES}),
             named AS (SELECT id, place, row_number() OVER (PARTITION BY place ORDER BY standing DESC, id) AS number
                         FROM found)
        SELECT (SELECT count(*) FROM found) AS total, c.place, c.listings,
               ARRAY(SELECT n.id FROM named n WHERE n.place IS NOT DISTINCT FROM c.place AND n.number <= {MOST_NAMED}
                      ORDER BY n.number) AS ids
          FROM cities c ORDER BY c.listings DESC, COALESCE(c.place::text, '') COLLATE "C"
    """
    rows = statements.execute(statement, values)
    shown = {each["id"]: each for each in statements.load_listings([id_ for row in rows for id_ in row.ids])}
    cities = [Somewhere(row.place, row.listings, tuple(shown[id_] for id_ in row.ids)) for row in rows]
    return Vague(rows[0].total if rows else 0, tuple(cities))


def _load_few(statements: Statements, request: SearchRequest) -> list[Shown] | None:
    """What is shown of all that is found; None where that is more than a map shows by itself."""
    values = Values()
    rows = statements.execute(
        f"SELECT f.listing_id AS id FROM findable f WHERE {build_where(request, values)} LIMIT {MOST_APART + 1}", values
    )
    return statements.load_listings([row.id for row in rows]) if len(rows) <= MOST_APART else None


def _count_cells(statements: Statements, request: SearchRequest, across: int) -> MapResults:
    """Cells of a map that is `across` of them wide."""
    values = Values()
    statement = f"""
        SELECT count(*) AS listings, max(id) AS id, avg(lon) AS lon, avg(lat) AS lat,
               min(lon) AS west, min(lat) AS south, max(lon) AS east, max(lat) AS north
          FROM (SELECT f.listing_id AS id, {_LON} AS lon, {_LAT} AS lat
                  FROM findable f WHERE {build_where(request, values)}) found
         GROUP BY {_column(across)}, {_row(across)}
    """
    cells = statements.execute(statement, values)
    listings = statements.load_listings([cell.id for cell in cells if cell.listings == 1])
    clusters = [_read_cell(cell) for cell in cells if cell.listings > 1]
    return MapResults(tuple(clusters), tuple(listings), sum(cell.listings for cell in cells), degraded=True)


def _column(across: int) -> str:
    return _cell("(lon + 180) / 360", across)


def _row(across: int) -> str:
    """From the south; the lines between rows are those of web maps."""
    lat = f"radians(greatest(-{MERCATOR_LAT}, least({MERCATOR_LAT}, lat)))"
    return _cell(f"(0.5 + asinh(tan({lat})) / (2 * pi()))", across)


def _cell(share: str, across: int) -> str:
    """The number of a cell; what lies on the last edge belongs to the last one."""
    return f"least(greatest(floor({share} * {across}), 0), {across - 1})"


def _read_cell(cell: Row[Any]) -> Cluster:
    return make_cluster(cell.listings, (cell.lon, cell.lat), (cell.west, cell.south, cell.east, cell.north))
