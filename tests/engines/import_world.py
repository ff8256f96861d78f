"""A database with codes and places, into which tests import files; each test has a source of its own."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import psycopg
from sqlalchemy import Engine

from directory.imports import ImportReport, import_file
from directory.listings.facts import Known, load_known
from geodata.gazetteer import Gazetteer


def as_csv(*rows: dict[str, str]) -> str:
    """Rows as a CSV file with the columns of them all; what a row lacks is an empty cell."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def clinic(external_id: str = "1", **cells: str) -> dict[str, str]:
    """A row of a clinic in Kenya with what else is given."""
    return {"external_id": external_id, "name": f"Clinic {external_id}", "type": "clinic", "country": "KE", **cells}


@dataclass(frozen=True)
class ImportWorld:
    """What a test of imports works with."""

    engine: Engine
    gazetteer: Gazetteer
    gazetteer_path: Path
    folder: Path
    source: str

    def run(self, content: str | bytes, name: str = "file.csv", **options: Any) -> ImportReport:
        """Write the content into a file and import it."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        given = {"source": self.source, "engine": self.engine, "gazetteer": self.gazetteer, **options}
        return import_file(path, **given)

    def run_rows(self, *rows: dict[str, str], **options: Any) -> ImportReport:
        """Import these rows as CSV."""
        return self.run(as_csv(*rows), **options)

    def query(self, statement: str, *values: Any) -> list[Any]:
        """Rows of one statement, committed."""
        with self.engine.begin() as connection:
            driver = cast("psycopg.Connection", connection.connection.driver_connection)
            cursor = driver.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def listings(self) -> dict[str, Known]:
        """The source's listings by external id."""
        ids = dict(self.query("SELECT id, external_id FROM listing WHERE source = %s", self.source))
        with self.engine.begin() as connection:
            driver = cast("psycopg.Connection", connection.connection.driver_connection)
            known = load_known(driver, list(ids))
        return {ids[listing_id]: each for listing_id, each in known.items()}

    def listing(self, external_id: str = "1") -> Known:
        """One of them."""
        return self.listings()[external_id]

    def queued(self) -> int:
        """How often the source's listings were put into the outbox."""
        statement = "SELECT count(*) FROM outbox o JOIN listing l ON l.id = o.listing_id WHERE l.source = %s"
        return int(self.query(statement, self.source)[0][0])


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """created, changed, unchanged, set aside."""
    return report.created, report.changed, report.unchanged, report.set_aside
