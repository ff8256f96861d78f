"""What became of single rows, told to whoever follows an import: pure values, which cross from process to process."""

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import psycopg
from sqlalchemy import Connection

from directory.imports.keeping import DERIVED
from directory.imports.merge import Merged
from directory.imports.report import ImportReport
from directory.listings.facts import Facts, Known, differences


class RowTold(NamedTuple):
    """A row: its outcome (models.RowOutcome), its line in the file, and what is to be said of it."""

    outcome: str
    line: int
    told: dict[str, Any]


class Follower(Protocol):
    """Whoever follows an import, and has a row in `import` for it already."""

    import_id: int

    def wanted(self) -> frozenset[str]:
        """The outcomes of which rows are still wanted."""

    def take(self, rows: list[RowTold]) -> None:
        """Rows as they are settled, in the order of the file but for a chunk or two."""

    def gather(self, connection: psycopg.Connection) -> None:
        """Once all are settled: what stands in the temporary tables `staged`, `pending` and `rejected`."""

    def end(self, connection: Connection, report: ImportReport) -> None:
        """In the transaction of the import, before its end; of a dry run after all was taken back. May raise."""


def tell_rows(wanted: frozenset[str], external_id: str, before: Known | None, merged: Merged) -> Iterator[RowTold]:
    """The rows of one external id, and a row for each thing that was noticed in them."""
    if merged.facts is None:
        return
    about = {
        "external_id": external_id,
        "listing_id": str(before.listing_id) if before else None,
        "name": merged.facts["provider"]["name"],
    }
    otherwise = {row.line: said for row, said in merged.otherwise}
    changes = _changes(before, merged.facts) if "changed" in wanted else []
    for row, outcome in merged.outcomes:
        if outcome in wanted:
            more = {"changes": changes} if outcome == "changed" else {}
            kept = {"otherwise": [each._asdict() for each in otherwise[row.line]]} if row.line in otherwise else {}
            yield RowTold(outcome, row.line, {**about, **more, **kept})
        if "warned" in wanted:
            for kind, cell in row.warnings:
                yield RowTold("warned", row.line, {**about, "kind": kind, "cell": cell})


def _changes(before: Known | None, after: Facts) -> list[dict[str, Any]]:
    """Each field that differs, as it was and as it will be; of names and agreements those that differ."""
    if before is None:
        return []
    was, now = differences(before.facts, after)
    changes = []
    for name in now:
        if name in DERIVED:
            continue
        old, new = was[name], now[name]
        if name == "agreements":
            old, new = [each for each in old if each not in new], [each for each in new if each not in old]
        changes.append({"field": name, "before": old, "after": new})
    return changes
