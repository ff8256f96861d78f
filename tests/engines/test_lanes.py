"""The lanes of the outbox: an edit is found whatever waits beside it, and what waits is told from its commit on."""

import threading
import time
from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.actors import command
from directory.listings.changing import ManyChanges, change_listing, driver_of
from directory.models import ListingStatus
from directory.serving import health
from indexers.documents import Document
from indexers.outbox import Batch, forget_commits, index_batch, sweep_agreements
from indexers.status import load_queue
from indexers.worker import POLL_S
from indexers.writer import BulkWriter, Refusal
from tests.engines.index_world import World, wait_until

MANY = 20_000


@pytest.fixture(autouse=True)
def index(world: World) -> None:
    world.rebuild()


class Held:
    """Writes of any listing but one wait until they are let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, free: int) -> None:
        self.begun, self.over = threading.Event(), threading.Event()
        write = BulkWriter.write

        def held(writer: BulkWriter, alias: str, documents: Iterable[Document], **options: Any) -> list[Refusal]:
            listed = list(documents)
            if any(document.listing_id != free for document in listed):
                self.begun.set()
                self.over.wait()
            return write(writer, alias, listed, **options)

        monkeypatch.setattr(BulkWriter, "write", held)


def suspend(world: World, listing: int) -> None:
    """As a person of the team does it."""
    with Session(world.stores.engine) as session, session.begin():
        change_listing(session, listing, _suspended, actor=command("test"), action="suspended")


def _suspended(facts: Any) -> Any:
    return {**facts, "listing": {**facts["listing"], "status": ListingStatus.suspended.value}}


def wait_in_bulk(world: World, *listings: int) -> None:
    """A row in the bulk lane for each of these, as an import writes them."""
    with Session(world.stores.engine) as session, session.begin():
        ManyChanges(driver_of(session))
        raised = text("UPDATE listing SET revision = revision + 1 WHERE id = ANY(:ids)")
        session.execute(raised, {"ids": [*listings]})


def lanes(world: World) -> list[tuple[int, bool]]:
    return [tuple(row) for row in world.sql("SELECT listing_id, bulk FROM outbox ORDER BY id")]


def test_edit_is_found_while_20000_imported_rows_wait_and_their_batch_is_stuck(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = world.add_listing("Acacia Clinic")
    world.drain()
    world.stores.client.indices.refresh(index=world.stores.alias)
    assert world.found_by_name("acacia") == [edited]
    world.add_listings(MANY)
    stuck = Held(monkeypatch, free=edited)
    with world.worker_running():
        try:
            assert stuck.begun.wait(30)
            suspend(world, edited)
            wait_until(lambda: world.found_by_name("acacia") == [], 30, "the suspended listing is no longer found")
            assert world.waiting == MANY
        finally:
            stuck.over.set()


def test_edit_of_a_listing_in_a_batch_that_is_stuck_is_found_and_not_overwritten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited, other = world.add_listing("Acacia Clinic"), world.add_listing("Baobab Clinic")
    world.drain()
    wait_in_bulk(world, edited, other)
    stuck = Held(monkeypatch, free=edited)
    with world.worker_running():
        try:
            assert stuck.begun.wait(30)
            suspend(world, edited)
            wait_until(lambda: world.revision_in_index(edited) == 3, 30, "the edit is in the index")
        finally:
            stuck.over.set()
        wait_until(lambda: world.waiting == 0, 30, "the batch is settled")
    assert world.found_by("country", "KE") == [other]
    assert world.revisions_in_index() == world.revisions_in_database()


def test_bulk_lanes_wait_for_an_edit_that_is_under_way_and_for_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported, edited = world.add_listing("Baobab Clinic"), world.add_listing("Acacia Clinic")
    world.drain()
    stuck = Held(monkeypatch, free=imported)
    with world.worker_running(longest_way_s=3_600):
        try:
            wait_in_bulk(world, imported)
            wait_until(lambda: world.waiting == 0, 30, "the bulk row is settled while no edit is under way")
            suspend(world, edited)
            assert stuck.begun.wait(30)
            wait_in_bulk(world, imported)
            time.sleep(2 * POLL_S)  # a lane looks for work meanwhile
            assert world.revision_in_index(imported) == 2
        finally:
            stuck.over.set()
        wait_until(lambda: world.waiting == 0, 30, "both are settled")


@pytest.mark.parametrize("bulk", [False, True])
def test_change_is_found_before_the_engine_refreshes_by_itself(world: World, bulk: bool) -> None:
    changed = world.add_listing("Acacia Clinic")
    world.drain()
    world.stores.client.indices.refresh(index=world.stores.alias)
    world.stores.client.indices.put_settings(index=world.stores.alias, body={"refresh_interval": "-1"})
    assert world.found_by_name("acacia") == [changed]
    suspend(world, changed)
    world.sql("UPDATE outbox SET bulk = :bulk", bulk=bulk)
    with world.worker_running():
        wait_until(lambda: world.found_by_name("acacia") == [], 30, "the suspended listing is no longer found")


def rows_read(world: World) -> int:
    """How many rows of the outbox were looked at since the tests' database was made."""
    world.stores.engine.dispose()  # a connection tells what it has read when it ends
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    wait_until(lambda: world.value(others) == 0, 30, "the connections have ended")
    read = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'outbox'"
    return int(world.value(read))


