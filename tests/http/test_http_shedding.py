"""What waited too long for its turn is refused at once, in the form of every other problem; and what is counted."""

import re

import pytest
from flask.testing import FlaskClient

from directory.app import create_app
from directory.runtime import connections
from directory.serving import health
from directory.serving.waiting import after_waiting
from directory.web.shedding import LONGEST_STANDING_WAIT_S, LONGEST_WAIT_S
from tests.http.problem import problem_of
from tests.http.test_http_running import AWAY
from tests.worlds.small_directory import index_what_waits, serving

LONG = LONGEST_WAIT_S + 0.1


def count(client: FlaskClient, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").text, re.MULTILINE)
    assert found, name
    return float(found[1])


@pytest.mark.parametrize("path", ["/v1/providers?q=clinic", "/v1/codes", "/nothing-here"])
def test_request_that_waited_too_long_is_refused_and_told_when_to_come_back(client: FlaskClient, path: str) -> None:
    before = count(client, "directory_shed_requests_total")
    with after_waiting(LONG):
        answer = client.get(path)
    problem_of(answer, 503, "overloaded")
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert count(client, "directory_shed_requests_total") == before + 1


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_those_who_run_the_service_are_never_refused(client: FlaskClient, path: str) -> None:
    with after_waiting(LONG):
        assert client.get(path).status_code == 200


def test_request_that_waited_a_little_is_answered(client: FlaskClient) -> None:
    with after_waiting(LONGEST_STANDING_WAIT_S / 2):
        assert client.get("/v1/providers?q=clinic").status_code == 200


def test_outbox_is_told_while_the_database_is_there_and_absent_while_it_is_not(
    client: FlaskClient, environment: dict[str, str]
) -> None:
    index_what_waits()
    health.recent_queues.forget()
    assert count(client, "directory_outbox_waiting") == 0
    assert count(client, "directory_outbox_oldest_seconds") == 0
    assert count(client, "directory_outbox_set_aside") == 0
    with serving({**environment, **AWAY["database"]}):
        health.recent_queues.forget()
        text = create_app().test_client().get("/metrics").text
    assert "directory_outbox_" not in text
    assert "directory_mail_" not in text
    assert 'directory_engine_away{engine="database"} 1.0' in text
    health.recent_queues.forget()
    connections.database.succeeded()
    assert count(client, 'directory_engine_away{engine="database"}') == 0


def test_degraded_searches_are_counted(environment: dict[str, str], client: FlaskClient) -> None:
    before = count(client, "directory_degraded_searches_total")
    with serving({**environment, **AWAY["search"]}):
        other = create_app().test_client()
        assert other.get("/v1/providers?q=clinic").get_json()["degraded"] is True
        assert count(other, "directory_degraded_searches_total") == before + 1
        assert count(other, 'directory_engine_away{engine="search"}') == 1
