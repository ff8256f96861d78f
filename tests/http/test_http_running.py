"""What those who run the service see: alive, ready, counts; and what readers get while an engine is away."""

import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from directory.api.schemas import AliveAnswer, ReadyAnswer, SearchAnswer
from directory.app import create_app
from directory.db import get_engine
from directory.listings.filling import SAY_UNTIL_COMMIT
from directory.runtime.breaker import COOL_OFF_S
from directory.search import answering, engine
from directory.search.engine import FIRST_WAIT_S
from directory.serving import health
from tests.faults.proxy import Proxy
from tests.http.problem import problem_of
from tests.worlds.small_directory import LISTINGS, World, index_what_waits, serving

# Nobody listens on the port that is set aside for discarding.
AWAY = {
    "search": {"OPENSEARCH_URL": "http://127.0.0.1:9"},
    "database": {"DATABASE_URL": "postgresql://x@127.0.0.1:9/x"},
}
EMPTY = {"INDEX_PREFIX": "nothing-was-ever-indexed-here"}


def test_the_process_is_alive_whatever_the_engines_do(environment: dict[str, str]) -> None:
    with serving({**environment, **AWAY["search"], **AWAY["database"]}):
        answer = create_app().test_client().get("/healthz")
    assert answer.status_code == 200
    assert not AliveAnswer(unknown="raise").validate(answer.get_json())
    assert answer.headers["Cache-Control"] == "no-store"


def test_ready_tells_of_each_engine_and_of_the_index(client: FlaskClient, environment: dict[str, str]) -> None:
    index_what_waits()
    health.recent_queues.forget()
    answer = client.get("/readyz")
    body = answer.get_json()
    assert answer.status_code == 200
    assert not ReadyAnswer(unknown="raise").validate(body)
    assert body["status"] == "ready"
    assert body["database"]["ok"] is body["search"]["ok"] is True
    assert body["alias"] == environment["INDEX_PREFIX"]
    assert body["index"] == {"waiting": 0, "oldest_s": 0, "set_aside": 0, "filling": False}


def test_ready_says_that_listings_come_in(client: FlaskClient) -> None:
    with get_engine().begin() as connection:
        connection.execute(text(SAY_UNTIL_COMMIT))
        assert client.get("/readyz").get_json()["index"]["filling"] is True
    assert client.get("/readyz").get_json()["index"]["filling"] is False


@pytest.mark.parametrize(("away", "other"), [("search", "database"), ("database", "search")])
def test_one_engine_away_is_named_and_requests_still_come(
    environment: dict[str, str], built_world: World, away: str, other: str
) -> None:
    with serving({**environment, **AWAY[away]}):
        answer = create_app().test_client().get("/readyz")
    body = answer.get_json()
    assert answer.status_code == 200
    assert not ReadyAnswer(unknown="raise").validate(body)
    assert body["status"] == "degraded"
    assert body[away]["ok"] is False
    assert "does not answer" in body[away]["reason"]
    assert body[other]["ok"] is True


def test_not_ready_with_both_engines_away(environment: dict[str, str]) -> None:
    with serving({**environment, **AWAY["search"], **AWAY["database"]}):
        answer = create_app().test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["status"] == "not ready"


def test_degraded_without_an_index(environment: dict[str, str], built_world: World) -> None:
    with serving({**environment, **EMPTY}):
        answer = create_app().test_client().get("/readyz")
    assert answer.get_json()["status"] == "degraded"
    assert "rebuild" in answer.get_json()["search"]["reason"]


