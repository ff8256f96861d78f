"""Searches that are slow, by their words or by their engine, take no other search and no page down with them."""

import itertools
import random
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import text

from tests.faults.pair import Pair
from tests.faults.service import Service
from tests.faults.world import FaultWorld, size

# Nobody is slow here but those that are meant to be.
pytestmark = pytest.mark.alone

LISTINGS = size(3_000, 300_000)
HOSTILE = 6
ORDINARY = (
    "/v1/providers?q=clinic&country=KE",
    "/v1/providers?near=Nairobi&radius_km=100",
    "/v1/providers?country=KE&type=hospital&sort=name",
    "/v1/providers?q=clinic%202",
)
PAGES = ("/v1/providers/1", "/v1/providers/2", "/search/3")
TURNS = size(40, 1_000)
SLOW_WORD = "zqxqz"


@pytest.fixture
def service(world: FaultWorld, gazetteer_path: Path, tmp_path: Path) -> Iterator[Service]:
    """The service behind the links, on a small world of which each listing is in KE."""
    world.add_listings(LISTINGS)
    world.rebuild()
    environment = {**world.environment, "STATE_DIR": str(gazetteer_path.parent)}
    with Service(environment, tmp_path / "service.log") as running:
        for path in (*ORDINARY, *PAGES):
            assert running.get(path)[0] == 200
        yield running


def hostile_words(rng: random.Random) -> str:
    return " ".join("".join(chr(rng.randint(0xAC00, 0xD7A3)) for _ in range(15)) for _ in range(12))


def hostile_searches(seed: int) -> Iterator[str]:
    rng = random.Random(seed)
    while True:
        yield f"/v1/providers?q={quote(hostile_words(rng))}"


@contextmanager
def beside(service: Service, clients: Sequence[Iterator[str]]) -> Iterator[Counter[int]]:
    """Clients that ask all the time, each the next as soon as it has its answer; what they were answered."""
    seen: Counter[int] = Counter()
    ended = threading.Event()

    def ask(paths: Iterator[str]) -> None:
        while not ended.is_set():
            seen[service.get(next(paths))[0]] += 1

    threads = [threading.Thread(target=ask, args=(paths,), daemon=True) for paths in clients]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        ended.set()
        for thread in threads:
            thread.join(30)


def answers(service: Service, paths: Sequence[str], times: int) -> Counter[tuple[int, object]]:
    """Status, and whether PostGIS had to answer, of each of these, one after the other, so often."""
    seen: Counter[tuple[int, object]] = Counter()
    for path in itertools.chain.from_iterable(itertools.repeat(paths, times)):
        status, body = service.get(path)
        seen[status, body.get("degraded") if isinstance(body, dict) else False] += 1
    return seen


def test_no_ordinary_search_and_no_page_fails_beside_hostile_words(service: Service) -> None:
    with beside(service, [hostile_searches(seed) for seed in range(HOSTILE)]) as hostile:
        seen = answers(service, (*ORDINARY, *PAGES), TURNS)
    assert seen == {(200, False): TURNS * (len(ORDINARY) + len(PAGES))}
    assert hostile[200], "hostile searches are answered too, where there is a place for them"
    assert set(hostile) <= {200, 503}


def test_hostile_clients_with_an_address_are_told_to_wait(
    world: FaultWorld, gazetteer_path: Path, tmp_path: Path
) -> None:
    world.add_listings(10)
    world.rebuild()
    world.sql("DELETE FROM rate")
    environment = {**world.environment, "STATE_DIR": str(gazetteer_path.parent), "UNLIMITED_ADDRESSES": ""}
    with Service({**environment, "READS_PER_ADDRESS": "0"}, tmp_path / "service.log") as running:
        paths = hostile_searches(1)
        seen = [running.get(next(paths))[0] for _ in range(60)]
        assert running.get(ORDINARY[0])[0] == 200
    assert seen[0] == 200
    assert seen[-1] == 429


def test_a_search_that_is_slow_opens_no_breaker_and_readiness_does_not_flap(service: Service, pair: Pair) -> None:
    pair.search_link.slow, pair.search_link.slow_s = SLOW_WORD.encode(), 3.0
    slow = itertools.cycle([f"/v1/providers?q={SLOW_WORD}&facets=none"])
    with beside(service, [slow]) as slowly:
        seen = answers(service, (*ORDINARY, *PAGES), TURNS)
        ready = Counter(service.get("/readyz")[1]["status"] for _ in range(TURNS))
    assert seen == {(200, False): TURNS * (len(ORDINARY) + len(PAGES))}
    assert ready == {"ready": TURNS}
    assert slowly.total() > 0
    assert set(slowly) <= {200, 503}


def test_a_slow_search_of_the_database_takes_no_page_down_and_readiness_does_not_flap(
    service: Service, world: FaultWorld, pair: Pair
) -> None:
    pair.search_link.cut()
    assert service.get(ORDINARY[0])[1]["degraded"]
    with world.stores.engine.connect() as connection, connection.begin():
        # Every search of the database waits here until its time is up.
        connection.execute(text("LOCK TABLE findable IN ACCESS EXCLUSIVE MODE"))
        with beside(service, [itertools.cycle(ORDINARY) for _ in range(HOSTILE)]) as searches:
            seen = answers(service, PAGES, TURNS)
            ready = Counter(tuple(service.get("/readyz")[1][key] for key in ("status", "alias")) for _ in range(TURNS))
    assert seen == {(200, False): TURNS * len(PAGES)}
    assert [status for status, _ in ready] == ["degraded"]
    assert set(searches) == {503}
    assert service.get(ORDINARY[0])[1]["degraded"], "what waited is forgotten once it has ended"
