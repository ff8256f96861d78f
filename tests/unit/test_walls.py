"""Walls: one kind of work takes so many threads, and the next one is refused, or waits a moment."""

import threading
import time

import pytest

from directory.runtime.walls import NoPlace, Wall
from tests.worlds.clock import promised


def test_one_more_than_there_are_places_is_refused() -> None:
    wall = Wall("test", 2)
    with wall.place(), wall.place(), pytest.raises(NoPlace), wall.place():
        pass


def test_place_is_free_again_whatever_became_of_the_work() -> None:
    wall = Wall("test", 1)
    with pytest.raises(ValueError, match="broken"), wall.place():
        raise ValueError("broken")
    with wall.place():
        pass


def test_patient_one_takes_the_place_of_who_leaves() -> None:
    wall = Wall("test", 1, patience_s=5.0)
    entered, leaves = threading.Event(), threading.Event()

    def work() -> None:
        with wall.place():
            entered.set()
            leaves.wait(5)

    worker = threading.Thread(target=work)
    worker.start()
    assert entered.wait(5)
    threading.Timer(0.05, leaves.set).start()
    began = time.monotonic()
    with wall.place():
        assert time.monotonic() - began < promised(5)
    worker.join()
