"""What members are warned of: providers that refused the card lately, by at least two people, or as the desk confirmed.

A caution is counted from what was reported, and kept nowhere: it ends thirty days after the last report, when the
provider is confirmed by the network team, or when reports turn out to be unfounded. Each process reads the few that
there are every other second, all at once: a search asks nobody for them.
"""

import datetime as dt
import logging
import threading
import time
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from config.settings import EnginesNotFound, made_of_settings
from directory.db import get_engine
from directory.runtime import deadline

log = logging.getLogger(__name__)

LASTS_DAYS = 30
# So many people make a caution, and so many bring the first of them to the top of the queue.
CAUTION_FROM, URGENT_FROM = 2, 3
FRESH_S = 2.0
# While the database is away hardly anybody waits for it.
_AGAIN_S = 10.0
_LONGEST_S = 0.3

# A report of before the network team's last confirmation no longer counts; of one day, what came after it does.
_COUNTED = f"""
SELECT r.listing_id, count(DISTINCT r.sender) AS reports, max(r.happened_on) AS last_on,
       bool_or(r.confirmed) AS confirmed
  FROM refusal r
  JOIN case_file c ON c.id = r.id
  JOIN listing l ON l.id = r.listing_id
 WHERE r.received_at > now() - interval '{LASTS_DAYS} days'
   AND c.state NOT IN ('unfounded', 'withdrawn')
   AND NOT (l.verified_by IS NOT DISTINCT FROM 'network_team'
            AND l.verified_on >= r.received_at::date
            AND l.verified_on IS DISTINCT FROM r.verified_on)
"""
_CAUTIONS = text(f"""{_COUNTED}
 GROUP BY r.listing_id
HAVING count(DISTINCT r.sender) >= {CAUTION_FROM} OR bool_or(r.confirmed)
""")
_REPORTED = text(f"{_COUNTED} AND r.listing_id = ANY(:ids) GROUP BY r.listing_id")


@dataclass(frozen=True, slots=True)
class Caution:
    """How many people said so, and on which day it was last."""

    reports: int
    last_on: dt.date


def count_reports(connection: Connection, listing_ids: list[int]) -> dict[int, int]:
    """How many different people said it of each of these listings in the last thirty days."""
    return {row.listing_id: row.reports for row in connection.execute(_REPORTED, {"ids": listing_ids})}


class Cautions:
    """Those that there are, as this process last read them."""

    def __init__(self) -> None:
        self._known: dict[int, Caution] = {}
        self._reads_again_at = 0.0
        self._reading = threading.Lock()
        self._away = False

    def of(self, listing_id: int) -> Caution | None:
        """What is said of a listing; while the database is away, what was said last."""
        if time.monotonic() >= self._reads_again_at:
            self._read()
        return self._known.get(listing_id)

    def _read(self) -> None:
        if not self._reading.acquire(blocking=False):
            return  # another thread reads; this one goes on with what is known
        try:
            with deadline.sooner(_LONGEST_S), get_engine().connect() as connection:
                rows = connection.execute(_CAUTIONS).all()
            self._known = {row.listing_id: Caution(row.reports, row.last_on) for row in rows}
            self._away = False
        except (SQLAlchemyError, EnginesNotFound) as error:
            if not self._away:  # said once, until they can be read again
                log.warning("cautions cannot be read, those that are known go on: %s", type(error).__name__)
            self._away = True
        finally:
            self._reads_again_at = time.monotonic() + (_AGAIN_S if self._away else FRESH_S)
            self._reading.release()

    def forget(self) -> None:
        """Read them anew at the next asking: something was just reported."""
        self._reads_again_at = 0.0


@made_of_settings
def cautions() -> Cautions:
    """Of the database of the settings."""
    return Cautions()
