"""Whether this process can answer: each engine, the alias, and how far the index is behind."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from config.settings import EnginesNotFound
from directory.db import get_engine
from directory.errors import SearchUnavailable
from directory.listings.filling import IS_SAID
from directory.models.outbox import QUEUE
from directory.runtime import deadline
from directory.search import engine as search_engine

# Each engine has half of a request's time, so that one that hangs leaves time to ask the other.
LONGEST_CHECK_S = 0.8
# Who scrapes /metrics more often than this gets the same numbers again: the queues are read for nobody's sake else.
QUEUE_FRESH_S = 5.0

_FILLING = text(f"SELECT {IS_SAID}")
# Of the last day, so that an alarm ends once somebody has looked. Only the waiting ones have an index: what ended is
# forgotten after a month, and reading that much takes milliseconds.
_MAIL = text("""
SELECT waiting, oldest_s, given_up
  FROM (SELECT count(*) AS waiting, COALESCE(EXTRACT(epoch FROM now() - min(created_at)), 0) AS oldest_s
          FROM mail_message WHERE sent_at IS NULL AND given_up_at IS NULL) AS queued,
       (SELECT count(*) AS given_up
          FROM mail_message WHERE given_up_at > now() - interval '1 day') AS ended
""")


@dataclass(frozen=True, slots=True)
class Queue:
    """The outbox: rows that wait, how long the oldest has since its commit, those set aside, and whether more come."""

    waiting: int
    oldest_s: float
    set_aside: int
    filling: bool


@dataclass(frozen=True, slots=True)
class MailQueue:
    """Mails that wait, also those that a server put off; how long the oldest has; mails given up within a day."""

    waiting: int
    oldest_s: float
    given_up: int


def load_mail_queue() -> MailQueue:
    """The state of the mail queue now. Raises as `load_queue`."""
    with get_engine().connect() as connection:
        row = connection.execute(_MAIL).one()
    return MailQueue(row.waiting, round(float(row.oldest_s), 3), row.given_up)


def load_queue() -> Queue:
    """The state of the outbox now. Raises SQLAlchemyError, or EnginesNotFound, without a database."""
    with get_engine().connect() as connection:
        row = connection.execute(QUEUE).one()
        filling: bool = connection.execute(_FILLING).scalar_one()
    return Queue(row.waiting, round(max(float(row.oldest_s), 0.0), 3), row.set_aside, filling)


class RecentQueues:
    """Outbox and mail as this process last saw them, for those who ask often. Safe to use from many threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: tuple[Queue, MailQueue] | None = None
        self._looks_again_at = float("-inf")
        self._looking = threading.Lock()

    def look(self) -> tuple[Queue, MailQueue] | None:
        """What they were QUEUE_FRESH_S ago or later; None while the database is away."""
        with self._looking:
            if self._clock() >= self._looks_again_at:
                try:
                    with deadline.within(LONGEST_CHECK_S):
                        self._seen = load_queue(), load_mail_queue()
                except (SQLAlchemyError, EnginesNotFound):
                    self._seen = None
                self._looks_again_at = self._clock() + QUEUE_FRESH_S
            return self._seen

    def forget(self) -> None:
        """As if nothing had been seen yet."""
        self._looks_again_at = float("-inf")


recent_queues = RecentQueues()


def check_readiness() -> dict[str, Any]:
    """Ask both engines; `status` is `ready`, `degraded` when one of them is away, or `not ready` when both are.

    A search needs either engine only, so a balancer should go on sending requests while one is away.
    """
    index: dict[str, Any] = {"waiting": None, "oldest_s": None, "set_aside": None, "filling": None}

    def ask_database() -> None:
        queue = load_queue()
        index.update(waiting=queue.waiting, oldest_s=queue.oldest_s, set_aside=queue.set_aside, filling=queue.filling)

    database = _check(ask_database)
    search = _check(_ask_search_engine)
    return {
        "status": ("not ready", "degraded", "ready")[database["ok"] + search["ok"]],
        "database": database,
        "search": search,
        "alias": search_engine.alias_name(),
        "index": index,
    }


def _ask_search_engine() -> None:
    with deadline.within(LONGEST_CHECK_S):
        search_engine.check_alias()


def _check(ask: Callable[[], None]) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        with deadline.within(LONGEST_CHECK_S):
            ask()
    except (SQLAlchemyError, EnginesNotFound, SearchUnavailable) as error:
        reason = str(error) if isinstance(error, SearchUnavailable) else "The database does not answer."
        return {"ok": False, "milliseconds": None, "reason": reason}
    return {"ok": True, "milliseconds": round((time.perf_counter() - started) * 1000, 2), "reason": None}
