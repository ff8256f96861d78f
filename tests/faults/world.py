"""The small world of the indexers' tests on engines that may be killed, with programs that run as processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from indexers.stores import Stores, open_stores
from tests.engines.index_world import World
from tests.faults.checker import check_whole
from tests.faults.ledger import Editor, Ledger
from tests.faults.pair import Pair
from tests.worlds.clock import SLOWEST_MACHINE, soak

PYTHON = sys.executable
PROVIDER_INDEXER = Path(PYTHON).parent / "provider-indexer"
ALIAS = "faults"
# A worker that looks around often, so that no test waits a minute for it.
_HASTE = {"round_s": 1.0, "look_s": 0.5, "lost_after_s": 3.0, "patience_s": 1.0}


class FaultWorld(World):
    """`stores` go straight to the engines, for whoever looks; `linked` through the links, for what is tested."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        super().__init__(open_stores(database_url=pair.postgres.url, opensearch_url=pair.opensearch.url, alias=ALIAS))
        self.linked = open_stores(
            database_url=pair.through_link(pair.postgres.url),
            opensearch_url=pair.search_url,
            alias=ALIAS,
            database_answer_s=3,
            engine_answer_s=3,
        )

    def close(self) -> None:
        """Let go of every connection."""
        for stores in (self.stores, self.linked):
            stores.engine.dispose()
            stores.client.close()

    def clear(self) -> None:
        """No listing, no index."""
        self.lay_ground()
        self.stores.client.indices.delete(index=f"{ALIAS}*", ignore_unavailable=True)

    def editing(self, seed: int = 1, **options: Any) -> Editor:
        """Somebody who edits all the time, straight in the database."""
        return Editor(self.stores.engine, seed=seed, **options)

    @contextmanager
    def working(self, stores: Stores | None = None, **options: Any) -> Iterator[None]:
        """A hasty worker behind the links, in a thread."""
        with World(stores or self.linked).worker_running(**(_HASTE | options)):
            yield

    def check(self, *ledgers: Ledger, within_s: float = 120, set_aside: Collection[int] = ()) -> None:
        """The common end of every test here (see checker.py)."""
        check_whole(self.stores, *ledgers, within_s=within_s, set_aside=set_aside)

    def bump(self, count: int) -> None:
        """A new revision of each of the first `count` listings, in one transaction."""
        self.sql("UPDATE listing SET revision = revision + 1 WHERE id <= :count", count=count)

    @property
    def claimed(self) -> bool:
        """Whether a worker holds rows of the outbox at this moment."""
        with self.stores.engine.connect() as connection:
            free = text("SELECT count(*) FROM (SELECT FROM outbox WHERE set_aside_at IS NULL FOR UPDATE SKIP LOCKED) f")
            count: int = connection.execute(free).scalar_one()
            everything = text("SELECT count(*) FROM outbox WHERE set_aside_at IS NULL")
            return bool(count < connection.execute(everything).scalar_one())

    @property
    def environment(self) -> dict[str, str]:
        """For programs that run behind the links."""
        return {
            **os.environ,
            "DATABASE_URL": self.pair.through_link(self.pair.postgres.url),
            "OPENSEARCH_URL": self.pair.search_url,
            "INDEX_PREFIX": ALIAS,
        }

    @contextmanager
    def process(self, *words: str | Path) -> "Iterator[subprocess.Popen[bytes]]":
        """A program behind the links; killed at the end if it still runs."""
        with subprocess.Popen(
            [str(word) for word in words], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """`provider-indexer run` as a process; whoever starts it ends it."""
        return subprocess.Popen(
            [PROVIDER_INDEXER, "run"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


@contextmanager
def background(*words: str | Path, environment: dict[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    """A program that runs meanwhile, silently, and is asked to end at the end."""
    with subprocess.Popen(
        [str(word) for word in words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
            assert process.poll() is None, "the program had ended by itself"
        finally:
            process.terminate()


def kill(process: "subprocess.Popen[bytes]") -> None:
    """As `kill -9` does it; the process must have been running until now."""
    assert process.poll() is None, "the process had ended by itself"
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10 * SLOWEST_MACHINE)


def pause(seconds: float) -> None:
    """Let what is under way go on for so long."""
    time.sleep(seconds)


def size(usual: int, long: int) -> int:
    """A number for `make test`, or the one for the long forms."""
    return long if soak() else usual
