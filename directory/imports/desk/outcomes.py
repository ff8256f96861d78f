"""What becomes of each row, as far as it is kept: the first rows of every outcome, in the order of the file."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.orm import Session, aliased

from directory.imports.columns import COLUMNS, unpack
from directory.imports.telling import RowTold
from directory.models import Import, ImportRow, Listing, Provider, RowOutcome

MOST_KEPT = 10_000
"""Of each outcome. A person reads a few hundred; the counts are of all rows, and the rejects file holds every one."""
_NAME = COLUMNS.index("name")
_ID = COLUMNS.index("external_id")
_UNCHANGED = """
SELECT s.line, s.external_id, s.cells, p.listing_id
  FROM staged s JOIN pending p ON p.external_id = s.external_id
 WHERE p.unchanged ORDER BY s.line LIMIT %s
"""
_SET_ASIDE = "SELECT line, columns, reason, cells FROM rejected ORDER BY line LIMIT %s"


class Rows:
    """The rows of one run, taken as they are settled."""

    def __init__(self) -> None:
        self._by_outcome: dict[str, list[RowTold]] = defaultdict(list)

    def wanted(self) -> frozenset[str]:
        """The outcomes of which there is still room."""
        return frozenset(each.value for each in RowOutcome if len(self._by_outcome[each.value]) < MOST_KEPT)

    def take(self, rows: Sequence[RowTold]) -> None:
        """Take rows in."""
        for row in rows:
            if len(self._by_outcome[row.outcome]) < MOST_KEPT:
                self._by_outcome[row.outcome].append(row)

    def gather(self, connection: psycopg.Connection) -> None:
        """Take in what the temporary tables of the import hold: rows as they were before, and those set aside."""
        room = MOST_KEPT - len(self._by_outcome["unchanged"])
        for line, external_id, cells, listing_id in connection.execute(_UNCHANGED, (max(room, 0),)):
            told = {"external_id": external_id, "listing_id": str(listing_id), "name": unpack(cells)[_NAME]}
            self.take([RowTold("unchanged", line, told)])
        for line, columns, reason, cells in connection.execute(_SET_ASIDE, (MOST_KEPT,)):
            known = unpack(cells) if cells else ("",) * len(COLUMNS)
            told = {"external_id": known[_ID] or "", "name": known[_NAME] or "", "column": columns, "reason": reason}
            self.take([RowTold("set_aside", line, told)])

    def write(self, connection: Connection, import_id: int) -> None:
        """Put them in the place of what an earlier run left, in the caller's transaction."""
        connection.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 (SQLAlchemy says so of a connection that is open)
        with driver.cursor().copy("COPY import_row (import_id, outcome, position, line, told) FROM STDIN") as copy:
            for outcome, rows in self._by_outcome.items():
                for position, row in enumerate(sorted(rows, key=lambda each: each.line)[:MOST_KEPT]):
                    copy.write_row((import_id, outcome, position, row.line, orjson.dumps(row.told).decode()))


@dataclass(frozen=True, slots=True)
class RowsPage:
    """Some rows of one outcome; `kept` are all that there are to page through."""

    rows: list[dict[str, Any]]
    kept: int
    following: int | None


def load_names(session: Session, listing_ids: Sequence[int]) -> dict[int, str]:
    """What the providers of these listings are called."""
    query = select(Listing.id, Provider.name).join(Provider, Provider.id == Listing.provider_id)
    rows = session.execute(query.where(Listing.id.in_(listing_ids)))
    return {row.id: row.name for row in rows}


def load_rows(session: Session, import_id: int, outcome: RowOutcome, start: int, limit: int) -> RowsPage:
    """Rows of one outcome from a position on, each with its line and what was told of it.

    A row that made a listing names it once the import is applied.
    """
    of_outcome = (ImportRow.import_id == import_id, ImportRow.outcome == outcome.value)
    kept = session.scalar(select(func.count()).select_from(ImportRow).where(*of_outcome)) or 0
    made = aliased(Listing)
    query = (
        select(ImportRow.line, ImportRow.told, made.id)
        .join(Import, Import.id == ImportRow.import_id)
        .outerjoin(made, (made.source == Import.source) & (made.external_id == ImportRow.told["external_id"].astext))
        .where(*of_outcome, ImportRow.position >= start)
        .order_by(ImportRow.position)
        .limit(limit)
    )
    rows = [
        {"line": line, "outcome": outcome.value, **told, "listing_id": None if listing_id is None else str(listing_id)}
        for line, told, listing_id in session.execute(query)
    ]
    end = start + len(rows)
    return RowsPage(rows, kept, end if end < kept else None)
