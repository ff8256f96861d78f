"""OpenSearch killed in the middle of what it does, again and again."""

import random

import pytest

from tests.engines.index_world import wait_until
from tests.faults.world import PROVIDER_INDEXER, PYTHON, FaultWorld, pause, size

ROUNDS = size(2, 25)
LISTINGS = size(4_000, 20_000)


def test_engine_killed_at_random_points_of_a_bulk_loses_nothing(world: FaultWorld) -> None:
    delays = random.Random(20)
    world.add_listings(LISTINGS)
    world.rebuild()
    (index,) = world.indices.live()
    # One killed before its answer is asked for again, with pauses that grow: it may miss a start by seconds.
    with world.editing(seed=20) as editor, world.working(batch_rows=1_000, lost_after_s=60):
        for _ in range(ROUNDS):
            world.bump(LISTINGS)
            pause(delays.uniform(0, 1.2))
            world.pair.kill_opensearch()
            world.bump(LISTINGS // 10)
            world.pair.make_whole()
        pause(0.5)
    with world.working(lost_after_s=60):
        world.check(editor.ledger, within_s=180)
    assert world.indices.live() == [index], "a restart is no reason to rebuild"


@pytest.mark.parametrize("step", ["fill", "compare"])
def test_engine_killed_during_a_rebuild_leaves_a_whole_index(world: FaultWorld, step: str) -> None:
    world.add_listings(LISTINGS)
    world.rebuild()
    # Told its own steps, the rebuild waits at each, so that the kill cannot come after its end.
    program = (
        "import sys, time\n"
        "from indexers.rebuild import rebuild\n"
        "from indexers.stores import open_stores\n"
        "def tell(reached, done, total):\n"
        "    if reached == sys.argv[1] and (done > 0 or reached != 'fill'):\n"
        "        print('reached', flush=True)\n        time.sleep(0.5)\n"
        "rebuild(open_stores(), progress=tell, grace_s=0)\n"
    )
    with (
        world.editing(seed=21) as editor,
        world.working(lost_after_s=60),
        world.process(PYTHON, "-c", program, step) as rebuilding,
    ):
        assert rebuilding.stdout
        assert rebuilding.stdout.readline() == b"reached\n"
        world.pair.kill_opensearch()
        world.pair.make_whole()
        # It waits for an engine while it fills; later it gives up, and leaves the index that was there.
        rebuilding.communicate(timeout=300)
        assert (rebuilding.returncode == 0) is (step == "fill")
    with world.working():
        world.check(editor.ledger)


def test_rebuild_after_an_engine_that_was_killed_needs_nothing_from_before(world: FaultWorld) -> None:
    world.add_listings(100)
    world.rebuild()
    world.pair.kill_opensearch()
    world.bump(100)
    with world.process(PROVIDER_INDEXER, "rebuild") as rebuilding:
        output, _ = rebuilding.communicate(timeout=300)
        assert rebuilding.returncode == 1
        assert b"does not answer" in output
    world.pair.make_whole()
    world.rebuild()
    world.check()
    wait_until(lambda: world.waiting == 0, 1, "the rebuild did what waited")
