"""A good search in SQL alone on PostGIS: one flat table with the indexes that its questions want, one statement each.

It gives the same hits, total and facet counts as the service for places, countries and types. Words are found and
ranked as the service's own plainer search does it (directory/search/postgis/): whole, as a beginning or as a part of a
name in Latin letters, as the city, as a type or specialty; and with trigrams where too little is found.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from bench.questions import ALL_FACETS, PROVIDERS, Question
from bench.telling import tell
from directory.search.agreements import SETTLEMENT_VALUES, AgreementFilter
from directory.search.query import SMALLEST_HALF_M
from directory.search.ranking import load_ranking
from directory.search.request import Unit
from directory.search.words import SHORTEST_PART, how_many_must, parse_words
from directory.vocabulary.codes import load_codes
from geodata.text import latin_words

_MAKE = """
CREATE TABLE flat_words AS
SELECT l.id, c.point, c.country, c.place_id AS place, l.type, l.languages, p.sort_name,
       ARRAY(SELECT s.specialty FROM listing_specialty s WHERE s.listing_id = l.id) AS specialties,
       COALESCE((SELECT array_agg(DISTINCT a.network || ':'
                            || translate(left(a.outpatient, 1) || left(a.inpatient, 1), 'g', 'l') || a.tariff::int)
                   FROM agreement a
                  WHERE a.listing_id = l.id AND a.status = 'active' AND a.period @> CURRENT_DATE),
                ARRAY['-:nn0']) AS agreements,
       p.latin_names AS names, concat_ws('|', c.latin_city, pl.latin_name) AS cities,
       (SELECT min(cardinality(string_to_array(trim(name), ' ')))
          FROM unnest(string_to_array(p.latin_names, '|')) AS name) AS shortest,
       json_build_object('id', l.id, 'name', p.name, 'local', n.text, 'type', l.type, 'address', c.address,
           'city', c.city, 'country', c.country, 'phones', c.phones, 'email', c.email, 'website', c.website,
           'languages', l.languages, 'hours', l.hours, 'verified_on', l.verified_on, 'status', l.status,
           'specialties', ARRAY(SELECT s.specialty FROM listing_specialty s WHERE s.listing_id = l.id),
           'agreements', (SELECT json_agg(json_build_object('network', a.network, 'outpatient', a.outpatient,
                   'inpatient', a.inpatient, 'tariff', a.tariff, 'notice_days', a.notice_days))
               FROM agreement a
              WHERE a.listing_id = l.id AND a.status = 'active' AND a.period @> CURRENT_DATE),
           'lat', ST_Y(c.point::geometry), 'lon', ST_X(c.point::geometry))::text AS shown
  FROM listing l
  JOIN provider p ON p.id = l.provider_id
  JOIN location c ON c.id = l.location_id
  LEFT JOIN place pl ON pl.id = c.place_id
  LEFT JOIN provider_name n ON n.provider_id = p.id AND n.position = 0
 WHERE l.status = 'active'
"""
_INDEXES = (
    "ALTER TABLE flat_words ADD PRIMARY KEY (id)",
    "CREATE INDEX ON flat_words USING gist (point)",
    "CREATE INDEX ON flat_words (country, type)",
    "CREATE INDEX ON flat_words (type)",
    "CREATE INDEX ON flat_words (sort_name, id)",
    "CREATE INDEX ON flat_words USING gin (specialties)",
    "CREATE INDEX ON flat_words USING gin (names gin_trgm_ops)",
    "CREATE INDEX ON flat_words USING gin (cities gin_trgm_ops)",
)
_COLUMNS = {
    "country": "country",
    "city": "place::text",
    "type": "type",
    "specialty": "specialties",
    "language": "languages",
}
_LISTS = frozenset({"specialty", "language"})
_MOST_VALUES = 50


def make_flat_table(database_url: str) -> None:
    """Make the table where it is missing."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        if connection.execute("SELECT to_regclass('flat_words')").fetchone() == (None,):
            tell("PostGIS: making the flat table and its indexes")
            with connection.transaction():
                connection.execute(_MAKE)
                for statement in _INDEXES:
                    connection.execute(statement)
            connection.execute("VACUUM ANALYZE flat_words")


def can_answer(question: Question) -> bool:
    """Whether it is a search; type-ahead and maps have no SQL here, nor has a second page."""
    return question.path == PROVIDERS and question.kind != "page_2"


