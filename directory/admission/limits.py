"""Limits on how often someone may do something, counted in PostgreSQL: one count for all processes and machines.

Each bucket is a virtual queue (the generic cell rate algorithm): it gives back `quota` uses evenly over `period_s`, and
lets a full quota through at once. One row and one statement a use; no clock but the database's.
"""

import hashlib
import hmac
import logging
import math
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from config.settings import EnginesNotFound, get_settings
from directory.db import get_engine
from directory.errors import DirectoryError
from directory.runtime import deadline
from directory.runtime.breaker import Breaker

log = logging.getLogger(__name__)

SWEEP_EVERY_S = 600.0
# Within a request, a count that takes longer is none.
LONGEST_S = 0.5

# Where the bucket is used up nothing is written, and the row as it stands says when the next use is given back.
# Rows that nobody logs need no wait for the disk: PostgreSQL commits them without one.
_TAKE = text("""
WITH taken AS (
    INSERT INTO rate AS r (bucket, restored_at)
    VALUES (:bucket, now() + :each * interval '1 second')
    ON CONFLICT (bucket) DO UPDATE
       SET restored_at = greatest(r.restored_at, now()) + :each * interval '1 second'
     WHERE greatest(r.restored_at, now()) + :each * interval '1 second' <= now() + :period * interval '1 second'
    RETURNING restored_at
)
SELECT true AS allowed, EXTRACT(epoch FROM restored_at - now())::float8 AS used_s FROM taken
UNION ALL
SELECT false, EXTRACT(epoch FROM restored_at - now())::float8
  FROM rate WHERE bucket = :bucket AND NOT EXISTS (SELECT FROM taken)
""")
_SWEEP = text("""
DELETE FROM rate WHERE bucket IN (
    SELECT bucket FROM rate WHERE restored_at < now() LIMIT 10000 FOR UPDATE SKIP LOCKED)
""")


@dataclass(frozen=True, slots=True)
class Limit:
    """`quota` uses in `period_s` seconds, under a name that the `RateLimit` headers tell."""

    name: str
    quota: int
    period_s: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a limit after a use; `restored_s`: seconds until all of it is there again."""

    limit: Limit
    allowed: bool
    remaining: int
    restored_s: int
    retry_after_s: int


class TooManyRequests(DirectoryError):
    """A limit is used up; `allowance` says which, and when to ask again."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(
            f"More than {allowance.limit.quota} requests in {allowance.limit.period_s} seconds. "
            f"Please try again in {allowance.retry_after_s} seconds."
        )
        self.allowance = allowance


class Counting:
    """What one process remembers between uses: whether PostgreSQL can count, and when old rows were last removed."""

    def __init__(self) -> None:
        # While PostgreSQL is away nobody waits for it to count.
        self._database = Breaker(cool_off_s=5.0)
        self._away = False
        self._sweeps_at = time.monotonic() + SWEEP_EVERY_S
        self._sweeping = threading.Lock()

    def can_count(self) -> bool:
        """Whether to ask PostgreSQL now."""
        return self._database.allows()

    def counted(self) -> None:
        """PostgreSQL answered."""
        if self._away:
            self._away = False
            log.warning("limits are counted again")
        self._database.succeeded()

    def could_not(self, error: Exception) -> None:
        """PostgreSQL did not answer; said once, until it does again."""
        if not self._away:
            self._away = True
            log.warning("limits are not counted, requests pass: %s", type(error).__name__)
        self._database.failed()

    def must_sweep(self) -> bool:
        """Whether this caller should remove old rows: one caller now and then."""
        with self._sweeping:
            if time.monotonic() < self._sweeps_at:
                return False
            self._sweeps_at = time.monotonic() + SWEEP_EVERY_S
            return True


counting = Counting()


def take(limit: Limit, subject: str, engine: Engine | None = None, *, uses: int = 1) -> Allowance | None:
    """Use so much of `subject`'s limit at once: all of it where `uses` is more than there ever is.

    None where nobody could count: then it passes, as search must go on.
    """
    if not counting.can_count():
        return None
    each_s = limit.period_s / limit.quota
    taken_s = each_s * min(uses, limit.quota)
    values = {"bucket": f"{limit.name}:{subject}", "each": taken_s, "period": limit.period_s}
    try:
        counting_on = (engine or get_engine()).execution_options(isolation_level="AUTOCOMMIT")
        with deadline.sooner(LONGEST_S), counting_on.connect() as connection:
            row = connection.execute(_TAKE, values).first()
            if counting.must_sweep():
                connection.execute(_SWEEP)
    except (SQLAlchemyError, EnginesNotFound) as error:
        counting.could_not(error)
        return None
    counting.counted()
    # No row: another use filled the bucket between the look and the write.
    allowed, used_s = (row.allowed, row.used_s) if row else (False, float(limit.period_s))
    return _allowance(limit, allowed, min(max(used_s, 0.0), float(limit.period_s)), taken_s)


def _allowance(limit: Limit, allowed: bool, used_s: float, taken_s: float) -> Allowance:
    # A hair more, so that rounding of the division takes nobody's last use.
    remaining = math.floor((limit.period_s - used_s) * limit.quota / limit.period_s + 1e-6)
    wait_s = used_s + taken_s - limit.period_s
    return Allowance(
        limit=limit,
        allowed=allowed,
        remaining=remaining if allowed else 0,
        restored_s=math.ceil(used_s),
        retry_after_s=0 if allowed else max(1, math.ceil(wait_s)),
    )


def anonymous(address: str, today: datetime | None = None) -> str:
    """A name for who asks from this address today, that tells nobody the address and means nothing tomorrow."""
    day = (today or datetime.now(UTC)).date().isoformat()
    day_key = hmac.digest(get_settings().secret_key.encode(), f"rate {day}".encode(), hashlib.sha256)
    return hmac.new(day_key, address.encode(), hashlib.sha256).hexdigest()[:32]
