"""The programs of the indexers killed: the worker anywhere, the rebuild at each of its steps."""

import random
import signal

import pytest

from indexers.rebuild import Step
from tests.engines.index_world import wait_until
from tests.faults.world import PYTHON, FaultWorld, kill, pause, size

ROUNDS = size(3, 30)
LISTINGS = size(3_000, 20_000)
STEPS: tuple[Step, ...] = ("create", "fill", "compare", "publish", "clean")

KILLED_REBUILD = """
import os, sys
from indexers.rebuild import rebuild
from indexers.stores import open_stores
def kill(reached, done, total):
    if reached == sys.argv[1] and (reached != "fill" or done > 0):
        os.kill(os.getpid(), 9)
rebuild(open_stores(), progress=kill)
"""

HANGING_WORKER = """
import threading, time
import indexers.outbox as outbox
from indexers.stores import open_stores
from indexers.writer import BulkWriter
outbox._LONGEST_HOLD = "2s"
def hang(*_):
    print("written", flush=True)
    time.sleep(60)
outbox.settle = hang
stores = open_stores()
outbox.index_batch(stores, BulkWriter(stores.client), bulk=False)
"""


def test_worker_killed_at_random_points_loses_nothing(world: FaultWorld) -> None:
    delays = random.Random(30)
    world.add_listings(LISTINGS)
    world.rebuild()
    with world.editing(seed=30) as editor:
        for _ in range(ROUNDS):
            world.bump(LISTINGS)
            worker = world.start_worker()
            try:
                wait_until(lambda: world.claimed, 90, "the worker has begun")
                pause(delays.uniform(0, 0.8))
            finally:
                kill(worker)
    with world.working():
        world.check(editor.ledger)


def test_worker_killed_while_another_works_loses_nothing(world: FaultWorld) -> None:
    world.add_listings(LISTINGS)
    world.rebuild()
    with world.editing(seed=31) as editor, world.working(batch_rows=100):
        worker = world.start_worker()
        try:
            pause(2)
            world.bump(LISTINGS)
            pause(0.3)
        finally:
            kill(worker)
        pause(0.5)
    with world.working():
        world.check(editor.ledger)


def test_worker_that_hangs_in_a_batch_is_relieved_of_its_rows(world: FaultWorld) -> None:
    world.rebuild()
    world.add_listings(10)
    with world.process(PYTHON, "-c", HANGING_WORKER) as hanging:
        assert hanging.stdout
        assert hanging.stdout.readline() == b"written\n"
        with world.working():
            world.check(within_s=60)


def test_stopped_worker_that_goes_on_later_does_no_harm(world: FaultWorld) -> None:
    world.add_listings(LISTINGS)
    world.rebuild()
    with world.editing(seed=32) as editor:
        world.bump(LISTINGS)
        worker = world.start_worker()
        try:
            wait_until(lambda: world.claimed, 90, "the worker has begun")
            worker.send_signal(signal.SIGSTOP)
            # Newer revisions than those that it holds go in meanwhile.
            world.bump(LISTINGS)
            with world.working():
                pause(2)
            worker.send_signal(signal.SIGCONT)
            wait_until(lambda: world.waiting == 0, 90, "the worker goes on")
        finally:
            kill(worker)
    with world.working():
        world.check(editor.ledger)


@pytest.mark.parametrize("step", STEPS)
def test_rebuild_killed_at_a_step_while_writes_go_on_loses_nothing(world: FaultWorld, step: Step) -> None:
    world.add_listings(LISTINGS)
    world.rebuild()
    with world.editing(seed=33) as editor, world.working():
        with world.process(PYTHON, "-c", KILLED_REBUILD, step) as rebuilding:
            rebuilding.communicate(timeout=300)
            assert rebuilding.returncode == -signal.SIGKILL
        world.bump(LISTINGS)
        pause(0.5)
    # The worker removes what was left; nobody has to rebuild first.
    with world.working():
        world.check(editor.ledger)
