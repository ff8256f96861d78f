"""Faults of the index itself: blocked, nameless, stale, double, gone; poison in it; a clock that is wrong."""

import shutil
import time
from collections.abc import Callable
from typing import Any

import pytest

from indexers.documents import load_documents
from indexers.outbox import sweep_agreements
from indexers.rebuild import rebuild
from tests.engines.index_world import UNINDEXABLE_LANGUAGE, wait_until
from tests.faults.world import FaultWorld, pause, size

POISON, DOCUMENTS = size(100, 1_000), size(10_000, 100_000)


def test_index_at_the_flood_stage_takes_everything_once_there_is_room(world: FaultWorld) -> None:
    world.add_listings(500)
    world.rebuild()
    (index,) = world.indices.live()
    settings = world.stores.client.indices
    with world.editing() as editor, world.working():
        pause(0.5)
        settings.put_settings(index=index, body={"index.blocks.read_only_allow_delete": True})
        world.bump(500)
        pause(4)
        assert world.waiting >= 500
        assert world.reasons == {}
        settings.put_settings(index=index, body={"index.blocks.read_only_allow_delete": None})
        wait_until(lambda: world.revision_in_index(500) == 2, 90, "the worker goes on")
    with world.working():
        world.check(editor.ledger)
    assert world.indices.live() == [index]


def test_poison_documents_are_set_aside_in_bounded_time_and_the_rest_go_in(
    world: FaultWorld, record_property: Callable[[str, object], None]
) -> None:
    world.rebuild()
    world.add_listings(DOCUMENTS)
    every = DOCUMENTS // POISON
    world.sql(
        "UPDATE listing SET revision = revision + 1, languages = ARRAY[:poison] WHERE id % :every = 0",
        poison=UNINDEXABLE_LANGUAGE,
        every=every,
    )
    poisoned = [row[0] for row in world.sql("SELECT id FROM listing WHERE revision = 2")]
    assert len(poisoned) == POISON
    began = time.monotonic()
    with world.working():
        world.check(within_s=DOCUMENTS / 50, set_aside=poisoned)
        # Mended, they go in; nothing remembers that they were ever set aside.
        world.sql("UPDATE listing SET revision = revision + 1, languages = '{}' WHERE revision = 2")
        world.check(within_s=DOCUMENTS / 50)
    record_property("seconds", round(time.monotonic() - began, 1))


def remove_alias(world: FaultWorld, index: str) -> None:
    world.stores.client.indices.delete_alias(index=index, name=world.stores.alias)


def test_missing_alias_is_put_right_though_nothing_changes(world: FaultWorld) -> None:
    world.add_listings(50)
    world.rebuild()
    (index,) = world.indices.live()
    with world.working():
        pause(1)
        remove_alias(world, index)
        wait_until(lambda: len(world.indices.live()) == 1, 90, "there is an alias again")
        world.check()


def test_missing_alias_is_put_right_while_changes_come_in(world: FaultWorld) -> None:
    world.add_listings(50)
    world.rebuild()
    with world.editing() as editor, world.working():
        pause(0.5)
        remove_alias(world, *world.indices.live())
        wait_until(lambda: len(world.indices.live()) == 1, 90, "there is an alias again")
        pause(0.5)
    with world.working():
        world.check(editor.ledger)


def test_double_alias_is_put_right(world: FaultWorld) -> None:
    world.add_listings(50)
    world.rebuild()
    second = f"{world.stores.alias}-20200101000000"
    with world.editing() as editor, world.working():
        pause(0.5)
        world.stores.client.indices.create(index=second, body={"aliases": {world.stores.alias: {}}})
        wait_until(lambda: len(world.indices.live()) == 1, 90, "the alias names one index again")
        pause(0.5)
    with world.working():
        world.check(editor.ledger)


def test_stale_alias_is_put_right(world: FaultWorld) -> None:
    world.add_listings(50)
    world.rebuild()
    (old,) = world.indices.live()
    # A second index takes its place, and learns of a change that the first one never hears of.
    new = world.indices.create()
    rebuild_into(world, new)
    world.bump(50)
    world.drain()
    assert world.indices.live() == [new]
    world.stores.client.indices.update_aliases(
        body={
            "actions": [
                {"remove": {"index": new, "alias": world.stores.alias}},
                {"add": {"index": old, "alias": world.stores.alias, "is_write_index": True}},
            ]
        }
    )
    with world.editing() as editor, world.working():
        wait_until(lambda: world.indices.live() not in ([old], []), 90, "the stale index is no longer searched")
        pause(0.5)
    with world.working():
        world.check(editor.ledger)


