"""Searching leaves nothing of a person behind: not in logs, not in cookies."""

import logging

import pytest
from flask import request
from flask.testing import FlaskClient

from directory.app import create_app
from directory.web.access import public
from tests.http.problem import problem_of
from tests.worlds.small_directory import World, serving

# Each stands nowhere else.
SECRETS = ("Hiddenword", "-1.28637", "36.81719", "Naivasha", "203.0.113.77", "Browserofmine", "listing-reader.example")
SEARCHES = (
    "/v1/providers?q=Hiddenword",
    "/v1/providers?q=Hiddenword&lat=-1.28637&lon=36.81719",
    "/v1/providers?near=Naivasha",
    "/v1/providers?near=Naivasha+Hiddenword",
    "/v1/providers?limit=Hiddenword",
    "/v1/providers?q=Hiddenword&cursor=Hiddenword",
    "/v1/providers/Hiddenword",
    "/v1/map?bbox=36.81719,-1.28637,36.9,-1.2&zoom=9&q=Hiddenword",
    "/v1/places?q=Naivasha",
    "/v1/suggest?q=Hiddenword&lat=-1.28637&lon=36.81719",
    "/search?near=Naivasha&who=Hiddenword&lat=-1.28637&lon=36.81719",
    "/search?near=Naivasha&which=Hiddenword",
    "/search/Hiddenword?near=Naivasha",
    "/?q=Hiddenword",
    "/Hiddenword?q=Hiddenword",
)


def _search(client: FlaskClient) -> None:
    for address in SEARCHES:
        client.get(
            address,
            environ_overrides={"REMOTE_ADDR": "203.0.113.77"},
            headers={
                "X-Forwarded-For": "203.0.113.77",
                "User-Agent": "Browserofmine",
                "Referer": "https://listing-reader.example/",
            },
        )


def _written(caplog: pytest.LogCaptureFixture) -> str:
    # As a handler would write them, tracebacks with them.
    formatter = logging.Formatter("%(name)s %(message)s")
    return "\n".join(formatter.format(record) for record in caplog.records)


def test_nothing_of_a_search_is_in_the_logs(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        _search(client)
    written = _written(caplog)
    assert written.count('"route":"/v1/providers"') == 6
    assert [secret for secret in SECRETS if secret.lower() in written.lower()] == []


def test_nothing_of_a_search_is_in_the_logs_while_the_engine_is_away(
    environment: dict[str, str], built_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with serving({**environment, "OPENSEARCH_URL": "http://127.0.0.1:9"}), caplog.at_level(logging.DEBUG):
        _search(create_app().test_client())
    written = _written(caplog)
    assert "the search engine: " in written
    assert [secret for secret in SECRETS if secret.lower() in written.lower()] == []


def test_a_mistake_of_ours_is_logged_by_its_place_in_the_code_and_not_by_what_was_asked(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app()

    @app.get("/mistake")
    @public
    def make_a_mistake() -> str:
        raise LookupError(f"cannot read {request.args['q']}")

    with caplog.at_level(logging.DEBUG):
        answer = app.test_client().get("/mistake?q=Hiddenword")
    problem_of(answer, 500, "internal-error")
    assert "Hiddenword" not in answer.get_data(as_text=True)
    written = _written(caplog)
    assert "LookupError" in written
    assert "in make_a_mistake" in written
    assert "Hiddenword" not in written


def test_a_line_of_the_log_has_route_method_status_and_time_only(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="directory.access"):
        client.get("/v1/codes?lang=fr")
    [record] = [record for record in caplog.records if record.name == "directory.access"]
    assert record.getMessage().startswith('{"route":"/v1/codes","method":"GET","status":200,"ms":')
    assert record.getMessage().count(":") == 4


def test_no_answer_sets_a_cookie(client: FlaskClient, world: World) -> None:
    addresses = (*SEARCHES, f"/v1/providers/{world.ids['cairo']}", "/v1/codes", "/docs", "/openapi.json", "/metrics")
    for address in addresses:
        assert "Set-Cookie" not in client.get(address).headers
