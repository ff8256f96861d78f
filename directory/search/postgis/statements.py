"""Statements of one search in one transaction of PostGIS, and the time in which all of them must end."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Row, text
from sqlalchemy.exc import OperationalError

from directory.errors import SearchUnavailable
from directory.search.postgis.clauses import Values


class Statements:
    """A connection, and when the last statement on it must have ended."""

    def __init__(self, connection: Connection, ends: float) -> None:
        self.connection = connection
        self._ends = ends

    def execute(self, statement: str, values: Values) -> Sequence[Row[Any]]:
        """All rows of a statement. Raises SearchUnavailable when no time is left for it."""
        left_ms = int((self._ends - time.monotonic()) * 1000)
        if left_ms <= 0:
            raise SearchUnavailable("The search took too long in its plainer form; ask for less.")
        self.connection.execute(text(f"SET LOCAL statement_timeout = {left_ms}"))
        return self.connection.execute(text(statement), values.bound).all()


@contextmanager
def within(engine: Engine, seconds: float) -> Iterator[Statements]:
    """All that is asked inside is of one moment, and ends in `seconds`; raises SearchUnavailable when it cannot."""
    ends = time.monotonic() + seconds
    try:
        with engine.connect() as connection, connection.begin():
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            yield Statements(connection, ends)
    except OperationalError as error:
        # Not logged and not quoted: the statement holds what was searched for.
        if getattr(error.orig, "sqlstate", None) == "57014":
            raise SearchUnavailable("The search took too long in its plainer form; ask for less.") from None
        raise
