"""What `make demo` says of the service on its way up: open while listings come in, ready once all can be found."""

from typing import Any

import pytest

from embedded.demo import Opening

ADDRESS = "http://127.0.0.1:8000"


def ready(waiting: int) -> dict[str, Any]:
    """As /readyz says it."""
    return {"status": "ready", "index": {"waiting": waiting, "oldest_s": 0.0, "set_aside": 0}}


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def opening(told: list[str]) -> Opening:
    return Opening(ADDRESS, told.append)


@pytest.mark.parametrize("readiness", [{}, {"status": "not ready"}, {"status": "degraded"}])
def test_nothing_is_said_of_a_service_that_does_not_answer_yet(
    opening: Opening, told: list[str], readiness: dict[str, Any]
) -> None:
    opening.look(readiness, loading=True)
    assert (opening.is_open, opening.is_whole, told) == (False, False, [])


def test_a_service_that_answers_is_open_while_listings_come_in_and_that_is_said_once(
    opening: Opening, told: list[str]
) -> None:
    for waiting in (12_000, 30_000):
        opening.look(ready(waiting), loading=True)
    assert (opening.is_open, opening.is_whole) == (True, False)
    assert told == [f"Open: {ADDRESS} answers; places and listings come in meanwhile (12,000 wait for the index)."]


def test_it_is_whole_when_all_are_imported_and_each_can_be_found(opening: Opening) -> None:
    opening.look(ready(0), loading=True)
    assert not opening.is_whole, "between two files nothing waits, and more is to come"
    opening.look(ready(1), loading=False)
    assert not opening.is_whole, "the last listing is not in the index yet"
    opening.look(ready(0), loading=False)
    assert opening.is_whole


def test_a_second_start_finds_everything_and_says_no_more_than_that_it_is_ready(
    opening: Opening, told: list[str]
) -> None:
    opening.look(ready(0), loading=False)
    assert (opening.is_open, opening.is_whole, told) == (True, True, [])
