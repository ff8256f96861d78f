"""A reload or a stop of the service in full traffic loses no request."""

import http.client
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.engines.index_world import wait_until
from tests.faults.service import Service
from tests.faults.world import FaultWorld, pause, size
from tests.worlds.clock import promised

RELOADS = size(1, 30)
STOPS = size(1, 20)
PATH = "/v1/providers?q=clinic&country=KE"


@pytest.fixture
def environment(world: FaultWorld, gazetteer_path: Path) -> dict[str, str]:
    world.add_listings(200)
    world.rebuild()
    # So that many requests are under way at any moment.
    world.pair.search_link.delay_s = 0.03
    return {**world.environment, "STATE_DIR": str(gazetteer_path.parent)}


class Client(threading.Thread):
    """Asks all the time, over one kept connection or a new one for each request, and notes what was lost.

    A kept connection may be closed by the server at any moment when it is idle: HTTP lets a client then ask again on a
    new one. A new connection that was made and gives no answer is a request lost.
    """

    def __init__(self, port: int, *, keeps: bool) -> None:
        super().__init__(name="client", daemon=True)
        self._port, self._keeps = port, keeps
        self._ended = threading.Event()
        self._connection: http.client.HTTPConnection | None = None
        self.answered = 0
        self.lost: list[str] = []
        self.refused = False

    def run(self) -> None:
        while not self._ended.is_set() and not self.refused:
            self._ask(may_be_stale=self._connection is not None)

    def _ask(self, *, may_be_stale: bool) -> None:
        connection = self._connection or http.client.HTTPConnection("127.0.0.1", self._port, timeout=promised(20))
        try:
            if not may_be_stale:
                connection.connect()
        except ConnectionRefusedError:
            self.refused = True
            return
        except OSError as error:
            self.lost.append(f"connecting: {error!r}")
            return
        connected = time.monotonic()
        try:
            connection.request("GET", PATH)
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self._connection = None
            if not may_be_stale:
                self.lost.append(f"{time.monotonic():.2f}, connected {connected:.2f}: {error!r}")
            return
        self._read(connection, answer)

    def _read(self, connection: http.client.HTTPConnection, answer: http.client.HTTPResponse) -> None:
        try:
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.lost.append(f"in the middle of an answer: {error!r}")
            return
        # A machine that has too much to do may refuse one: that is an answer too.
        refused = answer.status == 503 and b"problem-overloaded" in body
        if not refused and (answer.status != 200 or not body):
            self.lost.append(f"status {answer.status}: {body[:200]!r}")
        self.answered += 1
        if self._keeps and not answer.will_close:
            self._connection = connection
        else:
            connection.close()
            self._connection = None

    def stop(self) -> None:
        self._ended.set()
        self.join(30)
        assert not self.is_alive()


@contextmanager
def traffic(service: Service) -> Iterator[list[Client]]:
    """Clients of both kinds; fail when one of their requests is lost."""
    clients = [Client(service.port, keeps=bool(number % 2)) for number in range(6)]
    for client in clients:
        client.start()
    try:
        yield clients
    finally:
        for client in clients:
            client.stop()
    assert [lost for client in clients for lost in client.lost] == []
    assert all(client.answered > 3 for client in clients)


def test_reload_loses_no_request(environment: dict[str, str], tmp_path: Path) -> None:
    with Service(environment, tmp_path / "service.log") as service:
        with traffic(service) as clients:
            pause(1)
            for _ in range(RELOADS):
                before = set(service.workers)
                service.signal(signal.SIGHUP)
                wait_until(lambda old=before: not old & set(service.workers), 40, "all workers are new")  # type: ignore[misc]
                answered = sum(client.answered for client in clients)
                wait_until(lambda seen=answered: sum(c.answered for c in clients) > seen + 20, 60, "they answer")  # type: ignore[misc]
            assert not any(client.refused for client in clients), "the listener was never closed"
        assert len(service.workers) == 2
        assert "Traceback" not in service.said()


def test_reload_of_workers_that_have_not_begun_loses_no_request(environment: dict[str, str], tmp_path: Path) -> None:
    with Service(environment, tmp_path / "service.log") as service:
        with traffic(service) as clients:
            first = set(service.workers)
            # The second comes while the workers of the first still load.
            for _ in range(3):
                service.signal(signal.SIGHUP)
                pause(0.7)
            wait_until(lambda: len(service.workers) == 2 and not first & set(service.workers), 40, "all are new")
            answered = sum(client.answered for client in clients)
            wait_until(lambda: sum(client.answered for client in clients) > answered + 20, 60, "they answer")
            assert not any(client.refused for client in clients), "the listener was never closed"
        assert "Traceback" not in service.said()


def test_stop_loses_no_request_that_was_taken(environment: dict[str, str], tmp_path: Path) -> None:
    for number in range(STOPS):
        with Service(environment, tmp_path / f"service-{number}.log") as service:
            with traffic(service) as clients:
                pause(1)
                began = time.monotonic()
                service.signal(signal.SIGTERM)
                service.process.wait(promised(30))
                # The longest request and the two seconds for kept connections; no worker had to be killed.
                assert time.monotonic() - began < promised(10)
                wait_until(lambda all_=clients: all(client.refused for client in all_), 20, "nobody listens")  # type: ignore[misc]
            assert service.process.returncode == 0
            assert "Traceback" not in service.said()
