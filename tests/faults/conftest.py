"""Engines of this package's own, since its tests kill them; each worker of pytest has a pair."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.pair import Pair
from tests.faults.world import FaultWorld


@pytest.fixture(scope="session")
def pair(run_dir: Path, worker: str) -> Iterator[Pair]:
    """Both engines, started once, with the newest schema."""
    from directory.db import upgrade

    made = Pair(run_dir / f"faults-{worker.rpartition('_')[2]}")
    try:
        made.make_whole()
        upgrade(made.postgres.url)
        yield made
    finally:
        made.end()


@pytest.fixture
def world(pair: Pair) -> Iterator[FaultWorld]:
    """Both engines whole, with nothing in them."""
    pair.make_whole()
    made = FaultWorld(pair)
    made.clear()
    yield made
    made.close()