class FlatTable:
    """A kept connection to the table."""

    def __init__(self, database_url: str) -> None:
        self._connection = psycopg.connect(database_url, autocommit=True, row_factory=tuple_row)
        # A word that nearly matches, for questions with a slip; and facets fit into memory.
        self._connection.execute("SET pg_trgm.word_similarity_threshold = 0.5")
        self._connection.execute("SET work_mem = '64MB'")

    def answer(self, question: Question) -> dict[str, Any]:
        """The first page, the total and the facet counts."""
        statement, values = build_statement(question.parameters, near_spellings=False)
        page = self._ask(statement, values)
        if page["total"] < 5 and "q" in question.parameters:
            statement, values = build_statement(question.parameters, near_spellings=True)
            page = self._ask(statement, values)
        return page

    def _ask(self, statement: str, values: list[Any]) -> dict[str, Any]:
        rows = self._connection.execute(statement.encode(), values).fetchall()
        page: dict[str, Any] = {"total": 0, "items": [], "facets": {}}
        for part, value, count in rows:
            if part == "total":
                page["total"] = count
            elif part == "item":
                page["items"].append(value)
            else:
                page["facets"].setdefault(part, {})[value] = count
        return page


class _Clauses:
    """Clauses with their values, in the order in which the statement names them."""

    def __init__(self) -> None:
        self.fixed: list[tuple[str, list[Any]]] = []
        self.of_facet: dict[str, tuple[str, list[Any]]] = {}

    def where(self, *, without: str | None = None) -> tuple[str, list[Any]]:
        """All clauses but that of one facet, as SQL and its values."""
        chosen = self.fixed + [clause for facet, clause in self.of_facet.items() if facet != without]
        sql = " AND ".join(f"({clause})" for clause, _ in chosen) or "true"
        return sql, [value for _, values in chosen for value in values]


def build_statement(parameters: dict[str, str], *, near_spellings: bool) -> tuple[str, list[Any]]:
    """One statement of rows (part, value, count): the total, the first page, each facet without its own filter."""
    clauses = _read(parameters, near_spellings=near_spellings)
    order, order_values = _order(parameters)
    facets = parameters.get("facets", "country,city,type,specialty,settlement").split(",")
    where, values = clauses.where()
    parts = [
        f"WITH hit AS MATERIALIZED (SELECT * FROM flat_words WHERE {where})"
        if facets
        else f"WITH hit AS (SELECT * FROM flat_words WHERE {where})",
        "SELECT 'total', NULL, count(*) FROM hit",
        f"(SELECT 'item', shown, 1 FROM hit ORDER BY {order} LIMIT %s)",
    ]
    all_values = [*values, *order_values, int(parameters.get("limit", "20")) + 1]
    agreement = _agreement(parameters)
    for facet in (name for name in ALL_FACETS.split(",") if name in facets):
        sql, more = _count(clauses, facet, agreement)
        parts.append(sql)
        all_values += more
    return f"{parts[0]} " + " UNION ALL ".join(parts[1:]), all_values


def _agreement(parameters: dict[str, str]) -> AgreementFilter:
    return AgreementFilter(
        networks=tuple(filter(None, parameters.get("network", "").split(","))),
        settlements=tuple(filter(None, parameters.get("settlement", "").split(","))),
    )


def _read(parameters: dict[str, str], *, near_spellings: bool) -> _Clauses:
    clauses = _Clauses()
    if "lat" in parameters:
        # On the sphere, as the engine measures.
        clauses.fixed.append(
            (
                "ST_DWithin(point, ST_MakePoint(%s, %s)::geography, %s, false)",
                [float(parameters["lon"]), float(parameters["lat"]), float(parameters.get("radius_km", "25")) * 1000],
            )
        )
    units = _units(parameters)
    of_units = [_matches(unit, near_spellings=near_spellings) for unit in units]
    if how_many_must(len(units)) == len(units):
        clauses.fixed += of_units
    else:
        several = " + ".join(f"({clause})::int" for clause, _ in of_units)
        clauses.fixed.append((f"{several} >= {len(units) - 1}", [value for _, values in of_units for value in values]))
    for name in ("country", "type"):
        if name in parameters:
            clauses.of_facet[name] = (f"{name} = ANY(%s)", [parameters[name].split(",")])
    if agreement := _agreement(parameters):
        clauses.of_facet["agreement"] = ("agreements && %s", [agreement.words(load_codes().networks)])
    return clauses


def _units(parameters: dict[str, str]) -> tuple[Unit, ...]:
    return parse_words(parameters["q"], load_codes()) if "q" in parameters else ()