def rebuild_into(world: FaultWorld, index: str) -> None:
    """Fill and publish by hand, and keep the former index."""
    with world.stores.engine.connect() as connection:
        ids = [row[0] for row in world.sql("SELECT id FROM listing")]
        world.writer.write(world.indices.building_alias, load_documents(connection, ids))
    world.indices.finish(index)
    world.indices.publish(index)


@pytest.mark.parametrize("running", [True, False], ids=["while running", "while stopped"])
def test_deleted_directory_of_the_index_is_made_good(world: FaultWorld, running: bool) -> None:
    world.add_listings(500)
    world.rebuild()
    (index,) = world.indices.live()
    (indices,) = world.pair.data.rglob("indices")
    with world.editing() as editor, world.working():
        pause(0.5)
        if not running:
            world.pair.stop_opensearch()
        shutil.rmtree(indices)
        if not running:
            world.pair.make_whole()
        world.bump(500)
        wait_until(lambda: index not in live_or_nothing(world), 180, "another index is searched")
        pause(0.5)
    with world.working():
        world.check(editor.ledger)


def test_everything_that_the_engine_had_deleted_is_made_good(world: FaultWorld) -> None:
    world.add_listings(500)
    world.rebuild()
    with world.editing() as editor, world.working():
        pause(0.5)
        world.pair.kill_opensearch()
        shutil.rmtree(world.pair.data)
        world.pair.make_whole()
        wait_until(lambda: len(live_or_nothing(world)) == 1, 180, "there is an index again")
        pause(0.5)
    with world.working():
        world.check(editor.ledger)


def live_or_nothing(world: FaultWorld) -> list[str]:
    try:
        return world.indices.live()
    except Exception:
        return []


@pytest.mark.parametrize("days", [2, -2], ids=["two days ahead", "two days behind"])
def test_clock_that_was_two_days_off_leaves_no_trace(world: FaultWorld, days: int) -> None:
    begins, ends, both = (world.add_listing() for _ in range(3))
    today = world.value("SELECT CURRENT_DATE")
    for listing, first, last in ((begins, 1, None), (ends, -30, 1), (both, -1, 2)):
        world.agree(listing, "worldwide", period(world, first, last))
    world.rebuild()
    # A session whose day is another: what a server with a wrong clock would do to the index.
    with world.stores.engine.connect() as connection, connection.begin():
        zone = f"<off>{-24 * days:+d}"
        connection.exec_driver_sql(f"SET LOCAL timezone = '{zone}'")
        assert connection.exec_driver_sql("SELECT CURRENT_DATE").scalar_one() != today
        assert sweep_agreements(connection) > 0
        world.writer.write(world.stores.alias, load_documents(connection, [begins, ends, both]))
    assert world.value("SELECT through FROM agreement_sweep") != today
    with world.working():
        wait_until(lambda: bool(world.value("SELECT through = CURRENT_DATE FROM agreement_sweep")), 60, "swept")
        world.check()


def period(world: FaultWorld, first: int, last: int | None) -> Any:
    return world.value(
        "SELECT daterange(CURRENT_DATE + CAST(:first AS int), CURRENT_DATE + CAST(:last AS int))::text",
        first=first,
        last=last,
    )


def test_index_made_by_a_clock_that_is_behind_still_comes_last(
    world: FaultWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add_listings(10)
    world.rebuild()
    (before,) = world.indices.live()
    from datetime import UTC, datetime, timedelta

    class Behind(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Behind":
            return cls.fromtimestamp((datetime.now(UTC) - timedelta(days=2)).timestamp(), tz)

    monkeypatch.setattr("indexers.indices.datetime", Behind)
    after = rebuild(world.linked, grace_s=0).index
    assert after > before
    with world.working():
        pause(2)
        world.check()
    assert world.indices.live() == [after]
