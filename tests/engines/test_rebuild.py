"""The rebuild: a whole new index in one step, or none at all."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from opensearchpy import OpenSearch

from directory.search.engine import connect
from directory.search.mapping import MAPPING_VERSION, build_index_body
from indexers.cli import main
from indexers.errors import RebuildRunning
from indexers.rebuild import Step, only_rebuild, rebuild
from tests.engines.index_world import UNINDEXABLE_LANGUAGE, World, wait_until

PROVIDER_INDEXER = Path(sys.executable).parent / "provider-indexer"


def indices_of(world: World) -> list[str]:
    return sorted(world.stores.client.indices.get_alias(index=f"{world.stores.alias}*"))


def environment(world: World) -> dict[str, str]:
    return {
        "DATABASE_URL": world.stores.engine.url.render_as_string(hide_password=False),
        "OPENSEARCH_URL": world.stores.client.transport.get_connection().host,
        "INDEX_PREFIX": world.stores.alias,
    }


class Interrupted(Exception):
    pass


def test_rebuild_fills_an_index_and_empties_the_outbox(world: World) -> None:
    world.add_listings(30)
    retired = world.add_listing(status="retired")
    report = rebuild(world.stores, grace_s=0)
    assert (report.documents, report.mended, report.refusals) == (31, 0, ())
    assert world.revisions_in_index() == world.revisions_in_database()
    assert retired not in world.found_by("country", "KE")
    assert world.waiting == 0
    assert world.indices.live() == [report.index]
    assert world.indices.mapping_version(report.index) == MAPPING_VERSION


def test_rebuild_of_an_empty_directory_gives_an_empty_index(world: World) -> None:
    assert rebuild(world.stores, grace_s=0).documents == 0
    assert world.revisions_in_index() == {}


def test_rebuilt_index_has_the_settings_of_one_that_is_searched(world: World) -> None:
    index = rebuild(world.stores, grace_s=0).index
    settings = world.stores.client.indices.get_settings(index=index)[index]["settings"]["index"]
    due = build_index_body(shards=1, replicas=0)["settings"]
    assert settings["refresh_interval"] == due["refresh_interval"]
    # A change that was acknowledged must outlive a power cut.
    assert settings.get("translog", {}).get("durability", "request") == "request"


def test_former_index_is_gone_after_the_swap(world: World) -> None:
    world.rebuild()
    index = rebuild(world.stores, grace_s=0).index
    assert indices_of(world) == [index]


@pytest.mark.parametrize("step", ["create", "fill", "compare", "publish"])
def test_failed_rebuild_leaves_the_old_index_and_nothing_else(world: World, step: Step) -> None:
    listing = world.add_listing()
    world.rebuild()
    before = indices_of(world)

    def fail(reached: Step, done: int, total: int) -> None:
        if reached == step:
            raise Interrupted

    with pytest.raises(Interrupted):
        rebuild(world.stores, progress=fail, grace_s=0)
    assert indices_of(world) == before
    assert world.found_by("country", "KE") == [listing]


def test_failure_after_the_swap_keeps_the_new_index(world: World) -> None:
    listing = world.add_listing()
    world.rebuild()

    def fail(reached: Step, done: int, total: int) -> None:
        if reached == "clean":
            raise Interrupted

    with pytest.raises(Interrupted):
        rebuild(world.stores, progress=fail, grace_s=0)
    assert world.found_by("country", "KE") == [listing]
    world.rebuild()
    assert len(indices_of(world)) == 1


@pytest.mark.parametrize("step", ["fill", "compare", "publish", "clean"])
def test_what_a_killed_rebuild_left_is_removed_by_the_next(world: World, step: Step) -> None:
    world.add_listing()
    world.rebuild()
    program = (
        "import os, sys\n"
        "from indexers.rebuild import rebuild\n"
        "from indexers.stores import open_stores\n"
        "def kill(reached, *_):\n    if reached == sys.argv[1]:\n        os.kill(os.getpid(), 9)\n"
        "rebuild(open_stores(), progress=kill)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program, step], env={**os.environ, **environment(world)}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(indices_of(world)) == 2
    world.add_listing("Meanwhile")
    wait_until(lambda: not rebuild_is_running(world), 10, "the lock of the killed rebuild is free")
    world.rebuild()
    assert len(indices_of(world)) == 1
    assert world.revisions_in_index() == world.revisions_in_database()


def rebuild_is_running(world: World) -> bool:
    try:
        with only_rebuild(world.stores):
            return False
    except RebuildRunning:
        return True


def test_worker_removes_what_a_killed_rebuild_left(world: World) -> None:
    world.rebuild()
    half_built = world.indices.create()
    assert half_built in indices_of(world)
    with world.worker_running():
        wait_until(lambda: half_built not in indices_of(world), 10, "the half-built index is gone")


def test_second_rebuild_at_once_says_so(world: World) -> None:
    with only_rebuild(world.stores), pytest.raises(RebuildRunning, match="running already"):
        world.rebuild()


def test_rebuild_lets_another_directory_alone(world: World) -> None:
    other = f"{world.stores.alias}-other-20260101000000"
    world.stores.client.indices.create(index=other)
    world.rebuild()
    world.rebuild()
    assert other in indices_of(world)


def test_alias_that_names_two_indices_is_put_right(world: World) -> None:
    listing = world.add_listing()
    world.rebuild()
    (index,) = world.indices.live()
    second = f"{world.stores.alias}-20200101000000"
    world.stores.client.indices.create(index=second, body={"aliases": {world.stores.alias: {}}})
    assert len(world.indices.live()) == 2
    world.rebuild()
    assert index not in indices_of(world)
    assert second not in indices_of(world)
    assert world.found_by("country", "KE") == [listing]


def test_index_that_took_the_name_of_the_alias_gives_way(world: World) -> None:
    listing = world.add_listing()
    world.stores.client.indices.create(index=world.stores.alias)
    world.rebuild()
    assert world.found_by("country", "KE") == [listing]
    assert len(indices_of(world)) == 1


def test_searches_are_answered_in_full_all_through_a_rebuild(world: World) -> None:
    world.add_listings(3_000)
    world.rebuild()
    totals: set[int] = set()
    failures: list[Exception] = []
    ended = threading.Event()

    def search(client: OpenSearch) -> None:
        while not ended.is_set():
            try:
                answer = client.count(index=world.stores.alias, body={"query": {"term": {"country": "KE"}}})
                totals.add(answer["count"])
            except Exception as error:
                failures.append(error)

    url = world.stores.client.transport.get_connection().host
    searcher = threading.Thread(target=search, args=(connect(url),))
    searcher.start()
    try:
        for _ in range(3):
            rebuild(world.stores, grace_s=0.5)
    finally:
        ended.set()
        searcher.join()
    assert failures == []
    assert totals == {3_000}


def test_no_change_is_lost_that_is_made_during_a_rebuild(world: World) -> None:
    world.add_listings(2_500)
    world.rebuild()
    ended = threading.Event()

    def edit() -> None:
        while not ended.is_set():
            world.sql("UPDATE listing SET revision = revision + 1 WHERE id % 97 = 5")
            world.sql("UPDATE listing SET revision = revision + 1, status = 'retired' WHERE id % 101 = 7")
            world.add_listing("Meanwhile")

    with world.worker_running(batch_rows=50), world.worker_running(batch_rows=20):
        editor = threading.Thread(target=edit)
        editor.start()
        try:
            for _ in range(3):
                world.rebuild()
        finally:
            ended.set()
            editor.join()
        wait_until(lambda: world.waiting == 0, 60, "the outbox is empty")
    assert world.revisions_in_index() == world.revisions_in_database()


def test_change_made_during_a_rebuild_without_workers_is_in_the_new_index(world: World) -> None:
    listing = world.add_listing("Before")

    def edit(reached: Step, done: int, total: int) -> None:
        if reached == "compare":
            world.change(listing)
            world.add_listing("During")

    report = rebuild(world.stores, progress=edit, grace_s=0)
    assert report.mended == 2
    assert world.revisions_in_index() == world.revisions_in_database() == {1: 2, 2: 1}
    # The rows stay: that a worker does them again harms nothing.
    world.drain()
    assert world.waiting == 0


def test_poison_document_does_not_stop_a_rebuild(world: World) -> None:
    poison = world.add_listing(languages=(UNINDEXABLE_LANGUAGE,))
    good = world.add_listing()
    report = rebuild(world.stores, grace_s=0)
    assert [refusal.listing_id for refusal in report.refusals] == [poison]
    assert report.documents == 1
    assert world.found_by("country", "KE") == [good]
    assert (set(world.reasons), world.waiting) == ({poison}, 0)
    world.change(poison, languages=[])
    rebuild(world.stores, grace_s=0)
    assert world.reasons == {}


def test_rebuild_begins_the_calendar_of_agreements(world: World) -> None:
    world.rebuild()
    assert world.value("SELECT through = CURRENT_DATE FROM agreement_sweep")


def test_command_ends_with_one_json_object(world: World) -> None:
    world.add_listings(5)
    done = subprocess.run(
        [PROVIDER_INDEXER, "rebuild", "--json", "--grace", "0"],
        env={**os.environ, **environment(world)},
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout.splitlines()[-1])
    assert (answer["documents"], answer["set_aside"]) == (5, 0)
    assert "Filling" in done.stderr


def test_command_exits_1_when_a_listing_was_set_aside(world: World) -> None:
    poison = world.add_listing(languages=(UNINDEXABLE_LANGUAGE,))
    done = subprocess.run(
        [PROVIDER_INDEXER, "rebuild", "--grace", "0"],
        env={**os.environ, **environment(world)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"listing {poison}" in done.stdout


def test_interrupted_command_removes_the_half_built_index(world: World) -> None:
    world.add_listings(20_000)
    with subprocess.Popen(
        [PROVIDER_INDEXER, "rebuild"], env={**os.environ, **environment(world)}, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        assert any("Filling" in line for line in process.stderr)
        process.terminate()
        assert "Stopped" in process.stderr.read()
    assert process.returncode == 1
    assert indices_of(world) == []


@pytest.mark.parametrize("command", ["run", "rebuild", "reconcile", "status"])
def test_each_command_explains_itself_with_an_example(command: str) -> None:
    shown = CliRunner().invoke(main, [command, "--help"]).output
    assert "--json" in shown
    assert f"provider-indexer {command}" in shown


def test_a_rebuilt_index_leaves_a_killed_engine_nothing_to_write_again(world: World) -> None:
    world.add_listings(200)
    world.rebuild()
    (index,) = world.indices.live()
    kept = world.stores.client.indices.stats(index=index, metric="translog")["_all"]["primaries"]["translog"]
    assert kept["operations"] == 0
    settings = world.stores.client.indices.get_settings(index=index)[index]["settings"]["index"]
    assert settings["translog"]["flush_threshold_size"] == "64mb"
