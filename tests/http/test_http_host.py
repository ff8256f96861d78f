"""Where the service stands is said by its settings, never by whoever asks."""

import http.client

import pytest
from flask.testing import FlaskClient

from tests.faults.service import Service


@pytest.mark.parametrize("path", ["/search//1", "/v1//codes", "//v1//codes", "///search//1"])
def test_a_redirect_never_carries_a_host_that_was_asked_for(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Host": "stranger.example"})
    location = answer.headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith("//")
    assert "stranger" not in location


@pytest.mark.parametrize("header", ["SCRIPT_NAME", "Script-Name", "PATH_INFO"])
def test_no_header_moves_the_application(service: Service, header: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    connection.request("GET", "/moved/healthz", headers={header: "/moved" if "S" in header else "/healthz"})
    assert connection.getresponse().status == 404
    connection.close()


def test_no_header_says_that_the_line_is_secure(service: Service) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    connection.request("GET", "/sign-in", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on"})
    answer = connection.getresponse()
    assert answer.status == 200
    assert "https://127.0.0.1" not in answer.read().decode()
    connection.close()
