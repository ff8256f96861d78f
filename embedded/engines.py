"""Both engines together: started, announced in `engines.json`, and ended."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embedded.opensearch import OpenSearch
from embedded.postgres import Postgres
from embedded.state import owned, write_json


@dataclass(frozen=True)
class Engines:
    """Addresses of both engines, and those of them that are ours to watch."""

    database_url: str
    opensearch_url: str
    embedded: tuple[Postgres | OpenSearch, ...]


class Starting:
    """Engines on their way up; PostgreSQL can be used while OpenSearch still starts."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir
        (state_dir / "logs").mkdir(parents=True, exist_ok=True)
        self._postgres = None if os.environ.get("DATABASE_URL") else Postgres(state_dir)
        self._opensearch = None if os.environ.get("OPENSEARCH_URL") else OpenSearch(state_dir)

    @property
    def embedded(self) -> tuple[Postgres | OpenSearch, ...]:
        """Those that no address was given for, the slower one first."""
        return tuple(engine for engine in (self._opensearch, self._postgres) if engine)

    def launch(self) -> None:
        for engine in self.embedded:
            engine.launch()

    def database_url(self) -> str:
        """Waits for PostgreSQL."""
        return self._postgres.wait_ready() if self._postgres else os.environ["DATABASE_URL"]

    def opensearch_url(self) -> str:
        """Waits for OpenSearch."""
        return self._opensearch.wait_ready() if self._opensearch else os.environ["OPENSEARCH_URL"]

    def stop(self) -> None:
        """All at once, so that the slowest sets the time."""
        for engine in self.embedded:
            if engine.child:
                engine.child.ask_to_stop()
        for engine in self.embedded:
            engine.stop()


@contextmanager
def starting(state_dir: Path) -> Iterator[Starting]:
    """Launch what DATABASE_URL and OPENSEARCH_URL do not give, in a state directory that we own; end it at the end."""
    engines = Starting(state_dir)
    try:
        engines.launch()
        yield engines
    finally:
        announcement(state_dir).unlink(missing_ok=True)
        engines.stop()


@contextmanager
def running(state_dir: Path) -> Iterator[Engines]:
    """Both engines, ready and announced. Raises EmbeddedError with the end of the log of the one that failed."""
    state_dir = state_dir.resolve()
    with owned(state_dir), starting(state_dir) as engines:
        yield announce(engines)


def announcement(state_dir: Path) -> Path:
    """The file in which both programs look for the engines."""
    return state_dir / "engines.json"


def announce(engines: Starting) -> Engines:
    """Wait for both and write their addresses where `config.settings` looks for them."""
    ready = Engines(engines.database_url(), engines.opensearch_url(), engines.embedded)
    write_json(
        announcement(engines.state_dir),
        {"database_url": ready.database_url, "opensearch_url": ready.opensearch_url},
    )
    return ready
