"""The desk of imports in real Chromium: the service and the program of imports, each a process of its own."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from playwright.sync_api import Browser

from config.settings import PROJECT_ROOT
from tests.faults.service import Service
from tests.worlds.import_desk import app, desk, environment, import_tokens
from tests.worlds.proposal_screens import PROGRAMS, Street, Visit, doors

__all__ = ["app", "desk", "environment", "import_tokens"]


@pytest.fixture(scope="module")
def street(app: Flask, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """The service as it runs."""
    folder = tmp_path_factory.mktemp("street")
    with ExitStack() as running:
        service = running.enter_context(Service({**environment, "LARGEST_IMPORT_MB": "1"}, folder / "gunicorn.log"))
        log = running.enter_context((folder / "imports.log").open("wb"))
        words = [str(PROGRAMS / "provider-directory"), "work"]
        program = subprocess.Popen(words, env=environment, cwd=PROJECT_ROOT, stdout=log, stderr=log)
        running.callback(program.wait, 30)
        running.callback(program.terminate)
        yield Street(service, folder)


@pytest.fixture
def visit(chromium: Browser, street: Street) -> Iterator[Visit]:
    """Lets people in by their browsers; at the end no page may have complained."""
    with doors(chromium, street) as enter:
        yield enter
