"""The files of the widget: of any origin, compressed, kept for ever where their name tells their content."""

import base64
import gzip
import hashlib
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from directory.app import create_app
from directory.pages.members import widget
from tests.http.problem import problem_of


@pytest.fixture
def client() -> FlaskClient:
    """Files need no engine."""
    return create_app().test_client()


def pinned(client: FlaskClient, name: str) -> tuple[str, str]:
    said = client.get("/widget/v1/manifest.json").get_json()[name]
    return said["file"], said["integrity"]


@pytest.mark.parametrize(
    "name", ["provider-search.js", "provider-search-ar.js", "provider-search-map.js", "staff-map.js"]
)
def test_plain_name_and_its_pinned_copy_are_the_same_script_for_every_origin(client: FlaskClient, name: str) -> None:
    file, integrity = pinned(client, name)
    plain, copy = client.get(f"/widget/v1/{name}"), client.get(f"/widget/v1/{file}")
    assert plain.data == copy.data
    assert integrity == "sha384-" + base64.b64encode(hashlib.sha384(copy.data).digest()).decode()
    for answer in (plain, copy):
        assert answer.mimetype == "text/javascript"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert "immutable" in copy.headers["Cache-Control"]
    assert "max-age=300" in plain.headers["Cache-Control"]


def test_script_is_compressed_for_whoever_takes_it(client: FlaskClient) -> None:
    bare = client.get("/widget/v1/provider-search.js")
    packed = client.get("/widget/v1/provider-search.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == bare.data
    best = client.get("/widget/v1/provider-search.js", headers={"Accept-Encoding": "gzip, br"})
    assert best.headers["Content-Encoding"] == "br"
    assert len(best.data) <= len(packed.data) < len(bare.data)
    assert "Content-Encoding" not in bare.headers
    assert len({answer.headers["ETag"] for answer in (bare, packed, best)}) == 3


def test_script_that_the_reader_has_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/widget/v1/provider-search.js")
    again = client.get("/widget/v1/provider-search.js", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", ["nothing.js", ".npmrc", "..%2Fpackage.json", "%2e%2e", "provider-search", "a.b.c.d"])
def test_what_is_no_file_of_the_widget_is_a_problem(client: FlaskClient, name: str) -> None:
    problem_of(client.get(f"/widget/v1/{name}"), 404, "not-found")


def test_without_a_build_it_is_said_what_to_do(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(widget, "DIST", tmp_path)
    answer = client.get("/widget/v1/provider-search.js")
    assert "make demo" in problem_of(answer, 503, "widget-not-built")["detail"]
    assert int(answer.headers["Retry-After"]) > 0
