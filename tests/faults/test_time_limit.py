"""Every request ends within two seconds, whatever the engines do, and with a right status; later all is well again."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from directory.admission import limits
from directory.admission.keys import known_keys
from directory.app import create_app
from directory.runtime import connections
from directory.search import answering
from directory.serving import health
from tests.faults.pair import Pair
from tests.faults.proxy import Proxy
from tests.faults.world import ALIAS, FaultWorld
from tests.http.problem import problem_of
from tests.worlds.clock import promised
from tests.worlds.small_directory import serving

LONGEST_S = 2.0
BACK_WITHIN_S = 10.0

Trouble = Callable[[Proxy], None]


def fall_silent(link: Proxy) -> None:
    link.silent = True


def fall_silent_in_the_middle_of_an_answer(link: Proxy) -> None:
    link.silent_after = 100


def drip(link: Proxy) -> None:
    link.dripping = True


TROUBLES = pytest.mark.parametrize(
    "trouble",
    [Proxy.swallow, fall_silent, fall_silent_in_the_middle_of_an_answer, drip],
    ids=["no connection is made", "nothing is said", "silent in the middle of an answer", "one byte at a time"],
)


@dataclass(frozen=True)
class Route:
    """A request, and its status while all is well, without the database, without the search engine, without both."""

    path: str
    well: int
    no_database: int
    no_search: int
    neither: int
    report: bool = False


ROUTES = (
    Route("/v1/providers?q=clinic&country=KE", 200, 200, 200, 503),
    Route("/v1/providers?near=Nairobi&radius_km=50", 200, 200, 200, 503),
    Route("/v1/providers?q=clinic&key=pk_nobodys", 401, 503, 401, 503),
    Route("/v1/providers/1", 200, 503, 200, 503),
    Route("/v1/providers/1/reports", 201, 503, 201, 503, report=True),
    Route("/v1/map?bbox=36,-2,37,-1&zoom=8", 200, 200, 200, 503),
    Route("/v1/suggest?q=clin", 200, 200, 200, 200),
    Route("/v1/places?q=Nairobi", 200, 200, 200, 200),
    Route("/v1/codes", 200, 200, 200, 200),
    Route("/readyz", 200, 200, 200, 503),
    Route("/healthz", 200, 200, 200, 200),
    Route("/metrics", 200, 200, 200, 200),
)


@pytest.fixture
def app(world: FaultWorld, pair: Pair, gazetteer_path: Path) -> Iterator[Flask]:
    """The service behind the links, on a small world."""
    world.add_listings(30)
    world.add_listing("Nairobi Hospital")
    world.rebuild()
    world.sql("TRUNCATE rate")
    variables = {
        "DATABASE_URL": pair.through_link(pair.postgres.url),
        "OPENSEARCH_URL": pair.search_url,
        "INDEX_PREFIX": ALIAS,
        "STATE_DIR": str(gazetteer_path.parent),
    }
    with serving(variables):
        forget_failures()
        yield create_app()
        forget_failures()


def forget_failures() -> None:
    """Let the next request meet the engines as if it were the first."""
    for breaker in (answering.opensearch, answering.type_ahead, connections.database, connections.plain_search):
        breaker.succeeded()
    limits.counting = limits.Counting()
    known_keys.forget()
    health.recent_queues.forget()


def ask(app: Flask, route: Route) -> tuple[TestResponse, float]:
    """The answer, and how long it took."""
    began = time.monotonic()
    if route.report:
        answer = app.test_client().post(route.path, json={"kind": "closed"})
    else:
        answer = app.test_client().get(route.path)
    return answer, time.monotonic() - began


def check(app: Flask, status: Callable[[Route], int]) -> None:
    """Each route ends in time, also where nothing is known yet of the trouble; and once more where it is."""
    for route in ROUTES:
        forget_failures()
        for _ in range(2):  # the second time its failures are known
            answer, seconds = ask(app, route)
            assert seconds < promised(LONGEST_S), f"{route.path} took {seconds:.2f} s"
            assert answer.status_code == status(route), f"{route.path}: {answer.get_data(as_text=True)[:500]}"
            if answer.status_code == 503 and route.path != "/readyz":
                slug = answer.get_json()["type"].rpartition("problem-")[2]
                problem_of(answer, 503, slug)
                assert slug in ("database-unavailable", "search-unavailable")
                assert int(answer.headers["Retry-After"]) > 0


def check_back(app: Flask) -> None:
    """All is well again, soon and by itself."""
    ends = time.monotonic() + promised(BACK_WITHIN_S)
    for route in ROUTES:
        while (answer := ask(app, route)[0]).status_code != route.well or '"degraded":true' in answer.text:
            assert time.monotonic() < ends, f"{route.path}: {answer.get_data(as_text=True)[:500]}"
            time.sleep(0.2)


@TROUBLES
def test_every_request_ends_in_time_without_the_database(app: Flask, pair: Pair, trouble: Trouble) -> None:
    check(app, lambda route: route.well)
    trouble(pair.database_link)
    check(app, lambda route: route.no_database)
    pair.database_link.heal()
    check_back(app)


@TROUBLES
def test_every_request_ends_in_time_without_the_search_engine(app: Flask, pair: Pair, trouble: Trouble) -> None:
    check(app, lambda route: route.well)
    trouble(pair.search_link)
    check(app, lambda route: route.no_search)
    pair.search_link.heal()
    check_back(app)


@TROUBLES
def test_every_request_ends_in_time_without_both(app: Flask, pair: Pair, trouble: Trouble) -> None:
    check(app, lambda route: route.well)
    trouble(pair.database_link)
    trouble(pair.search_link)
    check(app, lambda route: route.neither)
    pair.database_link.heal()
    pair.search_link.heal()
    check_back(app)


def test_connection_that_died_in_silence_while_idle_costs_nobody_an_answer(app: Flask, pair: Pair) -> None:
    listing = next(route for route in ROUTES if route.path == "/v1/providers/1")
    assert ask(app, listing)[0].status_code == 200
    # As a firewall does it that forgets idle connections: those that are open lead nowhere, new ones are made.
    pair.database_link.strand()
    answer, seconds = ask(app, listing)
    assert answer.status_code == 200
    assert seconds < promised(LONGEST_S)
