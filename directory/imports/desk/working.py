"""Does what is wanted of files that people brought: looks at them, tries them, applies them, takes them back.

The state in the table is all that says what there is to do. Whoever works on an import holds a lock of its connection,
which ends with it: killed at any moment, the program leaves the import as it stood, since all that it does is one
transaction with the change of state at its end; and the next program begins again. What was dropped meanwhile is
noticed at the next word of progress, and at the latest at that end.
"""

import datetime as dt
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from uuid import UUID

import orjson
import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.accounts.sessions import actor_of
from directory.actors import SYSTEM, Actor
from directory.errors import DirectoryError
from directory.imports.apply import import_file
from directory.imports.desk.bringing import CHANNEL, tidy
from directory.imports.desk.files import write_file
from directory.imports.desk.following import Followed, FollowedImport, Stopping
from directory.imports.desk.states import GIVEN_UP, WAITING
from directory.imports.errors import ColumnsUnclear, ImportFileError, WorkTakenBack
from directory.imports.looking import Looked, decide, look_at, read_looked
from directory.imports.undo import undo_import
from directory.models import Account, FileKind, ImportStatus
from geodata.gazetteer import Gazetteer

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
_LISTEN_S = 2.0
_TIDY_EVERY = dt.timedelta(hours=1)
_WAITING = text("SELECT id FROM import WHERE status = ANY(:waiting) ORDER BY asked_at, id")
_LOCK = text("SELECT pg_try_advisory_lock(hashtextextended('import work ' || :id, 0))")
_UNLOCK = text("SELECT pg_advisory_unlock(hashtextextended('import work ' || :id, 0))")
# Counted before the work: one that ends its program, by all the memory that it takes, is not tried for ever.
_BEGIN = text(
    "UPDATE import SET attempts = attempts + 1 WHERE id = :id AND status = ANY(:waiting)"
    " RETURNING id, status, source, file_name, asked_by, told, looked, attempts"
)
_LOOKED = text(
    "UPDATE import SET looked = CAST(:looked AS jsonb), told = CAST(:told AS jsonb), problem = :problem,"
    " status = :target, progress = NULL WHERE id = :id AND status = :status"
)
_GIVE_UP = text(
    "UPDATE import SET status = :target, problem = :problem, progress = NULL WHERE id = :id AND status = :status"
)


@dataclass(frozen=True, slots=True)
class Work:
    """An import that waits, as it was when somebody began to work on it."""

    id: int
    status: ImportStatus
    source: str
    file_name: str
    asked_by: UUID | None
    told: dict[str, Any]
    looked: Looked | None
    attempts: int


