"""A search engine that tests may kill, and links that they may cut, on the database of the demonstration."""

import os
import shutil
import signal
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from embedded.opensearch import OpenSearch
from indexers.rebuild import rebuild
from indexers.stores import open_stores
from tests.faults.proxy import Proxy

PREFIX = "browser-mortal"


class MortalEngines:
    """OpenSearch of its own with an index of the demonstration; PostgreSQL is that of all tests, behind a link."""

    def __init__(self, state_dir: Path, environment: dict[str, str]) -> None:
        shutil.rmtree(state_dir, ignore_errors=True)
        (state_dir / "logs").mkdir(parents=True)
        self._state_dir = state_dir
        self._database = environment["DATABASE_URL"]
        self._opensearch = OpenSearch(state_dir)
        self.search_link = Proxy(lambda: _address(self._opensearch.url))
        self.database_link = Proxy(lambda: _address(self._database))
        self.environment = {
            **environment,
            "DATABASE_URL": self._database.replace(
                f":{urlsplit(self._database).port}/", f":{self.database_link.port}/"
            ),
            "OPENSEARCH_URL": f"http://127.0.0.1:{self.search_link.port}",
            "INDEX_PREFIX": PREFIX,
        }

    def make_whole(self) -> None:
        """The engine answers and both links pass, whatever was done to them."""
        self.database_link.heal()
        self.search_link.heal()
        if self._opensearch.child is None or not self._opensearch.child.alive:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("OPENSEARCH_HEAP", "512m")
                self._opensearch.launch()
        self._opensearch.wait_ready()

    def build_index(self) -> None:
        """Everything that the database holds, searchable."""
        stores = open_stores(database_url=self._database, opensearch_url=self._opensearch.url, alias=PREFIX)
        rebuild(stores, grace_s=0)
        stores.engine.dispose()
        stores.client.close()

    def kill_opensearch(self) -> None:
        """As `kill -9` does it."""
        child = self._opensearch.child
        assert child
        assert child.alive, child.last_lines()
        os.kill(child.process.pid, signal.SIGKILL)
        child.process.wait(30)

    def cut_both(self) -> None:
        """No engine can be reached."""
        self.search_link.cut()
        self.database_link.cut()

    def end(self) -> None:
        """End the engine and the links, and remove all that they left."""
        for link in (self.search_link, self.database_link):
            link.close()
        self._opensearch.stop()
        shutil.rmtree(self._state_dir, ignore_errors=True)


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port
