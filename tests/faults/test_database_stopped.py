"""PostgreSQL stopped without warning, and started again."""

import random

from tests.faults.world import PROVIDER_INDEXER, PYTHON, FaultWorld, pause, size

ROUNDS = size(3, 20)
LISTINGS = size(3_000, 20_000)


def test_database_stopped_at_random_points_loses_nothing(world: FaultWorld) -> None:
    delays = random.Random(40)
    world.add_listings(LISTINGS)
    world.rebuild()
    with world.editing(seed=40) as editor, world.working(batch_rows=500):
        for _ in range(ROUNDS):
            world.bump(LISTINGS)
            pause(delays.uniform(0, 1))
            world.pair.stop_postgres_immediately()
            pause(0.5)
            world.pair.make_whole()
        pause(1)
    assert editor.failures, "the database was away"
    with world.working():
        world.check(editor.ledger)


def test_database_stopped_during_a_rebuild_leaves_the_index_that_was_there(world: FaultWorld) -> None:
    world.add_listings(LISTINGS)
    world.rebuild()
    before = world.indices.live()
    program = (
        "import sys, time\n"
        "from indexers import cli, rebuild\n"
        "finish = rebuild.Indices.finish\n"
        "def slow(*args):\n    print('filled', flush=True)\n    time.sleep(2)\n    finish(*args)\n"
        "rebuild.Indices.finish = slow\n"
        "sys.argv = ['provider-indexer', 'rebuild']\n"
        "cli.main()\n"
    )
    with world.editing(seed=41) as editor:
        with world.process(PYTHON, "-c", program) as rebuilding:
            assert rebuilding.stdout
            while (line := rebuilding.stdout.readline()) != b"filled\n":
                assert line, "the rebuild ended before"
            world.pair.stop_postgres_immediately()
            output, _ = rebuilding.communicate(timeout=120)
            assert b"The database does not answer" in output
            assert rebuilding.returncode == 1
        assert world.indices.live() == before
        world.pair.make_whole()
    with world.working():
        world.check(editor.ledger)


def test_commands_say_that_the_database_is_away(world: FaultWorld) -> None:
    world.rebuild()
    world.pair.stop_postgres_immediately()
    for command in ("rebuild", "reconcile", "status"):
        with world.process(PROVIDER_INDEXER, command) as process:
            output, _ = process.communicate(timeout=120)
            assert process.returncode == 1
            assert b"The database does not answer" in output
            assert b"Traceback" not in output
