"""The rebuild: a new index beside the old one, filled, compared, and published in one step; searches never notice.

docs/indexing.md tells why no change can be lost on the way.
"""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Literal

from opensearchpy import OpenSearchException
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from indexers.differences import find_differences
from indexers.documents import load_documents
from indexers.errors import RebuildRunning
from indexers.indices import Indices
from indexers.outbox import note_all_shown_as_of, set_listing_aside
from indexers.stores import Stores
from indexers.writer import BulkWriter, Refusal

Step = Literal["create", "fill", "compare", "publish", "clean"]
# Told at the beginning of each step, and while it goes on: step, listings done, listings in all.
Progress = Callable[[Step, int, int], None]

# Documents of one request; the senders keep the engine busy while the next ones are built.
_CHUNK = 2_000
_SENDERS = 2
# A search that began before the swap still reads the old index: longer than the longest search.
GRACE_S = 3.0
# A rebuild outlives a short absence of the engine.
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild did. `mended`: changed while the index was filled, and written again."""

    index: str
    documents: int
    mended: int
    refusals: tuple[Refusal, ...]
    seconds: float


def rebuild(stores: Stores, *, progress: Progress | None = None, grace_s: float = GRACE_S) -> RebuildReport:
    """Build a new index from the database and publish it.

    On any failure before that the half-built index is removed and the old one stays. Raises RebuildRunning when
    another rebuild of this index is under way.
    """
    tell = progress or (lambda step, done, total: None)
    started = time.monotonic()
    indices = Indices(stores)
    with only_rebuild(stores) as connection:
        remove_leftovers(indices)
        today, total = _remember_what_waits(connection)
        tell("create", 0, total)
        index = indices.create()
        try:
            writer = BulkWriter(stores.client, patience_s=_PATIENCE_S)
            documents, refusals = _fill(connection, writer, indices.building_alias, total, tell)
            tell("compare", 0, total)
            indices.finish(index)
            mended = _mend(connection, stores, writer, index, refusals)
            tell("publish", 0, total)
            former = indices.publish(index)
        except BaseException:
            # Where even this fails, the next rebuild or a worker removes it.
            with suppress(OpenSearchException):
                indices.remove(index)
            raise
        tell("clean", 0, total)
        _settle(connection, today, refusals.values())
        time.sleep(grace_s if former else 0)
        for name in former:
            indices.remove(name)
    return RebuildReport(index, documents, mended, tuple(refusals.values()), time.monotonic() - started)


@contextmanager
def only_rebuild(stores: Stores) -> Iterator[Connection]:
    """Hold the lock that one rebuild of this index has; raises RebuildRunning when another holds it.

    The lock belongs to the connection: a rebuild that is killed lets go of it.
    """
    with stores.autocommit() as connection:
        # Out of the pool, so that closing it lets go of the temporary table, and of the lock whatever happened.
        connection.detach()
        key = {"alias": stores.alias}
        lock = text("SELECT pg_try_advisory_lock(hashtext('rebuild'), hashtext(:alias))")
        if not connection.execute(lock, key).scalar():
            raise RebuildRunning(f"A rebuild of {stores.alias} is running already.")
        try:
            yield connection
        finally:
            # Closing alone would let go of the lock a moment later, when the server has noticed.
            # A connection that was lost let go of it already.
            with suppress(SQLAlchemyError):
                connection.execute(text("SELECT pg_advisory_unlock(hashtext('rebuild'), hashtext(:alias))"), key)


def remove_leftovers(indices: Indices) -> list[str]:
    """Remove what killed rebuilds left behind; the caller holds `only_rebuild`."""
    leftovers = indices.leftovers()
    for name in leftovers:
        indices.remove(name)
    return leftovers


def _remember_what_waits(connection: Connection) -> tuple[date, int]:
    # Every listing is read after this moment, so these rows need nothing more once the new index is published.
    connection.execute(text("CREATE TEMPORARY TABLE covered AS SELECT id FROM outbox"))
    today, total = connection.execute(text("SELECT CURRENT_DATE, (SELECT count(*) FROM listing)")).one()
    return today, total


def _fill(
    connection: Connection, writer: BulkWriter, alias: str, total: int, tell: Progress
) -> tuple[int, dict[int, Refusal]]:
    done = 0
    refusals: dict[int, Refusal] = {}
    under_way: deque[tuple[int, Future[list[Refusal]]]] = deque()

    def finish_oldest() -> None:
        nonlocal done
        count, future = under_way.popleft()
        refusals.update((refusal.listing_id, refusal) for refusal in future.result())
        done += count
        tell("fill", done, total)

    tell("fill", 0, total)
    with ThreadPoolExecutor(_SENDERS, thread_name_prefix="bulk") as senders:
        for ids in _pages_of_ids(connection):
            documents = load_documents(connection, ids, writer.romaniser(alias))
            # `only_newer`: a worker that wrote the same revision read it later than this, or on a later day.
            send = senders.submit(writer.write, alias, documents, only_newer=True)
            under_way.append((len(documents), send))
            if len(under_way) > _SENDERS:
                finish_oldest()
        while under_way:
            finish_oldest()
    return done - len(refusals), refusals


def _pages_of_ids(connection: Connection) -> Iterator[list[int]]:
    page = text("SELECT id FROM listing WHERE id > :after ORDER BY id LIMIT :limit")
    after = 0
    while ids := list(connection.execute(page, {"after": after, "limit": _CHUNK}).scalars()):
        yield ids
        after = ids[-1]


def _mend(connection: Connection, stores: Stores, writer: BulkWriter, index: str, refusals: dict[int, Refusal]) -> int:
    """Write again what the comparison finds missing or old; returns how many."""
    building = Indices(stores).building_alias
    behind = (
        difference.listing_id
        for difference in find_differences(connection, stores.client, index)
        if difference.database is not None
        and (difference.index or 0) < difference.database
        and difference.listing_id not in refusals
    )
    mended = 0
    for ids in _batches(behind, _CHUNK):
        with stores.engine.connect() as reader:
            refused = writer.write(building, load_documents(reader, ids, writer.romaniser(building)), only_newer=True)
        refusals.update((refusal.listing_id, refusal) for refusal in refused)
        mended += len(ids)
    if mended:
        stores.client.indices.refresh(index=index)
    return mended


def _settle(connection: Connection, today: date, refusals: Collection[Refusal]) -> None:
    note_all_shown_as_of(connection, today)
    set_listing_aside(connection, refusals)
    # A row that a worker holds at this moment is the worker's.
    connection.execute(
        text("""
        DELETE FROM outbox WHERE id IN (
            SELECT o.id FROM outbox o JOIN covered USING (id) FOR UPDATE OF o SKIP LOCKED)
        """)
    )


def _batches(ids: Iterable[int], size: int) -> Iterator[list[int]]:
    iterator = iter(ids)
    while batch := list(islice(iterator, size)):
        yield batch
