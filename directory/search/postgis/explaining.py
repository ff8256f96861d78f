"""Why a hit of the plainer search stands where it stands: the same clauses, each asked of the hits by itself."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Row

from directory.search.explaining import Explanation, build_explanation, explained_units
from directory.search.postgis.clauses import Values, build_from, build_ways
from directory.search.postgis.order import build_bonuses
from directory.search.postgis.statements import within
from directory.search.ranking import load_ranking
from directory.search.request import SearchRequest, Sort


def explain_hits_in_sql(
    engine: Engine, request: SearchRequest, ids: Sequence[int], *, seconds: float
) -> dict[int, Explanation]:
    """Each of these hits, by id; none where the order is no score. Raises SearchUnavailable."""
    if not ids or request.sort is not Sort.relevance:
        return {}
    values = Values()
    ways = [build_ways(unit, values) for unit in explained_units(request)]
    beside = build_bonuses(request, values)
    asked = {f"way_{place}_{number}": way[1] for place, each in enumerate(ways) for number, way in enumerate(each)}
    columns = ", ".join(f"({what}) AS {name}" for name, what in [*asked.items(), *beside.items()])
    among = values.one_of("f.listing_id", ids, "bigint")
    statement = f"SELECT f.listing_id AS id, {columns} FROM {build_from(request)} WHERE {among}"
    with within(engine, seconds) as statements:
        return {row.id: _explain(request, row, ways, list(beside)) for row in statements.execute(statement, values)}


def _explain(
    request: SearchRequest, row: Row[Any], ways: Sequence[Sequence[tuple[str, str]]], beside: Sequence[str]
) -> Explanation:
    ranking, has = load_ranking().word, row._mapping
    met = [
        [(name, getattr(ranking, name)) for number, (name, _) in enumerate(each) if has[f"way_{place}_{number}"]]
        for place, each in enumerate(ways)
    ]
    given = {name: float(has[name] or 0.0) for name in beside}
    share = ranking.tie_breaker
    worths = [[worth for _, worth in each] for each in met]
    score = sum(max(each) * (1 - share) + share * sum(each) for each in worths if each) + sum(given.values())
    return build_explanation(request, score, met, given)
