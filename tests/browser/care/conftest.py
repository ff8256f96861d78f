"""Customer service in real Chromium, on the service as it runs: members without an account, and the desk."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from config.settings import settings_from
from tests.worlds import proposal_fixtures
from tests.worlds.care_people import HEALTH_KEYS, add_people, empty
from tests.worlds.proposal_fixtures import app, built_world, street, visit
from tests.worlds.small_directory import World

__all__ = ["app", "built_world", "environment", "people", "street", "visit", "world"]


@pytest.fixture(scope="session")
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    """The same, with a key that seals."""
    made = proposal_fixtures.environment.__wrapped__  # type: ignore[attr-defined]
    names = ("service_environment", "make_database", "ground_database", "tmp_path_factory")
    return {**made(*map(request.getfixturevalue, names)), "HEALTH_KEYS": HEALTH_KEYS}


@pytest.fixture(scope="module")
def world(built_world: World, environment: dict[str, str]) -> Iterator[World]:
    """The world, with the settings of this process on it."""
    with settings_from(environment):
        yield built_world


@pytest.fixture
def people(world: World) -> Iterator[None]:
    """One of each role; nobody brought anything."""
    add_people()
    empty()
    yield
    empty()


class Open:
    """Opens pages, each in a browser of its own, without scripts unless told."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def __call__(self, url: str, size: dict[str, int], *, scripts: bool = False) -> Page:
        """The page at an address."""
        context = self._browser.new_context(viewport=size, java_script_enabled=scripts)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(url)
        return page


@pytest.fixture
def member(chromium: Browser, people: None) -> Open:
    """Somebody without an account."""
    return Open(chromium)
