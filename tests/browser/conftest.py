"""Real Chromium on the real service, its engines and the demonstration's data; a browser and a service each worker."""

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from opensearchpy import OpenSearch
from playwright.sync_api import Browser

from directory.db import upgrade
from embedded.state import locked, read_json, write_json
from tests.browser.demo_world import WORLD_SETS, fingerprint, load_demo_world
from tests.browser.visit import DESK, Visit
from tests.faults.service import Service
from tests.worlds.engines import EngineUrls

DATABASE, PREFIX = "browser_demo", "browser-demo"
Open = Callable[..., Visit]


@pytest.fixture(scope="session")
def demo_environment(engines: EngineUrls, run_dir: Path, gazetteer_path: Path) -> dict[str, str]:
    """The settings of a service on the demonstration's data, loaded by the first worker that asks.

    Database and index stay with the engines: the next run finds them, unless what they are made from has changed.
    """
    server = engines.database_url.rpartition("/")[0]
    environment = {
        "DATABASE_URL": f"{server}/{DATABASE}",
        "OPENSEARCH_URL": engines.opensearch_url,
        "INDEX_PREFIX": PREFIX,
        "STATE_DIR": str(gazetteer_path.parent),
        "SECRET_KEY": "a key for the tests",
        # A slow engine is not taken for a dead one; the tests of faults are about that.
        "PATIENCE": "3",
        "DEMONSTRATION": "true",
        "WEB_WORKERS": "2",
    }
    with locked(run_dir / "browser.lock", wait=True):
        made = {"fingerprint": fingerprint()}
        if read_json(run_dir / "browser.json") != made or not _is_there(engines):
            with psycopg.connect(engines.database_url, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
                connection.execute(f"CREATE DATABASE {DATABASE}")
            upgrade(environment["DATABASE_URL"])
            load_demo_world(environment, WORLD_SETS, run_dir / "browser")
            write_json(run_dir / "browser.json", made)
    return environment


def _is_there(engines: EngineUrls) -> bool:
    with psycopg.connect(engines.database_url) as connection:
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
    with OpenSearch(engines.opensearch_url) as client:
        return found is not None and bool(client.indices.exists_alias(name=PREFIX))


@pytest.fixture(scope="session")
def service(demo_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """gunicorn with two workers."""
    with Service(demo_environment, tmp_path_factory.mktemp("service") / "gunicorn.log") as running:
        yield running


@pytest.fixture
def visit(chromium: Browser, service: Service) -> Iterator[Open]:
    """Opens a page of the service: `visit("/?lang=fr", PHONE)`. At the end nothing may have gone wrong on any."""
    with ExitStack() as visits:

        def open_page(path: str = "/", size: dict[str, int] = DESK, **options: Any) -> Visit:
            return visits.enter_context(Visit(chromium, f"http://127.0.0.1:{service.port}", path, size, **options))

        yield open_page


@pytest.fixture(scope="session")
def answer(service: Service) -> Callable[[str], Any]:
    """What the interface says to the same question."""

    def ask(path: str) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
        try:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    return ask
