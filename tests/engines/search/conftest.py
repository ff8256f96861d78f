"""The made-up world, loaded once and only read; and a copy of it that tests may change while they search."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geodata.gazetteer import Gazetteer
from indexers.rebuild import rebuild
from indexers.stores import Stores, open_stores
from tests.engines.search.search_world import SearchWorld, make_world, searched
from tests.worlds.engines import EngineUrls


@pytest.fixture(scope="session")
def still_stores(
    engines: EngineUrls, make_database: Callable[[str], str], ground_database: str, index_prefix: str
) -> Iterator[Stores]:
    """The stores of the world that nothing changes."""
    stores = open_stores(
        database_url=make_database(ground_database),
        opensearch_url=engines.opensearch_url,
        alias=f"{index_prefix}-still",
    )
    yield stores
    _close(stores)


@pytest.fixture(scope="session")
def still_world(still_stores: Stores, gazetteer_path: Path, tmp_path_factory: pytest.TempPathFactory) -> SearchWorld:
    """The world that nothing changes."""
    return make_world(still_stores, Gazetteer(gazetteer_path), tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(still_world: SearchWorld, engines: EngineUrls) -> Iterator[SearchWorld]:
    """The world that nothing changes, searched."""
    with searched(still_world.stores, engines.opensearch_url):
        yield still_world


@pytest.fixture
def moving_world(
    still_world: SearchWorld, engines: EngineUrls, make_database: Callable[[str], str], index_prefix: str
) -> Iterator[SearchWorld]:
    """A copy for one test, searched."""
    # PostgreSQL copies a database only while nobody is connected to it.
    still_world.stores.engine.dispose()
    stores = open_stores(
        database_url=make_database(str(still_world.stores.engine.url.database)),
        opensearch_url=engines.opensearch_url,
        alias=f"{index_prefix}-moving",
    )
    rebuild(stores, grace_s=0)
    copy = SearchWorld(
        stores,
        still_world.gazetteer,
        still_world.today,
        still_world.rows,
        still_world.ids,
        still_world.oracle,
    )
    with searched(stores, engines.opensearch_url):
        yield copy
    stores.client.indices.delete(index=f"{stores.alias}*", ignore_unavailable=True)
    _close(stores)


def _close(stores: Stores) -> None:
    stores.engine.dispose()
    stores.client.close()
