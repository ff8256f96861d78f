"""Follows an import that somebody waits for: says how far it is, keeps its rows, and ends it in its own transaction."""

import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import psycopg
from sqlalchemy import Connection, Engine, text

from directory.imports.desk.files import forget_file, keep_file
from directory.imports.desk.noticed import Noticed
from directory.imports.desk.outcomes import Rows
from directory.imports.errors import WorkTakenBack
from directory.imports.report import ImportReport
from directory.imports.telling import RowTold
from directory.models import FileKind, ImportStatus, RowOutcome

# How often it is said how far the work is; as often it is seen that it was dropped.
_TELL_EVERY_S = 0.5
# As large as the rejects become, and what was noticed: they repeat the rows of a file that was taken.
_MOST_REJECTS_MB = 2_048
_PROGRESS = text(
    "UPDATE import SET progress = CAST(:progress AS jsonb) WHERE id = :id AND status = :status RETURNING id"
)
_END = text(
    "UPDATE import SET status = :target, report = CAST(:report AS jsonb), progress = NULL, problem = NULL"
    " WHERE id = :id AND status = :status RETURNING id"
)


class Stopping(Exception):
    """The program of imports was told to end; what it did is done again later."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The import, the state in which it is worked on, and the one that the work makes."""

    import_id: int
    status: ImportStatus
    target: ImportStatus


class FollowedImport:
    """A `directory.imports.telling.Follower`."""

    def __init__(self, engine: Engine, followed: Followed, stop: threading.Event) -> None:
        self.import_id = followed.import_id
        self._engine = engine
        self._followed = followed
        self._stop = stop
        self._rows = Rows()
        self._noticed = Noticed()
        self._told_at = 0.0

    def progress(self, rows: int, done: int, total: int) -> None:
        """Say how far it is, in a transaction of its own. WorkTakenBack where it was dropped; Stopping."""
        if self._stop.is_set():
            raise Stopping
        if (now := time.monotonic()) - self._told_at < _TELL_EVERY_S:
            return
        self._told_at = now
        share = round(min(done / total, 1), 3) if total else 0
        with self._engine.begin() as connection:
            self._write(connection, _PROGRESS, progress={"rows": rows, "share": share})

    def wanted(self) -> frozenset[str]:
        """The outcomes of which there is still room, and all that is noticed."""
        return self._rows.wanted() | {RowOutcome.warned.value}

    def take(self, rows: list[RowTold]) -> None:
        """Keep rows."""
        self._rows.take(rows)
        self._noticed.take(row for row in rows if row.outcome == RowOutcome.warned)

    def gather(self, connection: psycopg.Connection) -> None:
        """Keep those that needed no settling, and bring in order what was noticed."""
        self._rows.gather(connection)
        self._noticed.put_in_order(connection)

    def end(self, connection: Connection, report: ImportReport) -> None:
        """Write rows, files and report, and the state that comes next. WorkTakenBack where it was dropped."""
        self._rows.write(connection, self.import_id)
        forget_file(connection, self.import_id, FileKind.rejects)
        forget_file(connection, self.import_id, FileKind.warnings)
        if self._noticed.count:
            keep_file(connection, self.import_id, FileKind.warnings, self._noticed.open(), _MOST_REJECTS_MB)
        kept = report
        if report.rejects_file:
            path = Path(report.rejects_file)
            with path.open("rb") as file:
                keep_file(connection, self.import_id, FileKind.rejects, file, _MOST_REJECTS_MB)
            kept = replace(report, rejects_file=path.name)
        self._write(connection, _END, report=kept.as_json(), target=self._followed.target)

    def _write(self, connection: Connection, statement: Any, **values: Any) -> None:
        said = {
            name: orjson.dumps(value).decode() if isinstance(value, dict) else value for name, value in values.items()
        }
        which = {"id": self.import_id, "status": self._followed.status}
        if connection.execute(statement, {**which, **said}).first() is None:
            raise WorkTakenBack(f"Import {self.import_id} was dropped meanwhile; nothing was imported.")
