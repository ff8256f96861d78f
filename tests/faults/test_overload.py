"""More requests than the service can carry, and engines that hang: it sheds, answers the rest in time, and recovers."""

import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.load import Load, Reply, quantile
from tests.faults.pair import Pair
from tests.faults.service import Service
from tests.faults.world import FaultWorld, pause, size
from tests.worlds.clock import promised

# It measures: nothing else may run beside it.
pytestmark = pytest.mark.alone

LISTINGS = 3_000
MEASURED_S = size(2, 20)
OVERLOAD_S = size(6, 60)
TIMES = 4
BACK_WITHIN_S = 10.0

SEARCHES = (
    "/v1/providers?q=clinic&country=KE",
    "/v1/providers?near=Nairobi&radius_km=100",
    "/v1/providers?country=KE&type=hospital&sort=name",
    "/v1/suggest?q=clin",
)


@pytest.fixture
def service(world: FaultWorld, gazetteer_path: Path, tmp_path: Path) -> Iterator[Service]:
    world.add_listings(LISTINGS)
    world.rebuild()
    environment = {**world.environment, "STATE_DIR": str(gazetteer_path.parent)}
    with Service(environment, tmp_path / "service.log") as running:
        yield running


def searches() -> Iterator[str]:
    return itertools.cycle(SEARCHES)


class Probe(threading.Thread):
    """Asks one address twice a second, and remembers status and time."""

    def __init__(self, service: Service, path: str) -> None:
        super().__init__(name="probe", daemon=True)
        self._service, self._path = service, path
        self._ended = threading.Event()
        self.seen: list[tuple[int, float]] = []

    def run(self) -> None:
        while not self._ended.wait(0.5):
            began = time.monotonic()
            status, _ = self._service.get(self._path)
            self.seen.append((status, time.monotonic() - began))

    def __enter__(self) -> "Probe":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join(30)


def is_normal(service: Service) -> bool:
    """Whether a handful of requests in a row is answered at once, all of them whole."""
    for path in (*SEARCHES, "/v1/providers/1"):
        began = time.monotonic()
        status, body = service.get(path)
        if status != 200 or body["degraded"] or time.monotonic() - began > promised(0.5):
            return False
    return True


def wait_until_normal(service: Service) -> None:
    ends = time.monotonic() + promised(BACK_WITHIN_S)
    while not is_normal(service):
        assert time.monotonic() < ends, f"not as before within {BACK_WITHIN_S} s: {service.said()[-2000:]}"
        time.sleep(0.2)


def test_overload_is_shed_and_the_rest_is_answered_in_time(
    service: Service, record_property: Callable[[str, object], None]
) -> None:
    load = Load(service.port)
    load.as_fast_as_it_answers(searches(), clients=8, seconds=2)  # engine and service are slow at first
    capacity = 0.0
    for _ in range(2):
        measured = load.as_fast_as_it_answers(searches(), clients=8, seconds=MEASURED_S)
        assert {reply.status for reply in measured} == {200}, "what it can carry, it answers"
        capacity = max(capacity, len(measured) / MEASURED_S)

    with Probe(service, "/healthz") as alive:
        replies = load.at_rate(searches(), per_second=TIMES * capacity, seconds=OVERLOAD_S)
    ended = time.monotonic()
    wait_until_normal(service)
    back_s = time.monotonic() - ended

    answered = [reply for reply in replies if reply.status == 200]
    refused = [reply for reply in replies if reply.status == 503]
    shed = [reply for reply in refused if b"#problem-overloaded" in reply.body]
    figures = {
        "capacity_per_second": round(capacity, 1),
        "asked_per_second": round(TIMES * capacity, 1),
        "answered_per_second": round(len(answered) / OVERLOAD_S, 1),
        "answered_p50_s": round(quantile(answered, 0.5), 3),
        "answered_p99_s": round(quantile(answered, 0.99), 3),
        "shed_per_second": round(len(shed) / OVERLOAD_S, 1),
        "given_up_per_second": round((len(refused) - len(shed)) / OVERLOAD_S, 1),
        "shed_p99_s": round(quantile(shed, 0.99), 3) if shed else None,
        "back_after_s": round(back_s, 2),
        "healthz_longest_s": round(max(seconds for _, seconds in alive.seen), 3),
    }
    for name, value in figures.items():
        record_property(name, value)
    assert len(answered) + len(refused) == len(replies), "every request is answered or refused"
    # What was begun may still find no answer in time; that is the exception.
    assert len(refused) - len(shed) <= len(replies) / 20
    assert all(int(reply.retry_after or 0) > 0 for reply in refused)
    assert len(shed) > len(replies) / 4, "it was too much"
    for reply in shed:
        check_shed(reply)
    # Refusing must leave room to answer: the answers do not go under in the refusals.
    assert len(answered) / OVERLOAD_S > capacity / 5
    assert quantile(answered, 0.99) <= promised(1.0)
    assert alive.seen
    assert {status for status, _ in alive.seen} == {200}
    assert count_shed(service) >= len(shed)


def check_shed(reply: Reply) -> None:
    problem = json.loads(reply.body)
    assert problem["type"] == "/docs#problem-overloaded"
    assert problem["status"] == 503
    assert problem["detail"]
    assert 1 <= int(reply.retry_after or 0) <= 10


def count_shed(service: Service) -> float:
    """Across the workers."""
    text: str = service.get("/metrics")[1]
    [line] = [line for line in text.splitlines() if line.startswith("directory_shed_requests_total ")]
    return float(line.split()[1])


def test_requests_end_in_time_while_both_engines_hang_under_load(service: Service, pair: Pair) -> None:
    load = Load(service.port)
    load.as_fast_as_it_answers(searches(), clients=8, seconds=1)
    paths = itertools.cycle((*SEARCHES, "/v1/providers/1", "/v1/places?q=Nairobi", "/readyz", "/healthz"))
    pair.database_link.silent = pair.search_link.silent = True
    replies = load.at_rate(paths, per_second=20, seconds=5)
    assert {reply.status for reply in replies} <= {200, 503}
    assert max(reply.seconds for reply in replies) < promised(2.0), "from the moment that each was sent"
    for reply in replies:
        if reply.path in ("/healthz", "/v1/places?q=Nairobi"):
            assert reply.status == 200 or b"problem-overloaded" in reply.body
        if reply.status == 503 and reply.path != "/readyz":
            assert int(reply.retry_after or 0) > 0
    away = service.get("/metrics")[1]
    assert 'directory_engine_away{engine="search"}' in away
    pair.database_link.heal()
    pair.search_link.heal()
    wait_until_normal(service)


def test_silent_connections_keep_nobody_waiting(service: Service) -> None:
    # As browsers open them ahead, many more than there are threads.
    silent = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(40)]
    pause(0.5)
    try:
        for _ in range(10):
            began = time.monotonic()
            assert service.get(SEARCHES[0])[0] == 200
            assert time.monotonic() - began < promised(1)
    finally:
        for connection in silent:
            connection.close()


def test_clients_that_never_close_keep_nobody_waiting(service: Service) -> None:
    last = b"GET /healthz HTTP/1.1\r\nHost: directory.example\r\nConnection: close\r\n\r\n"
    lingering = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(20)]
    try:
        for connection in lingering:
            connection.sendall(last)
        pause(0.3)
        for _ in range(10):
            began = time.monotonic()
            assert service.get(SEARCHES[0])[0] == 200
            assert time.monotonic() - began < promised(1)
        for connection in lingering:
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200 OK")
    finally:
        for connection in lingering:
            connection.close()
