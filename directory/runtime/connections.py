"""Connections to PostgreSQL that no request waits for in vain.

PostgreSQL's own limits are kept by the server, and keepalives by the two kernels: where the server hangs, or something
between accepts and never speaks, neither ends a wait; what is sent is still acknowledged. So the wait itself ends here,
when the time of the request does (deadline.py), or that of the connection, as an indexer gives it one. Commands and
imports, which have no such time, wait as psycopg does.
"""

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import InvalidatePoolError

from directory.runtime import deadline, metrics
from directory.runtime.breaker import Breaker

# A connection is made in milliseconds, and one from the pool answers in less. What takes longer leaves no time for
# the request itself; a connection that died in silence while it was idle is replaced in time to answer.
CONNECT_S = 0.7
PING_S = 0.3

database = Breaker(tell=metrics.AWAY.labels("database").set)
# The searches that PostgreSQL answers have connections of their own, and what comes of those is no word on the others.
plain_search = Breaker()


class NoAnswer(psycopg.OperationalError):
    """PostgreSQL did not answer in the time that the request had."""


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that is closed when an answer does not come in `answer_s`, or before the request's time is up."""

    answer_s: float | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As psycopg's own; with `timeout` (so for notifications) nothing else. Raises NoAnswer when the time is up."""
        left = min((each for each in (deadline.left(), self.answer_s) if each is not None), default=None)
        if left is None or timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, left)
        except psycopg.OperationalError as error:
            # Neither the server's word, which has a state, nor the end of the connection: the time was up.
            if error.sqlstate is None and not self.closed:
                self.close()
                raise NoAnswer("The database does not answer.") from None
            raise


def bound(engine: Engine, breaker: Breaker = database) -> None:
    """Let the engine's pool make, check and use its connections within the time of each request."""

    def connect(_dialect: object, _record: object, _arguments: object, options: dict[str, Any]) -> BoundedConnection:
        return _connect(breaker, options)

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "checkout", lambda connection, _record, _proxy: _check(engine, connection))
    # A search that is given up says that it was too much, not that nobody is there.
    if breaker is database:
        event.listen(engine, "handle_error", _note)


def _connect(breaker: Breaker, options: dict[str, Any]) -> BoundedConnection:
    left = deadline.left()
    if left is None:
        return BoundedConnection.connect(**options)
    # After a silence the pool is empty, so everybody comes here: one asks, the others hear at once.
    if not breaker.allows():
        raise NoAnswer("The database did not answer a moment ago.")
    try:
        connection = _connect_within(min(left, deadline.patient(CONNECT_S)), options)
    except psycopg.Error:
        breaker.failed()
        raise
    breaker.succeeded()
    return connection


def _connect_within(seconds: float, options: Mapping[str, Any]) -> BoundedConnection:
    # In a thread of its own, since the name service may be silent too, and since libpq counts whole seconds, two at
    # least, for each address of a host.
    made: Future[BoundedConnection] = Future()

    def connect() -> None:
        try:
            made.set_result(BoundedConnection.connect(**options))
        except BaseException as error:
            made.set_exception(error)

    threading.Thread(target=connect, name="connecting", daemon=True).start()
    try:
        return made.result(seconds)
    except TimeoutError:
        made.add_done_callback(_close)
        raise NoAnswer("The database accepts no connection.") from None


def _close(late: "Future[BoundedConnection]") -> None:
    if late.exception() is None:
        late.result().close()


def _check(engine: Engine, connection: Any) -> None:
    """Ask the connection from the pool for a sign of life; without one, another takes its place."""
    try:
        with deadline.sooner(PING_S):
            engine.dialect.do_ping(connection)
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def _note(context: ExceptionContext) -> None:
    if isinstance(context.original_exception, NoAnswer) and context.connection is not None:
        database.failed()
