"""Proposals on real engines: a directory with some listings, two clients with their officers, a network team."""

from collections.abc import Callable, Iterator

import pytest

from tests.engines.proposals.people import People, settle_people
from tests.http.world import World, build_world, serving


@pytest.fixture(scope="session")
def environment(
    service_environment: dict[str, str],
    make_database: Callable[[str], str],
    template_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """What the environment says: a database, an index and a place for attachments of its own."""
    return {
        **service_environment,
        "DATABASE_URL": make_database(template_database),
        "INDEX_PREFIX": f"{service_environment['INDEX_PREFIX']}-proposals",
        "ATTACHMENTS_DIR": str(tmp_path_factory.mktemp("attachments")),
    }


@pytest.fixture(scope="session")
def built_world(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> World:
    """The listings that there are before anybody proposes one."""
    with serving(environment):
        return build_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def world(built_world: World, environment: dict[str, str]) -> Iterator[World]:
    """The world, with the settings of this process on it."""
    with serving(environment):
        yield built_world


@pytest.fixture
def people(world: World) -> People:
    """Two clients and the network team; no proposal and no mail yet."""
    return settle_people()
