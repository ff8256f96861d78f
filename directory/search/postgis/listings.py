"""The search that PostGIS answers: the same request, the same results, in a plainer form.

It serves when OpenSearch cannot answer, and it is the oracle that the tests hold OpenSearch against. Every filter,
facet, order and cursor is the same; words are found as they are typed, no typo is forgiven.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Row

from directory.listings.shown import load_public_listings
from directory.search.facets import MOST_VALUES, choices, filter_name
from directory.search.filters import AGREEMENT_FACETS, selected_values
from directory.search.forgiving import FEW
from directory.search.postgis.clauses import (
    IN_FORCE,
    Values,
    build_agreement_terms,
    build_from,
    build_point,
    build_unit,
)
from directory.search.postgis.statements import Statements, within
from directory.search.query import SMALLEST_HALF_M
from directory.search.ranking import load_ranking
from directory.search.relaxations import build_changes, choose_relaxations
from directory.search.request import Cursor, Facet, SearchRequest, Sort
from directory.search.results import FacetCounts, Hit, Relaxation, SearchResults
from directory.vocabulary.codes import load_codes
from geodata.text import latin_words


def find_providers_in_sql(engine: Engine, request: SearchRequest, *, seconds: float) -> SearchResults:
    """One page of hits from PostGIS within `seconds`. Raises SearchUnavailable when that is too short."""
    with within(engine, seconds) as statements:
        return _Search(statements, request).run()


class _Search:
    """One request in one transaction."""

    def __init__(self, statements: Statements, request: SearchRequest) -> None:
        self._statements = statements
        self._request = request

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
            found_as_typed=total,
        )

    def _total(self, request: SearchRequest) -> int:
        values = Values()
        found: int = self._statements.execute(f"SELECT count(*) {build_from(request, values)}", values)[0][0]
        return found

    def _page(self) -> Sequence[Row[Any]]:
        request, values = self._request, Values()
        key, direction = _order(request, values)
        inner = f"SELECT l.id, {key} AS key {build_from(request, values)}"
        after = ""
        if request.cursor:
            last_key, last_id = (values.add(value) for value in request.cursor.after)
            beyond = ">" if direction == "ASC" else "<"
            after = f"WHERE key {beyond} {last_key} OR (key = {last_key} AND id > {last_id})"
        limit = values.add(request.limit + 1)
        return self._statements.execute(
            f"SELECT id, key FROM ({inner}) found {after} ORDER BY key {direction}, id LIMIT {limit}", values
        )

    def _hits(self, rows: Sequence[Row[Any]]) -> tuple[Hit, ...]:
        listings = {
            shown["id"]: dict(shown)
            for shown in load_public_listings(self._statements.connection, [row.id for row in rows])
        }
        return tuple(Hit.of(listings[row.id], self._request.circle) for row in rows)

    def _facet(self, facet: Facet) -> FacetCounts:
        values = Values()
        selected = selected_values(self._request, facet)
        counted = build_from(self._request, values, without=filter_name(facet))
        if facet in AGREEMENT_FACETS:
            counts = self._count_agreements(facet, counted, values)
        else:
            value, join = _FACETS[facet]
            statement = (
                f'SELECT {value} COLLATE "C" AS value, count(*) AS hits {counted.replace("WHERE", f"{join} WHERE", 1)}'
            )
            statement += f" AND {value} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
            rows = self._statements.execute(statement, values)
            counts = {str(row.value): int(row.hits) for row in rows[:MOST_VALUES]}
            counts |= {str(row.value): int(row.hits) for row in rows if str(row.value) in selected}
        return FacetCounts.of(counts, selected)

    def _count_agreements(self, facet: Facet, counted: str, values: Values) -> dict[str, int]:
        named = list(choices(self._request.agreement, facet, tuple(load_codes().networks)))
        columns = ", ".join(
            f"count(DISTINCT l.id) FILTER (WHERE {build_agreement_terms(choice, values)}"
            f"{' OR a.id IS NULL' if choice.is_met_by_none else ''})"
            for _, choice in named
        )
        joined = counted.replace("WHERE", f"LEFT JOIN agreement a ON a.listing_id = l.id AND {IN_FORCE} WHERE", 1)
        [row] = self._statements.execute(f"SELECT {columns} {joined}", values)
        return {value: count for (value, _), count in zip(named, row, strict=True) if count}


# What a facet counts, and the join that brings it.
_FACETS = {
    Facet.country: ("c.country", ""),
    Facet.city: ("c.place_id::text", ""),
    Facet.type: ("l.type", ""),
    Facet.specialty: ("s.specialty", "JOIN listing_specialty s ON s.listing_id = l.id"),
    Facet.language: ("spoken.language", "CROSS JOIN LATERAL unnest(l.languages) AS spoken (language)"),
}


def _order(request: SearchRequest, values: Values) -> tuple[str, str]:
    """The key by which hits are ordered before their ids, and its direction."""
    if request.sort is Sort.distance and request.circle:
        return f"ST_Distance(c.point, {build_point(request.circle, values)}, false)", "ASC"
    if request.sort is Sort.relevance:
        return _score(request, values), "DESC"
    return "p.sort_name", "ASC"


def _score(request: SearchRequest, values: Values) -> str:
    ranking = load_ranking()
    worths = [build_unit(unit, values) for unit in request.units] or ["0"]
    whole = latin_words(" ".join(unit.text for unit in request.units))
    if " " in whole:
        pattern = values.add(f"% {whole} %")
        worths.append(f"CASE WHEN p.latin_names LIKE {pattern} THEN {ranking.phrase} ELSE 0 END")
    words = "cardinality(string_to_array(trim(name), ' '))"
    shortest = f"(SELECT min({words}) FROM unnest(string_to_array(p.latin_names, '|')) AS name)"
    worths.append(f"COALESCE({ranking.brevity} / NULLIF({shortest}, 0), 0)")
    if request.circle and request.units:
        half_m = max(request.circle.radius_m * ranking.distance.half_at, SMALLEST_HALF_M)
        distance = f"ST_Distance(c.point, {build_point(request.circle, values)}, false)"
        worths.append(f"{ranking.distance.weight} * 0.5 ^ ({distance} / {half_m})")
    return f"CAST({' + '.join(worths)} AS float8)"
