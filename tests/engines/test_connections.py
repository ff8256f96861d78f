"""A connection to PostgreSQL is given up in time: of the request at hand, or of the connection itself."""

import time
from collections.abc import Iterator

import pytest

from directory.runtime import deadline
from directory.runtime.connections import BoundedConnection, NoAnswer


@pytest.fixture
def connection(database_url: str) -> Iterator[BoundedConnection]:
    with BoundedConnection.connect(database_url, autocommit=True) as made:
        yield made


def test_a_connection_with_a_time_of_its_own_is_given_up_after_it(connection: BoundedConnection) -> None:
    connection.answer_s = 0.2
    with pytest.raises(NoAnswer):
        connection.execute("SELECT pg_sleep(60)")
    assert connection.closed


@pytest.mark.parametrize(("of_connection", "of_request"), [(60.0, 0.2), (0.2, 60.0), (None, 0.2)])
def test_the_sooner_of_both_times_ends_the_wait(
    connection: BoundedConnection, of_connection: float | None, of_request: float
) -> None:
    connection.answer_s = of_connection
    began = time.monotonic()
    with deadline.within(of_request), pytest.raises(NoAnswer):
        connection.execute("SELECT pg_sleep(60)")
    assert time.monotonic() - began < 30
    assert connection.closed


def test_without_either_time_it_waits_as_psycopg_does(connection: BoundedConnection) -> None:
    assert connection.execute("SELECT 'waited' FROM pg_sleep(0.3)").fetchall() == [("waited",)]


def test_what_the_server_says_is_no_missing_answer(connection: BoundedConnection) -> None:
    connection.answer_s = 60.0
    with pytest.raises(Exception, match="division by zero"):
        connection.execute("SELECT 1 / 0")
    assert connection.execute("SELECT 1").fetchall() == [(1,)]