def _ways(unit: Unit) -> dict[str, tuple[str, list[Any]]]:
    """Each way in which a listing may have a unit, by its name in the ranking: the clause with its values."""
    words = latin_words(unit.text).split()
    ways: dict[str, tuple[str, list[Any]]] = {}
    if words:
        ways["exact"] = "names LIKE ALL (%s)", [[f"% {word} %" for word in words]]
        ways["prefix"] = "names LIKE ALL (%s)", [[f"% {word}%" for word in words]]
        ways["city"] = "cities LIKE ALL (%s)", [[f"% {word} %" for word in words]]
    if words and min(map(len, words)) >= SHORTEST_PART:
        ways["part"] = "names LIKE ALL (%s)", [[f"%{word}%" for word in words]]
    if unit.types or unit.specialties:
        ways["concept"] = "type = ANY(%s) OR specialties && %s", [list(unit.types), list(unit.specialties)]
    return ways


def _matches(unit: Unit, *, near_spellings: bool) -> tuple[str, list[Any]]:
    ways = _ways(unit)
    # What is found whole is found as a beginning too, and that as a part: the index is asked for the widest alone.
    for narrow, wide in (("exact", "prefix"), ("prefix", "part")):
        if wide in ways:
            ways.pop(narrow, None)
    if near_spellings and (words := latin_words(unit.text)):
        ways["near"] = "%s <%% names", [words]
    if not ways:
        return "false", []
    return " OR ".join(clause for clause, _ in ways.values()), [
        value for _, values in ways.values() for value in values
    ]


def _order(parameters: dict[str, str]) -> tuple[str, list[Any]]:
    point = [float(parameters["lon"]), float(parameters["lat"])] if "lat" in parameters else []
    distance = "ST_Distance(point, ST_MakePoint(%s, %s)::geography, false)"
    if units := _units(parameters):
        return _score(units, distance, point, float(parameters.get("radius_km", "25")) * 1000)
    if point:
        return f"{distance}, id", point
    return "sort_name, id", []


def _score(units: Sequence[Unit], distance: str, point: list[Any], radius_m: float) -> tuple[str, list[Any]]:
    ranking = load_ranking()
    worths, all_values = [f"COALESCE({ranking.brevity} / NULLIF(shortest, 0), 0)"], []
    for unit in units:
        cases = []
        for way, (clause, values) in _ways(unit).items():
            cases.append(f"CASE WHEN {clause} THEN {getattr(ranking.word, way)} ELSE 0 END")
            all_values += values
        worths.append(f"GREATEST({', '.join(cases) or '0'})")
    whole = latin_words(" ".join(unit.text for unit in units))
    if " " in whole:
        worths.append(f"CASE WHEN names LIKE %s THEN {ranking.phrase} ELSE 0 END")
        all_values.append(f"% {whole} %")
    if point:
        half_m = max(radius_m * ranking.distance.half_at, SMALLEST_HALF_M)
        worths.append(f"{ranking.distance.weight} * 0.5 ^ ({distance} / {half_m})")
        all_values += point
    return f"{' + '.join(worths)} DESC, id", all_values


def _count(clauses: _Clauses, facet: str, agreement: AgreementFilter) -> tuple[str, list[Any]]:
    networks = tuple(load_codes().networks)
    if facet in ("settlement", "tariff", "network"):
        source, values = _source(clauses, "agreement")
        choices = {
            "settlement": [(v, AgreementFilter(agreement.networks, (v,), agreement.tariff)) for v in SETTLEMENT_VALUES],
            "tariff": [("true", AgreementFilter(agreement.networks, agreement.settlements, True))],
            "network": [(n, AgreementFilter((n,), agreement.settlements, agreement.tariff)) for n in networks],
        }[facet]
        counts = ", ".join("count(*) FILTER (WHERE agreements && %s)" for _ in choices)
        names = [value for value, _ in choices]
        words = [choice.words(networks) for _, choice in choices]
        sql = f"SELECT '{facet}', unnest(%s::text[]), unnest(ARRAY[{counts}]) FROM {source}"
        return sql, [names, *words, *values]
    source, values = _source(clauses, facet)
    value = f"unnest({_COLUMNS[facet]})" if facet in _LISTS else _COLUMNS[facet]
    sql = f"(SELECT '{facet}', {value}, count(*) FROM {source} GROUP BY 2 ORDER BY 3 DESC LIMIT {_MOST_VALUES})"
    return sql, values


def _source(clauses: _Clauses, facet: str) -> tuple[str, list[Any]]:
    if facet not in clauses.of_facet:
        return "hit", []
    where, values = clauses.where(without=facet)
    return f"(SELECT * FROM flat_words WHERE {where}) AS without", values
