"""Connections are shared fairly among the workers, and one that hangs holds up nobody but its own."""

import os
import signal
import socket
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from directory.serving.worker import TAKE_ALL_S
from tests.engines.index_world import wait_until
from tests.faults.service import Service
from tests.faults.world import FaultWorld, size
from tests.worlds.clock import promised

CROWDS = size(5, 50)


@pytest.fixture
def environment(world: FaultWorld, gazetteer_path: Path) -> dict[str, str]:
    world.add_listings(10)
    world.rebuild()
    return {**world.environment, "STATE_DIR": str(gazetteer_path.parent), "WEB_WORKERS": "2"}


def held(service: Service) -> list[int]:
    """How many connections each worker holds, the fewest first."""
    port = f":{service.port:04X}"
    table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {row[9] for row in table if row[1].endswith(port) and row[3] == "01"}
    return sorted(sum(inode in inodes for inode in sockets(pid)) for pid in service.workers)


def sockets(pid: int) -> list[str]:
    """The inodes of a process's sockets."""
    targets = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            targets.append(str(descriptor.readlink()))
        except FileNotFoundError:  # closed meanwhile
            continue
    return [target[len("socket:[") : -1] for target in targets if target.startswith("socket:[")]


def connect(service: Service, count: int) -> list[HTTPConnection]:
    """Kept connections made at the same moment, on each of which a request was answered."""
    connections = [HTTPConnection("127.0.0.1", service.port, timeout=promised(20)) for _ in range(count)]
    together = threading.Barrier(count)
    answered: list[int] = []

    def ask(connection: HTTPConnection) -> None:
        together.wait()
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        answered.append(answer.status)

    threads = [threading.Thread(target=ask, args=(connection,)) for connection in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answered == [200] * count
    return connections


def test_each_worker_holds_half_of_the_connections(environment: dict[str, str], tmp_path: Path) -> None:
    with Service(environment, tmp_path / "service.log") as service:
        spreads = []
        for _ in range(CROWDS):
            wait_until(lambda: held(service) == [0, 0], 20, "no connection is left")
            # One that came too late before is waited for again.
            time.sleep(TAKE_ALL_S)
            connections = connect(service, 8)
            spreads.append(held(service))
            for connection in connections:
                connection.close()
        # On a busy machine a worker may come too late for one crowd.
        assert sum(spread == [4, 4] for spread in spreads) * 2 > CROWDS, spreads


def test_a_worker_that_hangs_is_not_waited_for(environment: dict[str, str], tmp_path: Path) -> None:
    with Service(environment, tmp_path / "service.log") as service:
        wait_until(lambda: held(service) == [0, 0], 20, "no connection is left")
        hung = service.workers[0]
        os.kill(hung, signal.SIGSTOP)
        try:
            connections = connect(service, 8)
            assert held(service) == [0, 8]
        finally:
            os.kill(hung, signal.SIGCONT)
        for connection in connections:
            connection.close()


def test_nothing_is_left_to_a_worker_that_died(environment: dict[str, str], tmp_path: Path) -> None:
    with Service(environment, tmp_path / "service.log") as service:
        first = set(service.workers)
        for pid in first:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: len(service.workers) == 2 and not first & set(service.workers), 40, "all workers are new")
        wait_until(lambda: answers(service), 40, "they answer")
        # Both are there again, and each takes its half.
        wait_until(lambda: held_by_a_crowd(service) == [4, 4], 40, "each holds half")


def test_killed_parent_leaves_the_port_to_the_next_at_once(environment: dict[str, str], tmp_path: Path) -> None:
    with Service(environment, tmp_path / "service.log") as service:
        # A kept connection, and one in the middle of a request: neither holds a worker without a parent.
        (kept,) = connect(service, 1)
        half = socket.create_connection(("127.0.0.1", service.port))
        half.sendall(b"GET /healthz HTTP/1.1\r\n")
        orphans = service.workers
        os.kill(service.process.pid, signal.SIGKILL)
        service.process.wait(10)
        wait_until(lambda: is_free(service.port), 20, "nobody listens")
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans), 20, "no orphan is left")
        kept.close()
        half.close()


def test_answers_again_soon_after_the_parent_was_killed(environment: dict[str, str], tmp_path: Path) -> None:
    with Service(environment, tmp_path / "service.log") as service:
        os.kill(service.process.pid, signal.SIGKILL)
        service.process.wait(10)
        # As whoever supervises it does: at once, and on the same port.
        service.start_again()
        wait_until(lambda: answers(service), 60, "it answers")
        assert "Connection in use" not in service.said(), "the port was free"


def answers(service: Service) -> bool:
    try:
        return service.get("/healthz")[0] == 200
    except OSError:
        return False


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return not any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in table)


def held_by_a_crowd(service: Service) -> list[int]:
    """How eight connections made at once are held."""
    connections = connect(service, 8)
    seen = held(service)
    for connection in connections:
        connection.close()
    wait_until(lambda: held(service) == [0, 0], 20, "no connection is left")
    return seen
