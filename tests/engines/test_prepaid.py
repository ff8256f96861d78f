"""Uses that are taken from a limit a share at a time: fewer round trips, and never more than the quota."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, text

from directory.admission.limits import Limit
from directory.admission.prepaid import GOOD_FOR_S, SHARE, Prepaid
from directory.db import get_engine

MANY = Limit("many", 10 * SHARE, 3600)


@pytest.fixture(autouse=True)
def nothing_counted(service_environment: dict[str, str]) -> None:
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM rate"))


def statements_of(prepaid: Prepaid, uses: int) -> int:
    asked = 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1

    event.listen(get_engine(), "before_cursor_execute", count)
    try:
        for _ in range(uses):
            prepaid.use(MANY, "someone")
    finally:
        event.remove(get_engine(), "before_cursor_execute", count)
    return asked


def test_ten_reads_are_counted_at_once_and_each_answer_tells_what_is_left() -> None:
    assert statements_of(Prepaid(), 30) == 3
    prepaid = Prepaid()
    left = [prepaid.use(MANY, "another") for _ in range(12)]
    assert [each.remaining for each in left if each] == list(range(599, 587, -1))


@given(st.lists(st.integers(0, 2), min_size=0, max_size=40))
def test_processes_together_let_pass_no_more_than_the_quota(order: list[int]) -> None:
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM rate"))
    limit, processes = Limit("shared", 2 * SHARE, 3600), [Prepaid() for _ in range(3)]
    turns = [*order, *(number % 3 for number in range(2 * SHARE + 6))]
    passed = sum(bool(used and used.allowed) for used in (processes[turn].use(limit, "all") for turn in turns))
    # What one took and did not come to spend is lost, never spent twice.
    assert 2 * SHARE - 3 <= passed <= 2 * SHARE


def test_what_was_not_spent_in_time_is_gone() -> None:
    now = [0.0]
    prepaid = Prepaid(clock=lambda: now[0])
    prepaid.use(MANY, "someone")
    now[0] = GOOD_FOR_S
    left = prepaid.use(MANY, "someone")
    assert left
    assert left.remaining == 600 - 10 - 1


def test_a_small_quota_is_counted_use_by_use() -> None:
    small, prepaid = Limit("small", SHARE, 3600), Prepaid()
    other = Prepaid()
    assert [used.remaining for used in (prepaid.use(small, "x"), other.use(small, "x")) if used] == [59, 58]
