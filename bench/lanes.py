"""What waits for the index: how fast an import goes in, and how soon an edit beside it is found."""

import random
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.figures import percentile
from bench.telling import table, tell
from bench.world import World
from directory.actors import command
from directory.listings.changing import rename_provider
from indexers.outbox import drain
from indexers.stores import Stores
from indexers.writer import BulkWriter

BULK_ROWS = 300_000
EDITS_PER_SECOND = 5
_LOOKS_EVERY_S = 0.05
# Later than this an edit counts as not found, and as having taken so long.
_GIVEN_UP_S = 60.0

_RAISE = text("UPDATE listing SET revision = revision + 1, updated_at = now() WHERE id <= :rows")
_BULK_WAITS = text("SELECT EXISTS (SELECT FROM outbox WHERE set_aside_at IS NULL AND bulk)")
_PROVIDERS = text("SELECT provider_id FROM listing WHERE status = 'active' ORDER BY id DESC LIMIT 5000")


def measure_lanes(world: World) -> dict[str, Any]:
    """Listings a second of a bulk change, alone; then again beside edits, and how soon each of these is found."""
    stores = world.open_stores()
    rows = min(BULK_ROWS, world.rows)
    drain(stores, BulkWriter(stores.client))
    tell(f"A bulk change of {rows:,} listings goes into the index")
    with indexing(world):
        alone_s = _bulk(stores, rows)
        tell("The same, with edits beside it")
        edits = _Edits(stores, world.seed)
        edits.start()
        beside_s = _bulk(stores, rows)
        edits.stop()
    stores.engine.dispose()
    stores.client.close()
    result = {
        "bulk_rows": rows,
        "rate": round(rows / alone_s),
        "rate_beside_edits": round(rows / beside_s),
        "edits": len(edits.lags_s),
        "edit_p50_s": round(percentile(edits.lags_s, 0.5), 2),
        "edit_p99_s": round(percentile(edits.lags_s, 0.99), 2),
        "edit_longest_s": round(max(edits.lags_s), 2),
    }
    table("Lanes", ("", ""), [(key.replace("_", " "), str(value)) for key, value in result.items()])
    return result


@contextmanager
def indexing(world: World) -> Iterator[None]:
    """Meanwhile what changes goes into the index."""
    command_line = [str(Path(sys.executable).parent / "provider-indexer"), "run"]
    with subprocess.Popen(command_line, env=world.environment(), stderr=subprocess.DEVNULL) as process:
        try:
            yield
            if process.poll() is not None:
                raise RuntimeError(f"The indexer ended with {process.returncode}")
        finally:
            process.terminate()


def _bulk(stores: Stores, rows: int) -> float:
    """Seconds from the commit of a change of the first `rows` listings until the last of them is in the index."""
    with stores.engine.begin() as connection:
        connection.execute(text("SELECT set_config('directory.bulk', 'on', true)"))
        connection.execute(_RAISE, {"rows": rows})
    started = time.monotonic()
    with stores.autocommit() as connection:
        while connection.execute(_BULK_WAITS).scalar():
            time.sleep(0.1)
    return time.monotonic() - started


class _Edits:
    """Somebody who gives providers new names, and looks how soon each is found."""

    def __init__(self, stores: Stores, seed: int) -> None:
        self._stores = stores
        with stores.engine.connect() as connection:
            self._providers = list(connection.execute(_PROVIDERS).scalars().unique())
        # Each once: who is renamed again before the first name was found is never found by that.
        random.Random(seed).shuffle(self._providers)
        self._ended = threading.Event()
        self._waiting: dict[str, float] = {}
        self._threads = [threading.Thread(target=each) for each in (self._edit, self._look)]
        self.lags_s: list[float] = []

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End, once every edit was found or given up."""
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _edit(self) -> None:
        while not self._ended.wait(1 / EDITS_PER_SECOND):
            word = "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(14))
            with Session(self._stores.engine) as session, session.begin():
                rename_provider(session, self._providers.pop(), f"Edited {word}", actor=command("bench"))
            self._waiting[word] = time.monotonic()

    def _look(self) -> None:
        """One request for all that is not found yet: one each would be the load that it measures."""
        while self._waiting or not self._ended.is_set():
            if waiting := list(self._waiting.items()):
                self._note(waiting)
            time.sleep(_LOOKS_EVERY_S)

    def _note(self, waiting: list[tuple[str, float]]) -> None:
        asked: list[dict[str, Any]] = []
        for word, _ in waiting:
            asked += [{}, {"size": 0, "terminate_after": 1, "query": {"match": {"name": word}}}]
        answers = self._stores.client.msearch(index=self._stores.alias, body=asked)["responses"]
        now = time.monotonic()
        for (word, committed), answer in zip(waiting, answers, strict=True):
            if answer["hits"]["total"]["value"] or now > committed + _GIVEN_UP_S:
                self.lags_s.append(now - committed)
                del self._waiting[word]
