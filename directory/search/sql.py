"""The search that PostGIS answers: the same request, the same results, in a plainer form.

It serves when OpenSearch cannot answer, and it is the oracle that the tests hold OpenSearch against. Every filter,
facet, order and cursor is the same; words are found as they are typed, no typo is forgiven.
"""

import time
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, text
from sqlalchemy.exc import OperationalError

from directory.cards import load_cards
from directory.codes import load_codes
from directory.errors import SearchUnavailable
from directory.search.agreements import SETTINGS, AgreementFilter
from directory.search.facets import MOST_VALUES, choices, filter_name
from directory.search.filters import AGREEMENT_FACETS, selected_values
from directory.search.forgiving import FEW
from directory.search.query import SMALLEST_HALF_M
from directory.search.ranking import load_ranking
from directory.search.relaxations import build_changes, choose_relaxations
from directory.search.request import Circle, Cursor, Facet, SearchRequest, Sort, Unit
from directory.search.results import FacetValue, Hit, Relaxation, SearchResults
from directory.search.words import SHORTEST_PART, how_many_must
from geodata.points import Bbox, Point, haversine_m
from geodata.text import latin_words

_IN_FORCE = "a.status = 'active' AND a.period @> CURRENT_DATE"


class _Values:
    """Values that a statement binds; each gets a name of its own."""

    def __init__(self) -> None:
        self.bound: dict[str, Any] = {}

    def add(self, value: Any) -> str:
        """A placeholder for `value`."""
        name = f"v{len(self.bound)}"
        self.bound[name] = value
        return f":{name}"

    def any_of(self, values: Iterable[Any], kind: str = "text") -> str:
        """A placeholder for an array of them."""
        return f"ANY(CAST({self.add(list(values))} AS {kind}[]))"


def find_providers_in_sql(engine: Engine, request: SearchRequest, *, seconds: float) -> SearchResults:
    """One page of hits from PostGIS within `seconds`. Raises SearchUnavailable when that is too short."""
    ends = time.monotonic() + seconds
    try:
        with engine.connect() as connection, connection.begin():
            # Total, page and facets are of one moment.
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            return _Search(connection, request, ends).run()
    except OperationalError as error:
        # Not logged and not quoted: the statement holds what was searched for.
        if getattr(error.orig, "sqlstate", None) == "57014":
            raise SearchUnavailable("The search took too long in its plainer form; ask for less.") from None
        raise


class _Search:
    """One request in one transaction."""

    def __init__(self, connection: Connection, request: SearchRequest, ends: float) -> None:
        self._connection = connection
        self._request = request
        self._ends = ends

    def run(self) -> SearchResults:
        request = self._request
        total = self._total(request)
        rows = self._page()
        shown = rows[: request.limit]
        following = None
        if len(rows) > request.limit:
            following = Cursor((shown[-1].key, shown[-1].id), forgiving=False)
        relaxations: tuple[Relaxation, ...] = ()
        if total < FEW and not request.cursor:
            changes = list(build_changes(request))
            totals = [self._total(changed) for _, _, changed in changes]
            relaxations = choose_relaxations(changes, totals, total)
        return SearchResults(
            hits=self._hits(shown),
            total=total,
            facets={facet.value: self._facet(facet) for facet in request.facets},
            relaxations=relaxations,
            next=following,
            degraded=True,
        )

    def _execute(self, statement: str, values: _Values) -> Sequence[Row[Any]]:
        left_ms = int((self._ends - time.monotonic()) * 1000)
        if left_ms <= 0:
            raise SearchUnavailable("The search took too long in its plainer form; ask for less.")
        self._connection.execute(text(f"SET LOCAL statement_timeout = {left_ms}"))
        return self._connection.execute(text(statement), values.bound).all()

    def _total(self, request: SearchRequest) -> int:
        values = _Values()
        found: int = self._execute(f"SELECT count(*) {_from(request, values)}", values)[0][0]
        return found

    def _page(self) -> Sequence[Row[Any]]:
        request, values = self._request, _Values()
        key, direction = _order(request, values)
        inner = f"SELECT l.id, {key} AS key {_from(request, values)}"
        after = ""
        if request.cursor:
            last_key, last_id = (values.add(value) for value in request.cursor.after)
            beyond = ">" if direction == "ASC" else "<"
            after = f"WHERE key {beyond} {last_key} OR (key = {last_key} AND id > {last_id})"
        limit = values.add(request.limit + 1)
        return self._execute(
            f"SELECT id, key FROM ({inner}) found {after} ORDER BY key {direction}, id LIMIT {limit}", values
        )

    def _hits(self, rows: Sequence[Row[Any]]) -> tuple[Hit, ...]:
        cards = {card["id"]: dict(card) for card in load_cards(self._connection, [row.id for row in rows])}
        return tuple(Hit(cards[row.id], self._distance(cards[row.id])) for row in rows)

    def _distance(self, card: dict[str, Any]) -> float | None:
        location, circle = card["location"], self._request.circle
        if not (circle and location):
            return None
        return haversine_m(circle.center, Point(location["lon"], location["lat"]))

    def _facet(self, facet: Facet) -> tuple[FacetValue, ...]:
        values = _Values()
        selected = selected_values(self._request, facet)
        counted = _from(self._request, values, without=filter_name(facet))
        if facet in AGREEMENT_FACETS:
            counts = self._count_agreements(facet, counted, values)
        else:
            value, join = _FACETS[facet]
            statement = (
                f'SELECT {value} COLLATE "C" AS value, count(*) AS hits {counted.replace("WHERE", f"{join} WHERE", 1)}'
            )
            statement += f" AND {value} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
            rows = self._execute(statement, values)
            counts = {str(row.value): int(row.hits) for row in rows[:MOST_VALUES]}
            counts |= {str(row.value): int(row.hits) for row in rows if str(row.value) in selected}
        counts |= {value: 0 for value in selected if value not in counts}
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(FacetValue(value, count, value in selected) for value, count in ordered)

    def _count_agreements(self, facet: Facet, counted: str, values: _Values) -> dict[str, int]:
        named = list(choices(self._request.agreement, facet, tuple(load_codes().networks)))
        columns = ", ".join(
            f"count(DISTINCT l.id) FILTER (WHERE {_agreement_terms(choice, values)})" for _, choice in named
        )
        joined = counted.replace("WHERE", f"JOIN agreement a ON a.listing_id = l.id AND {_IN_FORCE} WHERE", 1)
        [row] = self._execute(f"SELECT {columns} {joined}", values)
        return {value: count for (value, _), count in zip(named, row, strict=True) if count}


