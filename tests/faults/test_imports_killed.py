"""The program of imports killed at any moment: all of a file or nothing of it, and the next program goes on."""

import io
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from directory.accounts.people import add_account
from directory.actors import SYSTEM, Actor, Role
from directory.db import transaction
from directory.imports.desk import bringing
from directory.models import Import
from tests.engines.import_world import as_csv, clinic
from tests.engines.index_world import wait_until
from tests.faults.world import kill, pause, size
from tests.worlds.small_directory import serving

PROGRAM = (str(Path(sys.executable).parent / "provider-directory"), "work")
ROWS = size(4_000, 40_000)
ROUNDS = size(4, 30)


@dataclass
class Desk:
    """A directory whose imports are worked on by programs that come and go."""

    environment: dict[str, str]
    actor: Actor

    def bring(self, source: str, rows: int, city: str = "Nairobi") -> int:
        """A file of so many rows."""
        content = as_csv(*(clinic(str(number), city=city) for number in range(rows))).encode()
        with transaction() as session:
            return bringing.bring(session, self.actor, "list.csv", source, io.BytesIO(content)).id

    def act(self, import_id: int, name: str) -> None:
        with transaction() as session:
            bringing.act(session, self.actor, import_id, name)

    def state(self, import_id: int) -> str:
        with transaction() as session:
            return bringing.load_import(session, import_id).status

    def wait_for(self, import_id: int, *states: str) -> str:
        wait_until(lambda: self.state(import_id) in states, 120, f"the import is {states}")
        return self.state(import_id)

    def start(self) -> "subprocess.Popen[bytes]":
        """A program of imports."""
        return subprocess.Popen(PROGRAM, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def query(self, statement: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def begun(self, import_id: int) -> bool:
        """Whether a program works on it."""
        return bool(self.query("SELECT attempts > 0 FROM import WHERE id = %s", import_id)[0][0])

    def forget_attempts(self, import_id: int) -> None:
        """As if nobody had worked on it: so often nothing is killed that the work would be given up."""
        with transaction() as session:
            bringing.load_import(session, import_id, lock=True).attempts = 0

    def count(self, source: str) -> int:
        """How many listings the source has."""
        return int(self.query("SELECT count(*) FROM listing WHERE source = %s", source)[0][0])


@pytest.fixture(scope="module")
def desk(
    service_environment: dict[str, str], make_database: Callable[[str], str], ground_database: str
) -> Iterator[Desk]:
    """A database of its own."""
    environment = {**service_environment, "DATABASE_URL": make_database(ground_database)}
    with serving(environment):
        with transaction() as session:
            account = add_account(session, SYSTEM, "nadia@insurer.example", Role.network, client_code=None, lang="en")
            actor = Actor(account.id, Role.network, None, "nadia", "en")
        yield Desk(environment, actor)


def test_an_import_killed_at_random_moments_is_all_or_nothing_and_goes_on_by_itself(desk: Desk) -> None:
    delays = random.Random(14)
    number = desk.bring("killed", ROWS)
    desk.act(number, "preview")
    killed = _kill_while(desk, number, "previewing", delays)
    assert desk.wait_for(number, "previewed", "failed") == "previewed"
    assert desk.count("killed") == 0
    desk.act(number, "apply")
    killed += _kill_while(desk, number, "applying", delays, lambda: desk.count("killed") in (0, ROWS))
    program = desk.start()
    try:
        assert desk.wait_for(number, "applied", "failed") == "applied"
    finally:
        kill(program)
    assert killed >= 2
    assert desk.count("killed") == ROWS
    assert desk.query("SELECT count(*) FROM import_change WHERE import_id = %s", number) == [(ROWS,)]
    told = "SELECT count(*) FROM audit_entry WHERE subject = %s AND action = 'import'"
    assert desk.query(told, f"import:{number}") == [(1,)]


def _kill_while(
    desk: Desk, number: int, state: str, delays: random.Random, holds: Callable[[], bool] = lambda: True
) -> int:
    """Start programs and kill them at random moments; how many were killed at work. The last one is left its way."""
    killed = 0
    for round_number in range(ROUNDS):
        desk.forget_attempts(number)
        program = desk.start()
        try:
            wait_until(lambda: desk.begun(number) or desk.state(number) != state, 60, "the program has begun")
            pause(delays.uniform(0, 0.6) * (1 + round_number / ROUNDS))
            killed += desk.state(number) == state
        finally:
            kill(program)
        assert holds()
        if desk.state(number) != state:
            return killed
    desk.forget_attempts(number)
    program = desk.start()
    try:
        wait_until(lambda: desk.state(number) != state, 120, "the work is done")
    finally:
        kill(program)
    return killed


def test_an_import_that_is_dropped_while_it_is_applied_is_not_applied(desk: Desk) -> None:
    number = desk.bring("dropped", ROWS)
    desk.act(number, "preview")
    program = desk.start()
    try:
        desk.wait_for(number, "previewed")
        desk.act(number, "apply")
        wait_until(lambda: desk.begun(number), 60, "the program has begun")
        desk.act(number, "drop")
        # What comes after it is worked on once the dropped one is left.
        after = desk.bring("after", 1)
        desk.wait_for(after, "columns")
    finally:
        kill(program)
    assert (desk.state(number), desk.count("dropped")) == ("dropped", 0)
    assert desk.query("SELECT count(*) FROM import_piece WHERE import_id = %s", number) == [(0,)]


def test_two_programs_share_the_work_and_do_nothing_twice(desk: Desk) -> None:
    programs = [desk.start(), desk.start()]
    try:
        numbers = [desk.bring(f"shared {each}", 50) for each in range(6)]
        for number in numbers:
            desk.act(number, "preview")
        for number in numbers:
            desk.wait_for(number, "previewed")
            desk.act(number, "apply")
        for number in numbers:
            desk.wait_for(number, "applied")
    finally:
        for program in programs:
            kill(program)
    told = "SELECT count(*) FROM audit_entry WHERE subject = %s AND action = 'import'"
    assert [desk.query(told, f"import:{number}") for number in numbers] == [[(1,)]] * 6


def test_work_that_ends_its_program_each_time_is_given_up(desk: Desk) -> None:
    number = desk.bring("deadly", 1)
    desk.act(number, "preview")
    with transaction() as session:
        session.get_one(Import, number).attempts = 3
    program = desk.start()
    try:
        desk.wait_for(number, "failed")
    finally:
        kill(program)
    [(problem,)] = desk.query("SELECT problem FROM import WHERE id = %s", number)
    assert problem == "The work was broken off 3 times. Nothing was imported."
