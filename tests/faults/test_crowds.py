"""Clients that are slow, idle or deaf take connections, never threads: whoever asks in order is answered as ever."""

import itertools
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.settings import PROJECT_ROOT
from tests.faults.load import Load, quantile
from tests.faults.service import Service
from tests.faults.world import PYTHON, FaultWorld, size
from tests.worlds.clock import soak

# It measures: nothing else may run beside it.
pytestmark = pytest.mark.alone

SEARCHES_S = size(20, 600)
SEARCHES = (
    "/v1/providers?q=clinic&country=KE",
    "/v1/providers?near=Nairobi&radius_km=100",
    "/v1/providers?country=KE&type=hospital&sort=name",
    "/v1/suggest?q=clin",
)


@pytest.fixture
def service(world: FaultWorld, gazetteer_path: Path, tmp_path: Path) -> Iterator[Service]:
    world.add_listings(3_000)
    world.rebuild()
    with Service({**world.environment, "STATE_DIR": str(gazetteer_path.parent)}, tmp_path / "service.log") as running:
        yield running


@contextmanager
def crowd(service: Service, *, slow: int = 0, idle: int = 0, deaf: int = 0) -> Iterator[None]:
    """So many clients of each kind, all of them there already."""
    words = [PYTHON, "-m", "tests.faults.crowd", *(str(number) for number in (service.port, slow, idle, deaf))]
    with subprocess.Popen(words, cwd=PROJECT_ROOT, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
            yield
            assert process.poll() is None, "the crowd had gone by itself"
        finally:
            process.kill()


def test_crowds_of_slow_idle_and_deaf_clients_keep_no_search_waiting(
    service: Service, record_property: Callable[[str, object], None]
) -> None:
    load = Load(service.port)
    load.as_fast_as_it_answers(itertools.cycle(SEARCHES), clients=8, seconds=2)  # engine and service are slow at first
    with crowd(service, slow=500, idle=2_000, deaf=100):
        replies = load.at_rate(itertools.cycle(SEARCHES), per_second=40, seconds=SEARCHES_S)
        assert service.get("/healthz")[0] == 200
    for share in (0.5, 0.95, 0.99):
        record_property(f"p{share * 100:.0f}_s", round(quantile(replies, share), 4))
    # Where other work goes on the service may refuse some (503); a crowd that held threads would let few through.
    assert {reply.status for reply in replies} <= {200, 503}
    assert sum(reply.status == 200 for reply in replies) > 0.9 * len(replies)
    if soak():  # the goal, on a machine that does nothing else
        assert {reply.status for reply in replies} == {200}
        assert quantile(replies, 0.95) < 0.3
    assert "Traceback" not in service.said()


@pytest.mark.parametrize("kind", ["slow", "idle", "deaf"])
def test_a_crowd_of_one_kind_does_not_stop_the_service(service: Service, kind: str) -> None:
    with crowd(service, **{kind: 2_200 if kind == "idle" else 60}):
        for path in ("/healthz", *SEARCHES):
            assert service.get(path, timeout_s=5)[0] == 200
