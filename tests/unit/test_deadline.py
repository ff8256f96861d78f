"""The time that a request has: limits within limits, and how long it waited before."""

import threading

import pytest

from config.settings import settings_from
from directory.errors import SearchSlow
from directory.runtime import deadline
from directory.search import engine
from directory.serving.waiting import waited_s
from directory.serving.worker import CountingPool


def test_without_a_limit_nothing_is_limited() -> None:
    assert deadline.left() is None
    with deadline.sooner(1):
        assert deadline.left() is None


def test_inner_limit_shortens_the_outer_and_never_lengthens_it() -> None:
    with deadline.within(10):
        with deadline.sooner(1):
            assert 0.5 < (deadline.left() or 0) <= 1
        with deadline.within(60):
            assert 9 < (deadline.left() or 0) <= 10
        assert 9 < (deadline.left() or 0) <= 10
    assert deadline.left() is None


def test_a_slow_machine_has_longer() -> None:
    with settings_from({"PATIENCE": "4"}), deadline.within(10):
        assert 39 < (deadline.left() or 0) <= 40


def test_what_is_left_ends_at_nothing() -> None:
    with deadline.within(-1):
        assert deadline.left() == 0


def test_limit_of_one_thread_is_not_that_of_another() -> None:
    seen: list[float | None] = []
    with deadline.within(1):
        other = threading.Thread(target=lambda: seen.append(deadline.left()))
        other.start()
        other.join()
    assert seen == [None]


def test_task_knows_how_long_it_waited_for_a_thread() -> None:
    held = threading.Event()
    with CountingPool(max_workers=1) as pool:
        first = pool.submit(lambda: (held.wait(5), waited_s())[1])
        second = pool.submit(waited_s)
        threading.Event().wait(0.5)
        held.set()
        waited = second.result()
        assert waited >= 0.5
        assert first.result() < waited
        assert pool.submit(waited_s).result() < waited
    assert waited_s() == 0


def test_a_search_asks_nothing_of_the_engine_once_the_time_of_its_request_is_up() -> None:
    # Nobody listens there: who asked would be told that the engine is away, and others would hear it.
    with settings_from({"OPENSEARCH_URL": "http://127.0.0.1:9"}), deadline.within(0), pytest.raises(SearchSlow):
        engine.search({"query": {"match_all": {}}})
