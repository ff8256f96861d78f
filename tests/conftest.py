"""The real engines, started once for a test run; a database and an index prefix of its own for each worker.

DATABASE_URL and OPENSEARCH_URL, where set, name engines to use instead. A run that finds ours up, as `make engines` or
a run with TEST_KEEP_ENGINES=1 leaves them, leaves them up too. Nothing is skipped where an engine is missing: the run
fails and says why.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from opensearchpy import OpenSearch

from config.settings import PROJECT_ROOT, settings_from
from embedded.engines import announcement
from embedded.state import locked, owner, read_json, write_json
from tests.worlds.engines import EngineUrls

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

# Set by the process that the user started, and inherited by the workers of pytest-xdist.
_RUN_PID, _RUN_DIR = "TEST_RUN_PID", "TEST_RUN_DIR"
_held = ExitStack()
# What the codes and places in a database are made from, and the schema that they stand in.
_GROUND = ("config/codes", "geodata", "directory/migrations", "directory/vocabulary", "directory/models")
_CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--expose-gc",
)


# How long an example takes is a matter of the machine.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


def pytest_configure(config: pytest.Config) -> None:
    """Take the first state directory that no other test run of this clone holds."""
    if hasattr(config, "workerinput"):
        return
    number = 1
    while True:
        run_dir = PROJECT_ROOT / ".local" / ("test" if number == 1 else f"test-{number}")
        try:
            _held.enter_context(locked(run_dir / "run.lock"))
            break
        except BlockingIOError:
            number += 1
    os.environ[_RUN_PID], os.environ[_RUN_DIR] = str(os.getpid()), str(run_dir)
    if owner(run_dir) is not None:
        os.environ["TEST_KEEP_ENGINES"] = "1"
    (run_dir / "template.json").unlink(missing_ok=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drop what the workers shared, and end the engines unless they are to be kept."""
    if hasattr(config, "workerinput") or _RUN_DIR not in os.environ:
        return
    run_dir = Path(os.environ.pop(_RUN_DIR))
    if template := read_json(run_dir / "template.json"):
        _execute(template["server"], f"DROP DATABASE IF EXISTS {template['name']} WITH (FORCE)")
    if os.environ.get("DATABASE_URL") and (ground := read_json(run_dir / "ground.json")):
        _execute(ground["server"], f"DROP DATABASE IF EXISTS {ground['name']} WITH (FORCE)")
    if owner(run_dir) is not None and not os.environ.get("TEST_KEEP_ENGINES"):
        _embedded("down", run_dir)
    _held.close()


def _embedded(command: str, run_dir: Path, *options: str) -> None:
    """Run one `python -m embedded` command. Raises with what it said."""
    words = [sys.executable, "-m", "embedded", command, "--state-dir", str(run_dir), *options]
    done = subprocess.run(words, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"The engines for the tests: `embedded {command}` said:\n{done.stdout}{done.stderr}")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def _in_server(url: str, name: str) -> str:
    """The address of database `name` in the server of `url`."""
    return f"{url.rpartition('/')[0]}/{name}"


def _drop_databases_of_killed_runs(url: str) -> None:
    """On an engine of our own only, where no other run can be at work."""
    for name in _databases_like(url, r"test\_%"):
        _execute(url, f"DROP DATABASE {name} WITH (FORCE)")


def _databases_like(url: str, pattern: str) -> list[str]:
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (pattern,)).fetchall()
    return [name for (name,) in rows]


def _is_database(url: str, name: str) -> bool:
    return name in _databases_like(url, name.replace("_", r"\_"))


