"""Which connection is closed when there are too many."""

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from gunicorn.config import Config

from directory.serving.connection import Connection
from directory.serving.holding import Holding
from directory.serving.spool import NoRoom, Room
from tests.unit.test_arriving import LIMITS

HERE = replace(LIMITS, connections=4, connections_of_an_address=2, unlimited=frozenset({"127.0.0.1"}))


class Crowd:
    """Connections from addresses, held as a worker holds them."""

    def __init__(self) -> None:
        self.holding = Holding(HERE)
        self.far: list[socket.socket] = []

    def come(self, address: str) -> Connection:
        far, near = socket.socketpair()
        self.far.append(far)
        made = Connection(Config(), near, (address, 1), None, HERE)
        self.holding.came(made.place)
        self.holding.waits(made)
        return made

    def go(self, connection: Connection) -> None:
        self.holding.goes_on(connection)
        self.holding.went(connection.place)
        connection.close()


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    made = Crowd()
    yield made
    for connection in list(made.holding.waiting):
        made.go(connection)
    for far in made.far:
        far.close()


def test_an_address_with_its_share_loses_its_own_stalest(crowd: Crowd) -> None:
    crowd.come("192.0.2.2")
    stalest = crowd.come("192.0.2.1")
    crowd.come("192.0.2.1")
    assert crowd.holding.is_over("192.0.2.1")
    assert crowd.holding.stalest("192.0.2.1") is stalest
    assert not crowd.holding.is_over("192.0.2.2")


def test_an_address_without_a_limit_may_have_more_until_all_are_too_many(crowd: Crowd) -> None:
    stalest, *_ = (crowd.come("127.0.0.1") for _ in range(3))
    assert not crowd.holding.is_over("127.0.0.1")
    crowd.come("192.0.2.1")
    assert crowd.holding.is_over("192.0.2.3")
    assert crowd.holding.stalest("192.0.2.3") is stalest, "of whoever has the most"


def test_one_that_is_answered_is_not_closed(crowd: Crowd) -> None:
    first, second = (crowd.come("192.0.2.1") for _ in range(2))
    crowd.holding.goes_on(first)
    assert crowd.holding.stalest("192.0.2.1") is second
    crowd.holding.goes_on(second)
    assert crowd.holding.stalest("192.0.2.1") is None
    crowd.holding.waits(first)
    crowd.holding.waits(second)


def test_one_that_went_makes_room(crowd: Crowd) -> None:
    first = crowd.come("192.0.2.1")
    crowd.come("192.0.2.1")
    crowd.go(first)
    assert not crowd.holding.is_over("192.0.2.1")


def test_an_answer_that_is_not_fetched_is_kept_and_sent_in_order(crowd: Crowd) -> None:
    connection = crowd.come("192.0.2.1")
    sent = b"".join(number.to_bytes(4, "big") for number in range(500_000))
    connection.sock.sendall(sent[:10])
    connection.sock.sendall(sent[10:1_000_000])
    connection.sock.sendall(sent[1_000_000:])
    assert connection.sock.is_behind
    seen = bytearray()
    while len(seen) < len(sent):
        seen += crowd.far[0].recv(1 << 20)
        connection.sock.send_more()
    connection.sock.send_more()
    assert seen == sent
    assert not connection.sock.is_behind


def test_slow_clients_have_so_much_room_together() -> None:
    room = Room(10)
    room.take(6)
    with pytest.raises(NoRoom):
        room.take(5)
    room.give_back(6)
    room.take(10)
