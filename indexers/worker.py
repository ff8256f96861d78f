"""The worker: brings changes into the index as they are committed, for as long as it runs.

It outlives the absence of either store, and any number of workers may run at once. docs/adr/0033-lanes.md tells why
there are lanes.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from typing import cast

import psycopg
import structlog
from opensearchpy import OpenSearchException
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from indexers.errors import EngineUnavailable, NoIndex, RebuildRunning
from indexers.indices import Indices
from indexers.outbox import BATCH_ROWS, Batch, forget_commits, index_batch, sweep_agreements
from indexers.rebuild import only_rebuild, rebuild, remove_leftovers
from indexers.status import load_queue
from indexers.stores import Stores
from indexers.writer import PATIENCE_S, BulkWriter

# A change is looked for this often even when its notification was lost.
POLL_S = 1.0
# Agreements that began or ended today, leftovers of killed rebuilds, and a line in the log.
ROUND_S = 60.0
# The index is looked at though no change meets it.
LOOK_S = 10.0
# An index without its data is given up after this long: a node that restarts brings its data back sooner.
LOST_AFTER_S = 60.0

# Between two refreshes that edits ask for: an edit waits no longer, and each costs the engine a small segment.
REFRESH_PAUSE_S = 0.4

# Batches of the bulk lane under way at once: while the engine takes one, the next is read.
BULK_LANES = 2
# The engine takes requests in their order, one a processor: an edit waits for those of bulk lanes that came first.
BULK_DOCUMENTS = 500
# A request of a bulk lane lets the batch of the urgent lane that is under way go first, for so long: one that is stuck
# must not hold up an import.
LONGEST_WAY_S = 0.5

_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 5.0

_log = structlog.get_logger("indexer")

_OUTAGE = (EngineUnavailable, OpenSearchException, SQLAlchemyError, psycopg.Error)


class Worker:
    """One worker; `run` returns when `stop` is set, after the batches that it is at.

    Its urgent lane, its bulk lanes, what refreshes and what looks after the index are loops in threads of their own, so
    that a single edit waits neither for a batch of an import nor for a rebuild.
    """

    def __init__(
        self,
        stores: Stores,
        *,
        stop: threading.Event,
        bulk_lanes: int = BULK_LANES,
        batch_rows: int = BATCH_ROWS,
        round_s: float = ROUND_S,
        look_s: float = LOOK_S,
        lost_after_s: float = LOST_AFTER_S,
        patience_s: float = PATIENCE_S,
        longest_way_s: float = LONGEST_WAY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stores = stores
        self._stop = stop
        self._bulk_lanes = bulk_lanes
        self._batch_rows = batch_rows
        self._round_s = round_s
        self._look_s = look_s
        self._lost_after_s = lost_after_s
        self._clock = clock
        self._writer = BulkWriter(stores.client, patience_s=patience_s)
        self._way_is_free = threading.Event()
        self._way_is_free.set()
        self._bulk_writer = BulkWriter(
            stores.client,
            patience_s=patience_s,
            most_documents=BULK_DOCUMENTS,
            give_way=partial(self._way_is_free.wait, longest_way_s),
        )
        self._indices = Indices(stores)
        self._next_round = self._next_look = 0.0
        self._lost_since: float | None = None
        self._since_last_line = Batch()
        self._counting = threading.Lock()
        self._missed = threading.Event()
        self._unseen = threading.Event()

    def run(self) -> None:
        """Work until told to stop. An error that is no outage ends every loop, and is raised."""
        loops = [self._look_after, self._show, self._work_urgent, *[self._work_bulk] * self._bulk_lanes]
        with ThreadPoolExecutor(len(loops), thread_name_prefix="indexer") as pool:
            running = [pool.submit(self._outlive_outages, loop) for loop in loops]
            try:
                wait(running, return_when=FIRST_EXCEPTION)
            finally:
                self._stop.set()
        for ended in running:
            ended.result()

    def _outlive_outages(self, loop: Callable[[], Iterator[None]]) -> None:
        """Begin a loop anew for as long as it fails; each turn that it yields was a good one."""
        pause_s = _FIRST_PAUSE_S
        while not self._stop.is_set():
            try:
                for _ in loop():
                    pause_s = _FIRST_PAUSE_S
            except _OUTAGE as error:
                # The message of a store may quote what was written; the log keeps to the kind of trouble.
                _log.warning("store_unavailable", error=type(error).__name__, retry_in_s=pause_s)
                self._stop.wait(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    def _work_urgent(self) -> Iterator[None]:
        with self._listening() as listener:
            while not self._stop.is_set():
                if not self._index(bulk=False):
                    _wait_for_notification(listener)
                yield

    def _work_bulk(self) -> Iterator[None]:
        while not self._stop.is_set():
            if not self._index(bulk=True):
                self._stop.wait(POLL_S)
            yield

    def _show(self) -> Iterator[None]:
        """Let searches find what is in the index, soon after a lane has asked for it."""
        while not self._stop.is_set():
            if self._unseen.wait(POLL_S):
                self._unseen.clear()
                self._indices.show()
                self._stop.wait(REFRESH_PAUSE_S)
            yield

    def _look_after(self) -> Iterator[None]:
        while not self._stop.is_set():
            try:
                # Before the round, which removes leftovers: what tells a stale alias is the newer index behind none.
                if self._clock() >= self._next_look or self._missed.is_set():
                    self._missed.clear()
                    self._look()
                    self._next_look = self._clock() + self._look_s
                if self._clock() >= self._next_round:
                    self._round()
                    self._next_round = self._clock() + self._round_s
            except NoIndex as error:
                self._repair(error)
            self._missed.wait(min(POLL_S, self._look_s, self._round_s))
            yield

    def _index(self, *, bulk: bool) -> int:
        """One batch of a lane; gives its rows. Where there is no index, whoever looks after it is told."""
        try:
            batch = self._index_bulk() if bulk else self._index_urgent()
        except NoIndex:
            self._missed.set()
            self._stop.wait(POLL_S)
            return 0
        # An edit is to be found at once, and the last of a bulk change; the engine itself shows what comes before.
        if batch.rows and (not bulk or batch.rows < self._batch_rows):
            self._unseen.set()
        with self._counting:
            self._since_last_line += batch
        return batch.rows

    def _index_bulk(self) -> Batch:
        return index_batch(self._stores, self._bulk_writer, bulk=True, limit=self._batch_rows)

    def _index_urgent(self) -> Batch:
        self._way_is_free.clear()
        try:
            return index_batch(self._stores, self._writer, bulk=False, limit=self._batch_rows)
        finally:
            self._way_is_free.set()

    def _round(self) -> None:
        with self._stores.engine.begin() as connection:
            swept = sweep_agreements(connection)
            forget_commits(connection)
        removed = self._remove_leftovers()
        queue = load_queue(self._stores)
        with self._counting:
            done, self._since_last_line = self._since_last_line, Batch()
        _log.info(
            "heartbeat",
            waiting=queue.waiting,
            oldest_seconds=queue.oldest_seconds,
            urgent=queue.urgent,
            urgent_oldest_seconds=queue.urgent_oldest_seconds,
            set_aside=queue.set_aside,
            rows_done=done.rows,
            listings_written=done.listings,
            newly_set_aside=done.set_aside,
            agreements_swept=swept,
            leftovers_removed=removed,
        )

    def _look(self) -> None:
        """Raises NoIndex when the searched index is not the one that it should be, or has lost its data for good."""
        self._indices.check_current()
        if self._indices.has_data():
            self._lost_since = None
            return
        now = self._clock()
        self._lost_since = self._lost_since or now
        if now - self._lost_since >= self._lost_after_s:
            self._lost_since = None
            raise NoIndex(f"the index behind {self._stores.alias} has had no data for {self._lost_after_s:.0f} s")

    def _remove_leftovers(self) -> list[str]:
        # Looked at first without the lock, which would turn away a rebuild that begins at this moment.
        if not self._indices.leftovers():
            return []
        try:
            with only_rebuild(self._stores):
                return remove_leftovers(self._indices)
        except RebuildRunning:
            return []

    def _repair(self, error: NoIndex) -> None:
        # An index made empty here would answer every search with nothing. Until a full one is there, searches
        # are answered by the database.
        _log.warning("no_index", reason=str(error))
        try:
            report = rebuild(self._stores)
        except RebuildRunning:
            self._stop.wait(POLL_S)
        else:
            _log.info("rebuilt", index=report.index, documents=report.documents, set_aside=len(report.refusals))

    @contextmanager
    def _listening(self) -> Iterator[Connection]:
        with self._stores.autocommit() as connection:
            connection.detach()
            connection.execute(text("LISTEN outbox"))
            yield connection


def _wait_for_notification(listener: Connection) -> None:
    # A detached connection has no `driver_connection`; psycopg's own is the DBAPI's.
    driver = cast(psycopg.Connection, listener.connection.dbapi_connection)
    for _ in driver.notifies(timeout=POLL_S, stop_after=1):
        pass