def test_listing_without_the_database_is_a_problem_with_a_time_to_come_back(environment: dict[str, str]) -> None:
    with serving({**environment, **AWAY["database"]}):
        answer = create_app().test_client().get("/v1/providers/1")
    problem_of(answer, 503, "database-unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def test_listing_needs_no_search_engine(environment: dict[str, str], built_world: World) -> None:
    with serving({**environment, **AWAY["search"]}):
        answer = create_app().test_client().get(f"/v1/providers/{built_world.ids['cairo']}")
    assert answer.status_code == 200


def test_words_without_the_place_file_are_a_problem(environment: dict[str, str], tmp_path: object) -> None:
    with serving({**environment, "STATE_DIR": str(tmp_path)}):
        answer = create_app().test_client().get("/v1/places?q=Goma")
    problem_of(answer, 503, "database-unavailable")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("variables", [AWAY["search"], EMPTY])
@pytest.mark.parametrize(
    "asked", ["", "q=clinic", "near=Nairobi&radius_km=100", "type=hospital&sort=name&facets=type,network"]
)
def test_search_without_its_engine_is_answered_by_the_other(
    environment: dict[str, str], built_world: World, variables: dict[str, str], asked: str
) -> None:
    with serving(environment):
        whole = create_app().test_client().get(f"/v1/providers?{asked}").get_json()
    with serving({**environment, **variables}):
        answer = create_app().test_client().get(f"/v1/providers?{asked}")
    plain = answer.get_json()
    assert answer.status_code == 200
    assert not SearchAnswer(unknown="raise").validate(plain)
    assert (whole["degraded"], plain["degraded"]) == (False, True)
    assert plain["total"] == whole["total"]
    assert plain["facets"] == whole["facets"]
    assert sorted(item["id"] for item in plain["items"]) == sorted(item["id"] for item in whole["items"])
    assert {item["id"]: item for item in plain["items"]} == {item["id"]: item for item in whole["items"]}


def test_a_slow_engine_is_not_taken_for_a_dead_one(environment: dict[str, str], built_world: World) -> None:
    address = urlsplit(environment["OPENSEARCH_URL"])
    link = Proxy(lambda: (str(address.hostname), int(address.port or 9200)))
    everything: dict[str, Any] = {"size": 0, "track_total_hits": True, "query": {"match_all": {}}}
    with serving({**environment, "PATIENCE": "1", "OPENSEARCH_URL": f"http://127.0.0.1:{link.port}"}):
        # On the way there and on the way back: nothing is answered within the first wait.
        link.delay_s = 0.52 * FIRST_WAIT_S
        answer = engine.search(everything)
    assert answer["hits"]["total"]["value"] >= LISTINGS


def test_search_is_whole_again_by_itself_once_its_engine_is_back(
    environment: dict[str, str], built_world: World
) -> None:
    with serving(environment):
        client = create_app().test_client()
        answering.opensearch.failed()
        assert client.get("/v1/providers").get_json()["degraded"] is True
        time.sleep(COOL_OFF_S)
        assert client.get("/v1/providers").get_json()["degraded"] is False
        assert client.get("/v1/suggest?q=clin").get_json()["degraded"] is False


def test_search_without_any_engine_is_a_problem_with_a_time_to_come_back(environment: dict[str, str]) -> None:
    with serving({**environment, **AWAY["search"], **AWAY["database"]}):
        answer = create_app().test_client().get("/v1/providers?q=clinic")
    problem_of(answer, 503, "database-unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def test_metrics_count_routes_and_never_addresses(client: FlaskClient, world: World) -> None:
    client.get("/v1/providers?q=Verysecretword&lat=-1.2345&lon=36.7891")
    client.get(f"/v1/providers/{world.ids['cairo']}")
    client.get("/Verysecretpath")
    client.open("/v1/codes", method="VERYSECRETMETHOD")
    answer = client.get("/metrics")
    text = answer.get_data(as_text=True)
    assert answer.content_type.startswith("text/plain")
    for line in (
        'directory_requests_total{method="GET",route="/v1/providers",status="200"}',
        'directory_requests_total{method="GET",route="/v1/providers/<listing_id>",status="200"}',
        'directory_requests_total{method="GET",route="unknown",status="404"}',
        'directory_request_seconds_bucket{le="0.1",route="/v1/providers"}',
    ):
        assert line in text
    assert "secret" not in text.lower()
    assert "36.7891" not in text
