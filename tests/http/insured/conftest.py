"""The interface on a border town, by both engines, for members who say their plan."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from directory.app import create_app
from tests.http.test_http_running import AWAY
from tests.worlds.border_town import PLANS, Town, build_town
from tests.worlds.small_directory import serving


@pytest.fixture(scope="session")
def town_environment(
    environment: dict[str, str],
    make_database: Callable[[str], str],
    ground_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """A database and an index of their own, and the plans of the town."""
    plans = tmp_path_factory.mktemp("plans") / "plans.toml"
    plans.write_text(PLANS, encoding="utf-8")
    return {
        **environment,
        "DATABASE_URL": make_database(ground_database),
        "INDEX_PREFIX": f"{environment['INDEX_PREFIX']}-town",
        "PLANS_FILE": str(plans),
    }


@pytest.fixture(scope="session")
def built_town(town_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The town; nothing of it is changed by a test."""
    with serving(town_environment):
        return build_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module", params=["engine", "sql"])
def client(request: pytest.FixtureRequest, built_town: Town, town_environment: dict[str, str]) -> Iterator[FlaskClient]:
    """The interface, answered by OpenSearch or without it."""
    away = AWAY["search"] if request.param == "sql" else {}
    with serving({**town_environment, **away}):
        yield create_app().test_client()


@pytest.fixture(scope="module")
def town(built_town: Town) -> Town:
    """The ids of the town."""
    return built_town
