"""The world that is measured: engines of its own, a database and an index of so many listings, and the service."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psycopg
from sqlalchemy import Engine

from bench.telling import tell
from config.settings import PROJECT_ROOT, get_settings
from directory import db
from directory.synth import make_world
from directory.vocabulary.rows import load_places, sync_codes
from embedded.engines import Engines
from embedded.ports import free_port
from embedded.state import read_json, write_json
from geodata.build import build_gazetteer
from geodata.gazetteer import Gazetteer
from indexers.rebuild import rebuild
from indexers.stores import Stores, open_stores

_SCHEMA_SOURCES = ("directory/synth", "directory/migrations/versions", "config/codes")
_INDEX_SOURCES = ("directory/search/mapping.py", "indexers/documents.py", "directory/listings/shown.py")


@dataclass(frozen=True)
class World:
    """A database and an index of `rows` listings."""

    rows: int
    seed: int
    state_dir: Path
    database_url: str
    opensearch_url: str
    alias: str

    @property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer(self.state_dir / "gazetteer.sqlite")

    def open_stores(self) -> Stores:
        """Both stores, as the indexer opens them."""
        return open_stores(database_url=self.database_url, opensearch_url=self.opensearch_url, alias=self.alias)

    def environment(self) -> dict[str, str]:
        """What a program must find in its environment to work on this world."""
        return {
            "DATABASE_URL": self.database_url,
            "OPENSEARCH_URL": self.opensearch_url,
            "INDEX_PREFIX": self.alias,
            "STATE_DIR": str(self.state_dir),
            "LOG_LEVEL": "WARNING",
        }

    def adopt(self, **instead: str) -> None:
        """Let the settings of this very process be those of this world."""
        os.environ.update(self.environment() | instead)
        get_settings.cache_clear()


def _digest(*sources: str) -> str:
    digest = hashlib.sha256()
    for source in sources:
        path = PROJECT_ROOT / source
        for file in sorted(path.rglob("*")) if path.is_dir() else (path,):
            if file.suffix in (".py", ".toml"):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def prepare_gazetteer(state_dir: Path) -> Gazetteer:
    """The gazetteer of the bench, built where it is missing."""
    path = state_dir / "gazetteer.sqlite"
    if not path.exists():
        tell("Building the gazetteer")
        build_gazetteer(path)
    return Gazetteer(path)


def prepare_world(engines: Engines, state_dir: Path, rows: int, seed: int) -> tuple[World, dict[str, float]]:
    """A world of so many rows: the one that is there from an earlier run, or a new one; and what making it took."""
    name = f"bench_{rows}_{seed}"
    server = engines.database_url.rpartition("/")[0]
    world = World(rows, seed, state_dir, f"{server}/{name}", engines.opensearch_url, name.replace("_", "-"))
    gazetteer = prepare_gazetteer(state_dir)
    world.adopt()
    stamp_file = state_dir / f"{name}.json"
    stamp = read_json(stamp_file)
    figures: dict[str, float] = {}
    if stamp.get("schema") != _digest(*_SCHEMA_SOURCES):
        stamp = {"schema": _digest(*_SCHEMA_SOURCES), "synth": _make_database(world, gazetteer)}
        write_json(stamp_file, stamp)
    stores = world.open_stores()
    if stamp.get("index") != _digest(*_INDEX_SOURCES) or not stores.client.indices.exists_alias(name=world.alias):
        tell(f"Rebuilding the index of {rows:,} listings")
        report = rebuild(stores, grace_s=0)
        stamp |= {"index": _digest(*_INDEX_SOURCES)}
        write_json(stamp_file, stamp)
        figures["rebuild_seconds"] = report.seconds
    stores.engine.dispose()
    stores.client.close()
    return world, {**stamp.get("synth", {}), **figures}


def make_empty_database(database_url: str, gazetteer: Gazetteer) -> Engine:
    """A new database of that name with the schema, the codes and the places; one that is there is dropped."""
    server, _, name = database_url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
    db.upgrade(database_url)
    engine = db.make_engine(database_url)
    with db.transaction(engine) as session:
        sync_codes(session)
    load_places(engine, gazetteer)
    return engine


def _make_database(world: World, gazetteer: Gazetteer) -> dict[str, float]:
    tell(f"Making a synthetic world of {world.rows:,} listings")
    engine = make_empty_database(world.database_url, gazetteer)
    report = make_world(engine, gazetteer, world.rows, world.seed).as_json()
    engine.dispose()
    tell(f"  {report['listings_per_second']:,} listings/s")
    return report


@contextmanager
def serving(world: World, *, peer: str | None = None, **instead: str) -> Iterator[int]:
    """The service on a free port, as `provider-directory serve` runs it, or a module of peers; gives the port.

    `instead`: what it finds in its environment instead of the world's.
    """
    port = free_port(8100, 8999, None)
    environment = {**os.environ, **world.environment(), "PORT": str(port), "WEB_WORKERS": "2", **instead}
    programs = Path(sys.executable).parent
    command = [str(programs / "provider-directory"), "serve"]
    if peer:
        configuration = "python:directory.serving.settings"
        command = [str(programs / "gunicorn"), "-c", configuration, f"bench.{peer}:app"]
    log = world.state_dir / "logs" / f"bench-{peer or 'service'}.log"
    with log.open("wb") as output:
        service = subprocess.Popen(command, env=environment, cwd=PROJECT_ROOT, stdout=output, stderr=output)
        try:
            _wait_until_ready(port, service, log)
            yield port
        finally:
            service.terminate()
            service.wait(20)


def _wait_until_ready(port: int, service: "subprocess.Popen[bytes]", log: Path, patience_s: float = 60) -> None:
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and service.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    raise RuntimeError(f"The service did not become ready:\n{log.read_text()[-2000:]}")
