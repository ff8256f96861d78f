"""A private PostgreSQL and OpenSearch that tests may kill, and the links to them."""

import os
import shutil
import signal
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from embedded.opensearch import OpenSearch
from embedded.postgres import Postgres
from embedded.processes import Child
from tests.faults.proxy import Proxy

_HEAP = "512m"


class Pair:
    """Both engines on a state directory of their own, each behind a proxy whose address never changes."""

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir
        self.end()  # what a killed run left
        (state_dir / "logs").mkdir(parents=True)
        self.postgres, self.opensearch = Postgres(state_dir), OpenSearch(state_dir)
        self.database_link = Proxy(lambda: _address(self.postgres.url))
        self.search_link = Proxy(lambda: _address(self.opensearch.url))

    @property
    def search_url(self) -> str:
        """OpenSearch through its proxy."""
        return f"http://127.0.0.1:{self.search_link.port}"

    def through_link(self, database_url: str) -> str:
        """A database of this PostgreSQL through its proxy."""
        port = urlsplit(database_url).port
        return database_url.replace(f"127.0.0.1:{port}/", f"127.0.0.1:{self.database_link.port}/")

    @property
    def data(self) -> Path:
        """Where OpenSearch keeps everything."""
        return self._state_dir / "opensearch" / "node_1" / "data"

    def make_whole(self) -> None:
        """Both engines answer and both links pass, whatever was done to them."""
        self.database_link.heal()
        self.search_link.heal()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OPENSEARCH_HEAP", _HEAP)
            for engine in (self.opensearch, self.postgres):
                if engine.child is None or not engine.child.alive:
                    engine.launch()
        self.postgres.wait_ready()
        self.opensearch.wait_ready()

    def make_database(self, name: str) -> str:
        """Another database of this PostgreSQL, new and empty; its address."""
        server = self.postgres.url.rpartition("/")[0]
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"{server}/{name}"

    def kill_opensearch(self) -> None:
        """As `kill -9` does it."""
        _end(self.opensearch.child, signal.SIGKILL)

    def stop_opensearch(self) -> None:
        """In good order."""
        _end(self.opensearch.child, signal.SIGTERM)

    def stop_postgres_immediately(self) -> None:
        """The signal of `pg_ctl stop -m immediate`: no connection is ended in order, nothing more is written."""
        _end(self.postgres.child, signal.SIGQUIT)

    def end(self) -> None:
        """End the engines and the links, and remove all that they left."""
        for link in ("database_link", "search_link"):
            if hasattr(self, link):
                getattr(self, link).close()
        postgres = Postgres(self._state_dir)
        for engine in (OpenSearch(self._state_dir), postgres):
            engine.stop()
        if (self._state_dir / "postgres.json").exists():
            shutil.rmtree(postgres.place, ignore_errors=True)
        shutil.rmtree(self._state_dir, ignore_errors=True)


def _end(child: Child | None, number: signal.Signals) -> None:
    assert child is not None
    assert child.alive, f"{child.name} was not running:\n{child.last_lines()}"
    os.kill(child.process.pid, number)
    child.process.wait(30)


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port
