"""Limits: never more than the quota passes, whoever counts; what was used comes back; nobody's address is kept."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, create_engine, text

from directory.admission import limits
from directory.admission.limits import Counting, Limit, anonymous, take
from directory.db import make_engine
from tests.worlds.clock import promised

SLOW = Limit("slow", 5, 3600)


@pytest.fixture
def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """This worker's database without a count in it, and a process that has counted nothing."""
    monkeypatch.setattr(limits, "counting", Counting())
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE rate"))
    yield engine
    engine.dispose()


def used(engine: Engine, limit: Limit, times: int, subject: str = "someone") -> list[bool]:
    allowances = [take(limit, subject, engine) for _ in range(times)]
    return [allowance.allowed for allowance in allowances if allowance]


def test_the_whole_quota_passes_at_once_and_nothing_beyond(database: Engine) -> None:
    assert used(database, SLOW, 8) == [True] * 5 + [False] * 3


def test_each_answer_tells_what_is_left(database: Engine) -> None:
    began = time.monotonic()
    left = [take(SLOW, "someone", database) for _ in range(6)]
    moment = time.monotonic() - began
    assert [each.remaining for each in left if each] == [4, 3, 2, 1, 0, 0]
    last = left[-1]
    assert last
    # A fifth of the hour, less the moment that the six took.
    assert 719 - moment <= last.retry_after_s <= 720
    assert 3599 - moment <= last.restored_s <= 3600


def test_several_uses_at_once_are_taken_whole_or_not_at_all(database: Engine) -> None:
    taken = [take(SLOW, "someone", database, uses=uses) for uses in (3, 3, 2, 1)]
    assert [each.allowed for each in taken if each] == [True, False, True, False]
    assert [each.remaining for each in taken if each] == [2, 0, 0, 0]
    refused = taken[1]
    assert refused
    assert 700 < refused.retry_after_s <= 720, "when one more of three would be there"


def test_more_uses_than_there_are_take_all_of_a_whole_limit(database: Engine) -> None:
    taken = [take(SLOW, "someone", database, uses=uses) for uses in (50, 1)]
    assert [each.allowed for each in taken if each] == [True, False]


def test_who_asks_and_which_limit_are_counted_apart(database: Engine) -> None:
    assert used(database, SLOW, 5) == [True] * 5
    assert used(database, SLOW, 1, subject="another") == [True]
    assert used(database, Limit("other", 1, 60), 1) == [True]
    assert used(database, SLOW, 1) == [False]


def test_what_was_used_comes_back_evenly(database: Engine) -> None:
    quick = Limit("quick", 10, 2)
    began = time.monotonic()
    assert sum(used(database, quick, 11)) >= 10
    time.sleep(0.5)
    # Half a second of two gives back two and a half of ten; so do the uses themselves, for the moment that they take.
    back = sum(used(database, quick, 10))
    assert 2 <= back <= 1 + 5 * (time.monotonic() - began)


def test_a_refused_use_costs_nothing(database: Engine) -> None:
    quick = Limit("quick", 2, 1)
    began = time.monotonic()
    passed = used(database, quick, 50).count(True)
    assert passed <= 3 + 2 * (time.monotonic() - began)
    time.sleep(1)
    assert used(database, quick, 2) == [True, True]


def test_many_at_once_on_many_connections_get_the_quota_between_them(database_url: str, database: Engine) -> None:
    limit = Limit("crowd", 40, 3600)
    engines = [create_engine(database.url, pool_size=8) for _ in range(3)]
    gate = threading.Barrier(24)

    def use(number: int) -> int:
        gate.wait()
        return sum(used(engines[number % 3], limit, 5))

    with ThreadPoolExecutor(24) as crowd:
        passed = sum(crowd.map(use, range(24)))
    for engine in engines:
        engine.dispose()
    assert passed == 40


def test_a_use_costs_less_than_a_millisecond(database: Engine) -> None:
    limit = Limit("fast", 100_000, 60)
    take(limit, "warm", database)
    times = []
    for number in range(300):
        started = time.perf_counter()
        take(limit, f"someone {number % 10}", database)
        times.append(time.perf_counter() - started)
    # The median: on a machine that does other things too, a single use may wait for its turn.
    assert sorted(times)[150] < promised(0.001)


def test_while_the_database_is_away_everything_passes_and_it_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(limits, "counting", Counting())
    nobody = make_engine("postgresql://x@127.0.0.1:9/x")
    started = time.monotonic()
    assert [take(SLOW, "someone", nobody) for _ in range(50)] == [None] * 50
    assert time.monotonic() - started < promised(5)
    assert caplog.text.count("limits are not counted") == 1
    assert "someone" not in caplog.text


def test_counting_goes_on_when_the_database_is_back(
    database: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    counting = Counting()
    monkeypatch.setattr(limits, "counting", counting)
    counting.could_not(OSError())
    assert take(SLOW, "someone", database) is None
    counting._database.succeeded()  # as after its cool-off
    assert used(database, SLOW, 6) == [True] * 5 + [False]
    assert "limits are counted again" in caplog.text


def test_rows_that_say_nothing_any_more_are_removed(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting()
    monkeypatch.setattr(limits, "counting", counting)
    used(database, Limit("past", 1000, 1), 1)
    used(database, SLOW, 1)
    time.sleep(0.01)
    counting._sweeps_at = 0.0
    used(database, SLOW, 1, subject="another")
    with database.connect() as connection:
        left = set(connection.execute(text("SELECT bucket FROM rate")).scalars())
    assert left == {"slow:someone", "slow:another"}
    assert not counting.must_sweep()


def test_an_address_is_kept_under_a_name_of_the_day_only(service_environment: dict[str, str]) -> None:
    today = datetime(2026, 3, 1, 12, tzinfo=UTC)
    name = anonymous("203.0.113.77", today)
    assert name == anonymous("203.0.113.77", today + timedelta(hours=11))
    assert name != anonymous("203.0.113.77", today + timedelta(days=1))
    assert name != anonymous("203.0.113.78", today)
    assert len(name) == 32


def test_the_count_is_not_written_to_the_log_of_the_database(database: Engine) -> None:
    with database.connect() as connection:
        kind = connection.execute(text("SELECT relpersistence FROM pg_class WHERE relname = 'rate'")).scalar_one()
    assert kind == "u"