# What a facet counts, and the join that brings it.
_FACETS = {
    Facet.country: ("c.country", ""),
    Facet.city: ("c.place_id::text", ""),
    Facet.type: ("l.type", ""),
    Facet.specialty: ("s.specialty", "JOIN listing_specialty s ON s.listing_id = l.id"),
    Facet.language: ("spoken.language", "CROSS JOIN LATERAL unnest(l.languages) AS spoken (language)"),
}


def _from(request: SearchRequest, values: _Values, *, without: str | None = None) -> str:
    """FROM and WHERE of the listings that the request finds; `without` names a filter to leave out (see facets)."""
    conditions = ["l.status = 'active'", *_where(request, values), *_facet_filters(request, values, without)]
    if request.units:
        found = " + ".join(f"(({_unit(unit, values)}) > 0)::int" for unit in request.units)
        conditions.append(f"{found} >= {how_many_must(len(request.units))}")
    return (
        "FROM listing l JOIN location c ON c.id = l.location_id JOIN provider p ON p.id = l.provider_id"
        f" LEFT JOIN place pl ON pl.id = c.place_id WHERE {' AND '.join(conditions)}"
    )


def _where(request: SearchRequest, values: _Values) -> list[str]:
    conditions = []
    if circle := request.circle:
        # On the sphere, as the search engine measures.
        conditions.append(f"ST_DWithin(c.point, {_point(circle, values)}, {values.add(circle.radius_m)}, false)")
    if request.bbox:
        boxes = (_in_box(box, values) for box in request.bbox.split())
        conditions.append(f"({' OR '.join(boxes)})")
    return conditions


def _in_box(box: Bbox, values: _Values) -> str:
    west, south, east, north = map(values.add, (box.west, box.south, box.east, box.north))
    inside = f"ST_Intersects(c.point::geometry, ST_MakeEnvelope({west}, {south}, {east}, {north}, 4326))"
    # 180 and -180 are one meridian.
    edges = [str(-edge) for edge in (box.west, box.east) if abs(edge) == 180]
    on_edge = "".join(
        f" OR (ST_X(c.point::geometry) = {edge} AND ST_Y(c.point::geometry) BETWEEN {south} AND {north})"
        for edge in edges
    )
    return f"({inside}{on_edge})"