@pytest.mark.parametrize("bulk", [False, True])
def test_claim_reads_what_it_takes_however_much_waits_and_whatever_the_statistics_say(world: World, bulk: bool) -> None:
    world.add_listings(MANY)
    world.sql("DELETE FROM outbox")
    world.sql("ANALYZE outbox")
    world.sql("INSERT INTO outbox (listing_id, bulk) SELECT id, true FROM listing")
    suspend(world, world.value("SELECT min(id) FROM listing"))
    before = rows_read(world)
    index_batch(world.stores, BulkWriter(world.stores.client), bulk=bulk, limit=100)
    assert rows_read(world) - before < 1_000


def test_import_waits_in_the_bulk_lane_and_an_edit_does_not(world: World) -> None:
    first, second = world.add_listing(), world.add_listing()
    world.drain()
    wait_in_bulk(world, first)
    suspend(world, second)
    assert lanes(world) == [(first, True), (second, False)]


def test_statement_that_changes_very_many_goes_by_the_bulk_lane_whoever_writes_it(world: World) -> None:
    world.add_listings(5_001)
    assert world.sql("SELECT DISTINCT bulk FROM outbox") == [(True,)]
    world.drain()
    world.sql("UPDATE listing SET revision = revision + 1 WHERE id <= 5000")
    assert world.sql("SELECT DISTINCT bulk FROM outbox") == [(False,)]
    world.drain()
    world.sql("UPDATE listing SET revision = revision + 1")
    assert world.sql("SELECT DISTINCT bulk FROM outbox") == [(True,)]


@pytest.mark.parametrize(("ending", "bulk"), [(5_000, False), (5_001, True)])
def test_agreements_that_end_by_the_calendar_go_by_the_fast_lane_unless_they_are_very_many(
    world: World, ending: int, bulk: bool
) -> None:
    world.add_listings(ending)
    world.sql("DELETE FROM outbox")
    world.sql(
        "INSERT INTO agreement (listing_id, network, period, outpatient, inpatient, tariff)"
        " SELECT id, 'worldwide', daterange('2020-01-01', CURRENT_DATE), 'card', 'none', false FROM listing"
    )
    world.sql("UPDATE agreement_sweep SET through = CURRENT_DATE - 1")
    with world.stores.engine.begin() as connection:
        assert sweep_agreements(connection) == ending
    assert world.sql("SELECT DISTINCT bulk FROM outbox") == [(bulk,)]


def test_rows_of_one_listing_are_settled_at_once(world: World) -> None:
    listing = world.add_listing()
    for _ in range(5):
        world.change(listing)
    assert index_batch(world.stores, world.writer, bulk=False, limit=1) == Batch(rows=6, listings=1)
    assert world.waiting == 0
    assert world.revision_in_index(listing) == 6


def test_edit_settles_what_an_import_left_waiting_of_its_listing_and_never_the_other_way(world: World) -> None:
    both, imported = world.add_listing(), world.add_listing()
    world.drain()
    wait_in_bulk(world, both, imported)
    world.change(both)
    assert index_batch(world.stores, world.writer, bulk=True) == Batch(rows=2, listings=2)
    assert lanes(world) == [(both, False)]
    wait_in_bulk(world, both, imported)
    assert index_batch(world.stores, world.writer, bulk=False) == Batch(rows=2, listings=1)
    assert lanes(world) == [(imported, True)]


def test_age_of_what_waits_counts_from_its_commit(world: World) -> None:
    world.add_listing()
    world.drain()
    with world.stores.engine.begin() as connection:
        connection.execute(text("UPDATE listing SET revision = revision + 1"))
        connection.execute(text("SELECT pg_sleep(1)"))
        last = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    queue, seen_by_the_service = load_queue(world.stores), _queue_of_the_service(world)
    since = float(world.value("SELECT EXTRACT(epoch FROM clock_timestamp() - :last)", last=last))
    assert queue.waiting == queue.urgent == seen_by_the_service.waiting == 1
    assert queue.oldest_seconds <= since + 0.1
    assert queue.urgent_oldest_seconds <= since + 0.1
    assert seen_by_the_service.oldest_s <= since


def _queue_of_the_service(world: World) -> health.Queue:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(health, "get_engine", lambda: world.stores.engine)
        return health.load_queue()


def test_bulk_rows_do_not_make_urgent_ones_look_old(world: World) -> None:
    listing = world.add_listing()
    world.drain()
    wait_in_bulk(world, listing)
    queue = load_queue(world.stores)
    assert (queue.waiting, queue.urgent, queue.urgent_oldest_seconds) == (1, 0, 0)


def test_commits_are_remembered_while_something_of_them_waits(world: World) -> None:
    listing = world.add_listing()
    world.change(listing)
    with world.stores.engine.begin() as connection:
        forget_commits(connection)
    assert world.value("SELECT count(*) FROM outbox_commit") == 2
    world.drain()
    with world.stores.engine.begin() as connection:
        forget_commits(connection)
    assert world.value("SELECT count(*) FROM outbox_commit") == 0


def test_writer_sends_no_more_documents_at_once_than_it_may(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    transport = world.stores.client.transport
    send, sizes = transport.perform_request, []

    def count(*words: Any, **options: Any) -> Any:
        sizes.append(options["body"].count(b"\n") // 2)
        return send(*words, **options)

    monkeypatch.setattr(transport, "perform_request", count)
    documents = [Document(number, 1, b'{"live": true}') for number in range(1, 26)]
    assert BulkWriter(world.stores.client, most_documents=10).write(world.stores.alias, documents) == []
    assert sizes == [10, 10, 5]