def _digest(*sources: str) -> str:
    """Changes whenever a file below the sources does."""
    digest = hashlib.sha256()
    for source in sources:
        for file in sorted((PROJECT_ROOT / source).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(file.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="session")
def run_dir() -> Path:
    """State directory that all workers of this run share."""
    return Path(os.environ[_RUN_DIR])


@pytest.fixture(scope="session")
def worker() -> str:
    """Name of this worker in this run, usable in names of databases and indexes."""
    return f"test_{os.environ[_RUN_PID]}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.fixture(scope="session")
def engines(run_dir: Path) -> EngineUrls:
    """Both engines, started by the first worker that asks."""
    given = {name: os.environ.get(name.upper()) for name in ("database_url", "opensearch_url")}
    if given["database_url"] and given["opensearch_url"]:
        return EngineUrls(given["database_url"], given["opensearch_url"])
    with locked(run_dir / "start.lock", wait=True):
        if owner(run_dir) is None:
            keep = os.environ.get("TEST_KEEP_ENGINES")
            _embedded("up", run_dir, *([] if keep else ["--while-pid", os.environ[_RUN_PID]]))
    return EngineUrls(**read_json(announcement(run_dir)))


@pytest.fixture(scope="session")
def template_database(engines: EngineUrls, run_dir: Path) -> str:
    """Name of a database with the newest schema and no rows, made by the real migrations once for all workers."""
    from directory.db import upgrade

    name = f"test_{os.environ[_RUN_PID]}_template"
    with locked(run_dir / "template.lock", wait=True):
        if not read_json(run_dir / "template.json").get("ready"):
            if not os.environ.get("DATABASE_URL"):
                _drop_databases_of_killed_runs(engines.database_url)
            _execute(engines.database_url, f"DROP DATABASE IF EXISTS {name}")
            _execute(engines.database_url, f"CREATE DATABASE {name}")
            made = {"name": name, "server": engines.database_url}
            write_json(run_dir / "template.json", made)
            upgrade(_in_server(engines.database_url, name))
            write_json(run_dir / "template.json", {**made, "ready": True})
    return name


@pytest.fixture(scope="session")
def ground_database(engines: EngineUrls, run_dir: Path, template_database: str, gazetteer_path: Path) -> str:
    """Name of a database with the newest schema, all codes and all places: what most worlds stand on.

    On engines of our own it stays for the next run, unless what it is made from has changed.
    """
    name = f"ground_{_digest(*_GROUND)[:16]}"
    with locked(run_dir / "template.lock", wait=True):
        if read_json(run_dir / "ground.json").get("name") != name or not _is_database(engines.database_url, name):
            for earlier in _databases_like(engines.database_url, r"ground\_%"):
                _execute(engines.database_url, f"DROP DATABASE {earlier} WITH (FORCE)")
            _execute(engines.database_url, f"CREATE DATABASE {name} TEMPLATE {template_database}")
            _lay_ground(_in_server(engines.database_url, name), gazetteer_path)
            write_json(run_dir / "ground.json", {"name": name, "server": engines.database_url})
    return name


def _lay_ground(url: str, gazetteer_path: Path) -> None:
    from directory.db import make_engine, transaction
    from directory.vocabulary.rows import load_places, sync_codes
    from geodata.gazetteer import Gazetteer

    engine = make_engine(url)
    with transaction(engine) as session:
        sync_codes(session)
    load_places(engine, Gazetteer(gazetteer_path))
    engine.dispose()


@pytest.fixture(scope="session")
def make_database(engines: EngineUrls, run_dir: Path, worker: str) -> Iterator[Callable[[str], str]]:
    """A function that makes one more database, a copy of the named one, and gives its address; all go at the end.

    `make_database("template1")` is empty but for the extensions: for the tests of the migrations.
    """
    made: list[str] = []

    def make(template: str) -> str:
        name = f"{worker}_{len(made)}"
        # PostgreSQL copies a database only while nobody else does.
        with locked(run_dir / "template.lock", wait=True):
            _execute(engines.database_url, f"CREATE DATABASE {name} TEMPLATE {template}")
        made.append(name)
        return _in_server(engines.database_url, name)

    yield make
    for name in made:
        _execute(engines.database_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def database_url(make_database: Callable[[str], str], template_database: str) -> str:
    """This worker's own database, migrated and empty at its start."""
    return make_database(template_database)


@pytest.fixture(scope="session")
def index_prefix(engines: EngineUrls, worker: str) -> Iterator[str]:
    """This worker's own prefix of index names; what bears it goes at the end."""
    prefix = worker.replace("_", "-")
    yield prefix
    with OpenSearch(engines.opensearch_url) as client:
        client.indices.delete(index=f"{prefix}*", ignore_unavailable=True)


@pytest.fixture(scope="session")
def gazetteer_path(run_dir: Path) -> Path:
    """The whole gazetteer, built once and again whenever its sources change."""
    from geodata.build import build_gazetteer

    sources = _digest("geodata")
    path = run_dir / "gazetteer.sqlite"
    with locked(run_dir / "gazetteer.lock", wait=True):
        if not path.exists() or read_json(run_dir / "gazetteer.json").get("sources") != sources:
            build_gazetteer(path)
            write_json(run_dir / "gazetteer.json", {"sources": sources})
    return path


@pytest.fixture(scope="session")
def service_environment(
    engines: EngineUrls, database_url: str, index_prefix: str, gazetteer_path: Path
) -> Iterator[dict[str, str]]:
    """The environment in which this process, and each program that a test starts, is this worker's service."""
    variables = {
        "DATABASE_URL": database_url,
        "OPENSEARCH_URL": engines.opensearch_url,
        "INDEX_PREFIX": index_prefix,
        "STATE_DIR": str(gazetteer_path.parent),
        "SECRET_KEY": "a key for the tests",
    }
    with settings_from(variables):
        yield variables


@pytest.fixture(scope="session")
def playwright() -> "Iterator[Playwright]":
    """The one that all browsers of this process are started by: a second one would meet the first one's event loop."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: "Playwright") -> "Iterator[Browser]":
    """One browser; each visit has a context of its own, as a person who never came before."""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(_CHROMIUM_FLAGS))
    yield browser
    browser.close()
