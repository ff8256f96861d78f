"""A cluster of three nodes loses one, and no search fails."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from opensearchpy import OpenSearchException

from config.settings import settings_from
from directory.search.engine import connect
from indexers.rebuild import rebuild
from indexers.stores import Stores, open_stores
from tests.engines.index_world import World
from tests.faults.checker import check_whole
from tests.faults.cluster import Cluster
from tests.faults.ledger import Editor
from tests.faults.pair import Pair
from tests.faults.world import PROVIDER_INDEXER, pause, size

LISTINGS = size(5_000, 100_000)
ROUNDS = size(1, 10)
ALIAS = "clustered"


@pytest.fixture(scope="module")
def cluster(run_dir: Path, worker: str) -> Iterator[Cluster]:
    with Cluster(run_dir / f"cluster-{worker.rpartition('_')[2]}") as made:
        yield made


@pytest.fixture
def stores(pair: Pair, cluster: Cluster) -> Iterator[Stores]:
    """The settings of an installation with one replica on a cluster."""
    pair.make_whole()
    cluster.make_whole()
    variables = {
        "DATABASE_URL": pair.postgres.url,
        "OPENSEARCH_URL": cluster.url,
        "INDEX_PREFIX": ALIAS,
        "INDEX_REPLICAS": "1",
    }
    with settings_from(variables):
        opened = open_stores()
        World(opened).lay_ground()
        yield opened
        opened.client.indices.delete(index=f"{ALIAS}*", ignore_unavailable=True)
        opened.engine.dispose()
        opened.client.close()


class Searcher(threading.Thread):
    """Searches without a pause, through a client like the service's but for its haste: this is not about speed."""

    def __init__(self, least: int) -> None:
        super().__init__(name="searcher", daemon=True)
        self._least = least
        self._client = connect(timeout_s=10)
        self._ended = threading.Event()
        self.searches = 0
        self.failures: list[str] = []

    def run(self) -> None:
        """Every answer must be whole: all the listings that were there from the first."""
        body = {"size": 20, "track_total_hits": True, "query": {"term": {"country": "KE"}}, "sort": [{"id": "asc"}]}
        while not self._ended.is_set():
            try:
                answer = self._client.search(index=ALIAS, body=body)
                total = answer["hits"]["total"]["value"]
                if answer["_shards"]["failed"] or total < self._least:
                    self.failures.append(f"{total} of {self._least} listings, {answer['_shards']}")
            except OpenSearchException as error:
                self.failures.append(repr(error))
            self.searches += 1

    def stop(self) -> None:
        """End, and wait for the end."""
        self._ended.set()
        self.join(30)
        assert not self.is_alive()
        self._client.close()


@contextmanager
def searching(least: int) -> Iterator[None]:
    """Two who search all the time; fail when one search did."""
    searchers = [Searcher(least) for _ in range(2)]
    for searcher in searchers:
        searcher.start()
    try:
        yield
    finally:
        for searcher in searchers:
            searcher.stop()
    assert [failure for searcher in searchers for failure in searcher.failures] == []
    assert all(searcher.searches > 20 for searcher in searchers)


def test_no_search_fails_when_a_node_is_killed_during_a_rebuild(cluster: Cluster, stores: Stores) -> None:
    world = World(stores)
    world.add_listings(LISTINGS)
    rebuild(stores, grace_s=0)
    with world.worker_running(round_s=1, look_s=1), Editor(stores.engine, seed=61) as editor, searching(LISTINGS):
        for _ in range(ROUNDS):
            cluster.make_whole()
            victim = cluster.node_of_primary(ALIAS)
            with subprocess.Popen([PROVIDER_INDEXER, "rebuild", "--grace", "1"], stderr=subprocess.PIPE) as rebuilding:
                assert rebuilding.stderr
                while b"Filling" not in (line := rebuilding.stderr.readline()):
                    assert line, "the rebuild ended before"
                cluster.kill(victim)
                rebuilding.communicate(timeout=300)
        pause(1)
    with world.worker_running(round_s=1):
        check_whole(stores, editor.ledger, within_s=180)


def test_new_index_has_its_replica_when_it_is_published(cluster: Cluster, stores: Stores) -> None:
    world = World(stores)
    world.add_listings(LISTINGS)
    rebuild(stores, grace_s=0)
    with world.worker_running(round_s=1, look_s=1), Editor(stores.engine, seed=60) as editor:
        for _ in range(ROUNDS):
            cluster.make_whole()
            rebuild(stores, grace_s=0)
            with searching(LISTINGS):
                # At once: no moment is given to a replica that is still on its way.
                cluster.kill(cluster.node_of_primary(ALIAS))
                pause(3)
    with world.worker_running(round_s=1):
        check_whole(stores, editor.ledger, within_s=180)
