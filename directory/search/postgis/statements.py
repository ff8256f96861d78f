"""Statements of one search in one transaction of PostGIS, and the time in which all of them must end."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Row, text
from sqlalchemy.exc import OperationalError

from directory.errors import SearchUnavailable
from directory.listings.shown import load_public_listings
from directory.search.postgis.clauses import Values

_CANCELED = "57014"
# PostgreSQL counts milliseconds, and none of them is no limit to it.
_SHORTEST_S = 0.001
_TO_LOAD_S = 0.1
# Each statement is planned for the values at hand: a rare word is found by another way than a frequent one. And of
# more hits than are looked at, each page looks at the same ones, as every reading goes through them in one order.
_SETTINGS = """
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SET LOCAL plan_cache_mode = force_custom_plan;
SET LOCAL jit = off;
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL synchronize_seqscans = off
"""


class Statements:
    """A connection, and when the last statement on it must have ended."""

    def __init__(self, connection: Connection, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """The share of all the time that is left, from 1 down."""
        return (self._ends - time.monotonic()) / self._seconds if self._seconds > 0 else 0.0

    def execute(self, statement: str, values: Values) -> Sequence[Row[Any]]:
        """All rows of a statement. Raises SearchUnavailable when no time is left for it."""
        return self._execute(statement, values, self._ends - time.monotonic())

    def attempt(self, statement: str, values: Values, *, until: float) -> Sequence[Row[Any]] | None:
        """All rows of a statement that the search can do without; None when by then no more than `until` is left."""
        seconds = (self.left() - until) * self._seconds
        if seconds < _SHORTEST_S:
            return None
        try:
            with self._connection.begin_nested():
                return self._execute(statement, values, seconds)
        except OperationalError as error:
            if _is_canceled(error):
                return None
            raise

    def load_listings(self, ids: Iterable[int]) -> list[dict[str, Any]]:
        """What is shown of listings, by rising id. Few and read in milliseconds, so always in time."""
        self._allow(max(self._ends - time.monotonic(), _TO_LOAD_S))
        return [dict(shown) for shown in load_public_listings(self._connection, ids)]

    def keep_order(self) -> None:
        """From here on rows come along an index in their order, and reading ends with the page.

        Left to itself PostgreSQL reads all of Europe and sorts it, where it takes a box for a small one.
        """
        self._connection.execute(text("SET LOCAL enable_sort = off"))

    def _execute(self, statement: str, values: Values, seconds: float) -> Sequence[Row[Any]]:
        if seconds < _SHORTEST_S:
            raise too_slow()
        self._allow(seconds)
        return self._connection.execute(text(statement), values.bound).all()

    def _allow(self, seconds: float) -> None:
        self._connection.execute(text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}"))


@contextmanager
def within(engine: Engine, seconds: float) -> Iterator[Statements]:
    """All that is asked inside is of one moment, and ends in `seconds`; raises SearchUnavailable when it cannot."""
    try:
        with engine.connect() as connection, connection.begin():
            statements = Statements(connection, seconds)
            for setting in _SETTINGS.split(";"):
                connection.execute(text(setting))
            yield statements
    except OperationalError as error:
        # Not logged and not quoted: the statement holds what was searched for.
        if _is_canceled(error):
            raise too_slow() from None
        raise


def _is_canceled(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) == _CANCELED


def too_slow() -> SearchUnavailable:
    """What a search that found no time for its page raises."""
    return SearchUnavailable("The search took too long in its plainer form; ask for less.")
