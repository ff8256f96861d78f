"""Works on changes of many, one chunk after the other, until told to stop."""

import logging
import threading
from collections.abc import Callable
from typing import cast

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from directory.changes.choosing import CHANNEL
from directory.changes.working import FindIds, work_on_changes
from directory.errors import SearchUnavailable
from geodata.gazetteer import Gazetteer

log = logging.getLogger(__name__)

_LISTEN_S = 2.0


class ChangeWorker:
    """Several, on several machines, share the work: who holds the row of a change works on it."""

    def __init__(
        self, engine: Engine, gazetteer: Callable[[], Gazetteer], find_ids: FindIds, stop: threading.Event
    ) -> None:
        self._engine = engine
        self._gazetteer = gazetteer
        self._find_ids = find_ids
        self._stop = stop

    def run(self) -> int:
        """Work until told to stop; how many chunks were done."""
        done = 0
        while not self._stop.is_set():
            try:
                done += self._listen()
            except (OperationalError, psycopg.OperationalError, SearchUnavailable) as error:
                log.warning("changes wait: %s", type(error).__name__)
                self._stop.wait(_LISTEN_S)
        return done

    def work_once(self) -> bool:
        """Do one chunk of what waits for longest; False where nothing does that nobody works on."""
        return work_on_changes(self._engine, self._gazetteer(), self._find_ids) > 0

    def _listen(self) -> int:
        done = 0
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            driver = cast("psycopg.Connection", connection.connection.driver_connection)
            # Before the first look: what is asked for after it is heard of.
            driver.execute(f"LISTEN {CHANNEL}".encode())
            while not self._stop.is_set():
                if self.work_once():
                    done += 1
                    continue
                for _ in driver.notifies(timeout=_LISTEN_S, stop_after=1):
                    pass
        return done
