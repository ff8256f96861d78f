"""One listing of any status, held against each condition of a request by itself; and what the outbox says of it."""

from typing import Any

from sqlalchemy import Engine, Row

from directory.errors import ListingNotFound
from directory.search.missing import Checked, Waiting, agreement_parts
from directory.search.postgis.clauses import (
    Values,
    build_agreed,
    build_facet_filters,
    build_wanted,
    build_where_filters,
)
from directory.search.postgis.statements import within
from directory.search.request import SearchRequest, needed

# Whether a change waits for the index, and why the last one that could not be indexed was set aside.
_OUTBOX = """
(SELECT count(*) > 0 FROM outbox o WHERE o.listing_id = f.listing_id AND o.set_aside_at IS NULL) AS waits,
(SELECT o.reason FROM outbox o WHERE o.listing_id = f.listing_id AND o.set_aside_at IS NOT NULL
  ORDER BY o.id DESC LIMIT 1) AS set_aside
"""


def check_listing(engine: Engine, request: SearchRequest, listing_id: int, *, seconds: float) -> Checked:
    """What the database says of it. Raises ListingNotFound, SearchUnavailable."""
    values = Values()
    met = {**build_where_filters(request, values), **build_facet_filters(request, values)}
    parts = agreement_parts(request.agreement)
    agreed = {part: build_agreed(asked, values) for part, asked in parts.items()}
    units = [build_wanted(unit, values) for unit in needed(request.units)]
    asked = [*met.values(), *agreed.values(), *units]
    columns = "".join(f"COALESCE(({condition}), false) AS met_{number}, " for number, condition in enumerate(asked))
    statement = f"SELECT {columns}{_OUTBOX} FROM curated_listing f WHERE f.listing_id = {values.add(listing_id)}"
    with within(engine, seconds) as statements:
        rows = statements.execute(statement, values)
    if not rows:
        raise ListingNotFound(f"There is no listing {listing_id}.")
    return _read(rows[0], list(met), list(agreed), len(units))


def _read(row: Row[Any], met: list[str], agreed: list[str], units: int) -> Checked:
    truths = [bool(row._mapping[f"met_{number}"]) for number in range(len(met) + len(agreed) + units)]
    of_agreements, of_units = len(met), len(met) + len(agreed)
    return Checked(
        met=dict(zip(met, truths[:of_agreements], strict=True)),
        agreed=dict(zip(agreed, truths[of_agreements:of_units], strict=True)),
        units=truths[of_units:],
        waiting=Waiting(waits=row.waits, set_aside=row.set_aside),
    )
