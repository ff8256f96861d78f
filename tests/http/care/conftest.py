"""Customer service by the interface and on the pages; nothing that one test brought is there for the next."""

from collections.abc import Iterator

import pytest
from flask import Flask

from directory.care import cautions
from tests.worlds.care_people import Desk, add_people, empty
from tests.worlds.small_directory import World


@pytest.fixture(scope="module")
def tokens(world: World) -> dict[str, str]:
    """Of one of each role that programs work for."""
    return add_people("{name} of care")


@pytest.fixture(autouse=True)
def nothing_was_brought(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Before each test nothing was brought; cautions are read anew at each asking."""
    monkeypatch.setattr(cautions, "FRESH_S", 0.0)
    empty()
    yield
    empty()


@pytest.fixture
def desk(app: Flask, tokens: dict[str, str]) -> Desk:
    """Requests of all of them."""
    return Desk(app, tokens)
