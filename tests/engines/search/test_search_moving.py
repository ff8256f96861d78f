"""Searches while listings are written: pages that neither skip nor repeat, and changes that are found at once."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from directory.actors import command
from directory.db import transaction
from directory.listings.changing import rename_provider, set_status
from directory.models import ListingStatus
from geodata.points import Point
from indexers.worker import Worker
from tests.engines.index_world import wait_until
from tests.engines.search.search_rows import Row
from tests.engines.search.search_world import SearchWorld
from tests.worlds.clock import promised

FOUND_WITHIN_S = 2.0
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@contextmanager
def running(target: Callable[[threading.Event], None]) -> Iterator[None]:
    """`target` in a thread until the end; what it raises is raised here."""
    stop = threading.Event()
    raised: list[BaseException] = []

    def run() -> None:
        try:
            target(stop)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()
    if raised:
        raise raised[0]


@pytest.fixture
def moving(moving_world: SearchWorld) -> Iterator[SearchWorld]:
    """The world that may change, with a worker."""
    with running(lambda stop: Worker(moving_world.stores, stop=stop).run()):
        yield moving_world


class Churn:
    """Changes a third of Nairobi's listings again and again: other names, other points, new ones, retired ones."""

    def __init__(self, world: SearchWorld, directory: Path) -> None:
        self.world = world
        self.directory = directory
        self.rng = random.Random(5)
        city = [row for row in world.rows.values() if row.country == "KE" and row.city == "Nairobi" and row.point]
        self.restless = [row for row in city if int(row.external_id[1:]) % 3 == 0 and row.status == "active"]
        restless = {row.external_id for row in self.restless}
        self.steady = {
            world.ids[row.external_id] for row in city if row.external_id not in restless and row.status == "active"
        }
        self.rounds = 0
        self._changed = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Change until told to stop."""
        while not stop.is_set():
            changed = [self._elsewhere(row, row.external_id) for row in self.rng.sample(self.restless, 12)]
            new = [self._elsewhere(row, f"n{self.rounds}-{row.external_id}") for row in changed[:4]]
            self.world.load(self.directory, [*changed, *new])
            with transaction(self.world.stores.engine) as session:
                for row in changed[4:6]:
                    status = self.rng.choice((ListingStatus.retired, ListingStatus.active))
                    set_status(session, self.world.ids[row.external_id], status, actor=command("test"))
            self.rounds += 1
            self._changed.set()

    def wait_for_a_change(self) -> None:
        """Return once a round has ended since the last call."""
        assert self._changed.wait(60)
        self._changed.clear()

    def _elsewhere(self, row: Row, external_id: str) -> Row:
        point = Point(36.8219 + self.rng.uniform(-0.1, 0.1), -1.2921 + self.rng.uniform(-0.1, 0.1))
        name = "".join(self.rng.choices(_LETTERS, k=8)).title()
        return replace(row, external_id=external_id, name=f"{name} Clinic", local=None, point=point)


@pytest.mark.parametrize(
    "asked",
    [
        {"country": ["KE"], "sort": "name"},
        {"lat": -1.2921, "lon": 36.8219, "radius_km": 30.0, "sort": "distance"},
        {"q": "nairobi", "country": ["KE"], "sort": "relevance"},
        {"q": "nairobi", "lat": -1.2921, "lon": 36.8219, "radius_km": 30.0, "sort": "relevance"},
    ],
    ids=repr,
)
def test_pages_neither_skip_nor_repeat_a_listing_while_others_are_written(
    moving: SearchWorld, tmp_path: Path, asked: dict[str, Any]
) -> None:
    churn = Churn(moving, tmp_path)
    assert len(churn.steady) > 200
    before = {hit.shown["id"] for page in moving.walk(**asked, limit=100) for hit in page.hits}
    shown: list[int] = []
    with running(churn.run):
        for page in moving.walk(**asked, limit=10):
            shown += [hit.shown["id"] for hit in page.hits]
            churn.wait_for_a_change()
    assert churn.rounds > 2
    assert set(shown) != before, "nothing that was written came into sight"
    seen = [id_ for id_ in shown if id_ in churn.steady]
    assert sorted(seen) == sorted(churn.steady)


def seconds_until(true: Callable[[], bool]) -> float:
    """How long it takes until `true` gives true; at most a minute."""
    began = time.monotonic()
    while not true() and time.monotonic() - began < 60:
        time.sleep(0.02)
    return time.monotonic() - began


def test_change_is_found_within_two_seconds_of_its_commit(moving: SearchWorld, tmp_path: Path) -> None:
    def total(words: str) -> int:
        return moving.search(q=words, facets=()).total

    def rename(name: str) -> None:
        [(provider,)] = moving.sql("SELECT provider_id FROM listing WHERE external_id = 'kenyatta'")
        with transaction(moving.stores.engine) as session:
            rename_provider(session, provider, name, actor=command("test"))

    def create() -> None:
        moving.load(tmp_path, [Row("new", "Quondamville Clinic", "clinic", "MT")])

    def retire() -> None:
        with transaction(moving.stores.engine) as session:
            set_status(session, moving.ids["bwamanda"], ListingStatus.retired, actor=command("test"))

    assert total("bwamandakaya") == 1
    waits: list[float] = []
    for change, found in (
        (create, lambda: total("quondamville") == 1),
        (lambda: rename("Jabberwock Hospital"), lambda: total("jabberwock") == 1),
        (retire, lambda: total("bwamandakaya") == 0),
    ):
        change()
        waits.append(seconds_until(found))
    assert median(waits) < promised(FOUND_WITHIN_S), waits


def test_new_name_is_found_and_the_old_one_no_longer(moving: SearchWorld) -> None:
    [(provider,)] = moving.sql("SELECT provider_id FROM listing WHERE external_id = 'severine'")
    with transaction(moving.stores.engine) as session:
        rename_provider(session, provider, "Hôpital Perlimpinpin", actor=command("test"))
    wait_until(lambda: moving.search(q="perlimpinpin").total == 1, 60, "the new name is found")
    assert moving.found(q="perlimpinpin") == ["severine"]
    assert "severine" not in moving.found(q="elodie")
