"""The interface on real engines: one small world for each worker, and a client of the application."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.app import create_app
from tests.faults.service import Service
from tests.worlds.care_people import HEALTH_KEYS
from tests.worlds.engines import EngineUrls
from tests.worlds.small_directory import World, build_world, serving

Ask = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def environment(
    engines: EngineUrls,
    make_database: Callable[[str], str],
    ground_database: str,
    index_prefix: str,
    gazetteer_path: Path,
) -> dict[str, str]:
    """What the environment says to the service of these tests: a database and an index of its own."""
    return {
        "DATABASE_URL": make_database(ground_database),
        "OPENSEARCH_URL": engines.opensearch_url,
        "INDEX_PREFIX": f"{index_prefix}-http",
        "STATE_DIR": str(gazetteer_path.parent),
        "SECRET_KEY": "a key for the tests",
        "HEALTH_KEYS": HEALTH_KEYS,
        # A slow engine is not taken for a dead one; the tests of faults are about that.
        "PATIENCE": "10",
        "DEMONSTRATION": "false",
    }


@pytest.fixture(scope="session")
def built_world(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> World:
    """The world of this worker; nothing of it is changed by a test."""
    with serving(environment):
        return build_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def world(built_world: World, environment: dict[str, str]) -> Iterator[World]:
    """The world, with the settings of this process on it."""
    with serving(environment):
        yield built_world


@pytest.fixture(scope="module")
def app(world: World) -> Flask:
    """The application on that world."""
    return create_app()


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    """A client of the application."""
    return app.test_client()


@pytest.fixture(scope="module")
def found(client: FlaskClient) -> Callable[..., Any]:
    """The body of a search that must be answered with 200: `found(q="hospital", country="KE")`."""

    def search(**parameters: Any) -> Any:
        answer = client.get("/v1/providers", query_string=parameters)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    return search


@pytest.fixture(scope="module")
def service(
    environment: dict[str, str], built_world: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """gunicorn; its log is that of one module."""
    log: Path = tmp_path_factory.mktemp("server") / "gunicorn.log"
    with Service({**environment, "WEB_WORKERS": "1"}, log) as running:
        yield running
