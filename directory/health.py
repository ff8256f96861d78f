"""Whether this process can answer: each engine, the alias, and how far the index is behind."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from config.settings import EnginesNotFound
from directory.db import get_engine
from directory.errors import SearchUnavailable
from directory.search import engine as search_engine

_LAG = text("""
SELECT count(*) FILTER (WHERE set_aside_at IS NULL) AS waiting,
       count(*) FILTER (WHERE set_aside_at IS NOT NULL) AS set_aside,
       COALESCE(EXTRACT(epoch FROM now() - min(queued_at) FILTER (WHERE set_aside_at IS NULL)), 0) AS oldest_s
  FROM outbox
""")


def check_readiness() -> dict[str, Any]:
    """Ask both engines; `status` is `ready`, `degraded` when one of them is away, or `not ready` when both are.

    A search needs either engine only, so a balancer should go on sending requests while one is away.
    """
    index: dict[str, Any] = {"waiting": None, "oldest_s": None, "set_aside": None}

    def ask_database() -> None:
        with get_engine().connect() as connection:
            row = connection.execute(_LAG).one()
        index.update(waiting=row.waiting, oldest_s=round(float(row.oldest_s), 3), set_aside=row.set_aside)

    database = _check(ask_database)
    search = _check(search_engine.check_alias)
    return {
        "status": ("not ready", "degraded", "ready")[database["ok"] + search["ok"]],
        "database": database,
        "search": search,
        "alias": search_engine.alias_name(),
        "index": index,
    }


def _check(ask: Callable[[], None]) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        ask()
    except (SQLAlchemyError, EnginesNotFound, SearchUnavailable) as error:
        reason = str(error) if isinstance(error, SearchUnavailable) else "The database does not answer."
        return {"ok": False, "milliseconds": None, "reason": reason}
    return {"ok": True, "milliseconds": round((time.perf_counter() - started) * 1000, 2), "reason": None}
