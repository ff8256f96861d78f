"""Reconcile: each kind of difference is found, named and mended."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexers.documents import Document
from indexers.reconcile import Finding, reconcile
from tests.engines.index_world import UNINDEXABLE_LANGUAGE, World


@pytest.fixture(autouse=True)
def index(world: World) -> None:
    world.rebuild()


def forget(world: World) -> None:
    """The outbox loses what waits, as a restored backup would."""
    world.sql("DELETE FROM outbox")


def assert_same(world: World) -> None:
    assert world.revisions_in_index() == world.revisions_in_database()
    report = reconcile(world.stores, dry_run=True)
    assert (report.differences, world.waiting) == (0, 0)


def test_nothing_differs_where_all_was_indexed(world: World) -> None:
    world.add_listings(20)
    world.drain()
    assert_same(world)


def test_missing_document_is_found_and_written(world: World) -> None:
    listing = world.add_listing()
    forget(world)
    report = reconcile(world.stores)
    assert report.examples == (Finding(listing, "missing", 1, None),)
    assert_same(world)


def test_stale_document_is_found_and_written_again(world: World) -> None:
    listing = world.add_listing()
    world.drain()
    world.change(listing)
    forget(world)
    report = reconcile(world.stores)
    assert report.examples == (Finding(listing, "stale", 2, 1),)
    assert_same(world)


def test_document_ahead_of_a_restored_database_raises_the_revision_past_it(world: World) -> None:
    listing = world.add_listing()
    world.drain()
    world.writer.write(world.stores.alias, [Document(listing, 9, b'{"live":true,"id":%d}' % listing)])
    report = reconcile(world.stores)
    assert report.examples == (Finding(listing, "ahead", 1, 9),)
    assert world.revisions_in_database() == {listing: 10}
    assert world.found_by("country", "KE") == [listing]
    assert_same(world)


def test_extra_document_is_found_and_deleted(world: World) -> None:
    world.writer.write(world.stores.alias, [Document(77, 3, b'{"live":true,"id":77,"country":"KE"}')])
    report = reconcile(world.stores)
    assert report.examples == (Finding(77, "extra", None, 3),)
    assert world.revisions_in_index() == {}
    assert_same(world)


def test_every_kind_at_once_among_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # Several pages on both sides, and not of the same ids.
    monkeypatch.setattr("indexers.differences.PAGE", 7)
    monkeypatch.setattr("indexers.reconcile._BATCH", 5)
    world.add_listings(60)
    world.drain()
    world.sql("UPDATE listing SET revision = revision + 1 WHERE id % 10 = 0")
    world.writer.delete(world.stores.alias, [(listing, 1) for listing in range(1, 61, 10)])
    world.writer.write(
        world.stores.alias, [Document(number, 4, b'{"live":true,"id":%d}' % number) for number in (5, 1_000, 1_001)]
    )
    forget(world)
    dry = reconcile(world.stores, dry_run=True)
    assert (dry.missing, dry.stale, dry.ahead, dry.extra) == (6, 6, 1, 2)
    assert reconcile(world.stores).differences == 15
    assert_same(world)


def test_dry_run_changes_nothing(world: World) -> None:
    listing = world.add_listing()
    forget(world)
    report = reconcile(world.stores, dry_run=True)
    assert (report.missing, report.mended) == (1, False)
    assert world.revision_in_index(listing) is None
    assert world.waiting == 0


def test_what_waits_in_the_outbox_is_no_difference(world: World) -> None:
    world.add_listing()
    assert reconcile(world.stores, dry_run=True).differences == 0


def test_what_was_set_aside_is_tried_again(world: World) -> None:
    poison = world.add_listing(languages=(UNINDEXABLE_LANGUAGE,))
    world.drain()
    report = reconcile(world.stores)
    assert (report.retried, report.set_aside) == (1, 1)
    assert set(world.reasons) == {poison}
    # Mended without a word to the outbox, as an operator would in the database.
    world.sql("UPDATE listing SET languages = '{}', revision = revision + 1")
    world.sql("DELETE FROM outbox WHERE set_aside_at IS NULL")
    report = reconcile(world.stores)
    assert (report.retried, report.set_aside) == (1, 0)
    assert_same(world)


def test_command_exits_1_on_a_dry_run_that_finds_differences(world: World) -> None:
    world.add_listing()
    forget(world)
    environment = {
        **os.environ,
        "DATABASE_URL": world.stores.engine.url.render_as_string(hide_password=False),
        "OPENSEARCH_URL": world.stores.client.transport.get_connection().host,
        "INDEX_PREFIX": world.stores.alias,
    }
    command = [str(Path(sys.executable).parent / "provider-indexer"), "reconcile", "--json"]
    dry = subprocess.run([*command, "--dry-run"], env=environment, capture_output=True, text=True, check=False)
    assert (dry.returncode, json.loads(dry.stdout)["missing"]) == (1, 1)
    mended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (mended.returncode, json.loads(mended.stdout)["missing"]) == (0, 1)
    assert_same(world)
