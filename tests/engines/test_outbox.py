"""The outbox and the worker: whatever happens on the way, what was committed is what is found."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date

import pytest
from sqlalchemy import text

from indexers import worker
from indexers.documents import Document, load_documents
from indexers.errors import EngineUnavailable, NoIndex, TargetMissing
from indexers.outbox import Batch, index_batch, settle, sweep_agreements
from indexers.status import load_status, wait_until_searchable
from indexers.writer import BulkWriter
from tests.engines.index_world import UNINDEXABLE_LANGUAGE, World, wait_until


@pytest.fixture(autouse=True)
def index(world: World) -> None:
    world.rebuild()


def test_committed_listing_is_indexed_and_its_row_deleted(world: World) -> None:
    listing = world.add_listing()
    assert world.waiting == 1
    assert world.drain() == Batch(rows=1, listings=1)
    assert world.waiting == 0
    assert world.found_by("country", "KE") == [listing]


def test_change_rolled_back_leaves_nothing_in_the_outbox(world: World) -> None:
    listing = world.add_listing()
    world.drain()
    with world.stores.engine.connect() as connection:
        connection.execute(text("UPDATE listing SET revision = revision + 1"))
        connection.rollback()
    assert world.waiting == 0
    assert world.revision_in_index(listing) == 1


def test_several_changes_of_a_listing_are_written_once_at_the_newest(world: World) -> None:
    listing = world.add_listing()
    for _ in range(4):
        world.change(listing)
    assert world.drain() == Batch(rows=5, listings=1)
    assert world.revision_in_index(listing) == 5


def test_late_old_write_never_wins(world: World) -> None:
    listing = world.add_listing("Old Name")
    with world.stores.engine.connect() as connection:
        late = load_documents(connection, [listing])
    world.sql("UPDATE provider SET name = 'New Name'")
    world.change(listing)
    world.drain()
    assert world.writer.write(world.stores.alias, late) == []
    assert world.revision_in_index(listing) == 2
    world.stores.client.indices.refresh(index=world.stores.alias)
    assert world.found_by_name("new") == [listing]
    assert world.found_by_name("old") == []


def test_late_old_write_cannot_bring_a_retired_listing_back(world: World) -> None:
    listing = world.add_listing()
    with world.stores.engine.connect() as connection:
        late = load_documents(connection, [listing])
    world.change(listing, status="retired")
    world.drain()
    world.writer.write(world.stores.alias, late)
    assert world.found_by("country", "KE") == []
    assert world.revision_in_index(listing) == 2


def test_suspended_listing_is_no_longer_found_and_resumed_is_found_again(world: World) -> None:
    listing = world.add_listing()
    world.drain()
    world.change(listing, status="suspended")
    world.drain()
    assert world.found_by("country", "KE") == []
    world.change(listing, status="active")
    world.drain()
    assert world.found_by("country", "KE") == [listing]


def test_new_name_of_a_shared_provider_reaches_every_listing_that_shows_it(world: World) -> None:
    first = world.add_listing("Acacia Clinic")
    second = world.add_listing_of(world.value("SELECT provider_id FROM listing WHERE id = :id", id=first))
    world.drain()
    world.sql("UPDATE provider SET name = 'Baobab Clinic'")
    world.sql("UPDATE listing SET revision = revision + 1")
    world.drain()
    world.stores.client.indices.refresh(index=world.stores.alias)
    assert world.found_by_name("baobab") == [first, second]
    assert world.found_by_name("acacia") == []


def test_crash_between_bulk_and_settle_repeats_the_rows_and_harms_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = world.add_listing()

    def crash(*_: object) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patch:
        patch.setattr("indexers.outbox.settle", crash)
        with pytest.raises(ConnectionAbortedError):
            world.drain()
    assert world.revision_in_index(listing) == 1
    assert world.waiting == 1
    assert world.drain() == Batch(rows=1, listings=1)
    assert world.revisions_in_index() == world.revisions_in_database()


def test_killed_worker_process_lets_go_of_its_rows(world: World) -> None:
    listing = world.add_listing()
    # A worker of its own process that claims the row and writes it, and then never comes to settle.
    program = (
        "import sys, time\n"
        "import indexers.outbox as outbox\n"
        "from indexers.stores import open_stores\n"
        "from indexers.writer import BulkWriter\n"
        "def hang(*_):\n    print('written', flush=True)\n    time.sleep(60)\n"
        "outbox.settle = hang\n"
        "stores = open_stores(database_url=sys.argv[1], opensearch_url=sys.argv[2], alias=sys.argv[3])\n"
        "outbox.index_batch(stores, BulkWriter(stores.client), bulk=False)\n"
    )
    database = world.stores.engine.url.render_as_string(hide_password=False)
    opensearch = world.stores.client.transport.get_connection().host
    with subprocess.Popen(
        [sys.executable, "-c", program, database, opensearch, world.stores.alias], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "written\n"
        assert world.drain() == Batch()  # held by the other worker
        os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: world.drain().rows == 1, 10, "the row of the killed worker is free")
    assert world.revision_in_index(listing) == 1


def test_two_workers_never_take_the_same_row(world: World) -> None:
    world.add_listings(40)
    with world.stores.engine.begin() as other:
        held = other.execute(text("SELECT id FROM outbox ORDER BY id LIMIT 10 FOR UPDATE SKIP LOCKED")).scalars().all()
        assert world.drain() == Batch(rows=30, listings=30)
        assert world.waiting == len(held)
    assert world.drain() == Batch(rows=10, listings=10)


def test_two_workers_at_once_index_everything(world: World) -> None:
    with world.worker_running(batch_rows=7), world.worker_running(batch_rows=11):
        world.add_listings(300)
        for _ in range(5):
            world.sql("UPDATE listing SET revision = revision + 1 WHERE id % 3 = 0")
        wait_until(lambda: world.waiting == 0, 30, "the outbox is empty")
    assert world.revisions_in_index() == world.revisions_in_database()


def test_poison_document_is_set_aside_with_its_reason_and_blocks_nothing(world: World) -> None:
    first = world.add_listing("First")
    poison = world.add_listing("Poison", languages=(UNINDEXABLE_LANGUAGE,))
    last = world.add_listing("Last")
    assert world.drain() == Batch(rows=3, listings=3, set_aside=1)
    assert world.waiting == 0
    assert set(world.reasons) == {poison}
    assert 'field="language"' in world.reasons[poison]
    assert world.found_by("country", "KE") == [first, last]


def test_listing_set_aside_twice_keeps_one_row(world: World) -> None:
    poison = world.add_listing(languages=(UNINDEXABLE_LANGUAGE,))
    world.drain()
    world.change(poison)
    world.change(poison)
    world.drain()
    assert world.value("SELECT count(*) FROM outbox") == 1


def test_listing_that_was_mended_is_no_longer_set_aside(world: World) -> None:
    poison = world.add_listing(languages=(UNINDEXABLE_LANGUAGE,))
    world.drain()
    world.change(poison, languages=["sw"])
    world.drain()
    assert world.value("SELECT count(*) FROM outbox") == 0
    assert world.found_by("language", "sw") == [poison]


def test_older_write_does_not_clear_a_later_row_that_was_set_aside(world: World) -> None:
    listing = world.add_listing()
    older = world.value("SELECT id FROM outbox")
    world.change(listing, languages=[UNINDEXABLE_LANGUAGE])
    world.sql("UPDATE outbox SET set_aside_at = now(), reason = 'too long' WHERE id > :older", older=older)
    with world.stores.engine.begin() as connection:
        settle(connection, [older], {listing: older}, [])
    assert world.reasons == {listing: "too long"}


def test_nothing_is_settled_by_a_batch_that_midnight_overtook(world: World) -> None:
    world.add_listing()
    row = world.value("SELECT id FROM outbox")
    with world.stores.engine.begin() as connection:
        # East of the date line the session's day is not the day of UTC, as it is not after midnight.
        hour = connection.execute(text("SELECT EXTRACT(hour FROM now() AT TIME ZONE 'UTC')")).scalar_one()
        zone = "Etc/GMT-14" if hour >= 10 else "Etc/GMT+12"
        connection.execute(text(f"SET LOCAL timezone = '{zone}'"))
        settle(connection, [row], {}, [])
    assert world.waiting == 1


def test_index_that_is_gone_is_not_made_anew_by_a_write(world: World) -> None:
    world.add_listing()
    world.stores.client.indices.delete(index=f"{world.stores.alias}-*")
    with pytest.raises(NoIndex):
        world.drain()
    with pytest.raises(TargetMissing):
        world.writer.write(world.stores.alias, [Document(1, 1, b"{}")])
    assert not world.stores.client.indices.exists(index=world.stores.alias)
    assert world.waiting == 1


def test_index_that_takes_no_writes_keeps_the_rows_waiting(world: World) -> None:
    listing = world.add_listing()
    (index,) = world.indices.live()
    blocks = world.stores.client.indices
    blocks.put_settings(index=index, body={"index.blocks.read_only_allow_delete": True})
    with pytest.raises(EngineUnavailable, match="read-only"):
        world.drain()
    assert (world.waiting, world.reasons) == (1, {})
    blocks.put_settings(index=index, body={"index.blocks.read_only_allow_delete": None})
    world.drain()
    assert world.revision_in_index(listing) == 1


def test_large_batch_goes_in_several_requests(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexers.writer.MAX_BYTES", 2_000)
    world.add_listings(50)
    world.drain()
    assert world.revisions_in_index() == world.revisions_in_database()


def test_writer_finds_the_one_document_that_makes_a_request_unreadable(world: World) -> None:
    documents = [Document(number, 1, b'{"live": true}' if number != 3 else b"{]") for number in range(1, 6)]
    refusals = world.writer.write(world.stores.alias, documents)
    assert [refusal.listing_id for refusal in refusals] == [3]
    assert set(world.revisions_in_index()) == {1, 2, 4, 5}


def test_engine_that_is_away_is_waited_for_and_then_named(world: World) -> None:
    from directory.search.engine import connect

    pauses: list[float] = []
    writer = BulkWriter(connect("http://127.0.0.1:9"), patience_s=1.0, sleep=pauses.append)
    with pytest.raises(EngineUnavailable, match="does not answer"):
        writer.write("anything", [Document(1, 1, b"{}")])
    assert pauses == sorted(pauses)
    assert sum(pauses) >= 1.0


def test_agreement_that_begins_or_ends_today_brings_its_listing_into_the_outbox(world: World) -> None:
    begins, ends, ended_before, both = (world.add_listing() for _ in range(4))
    today = world.value("SELECT CURRENT_DATE")
    world.agree(begins, "worldwide", f"[{today},)")
    world.agree(ends, "worldwide", f"[2020-01-01,{today})")
    world.agree(ended_before, "worldwide", "[2020-01-01,2021-01-01)")
    world.agree(both, "worldwide", f"[2020-01-01,{today})")
    world.agree(both, "regional", f"[{today},)")
    world.drain()
    world.sql("UPDATE agreement_sweep SET through = CURRENT_DATE - 1")
    with world.stores.engine.begin() as connection:
        assert sweep_agreements(connection) == 3
        assert sweep_agreements(connection) == 0
    assert [row[0] for row in world.sql("SELECT listing_id FROM outbox ORDER BY 1")] == [begins, ends, both]
    assert world.value("SELECT through FROM agreement_sweep") == today


def test_clock_that_was_ahead_is_swept_back(world: World) -> None:
    listing = world.add_listing()
    world.drain()
    world.agree(listing, "worldwide", f"[{world.value('SELECT CURRENT_DATE + 1')},)")
    world.sql("UPDATE agreement_sweep SET through = CURRENT_DATE + 2")
    with world.stores.engine.begin() as connection:
        assert sweep_agreements(connection) == 1
    assert world.value("SELECT through = CURRENT_DATE FROM agreement_sweep")


def test_agreement_that_ended_by_the_calendar_is_no_longer_found(world: World) -> None:
    listing = world.add_listing()
    world.agree(listing, "worldwide", "[2020-01-01,)")
    world.change(listing)
    world.drain()
    assert world.found_by("network", "worldwide") == [listing]
    # As if yesterday were the last day: the listing itself, and so its revision, does not change.
    world.sql("UPDATE agreement SET period = daterange('2020-01-01', CURRENT_DATE)")
    world.sql("UPDATE agreement_sweep SET through = :day", day=date(2021, 1, 1))
    with world.worker_running():
        wait_until(lambda: world.found_by("network", "worldwide") == [], 10, "the agreement is gone")
    assert world.revision_in_index(listing) == 1 + 1


def test_change_is_found_by_its_notification(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # The two seconds that are promised are measured by `make soak`; here nothing but the notification can wake it.
    monkeypatch.setattr(worker, "POLL_S", 3600.0)
    with world.worker_running() as stop:
        for name in ("quickly found", "found next"):
            listing = world.add_listing(name.title())
            wait_until(lambda n=name, it=listing: world.found_by_name(n) == [it], 10, "it is found")  # type: ignore[misc]
        stop.set()
        world.add_listing("One that wakes it to see that it ends")


def test_change_whose_notification_is_lost_is_found_by_looking(world: World) -> None:
    with world.worker_running():
        time.sleep(1)
        listing = world.add_listing()
        wait_until(lambda: world.waiting == 0, 5, "the worker is idle")
        # Only the trigger notifies.
        world.sql("INSERT INTO outbox (listing_id) VALUES (:id)", id=listing)
        wait_until(lambda: world.waiting == 0, 5, "the row without a notification is taken")


def test_worker_outlives_lost_database_connections(world: World) -> None:
    with world.worker_running():
        time.sleep(0.5)
        world.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        listing = world.add_listing("After The Outage")
        wait_until(lambda: world.revision_in_index(listing) == 1, 10, "indexed after the outage")


def test_worker_builds_the_index_where_there_is_none(world: World) -> None:
    listing = world.add_listing()
    world.stores.client.indices.delete(index=f"{world.stores.alias}-*")
    with world.worker_running():
        wait_until(lambda: world.revision_in_index(listing) == 1, 15, "there is an index again")


def test_stopped_worker_ends_soon_and_keeps_what_it_did(world: World) -> None:
    with world.worker_running() as stop:
        world.add_listings(50)
        wait_until(lambda: world.waiting == 0, 10, "the outbox is empty")
        stop.set()
    assert world.revisions_in_index() == world.revisions_in_database()


def test_wait_returns_once_everything_committed_is_searchable(world: World) -> None:
    with world.worker_running():
        world.add_listings(500)
        assert wait_until_searchable(world.stores, 20)
    assert len(world.revisions_in_database()) == 500
    assert world.found_by_name("clinic 500") == [500]


def test_wait_says_when_time_ran_out(world: World) -> None:
    world.add_listing()
    assert not wait_until_searchable(world.stores, 0.2)


def test_wait_does_not_wait_for_what_is_set_aside(world: World) -> None:
    poison = world.add_listing(languages=(UNINDEXABLE_LANGUAGE,))
    world.drain()
    assert wait_until_searchable(world.stores, 0)
    status = load_status(world.stores)
    assert [row.listing_id for row in status.set_aside_first] == [poison]
    assert any("set aside" in problem for problem in status.problems)


def test_status_counts_what_waits_and_what_is_live(world: World) -> None:
    world.add_listing()
    world.add_listing(status="retired")
    world.drain()
    world.stores.client.indices.refresh(index=world.stores.alias)
    world.add_listing()
    status = load_status(world.stores)
    assert (status.waiting, status.listings, status.documents, status.live_documents) == (1, 3, 2, 1)
    assert status.oldest_seconds >= 0
    assert status.problems == ()


def test_status_says_that_a_rebuild_is_due(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexers.status.MAPPING_VERSION", 999)
    assert any("a rebuild is due" in problem for problem in load_status(world.stores).problems)


def test_batches_of_changes_made_while_workers_run_are_never_lost(world: World) -> None:
    world.add_listings(50)

    def edit(offset: int) -> None:
        for _ in range(20):
            world.sql("UPDATE listing SET revision = revision + 1 WHERE id % 4 = :offset", offset=offset)

    with world.worker_running(batch_rows=13), world.worker_running(batch_rows=5):
        editors = [threading.Thread(target=edit, args=(offset,)) for offset in range(4)]
        for editor in editors:
            editor.start()
        for editor in editors:
            editor.join()
        wait_until(lambda: world.waiting == 0, 30, "the outbox is empty")
    assert world.revisions_in_index() == world.revisions_in_database()
    assert index_batch(world.stores, world.writer, bulk=False) == Batch()
