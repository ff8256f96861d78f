"""Accounts on a real database of their own, a real mail server beside it, and browsers that keep cookies."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from directory.app import create_app
from directory.db import transaction
from embedded.ports import free_port, is_free
from embedded.service_login import make_service_login
from tests.worlds.account_people import PUBLIC, Browser, Crew, Mailbox
from tests.worlds.small_directory import serving


@pytest.fixture(scope="session")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    """A running SMTP server, a process of its own, and the mails that it got."""
    folder, port = tmp_path_factory.mktemp("mail"), free_port(30000, 32000)
    command = [sys.executable, "-m", "embedded.post", "--port", str(port), "--folder", str(folder)]
    with subprocess.Popen(command) as server:
        until = time.monotonic() + 20
        while is_free(port):
            assert server.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        yield Mailbox(folder, f"smtp://127.0.0.1:{port}")
        server.terminate()


@pytest.fixture(scope="module")
def environment(
    make_database: Callable[[str], str],
    template_database: str,
    mailbox: Mailbox,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """What the environment says to the service of these tests."""
    return {
        # The service's own login: it must be able to do its work, and no more.
        "DATABASE_URL": make_service_login(make_database(template_database), "a password for the tests"),
        "OPENSEARCH_URL": "http://127.0.0.1:9",  # nobody searches here
        "STATE_DIR": str(tmp_path_factory.mktemp("state")),
        "SECRET_KEY": "a key for the tests",
        # A slow engine is not taken for a dead one; the tests of faults are about that.
        "PATIENCE": "10",
        "PUBLIC_URL": PUBLIC,
        "SMTP_URL": mailbox.url,
        "MAIL_FROM": "Provider directory <directory@insurer.example>",
    }


@pytest.fixture(scope="module")
def settings(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The settings of this process are those of the environment."""
    with serving(environment):
        yield environment


@pytest.fixture(scope="module")
def app(settings: dict[str, str]) -> Flask:
    """The application."""
    return create_app()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser that nobody has used yet."""
    return Browser(app)


@pytest.fixture
def crew(app: Flask, settings: dict[str, str]) -> Crew:
    """People with accounts, who can sign in; limits begin anew."""
    from sqlalchemy import text

    with transaction() as session:
        session.execute(text("DELETE FROM rate"))
    return Crew(app)


@pytest.fixture
def state_dir(settings: dict[str, str]) -> Path:
    """The state directory of these tests."""
    return Path(settings["STATE_DIR"])
