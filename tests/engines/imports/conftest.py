"""The database of the tests of imports, with all codes and places in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from directory.db import make_engine
from geodata.gazetteer import Gazetteer
from tests.engines.import_world import ImportWorld


@pytest.fixture(scope="session")
def import_gazetteer(gazetteer_path: Path) -> Gazetteer:
    return Gazetteer(gazetteer_path)


@pytest.fixture(scope="session")
def import_engine(make_database: Callable[[str], str], ground_database: str) -> Iterator[Engine]:
    engine = make_engine(make_database(ground_database))
    yield engine
    engine.dispose()


@pytest.fixture
def world(
    import_engine: Engine,
    import_gazetteer: Gazetteer,
    gazetteer_path: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> ImportWorld:
    """A source that no other test uses, and a folder for its files."""
    return ImportWorld(import_engine, import_gazetteer, gazetteer_path, tmp_path, request.node.name[:90])
