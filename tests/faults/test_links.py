"""Links that are slow, cut, reset, or silent, between a worker and either engine."""

import time
from collections.abc import Callable

import pytest

from indexers.documents import Document
from indexers.errors import EngineUnavailable
from indexers.writer import BulkWriter
from tests.engines.index_world import wait_until
from tests.faults.proxy import Proxy
from tests.faults.world import FaultWorld, pause, size

LISTINGS = size(1_000, 20_000)
ROUNDS = size(3, 20)

Choose = Callable[[FaultWorld], Proxy]
LINKS = pytest.mark.parametrize(
    "choose",
    [lambda world: world.pair.database_link, lambda world: world.pair.search_link],
    ids=["to the database", "to the search engine"],
)


@LINKS
def test_slow_link_only_takes_longer(world: FaultWorld, choose: Choose) -> None:
    world.add_listings(LISTINGS)
    world.rebuild()
    link = choose(world)
    link.delay_s = 0.1
    with world.editing(seed=50) as editor, world.working():
        world.bump(LISTINGS)
        pause(1)
    with world.working():
        world.check(editor.ledger)
    assert link.connections > 0


@LINKS
def test_cut_link_is_taken_up_again(world: FaultWorld, choose: Choose) -> None:
    world.add_listings(LISTINGS)
    world.rebuild()
    link = choose(world)
    with world.editing(seed=51) as editor, world.working(batch_rows=300):
        for _ in range(ROUNDS):
            world.bump(LISTINGS)
            pause(0.2)
            link.cut()
            pause(0.7)
            link.heal()
            pause(0.5)
    with world.working():
        world.check(editor.ledger)


@LINKS
def test_link_reset_in_the_middle_of_a_message_is_taken_up_again(world: FaultWorld, choose: Choose) -> None:
    world.add_listings(LISTINGS)
    world.rebuild()
    link = choose(world)
    link.reset_after = 200_000
    with world.editing(seed=52) as editor, world.working(batch_rows=300):
        for _ in range(ROUNDS):
            world.bump(LISTINGS)
            pause(0.7)
            link.reset()
        seen = link.connections
        link.heal()
        pause(0.5)
    assert seen > ROUNDS
    with world.working():
        world.check(editor.ledger)


@LINKS
def test_half_open_link_is_given_up_and_made_anew(world: FaultWorld, choose: Choose) -> None:
    world.add_listings(LISTINGS)
    world.rebuild()
    link = choose(world)
    with world.editing(seed=53) as editor, world.working(batch_rows=300):
        pause(0.5)
        # Connections stay open, new ones are taken, and nobody ever answers.
        link.silent = True
        world.bump(LISTINGS)
        before = link.connections
        wait_until(lambda: link.connections > before, 90, "the worker gives up a connection that does not answer")
        link.silent = False
        wait_until(lambda: world.waiting < LISTINGS // 2, 90, "the worker goes on")
    with world.working():
        world.check(editor.ledger)


def test_silence_of_the_engine_uses_up_the_patience_of_a_writer(world: FaultWorld) -> None:
    world.rebuild()
    world.pair.search_link.silent = True
    began = time.monotonic()
    with pytest.raises(EngineUnavailable):
        BulkWriter(world.linked.client, patience_s=2).write(
            world.stores.alias, [Document(1, 1, b'{"live": false, "id": 1}')]
        )
    # One answer that did not come took three seconds. Counting the pauses alone, it would have asked six times.
    assert time.monotonic() - began < 8


def test_notifications_lost_with_their_connection_cost_a_moment_and_no_change(world: FaultWorld) -> None:
    world.rebuild()
    with world.working():
        pause(1)
        for _ in range(ROUNDS):
            world.pair.database_link.reset()
            world.add_listing()
            wait_until(lambda: world.waiting == 0, 30, "found by looking")
        world.check()


def test_server_watches_its_end_of_the_link_too(world: FaultWorld) -> None:
    # A worker that vanished must not hold its rows, nor a rebuild its lock, for the two hours of the kernel.
    with world.linked.engine.connect() as connection:
        idle, interval, count = (
            int(connection.exec_driver_sql(f"SHOW tcp_keepalives_{name}").scalar_one())
            for name in ("idle", "interval", "count")
        )
    assert 0 < idle + interval * count <= 20
