"""The program of changes killed at any moment: each is changed once, undone once, and what was touched is left."""

import datetime as dt
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from directory.actors import Actor, Role
from directory.changes.choosing import Asked, act, ask_change
from directory.db import get_engine, transaction
from directory.imports import import_file
from directory.listings.changing import change_listing
from directory.listings.facts import Facts
from geodata.gazetteer import get_gazetteer
from tests.engines.import_world import as_csv, clinic
from tests.engines.index_world import wait_until
from tests.faults.world import kill, pause, size
from tests.worlds.small_directory import serving

PROGRAM = (str(Path(sys.executable).parent / "provider-directory"), "work")
LISTINGS = size(800, 5_000)
KILLS = size(4, 40)
NADIA = Actor(None, Role.network, None, "Nadia", "en")


@dataclass
class Desk:
    """A directory whose changes are worked on by programs that come and go."""

    environment: dict[str, str]

    def query(self, statement: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def state(self, change_id: int) -> str:
        return str(self.query("SELECT status FROM many_change WHERE change_id = %s", change_id)[0][0])

    def act(self, change_id: int, name: str) -> None:
        with transaction() as session:
            act(session, NADIA, change_id, name)

    def work_until(self, change_id: int, state: str) -> None:
        """Programs are killed at random moments, until one comes to the end."""
        for _ in range(KILLS):
            program = self.start()
            pause(random.uniform(0.2, 3.0))
            kill(program)
        program = self.start()
        wait_until(lambda: self.state(change_id) == state, 180, f"the change is {state}")
        kill(program)

    def start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(PROGRAM, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def desk(
    service_environment: dict[str, str],
    make_database: Callable[[str], str],
    ground_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Desk]:
    """A database of its own, with listings of a file."""
    environment = {**service_environment, "DATABASE_URL": make_database(ground_database)}
    path = tmp_path_factory.mktemp("file") / "clinics.csv"
    path.write_text(as_csv(*(clinic(str(number), hours="Mo-Fr 08:00-17:00") for number in range(LISTINGS))))
    with serving(environment):
        import_file(path, source="clinics", engine=get_engine(), gazetteer=get_gazetteer())
        yield Desk(environment)


def closed(facts: Facts) -> Facts:
    return {**facts, "listing": {**facts["listing"], "hours": "Sa 09:00-12:00"}}


def test_many_are_changed_and_undone_as_one_whenever_the_program_dies(desk: Desk) -> None:
    ids = [row[0] for row in desk.query("SELECT id FROM listing ORDER BY id")]
    with transaction() as session:
        change = ask_change(session, NADIA, Asked({"hours": "24/7"}, ids=ids, reason="told by the ministry"), _today())
        change_id = change.change_id
    touched = ids[7]
    with transaction() as session:
        change_listing(session, touched, closed, actor=NADIA, action="edit")
    desk.act(change_id, "apply")
    desk.work_until(change_id, "applied")
    assert desk.query("SELECT hours, revision, count(*) FROM listing GROUP BY 1, 2 ORDER BY 3") == [
        ("Sa 09:00-12:00", 2, 1),
        ("24/7", 2, LISTINGS - 1),
    ]
    assert desk.query("SELECT listing_id FROM chosen_listing WHERE outcome = 'left'") == [(touched,)]
    with transaction() as session:
        change_listing(session, ids[9], closed, actor=NADIA, action="edit")
    desk.act(change_id, "undo")
    desk.work_until(change_id, "undone")
    assert desk.query("SELECT hours, count(*) FROM listing GROUP BY 1 ORDER BY 2") == [
        ("Sa 09:00-12:00", 2),
        ("Mo-Fr 08:00-17:00", LISTINGS - 2),
    ]
    left = desk.query("SELECT listing_id FROM chosen_listing WHERE outcome = 'left' ORDER BY 1")
    assert left == [(touched,), (ids[9],)]


def test_two_programs_share_a_change_and_none_is_changed_twice(desk: Desk) -> None:
    ids = [row[0] for row in desk.query("SELECT id FROM listing ORDER BY id")]
    before = dict(desk.query("SELECT id, revision FROM listing"))
    with transaction() as session:
        asked = Asked({"add_languages": ["sw"]}, ids=ids, reason="told by the ministry")
        change_id = ask_change(session, NADIA, asked, _today()).change_id
    desk.act(change_id, "apply")
    programs = [desk.start(), desk.start()]
    wait_until(lambda: desk.state(change_id) == "applied", 180, "the change is applied")
    for program in programs:
        kill(program)
    assert dict(desk.query("SELECT id, revision FROM listing")) == {id_: seen + 1 for id_, seen in before.items()}


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