def _facet_filters(request: SearchRequest, values: _Values, without: str | None) -> list[str]:
    conditions = {}
    if request.countries:
        conditions[Facet.country] = f"c.country = {values.any_of(request.countries)}"
    if request.places:
        conditions[Facet.city] = f"c.place_id = {values.any_of(request.places, 'integer')}"
    if request.types:
        conditions[Facet.type] = f"l.type = {values.any_of(request.types)}"
    if request.specialties:
        conditions[Facet.specialty] = _offers(request.specialties, values)
    if request.languages:
        conditions[Facet.language] = f"l.languages && CAST({values.add(list(request.languages))} AS text[])"
    named = {facet.value: condition for facet, condition in conditions.items()}
    if request.agreement:
        terms = _agreement_terms(request.agreement, values)
        named["agreement"] = f"EXISTS (SELECT FROM agreement a WHERE a.listing_id = l.id AND {_IN_FORCE} AND {terms})"
    return [condition for name, condition in named.items() if name != without]


def _agreement_terms(asked: AgreementFilter, values: _Values) -> str:
    terms = [f"a.{setting} = {values.any_of(asked.allowed(setting))}" for setting in SETTINGS]
    if asked.networks:
        terms.append(f"a.network = {values.any_of(asked.networks)}")
    if asked.tariff:
        terms.append("a.tariff")
    return " AND ".join(terms)


def _offers(specialties: Iterable[str], values: _Values) -> str:
    return (
        "EXISTS (SELECT FROM listing_specialty s WHERE s.listing_id = l.id"
        f" AND s.specialty = {values.any_of(specialties)})"
    )


def _unit(unit: Unit, values: _Values) -> str:
    """What one unit is worth for a listing, 0 where it is not found: see `words.build_words_query`."""
    ranking = load_ranking().word
    words = latin_words(unit.text).split()
    ways = []
    if words:
        ways.append((ranking.exact, _like("p.latin_names", [f"% {word} %" for word in words], values)))
        ways.append((ranking.prefix, _like("p.latin_names", [f"% {word}%" for word in words], values)))
        city = [f"% {word} %" for word in words]
        either = f"{_like('c.latin_city', city, values)} OR {_like('pl.latin_name', city, values)}"
        ways.append((ranking.city, f"COALESCE({either}, false)"))
    if words and min(map(len, words)) >= SHORTEST_PART:
        ways.append((ranking.part, _like("p.latin_names", [f"%{word}%" for word in words], values)))
    if unit.types:
        ways.append((ranking.concept, f"l.type = {values.any_of(unit.types)}"))
    if unit.specialties:
        ways.append((ranking.concept, _offers(unit.specialties, values)))
    if not ways:
        return "0"
    worths = [f"CASE WHEN {condition} THEN {worth} ELSE 0 END" for worth, condition in ways]
    best = f"GREATEST({', '.join(worths)})"
    return f"{best} * (1 - {ranking.tie_breaker}) + {ranking.tie_breaker} * ({' + '.join(worths)})"


def _like(column: str, patterns: Sequence[str], values: _Values) -> str:
    # Latin words hold letters and digits only, so nothing in them is a wildcard.
    return f"{column} LIKE ALL (CAST({values.add(list(patterns))} AS text[]))"


def _order(request: SearchRequest, values: _Values) -> tuple[str, str]:
    """The key by which hits are ordered before their ids, and its direction."""
    if request.sort is Sort.distance and request.circle:
        return f"ST_Distance(c.point, {_point(request.circle, values)}, false)", "ASC"
    if request.sort is Sort.relevance:
        return _score(request, values), "DESC"
    return "p.sort_name", "ASC"


def _score(request: SearchRequest, values: _Values) -> str:
    ranking = load_ranking()
    worths = [_unit(unit, values) for unit in request.units] or ["0"]
    whole = latin_words(" ".join(unit.text for unit in request.units))
    if " " in whole:
        pattern = values.add(f"% {whole} %")
        worths.append(f"CASE WHEN p.latin_names LIKE {pattern} THEN {ranking.phrase} ELSE 0 END")
    words = "cardinality(string_to_array(trim(name), ' '))"
    shortest = f"(SELECT min({words}) FROM unnest(string_to_array(p.latin_names, '|')) AS name)"
    worths.append(f"COALESCE({ranking.brevity} / NULLIF({shortest}, 0), 0)")
    if request.circle and request.units:
        half_m = max(request.circle.radius_m * ranking.distance.half_at, SMALLEST_HALF_M)
        distance = f"ST_Distance(c.point, {_point(request.circle, values)}, false)"
        worths.append(f"{ranking.distance.weight} * 0.5 ^ ({distance} / {half_m})")
    return f"CAST({' + '.join(worths)} AS float8)"


def _point(circle: Circle, values: _Values) -> str:
    lon, lat = values.add(circle.center.lon), values.add(circle.center.lat)
    return f"ST_SetSRID(ST_MakePoint(CAST({lon} AS float8), CAST({lat} AS float8)), 4326)::geography"
