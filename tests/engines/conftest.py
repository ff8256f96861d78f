"""Both stores for the tests of the indexers."""

from collections.abc import Callable, Iterator

import pytest

from indexers.stores import Stores, open_stores
from tests.engines.index_world import World
from tests.worlds.engines import EngineUrls


@pytest.fixture(scope="session")
def stores(
    engines: EngineUrls, make_database: Callable[[str], str], template_database: str, index_prefix: str
) -> Iterator[Stores]:
    """A database and an index alias that only the tests of the indexers use."""
    opened = open_stores(
        database_url=make_database(template_database),
        opensearch_url=engines.opensearch_url,
        alias=f"{index_prefix}-indexed",
    )
    yield opened
    opened.engine.dispose()
    opened.client.close()


@pytest.fixture
def world(stores: Stores) -> Iterator[World]:
    """No listing and no index; what a test leaves is removed."""
    made = World(stores)
    made.lay_ground()
    yield made
    stores.client.indices.delete(index=f"{stores.alias}*", ignore_unavailable=True)
