"""`provider-directory work`: the program that does what people asked for and no request can wait for."""

import datetime as dt
import gc
import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import FrameType
from typing import Any

import click
from sqlalchemy import Engine

from config.settings import get_settings
from directory import db
from directory.care import hooks
from directory.care.calls import expire_calls
from directory.changes.worker import ChangeWorker
from directory.commands.telling import json_option, plain_errors, print_json
from directory.imports.desk.working import ImportWorker
from directory.listings.calendar import follow_calendar
from directory.search.curating import find_every_id
from directory.web.listings.asking import ListingsQuery
from directory.web.reading import load_query
from geodata.gazetteer import get_gazetteer

_CALENDAR_EVERY_S = 30.0
_CARE_EVERY_S = 1.0
log = logging.getLogger(__name__)


@click.command("work")
@click.option("--once", is_flag=True, help="What waits now, and no more.")
@json_option
@plain_errors
def work(once: bool, as_json: bool) -> None:
    """Do what takes long: files, changes of many listings, and what the calendar brings.

    \b
    provider-directory work

    Runs until told to stop. Files are looked at, tried, applied and undone; changes of many listings are chosen,
    applied and undone; suspensions begin and end on their days. Killed at any moment it leaves nothing half done; the
    next one goes on where it was.
    """
    logging.basicConfig(level=get_settings().log_level, format="%(message)s")
    gc.set_threshold(200_000, 50, 50)
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    engine = db.make_engine(application_name="provider-directory-work")
    imports = ImportWorker(engine, get_gazetteer, stop)
    changes = ChangeWorker(engine, get_gazetteer, find_chosen, stop)
    done = _work_once(engine, imports, changes) if once else _work_on(engine, imports, changes, stop)
    if as_json:
        print_json({"done": done})


def find_chosen(search: Mapping[str, Any]) -> Iterator[int]:
    """The ids of all listings that a search of the network team finds, given its parameters."""
    return find_every_id(load_query(ListingsQuery(), search), _today())


def _work_once(engine: Engine, imports: ImportWorker, changes: ChangeWorker) -> int:
    done = follow_calendar(engine, _today())
    done += _care_for_calls(engine)
    return done + sum(iter(changes.work_once, False)) + sum(iter(imports.work_once, False))


def _work_on(engine: Engine, imports: ImportWorker, changes: ChangeWorker, stop: threading.Event) -> int:
    """Each kind in a thread of its own: a file of an hour keeps no change of many waiting."""
    done: list[int] = []
    follows, cares = partial(_follow, engine, stop), partial(_care, engine, stop)
    runs: tuple[Callable[[], int], ...] = (imports.run, changes.run, follows, cares)
    threads = [threading.Thread(target=lambda run=run: done.append(run())) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)


def _follow(engine: Engine, stop: threading.Event) -> int:
    done = 0
    while not stop.is_set():
        try:
            done += follow_calendar(engine, _today())
        except Exception as error:  # the database is away, or one listing cannot be changed: the next round tries again
            log.warning("the calendar waits: %s", type(error).__name__)
        stop.wait(_CALENDAR_EVERY_S)
    return done


def _care(engine: Engine, stop: threading.Event) -> int:
    """Tell the dialler of who wishes to be called, and end what nobody answered in time."""
    done = 0
    while not stop.is_set():
        try:
            done += _care_for_calls(engine)
        except Exception as error:  # the database is away: the next round tries again
            log.warning("calls wait: %s", type(error).__name__)
        stop.wait(_CARE_EVERY_S)
    return done


def _care_for_calls(engine: Engine) -> int:
    now = dt.datetime.now(dt.UTC)
    with db.transaction(engine) as session:
        expired = expire_calls(session, now)
    return expired + hooks.send_due(engine, now).sent


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
