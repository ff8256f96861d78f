"""The search that PostGIS answers: the same request, the same results, in a plainer form.

It serves when OpenSearch cannot answer, and it is the oracle that the tests hold OpenSearch against. Every filter,
facet, order and cursor is the same; words are found as they are typed, no typo is forgiven.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Engine, Row

from directory.search.agreements import AgreementFilter
from directory.search.curated import NONE, Curated
from directory.search.facets import MOST_VALUES, choices, filter_name
from directory.search.filters import AGREEMENT_FACETS, selected_values
from directory.search.forgiving import FEW
from directory.search.nearest import First, asks_nearest, build_nearest, choose_nearest
from directory.search.order import DISTANCE, NAME, STANDING, Key, order_of
from directory.search.postgis.clauses import (
    IN_FORCE,
    Values,
    build_agreed_of_all,
    build_branches,
    build_coverage_value,
    build_from,
    build_parts,
    build_where,
)
from directory.search.postgis.opening import with_open_hours
from directory.search.postgis.order import build_after, build_keys, build_sort, build_standing
from directory.search.postgis.statements import Statements, too_slow, within
from directory.search.relaxations import build_changes, choose_relaxations
from directory.search.request import Cursor, Facet, SearchRequest, Sort
from directory.search.results import FacetCounts, Hit, Nearest, Relaxation, SearchResults
from directory.vocabulary.codes import load_codes

# So many listings are looked at: up to here totals, facets and every order are exact. Beyond, the total is said to be
# at least this, nothing is counted, and the order by relevance is that among these.
MOST = 10_000
# The share of the time that must be left for what follows: a page where looking at all took too long, then the page's
# listings themselves, which are read in milliseconds.
FOR_A_PAGE, FOR_ITS_LISTINGS = 0.4, 0.1


def find_providers_in_sql(engine: Engine, request: SearchRequest, *, seconds: float, most: int = MOST) -> SearchResults:
    """One page of hits from PostGIS within `seconds`. Raises SearchUnavailable when that is too short."""
    with within(engine, seconds) as statements:
        return _Search(statements, request, most).run()


class _Found(NamedTuple):
    """What was looked at: how many, whether there are more, their ids where these are all, and the first page."""

    total: int
    at_least: bool
    ids: list[int] | None
    rows: Sequence[Row[Any]]


class _Search:
    """One request in one transaction: the page first, then what there is time to count."""

    def __init__(self, statements: Statements, request: SearchRequest, most: int) -> None:
        self._statements = statements
        self._request = with_open_hours(request, statements)
        self._most = most

    def run(self) -> SearchResults:
        request = self._request
        page = self._find()
        shown = page.rows[: request.limit]
        following = None
        if len(page.rows) > request.limit:
            following = Cursor(tuple(getattr(shown[-1], key.name) for key in order_of(request)), forgiving=False)
        hits = self._hits(shown)
        facets = self._facets(page)
        return SearchResults(
            hits=hits,
            total=page.total,
            facets={facet.value: counts for facet, counts in facets.items() if counts is not None},
            relaxations=self._relaxations(page),
            next=following,
            degraded=True,
            at_least=page.at_least,
            found_as_typed=page.total,
            nearest=self._nearest(page),
        )

    def _nearest(self, page: _Found) -> Nearest | None:
        """What is nearest beyond the radius, as far as there is time to look for it."""
        if not asks_nearest(self._request, page.total):
            return None
        searches = [_Search(self._statements, each, self._most) for each in build_nearest(self._request)]
        return choose_nearest(self._request, [each.first() for each in searches])

    def first(self) -> First | None:
        """The first hit alone; None without time for it."""
        page = self._look(self._most, until=0.0)
        rows = self._walk(may_fail=True) if page and page.at_least else page.rows if page else None
        if not rows:
            return None
        [shown] = self._statements.load_listings([rows[0].id])
        return First(shown, *(getattr(rows[0], key.name) for key in order_of(self._request)))

    def _find(self) -> _Found:
        """The page, and what is known of the rest."""
        page = self._look(self._most, until=FOR_A_PAGE)
        if page and not page.at_least:
            return page
        if self._request.sort is not Sort.relevance:
            rows = self._walk()
            return _Found(page.total if page else len(rows), True, None, rows)
        if page:
            return page
        # Too many to look at in time; of a few there is always a page.
        few = self._look(5 * self._request.limit, until=FOR_ITS_LISTINGS)
        if few is None:
            raise too_slow()
        return few

    def _look(self, most: int, *, until: float) -> _Found | None:
        """The page among the first `most` that are found, in the order in which they are read; None without time."""
        request, values = self._request, Values()
        keys = build_keys(request, values)
        matching, after = _build_found(request, values, most), build_after(request, values)
        named = ", ".join(f"{expression} AS {key.name}" for key, expression in keys.items())
        ids = f"CASE WHEN count(*) <= {most} THEN array_agg(listing_id) END" if request.facets else "NULL"
        statement = f"""
            WITH found AS MATERIALIZED ({matching}),
                 page AS (SELECT * FROM (SELECT {named} FROM found f) keyed
                           WHERE {after} ORDER BY {build_sort(list(keys))} LIMIT {values.add(request.limit + 1)})
            SELECT n.total, n.ids, page.*
              FROM (SELECT count(*) AS total, {ids} AS ids FROM found) n LEFT JOIN page ON true
             ORDER BY {build_sort(list(keys), "page.")}
        """
        rows = self._statements.attempt(statement, values, until=until)
        if rows is None:
            return None
        total, ids = rows[0].total, rows[0].ids
        return _Found(min(total, most), total > most, ids, [row for row in rows if row.id is not None])

    def _walk(self, *, may_fail: bool = False) -> Sequence[Row[Any]]:
        """The page alone, along an index that has its order."""
        request = self._request
        self._statements.keep_order()
        if request.sort is Sort.name or not request.circle:
            return self._walk_along(request, NAME, may_fail)
        # The index of points knows no other key: first what has a point of its own, then what is known by its city.
        rows: list[Row[Any]] = []
        passed = request.cursor.after[0] if request.cursor else 0
        for by_city in (False, True) if request.by_city is None else (request.by_city,):
            if len(rows) <= request.limit and by_city >= passed:
                rows += self._walk_along(replace(request, by_city=by_city), DISTANCE, may_fail)
        return rows[: request.limit + 1]

    def _walk_along(self, request: SearchRequest, along: Key, may_fail: bool) -> Sequence[Row[Any]]:
        """The page along the index of one key; `may_fail`: none without time, rather than an error."""
        values = Values()
        keys = build_keys(request, values)
        where, after = build_where(request, values), build_after(request, values, keys)
        # The index of points orders by distance alone; by name many are equal, and its index orders them by id too.
        alone = along is DISTANCE
        order = keys[along] if alone else f"{keys[along]}, f.listing_id"
        most = values.add(request.limit + 1)
        # What breaks ties is read of tables beside: of the few of the page.
        first = [f"{expression} AS {key.name}" for key, expression in keys.items() if key is not STANDING]
        parts = (
            f"(SELECT {', '.join(first)}, f.listing_id FROM {part} WHERE {where} AND {after} ORDER BY {order}"
            f" FETCH FIRST ({most}) ROWS {'WITH TIES' if alone else 'ONLY'})"
            for part in build_parts(request)
        )
        standing = f"SELECT f.*, {build_standing()} AS {STANDING.name}" if STANDING in keys else "SELECT f.*"
        statement = (
            f"SELECT * FROM ({standing} FROM ({' UNION ALL '.join(parts)}) f) page"
            f" ORDER BY {build_sort(list(keys))} LIMIT {most}"
        )
        if may_fail:
            return self._statements.attempt(statement, values, until=0.0) or ()
        return self._statements.execute(statement, values)

    def _hits(self, rows: Sequence[Row[Any]]) -> tuple[Hit, ...]:
        listings = {shown["id"]: shown for shown in self._statements.load_listings([row.id for row in rows])}
        return tuple(Hit.of(listings[row.id], self._request.circle) for row in rows)

    def _relaxations(self, page: _Found) -> tuple[Relaxation, ...]:
        if page.at_least or page.total >= FEW or self._request.cursor or self._request.curated:
            return ()
        counted = [(change, self._count(change.request)) for change in build_changes(self._request)]
        known = [(change, total) for change, total in counted if total is not None]
        return choose_relaxations(
            [change for change, _ in known], [total for _, total in known], page.total, self._most
        )

    def _count(self, request: SearchRequest) -> int | None:
        """How many a changed request finds, or one more than are looked at; None without time."""
        request, values = with_open_hours(request, self._statements), Values()
        statement = f"SELECT count(*) AS total FROM ({_build_found(request, values, self._most)}) found"
        rows = self._statements.attempt(statement, values, until=0.0)
        return None if rows is None else int(rows[0].total)

    def _facets(self, page: _Found) -> dict[Facet, FacetCounts | None]:
        """Each facet; None where it would count more than are looked at, or where the time is up."""
        request = self._request
        if page.at_least:
            # Without a filter there are no fewer.
            return {facet: self._count_everywhere(facet) for facet in request.facets if _asks_nothing(request)}
        ids: dict[str | None, list[int] | None] = {None: page.ids or []}
        counted = {}
        for facet in request.facets:
            own = filter_name(facet) if _filters_itself(request, facet) else None
            if own not in ids:
                ids[own] = self._ids(own)
            counted[facet] = self._facet(facet, ids[own])
        return counted

    def _count_everywhere(self, facet: Facet) -> FacetCounts | None:
        """A facet of the whole directory, for its first page: where an index has every value."""
        if facet not in (Facet.country, Facet.type, Facet.status):
            return None
        counts = self._counts(facet, build_from(self._request), Values(), ())
        return None if counts is None else FacetCounts.of(counts, ())

    def _ids(self, without: str | None) -> list[int] | None:
        """All listings that are found without one filter; None where they are too many."""
        values = Values()
        matching = _build_found(self._request, values, self._most, without=without)
        rows = self._statements.attempt(f"SELECT listing_id AS id FROM ({matching}) found", values, until=0.0)
        return None if rows is None or len(rows) > self._most else [row.id for row in rows]

    def _facet(self, facet: Facet, ids: list[int] | None) -> FacetCounts | None:
        if ids is None:
            return None
        values = Values()
        found = f"unnest(CAST({values.add(ids)} AS bigint[])) AS found (id)"
        among = f"{found} JOIN {build_from(self._request)} ON f.listing_id = found.id"
        selected = selected_values(self._request, facet)
        if facet in AGREEMENT_FACETS:
            counts = self._count_agreements(facet, among, values)
        elif facet is Facet.coverage:
            counts = self._count_coverage(among, values)
        else:
            counts = self._counts(facet, among, values, selected)
        return None if counts is None else FacetCounts.of(counts, selected)

    def _counts(self, facet: Facet, among: str, values: Values, selected: tuple[str, ...]) -> dict[str, int] | None:
        value, join = _FACETS[facet]
        statement = (
            f'SELECT {value} COLLATE "C" AS value, count(*) AS hits FROM {among} {join}'
            f" WHERE {value} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        rows = self._statements.attempt(statement, values, until=0.0)
        if rows is None:
            return None
        counts = {str(row.value): int(row.hits) for row in rows}
        return dict(list(counts.items())[:MOST_VALUES]) | {
            value: counts[value] for value in selected if value in counts
        }

    def _count_coverage(self, among: str, values: Values) -> dict[str, int] | None:
        area = self._request.area
        if area is None:
            return None
        columns = ", ".join(
            f"count(*) FILTER (WHERE {build_coverage_value(area, value, values)})" for value in area.values
        )
        rows = self._statements.attempt(f"SELECT {columns} FROM {among}", values, until=0.0)
        return None if rows is None else dict(zip(area.values, map(int, rows[0]), strict=True))

    def _count_agreements(self, facet: Facet, among: str, values: Values) -> dict[str, int] | None:
        named = list(choices(self._request.agreement, facet, tuple(load_codes().networks)))
        agreement = self._request.agreement
        met = ", ".join(f"{build_agreed_of_all(each, values)} AS m{n}" for n, (_, each) in enumerate(named))
        columns = ", ".join(f"count(*) FILTER (WHERE m{n})" for n in range(len(named)))
        counted = f" AND {values.one_of('a.network', agreement.scope)}" if agreement.scope else ""
        statement = (
            f"SELECT {columns} FROM (SELECT {met} FROM {among} LEFT JOIN agreement a"
            f" ON a.listing_id = f.listing_id AND {IN_FORCE}{counted} GROUP BY f.listing_id) each"
        )
        rows = self._statements.attempt(statement, values, until=0.0)
        if rows is None:
            return None
        return {value: count for (value, _), count in zip(named, rows[0], strict=True) if count}


def _asks_nothing(request: SearchRequest) -> bool:
    plain = replace(request, sort=Sort.name, facets=(), limit=0, cursor=None, area=None)
    if not request.agreement:
        # A plan by itself leaves nothing out.
        plain = replace(plain, agreement=AgreementFilter())
    return plain == SearchRequest(sort=Sort.name, facets=(), limit=0, curated=request.curated and Curated())


def _filters_itself(request: SearchRequest, facet: Facet) -> bool:
    return bool(request.agreement) if facet in AGREEMENT_FACETS else bool(selected_values(request, facet))


def _build_found(request: SearchRequest, values: Values, most: int, *, without: str | None = None) -> str:
    """The rows that are found, and no more than one beyond `most`."""
    wheres = build_branches(request, values, without=without)
    branches = [f"SELECT f.* FROM {part} WHERE {where}" for part in build_parts(request) for where in wheres]
    return f"SELECT * FROM ({' UNION ALL '.join(branches)}) f LIMIT {values.add(most + 1)}"


# What a facet counts, and the join that brings it.
_FACETS = {
    Facet.country: ("f.country", ""),
    Facet.city: ("f.place_id::text", ""),
    Facet.type: ("f.type", ""),
    Facet.specialty: ("s.specialty", "JOIN listing_specialty s ON s.listing_id = f.listing_id"),
    Facet.language: ("spoken.language", "CROSS JOIN LATERAL unnest(f.languages) AS spoken (language)"),
    Facet.status: ("f.status", ""),
    Facet.source: (f"COALESCE(f.source, '{NONE}')", ""),
    Facet.owner: (f"COALESCE(f.owner, '{NONE}')", ""),
}