class ImportWorker:
    """Works on one import after the other. Several, on several machines, share the work."""

    def __init__(self, engine: Engine, gazetteer: Callable[[], Gazetteer], stop: threading.Event) -> None:
        self._engine = engine
        self._gazetteer = gazetteer
        self._stop = stop
        self._tidy_at = dt.datetime.now(dt.UTC)

    def run(self) -> int:
        """Work until told to stop; how many times something was done."""
        done = 0
        while not self._stop.is_set():
            try:
                done += self._listen()
            except (OperationalError, psycopg.OperationalError) as error:
                log.warning("imports wait, the database does not answer: %s", type(error).__name__)
                self._stop.wait(_LISTEN_S)
        return done

    def work_once(self) -> bool:
        """Do what waits for longest; False where nothing does that nobody works on."""
        with _claim(self._engine) as work:
            if work is None:
                return False
            try:
                self._do(work)
            except (WorkTakenBack, Stopping) as told:
                log.info("import %d: %s", work.id, type(told).__name__)
            return True

    def _listen(self) -> int:
        done = 0
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            driver = cast("psycopg.Connection", connection.connection.driver_connection)
            # Before the first look: what is asked for after it is heard of.
            driver.execute(f"LISTEN {CHANNEL}".encode())
            while not self._stop.is_set():
                if self.work_once():
                    done += 1
                    continue
                self._tidy()
                for _ in driver.notifies(timeout=_LISTEN_S, stop_after=1):
                    pass
        return done

    def _do(self, work: Work) -> None:
        try:
            if work.attempts > MOST_ATTEMPTS:
                self._give_up(work, f"The work was broken off {MOST_ATTEMPTS} times. Nothing was imported.")
            else:
                _WORK[work.status](self, work)
        except ColumnsUnclear as unclear:
            looked = self._seen(work).asking(unclear.questions)
            self._keep_looked(work, looked, ImportStatus.columns)
        except (OperationalError, psycopg.OperationalError, WorkTakenBack, Stopping):
            raise
        except DirectoryError as error:
            self._give_up(work, str(error))
        except Exception as error:
            # Where in the code it happened, and no message: it may quote what the file says.
            log.error(
                "import %d: %s\n%s",
                work.id,
                type(error).__qualname__,
                "".join(traceback.format_tb(error.__traceback__)),
            )
            self._give_up(work, "Something went wrong on our side, and was recorded. Nothing was imported.")

    def _look(self, work: Work) -> None:
        self._keep_looked(work, self._seen(work), ImportStatus.columns)

    def _preview(self, work: Work) -> None:
        looked = self._seen(work)
        decided = decide(looked, work.told)
        if decided.questions or decided.missing or decided.twice:
            self._keep_looked(work, looked, ImportStatus.columns)
            return
        if work.looked is None:
            self._keep_looked(work, looked, work.status)
        self._run(work, ImportStatus.previewed)

    def _apply(self, work: Work) -> None:
        self._run(work, ImportStatus.applied)

    def _undo(self, work: Work) -> None:
        undo_import(self._engine, work.id, self._actor(work))

    def _run(self, work: Work, target: ImportStatus) -> None:
        follower = FollowedImport(self._engine, Followed(work.id, work.status, target), self._stop)
        with self._file(work) as path:
            import_file(
                path,
                source=work.source,
                engine=self._engine,
                gazetteer=self._gazetteer(),
                actor=self._actor(work),
                dry_run=target is ImportStatus.previewed,
                columns=work.told,
                progress=follower.progress,
                follower=follower,
            )

    def _seen(self, work: Work) -> Looked:
        if work.looked is not None:
            return work.looked
        with self._file(work) as path:
            return look_at(path)

    def _keep_looked(self, work: Work, looked: Looked, target: ImportStatus) -> None:
        told, problem = work.told, None
        try:
            decide(looked, told)
        except ImportFileError as error:
            # Said before anybody knew the header, and not of this file.
            told, problem = {}, str(error)
        kept = {"looked": _json(looked.as_json()), "told": _json(told), "problem": problem, "target": target}
        self._write(_LOOKED, work, kept)

    def _give_up(self, work: Work, problem: str) -> None:
        self._write(_GIVE_UP, work, {"target": GIVEN_UP[work.status], "problem": problem[:2_000]})

    def _write(self, statement: Any, work: Work, values: dict[str, Any]) -> None:
        with self._engine.begin() as connection:
            connection.execute(statement, {"id": work.id, "status": work.status, **values})

    @contextmanager
    def _file(self, work: Work) -> Iterator[Path]:
        with TemporaryDirectory(prefix="import-") as folder:
            path = Path(folder) / work.file_name
            with self._engine.connect() as connection:
                write_file(connection, work.id, FileKind.file, path)
            yield path

    def _actor(self, work: Work) -> Actor:
        with Session(self._engine) as session:
            account = session.get(Account, work.asked_by) if work.asked_by else None
            return actor_of(account) if account else SYSTEM

    def _tidy(self) -> None:
        now = dt.datetime.now(dt.UTC)
        if now >= self._tidy_at:
            self._tidy_at = now + _TIDY_EVERY
            with Session(self._engine) as session, session.begin():
                tidy(session, now)


_WORK: dict[ImportStatus, Callable[[ImportWorker, Work], None]] = {
    ImportStatus.uploaded: ImportWorker._look,
    ImportStatus.previewing: ImportWorker._preview,
    ImportStatus.applying: ImportWorker._apply,
    ImportStatus.undoing: ImportWorker._undo,
}


@contextmanager
def _claim(engine: Engine) -> Iterator[Work | None]:
    """The import that waits for longest of those that nobody works on, for as long as this connection lives."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        work = _take(connection)
        try:
            yield work
        except BaseException:
            # Else the lock would go back into the pool with its connection.
            connection.invalidate()
            raise
        if work:
            connection.execute(_UNLOCK, {"id": str(work.id)})


def _take(connection: Connection) -> Work | None:
    waiting = {"waiting": [each.value for each in WAITING]}
    for import_id in connection.scalars(_WAITING, waiting).all():
        if not connection.scalar(_LOCK, {"id": str(import_id)}):
            continue
        if row := connection.execute(_BEGIN, {"id": import_id, **waiting}).first():
            known = dict(row._mapping)
            looked = read_looked(known.pop("looked")) if row.looked else known.pop("looked")
            return Work(**{**known, "status": ImportStatus(row.status), "looked": looked})
        # Done by whoever held the lock until now.
        connection.execute(_UNLOCK, {"id": str(import_id)})
    return None


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
