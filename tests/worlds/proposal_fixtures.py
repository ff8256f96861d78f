"""Proposals on real engines: a directory with some listings, two clients with their officers, a network team."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from directory.accounts.sessions import start_session
from directory.accounts.tokens import add_token
from directory.actors import SYSTEM
from directory.app import create_app
from directory.db import transaction
from directory.models import Account
from directory.search.look_alikes import Looked, find_same_listings
from geodata.points import Point
from tests.worlds.proposal_pages import Enter, Page
from tests.worlds.proposal_people import People, settle_people
from tests.worlds.proposal_screens import Street, Visit, doors, running_street
from tests.worlds.proposal_wire import Wire
from tests.worlds.small_directory import World, build_world, serving


@pytest.fixture(scope="session")
def environment(
    service_environment: dict[str, str],
    make_database: Callable[[str], str],
    ground_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """What the environment says: a database, an index and a place for attachments of its own."""
    database = make_database(ground_database)
    return {
        **service_environment,
        "DATABASE_URL": database,
        # Each folder that takes these fixtures has an index of its own, named as its database.
        "INDEX_PREFIX": f"{database.rpartition('/')[2].replace('_', '-')}-proposals",
        "ATTACHMENTS_DIR": str(tmp_path_factory.mktemp("attachments")),
    }


@pytest.fixture(scope="session")
def built_world(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> World:
    """The listings that there are before anybody proposes one."""
    with serving(environment):
        return build_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def world(built_world: World, environment: dict[str, str]) -> Iterator[World]:
    """The world, with the settings of this process on it."""
    with serving(environment):
        # The first search of an engine is slow, and no request waits for it: it is asked here, without a limit.
        find_same_listings(Looked(("Aga Khan",), "KE", Point(36.8, -1.3)))
        yield built_world


@pytest.fixture
def people(world: World) -> People:
    """Two clients and the network team; no proposal and no mail yet."""
    return settle_people()


@pytest.fixture(scope="module")
def app(world: World) -> Flask:
    """The application on that world."""
    return create_app()


@pytest.fixture(scope="session")
def tokens(built_world: World, environment: dict[str, str]) -> dict[str, str]:
    """A bearer token of everybody."""
    with serving(environment):
        settle_people()
        with transaction() as session:
            accounts = session.scalars(select(Account)).all()
            return {account.display_name: add_token(session, SYSTEM, account)[0] for account in accounts}


@pytest.fixture
def wire(app: Flask, tokens: dict[str, str], people: People) -> Wire:
    """The interface, as each of the people asks it."""
    return Wire(app.test_client(), tokens, people)


@pytest.fixture
def enter(app: Flask, people: People) -> Enter:
    """Signs somebody in: `enter("amina")`."""

    def sign_in(name: str) -> Page:
        client = app.test_client()
        with transaction() as session:
            account = session.scalars(select(Account).where(Account.display_name == name)).one()
            secret = start_session(session, account, awaits=None, agent="test")
        client.set_cookie("provider-directory", secret)
        return Page(client)

    return sign_in


@pytest.fixture(scope="module")
def street(world: World, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """The service as it runs, with its mail."""
    with running_street(environment, tmp_path_factory.mktemp("mail")) as running:
        yield running


@pytest.fixture
def visit(chromium: Browser, street: Street) -> Iterator[Visit]:
    """Lets people in by their browsers; at the end no page may have complained."""
    with doors(chromium, street) as enter:
        yield enter
