"""Answers are compressed for whoever takes it, unless they are one reader's own; what they are known by still holds."""

import zlib

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from directory.web.compressing import LEVEL, SMALLEST, Compressing
from tests.worlds.small_directory import World

GZIP = {"Accept-Encoding": "gzip, deflate, br, zstd"}
SEARCH = "/v1/providers?near=Goma"


def unpacked(answer: TestResponse) -> bytes:
    return zlib.decompress(answer.get_data(), wbits=31)


@pytest.mark.parametrize(
    "address", [SEARCH, f"{SEARCH}&lang=ar", "/search?near=Goma", "/", "/openapi.json", "/docs", "/v1/codes"]
)
def test_answer_is_the_same_in_a_third_of_its_bytes_or_less(client: FlaskClient, world: World, address: str) -> None:
    plain, packed = client.get(address), client.get(address, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert unpacked(packed) == plain.get_data()
    assert int(packed.headers["Content-Length"]) == len(packed.get_data()) < len(plain.get_data()) / 2
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert plain.headers["Vary"] == packed.headers["Vary"]
    assert plain.content_type == packed.content_type


def test_styles_and_scripts_of_pages_are_compressed(client: FlaskClient, world: World) -> None:
    for name in ("tokens.css", "public.css", "desk.js"):
        packed = client.get(f"/static/{name}", headers=GZIP)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert unpacked(packed)


@pytest.mark.parametrize(
    "accepts", ["", "identity", "br", "gzip;q=0", "*;q=0", "gzip;q=0.5, identity", "deflate", "GZIPPED"]
)
def test_who_does_not_take_gzip_gets_none(client: FlaskClient, world: World, accepts: str) -> None:
    answer = client.get(SEARCH, headers={"Accept-Encoding": accepts})
    assert "Content-Encoding" not in answer.headers
    assert answer.get_json()["items"]


@pytest.mark.parametrize("accepts", ["gzip", "x;q=1, GZIP", "*", "gzip;q=0.001", "identity;q=0.5, gzip;q=1"])
def test_who_takes_gzip_gets_it(client: FlaskClient, world: World, accepts: str) -> None:
    assert client.get(SEARCH, headers={"Accept-Encoding": accepts}).headers["Content-Encoding"] == "gzip"


def test_each_encoding_has_an_etag_of_its_own_and_either_is_known_again(client: FlaskClient, world: World) -> None:
    plain, packed = client.get(SEARCH), client.get(SEARCH, headers=GZIP)
    assert plain.headers["ETag"] != packed.headers["ETag"]
    for headers in ({}, GZIP):
        for answer in (plain, packed):
            again = client.get(SEARCH, headers={**headers, "If-None-Match": answer.headers["ETag"]})
            assert again.status_code == 304
            assert again.headers["ETag"] == answer.headers["ETag"]
            assert "Content-Encoding" not in again.headers
            assert "Accept-Encoding" in again.headers["Vary"]
            assert again.get_data() == b""
    other = client.get(SEARCH, headers={**GZIP, "If-None-Match": '"something-gzip"'})
    assert other.status_code == 200


def test_head_tells_what_get_would_and_sends_nothing(client: FlaskClient, world: World) -> None:
    got, head = (client.open(SEARCH, method=method, headers=GZIP) for method in ("GET", "HEAD"))
    assert head.get_data() == b""
    for name in ("Content-Encoding", "ETag", "Vary", "Content-Type"):
        assert head.headers[name] == got.headers[name]
    # A length would be that of other bytes.
    assert head.headers.get("Content-Length", got.headers["Content-Length"]) == got.headers["Content-Length"]


def test_small_answers_stay_as_they_are(client: FlaskClient, world: World) -> None:
    answer = client.get("/v1/providers?radius_km=0", headers=GZIP)
    assert len(answer.get_data()) < SMALLEST
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("address", ["/sign-in", "/sign-in?next=/hr/"])
def test_pages_of_accounts_stay_as_they_are(client: FlaskClient, world: World, address: str) -> None:
    answer = client.get(address, headers=GZIP)
    assert len(answer.get_data()) > SMALLEST
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("who", [{}, {"Authorization": "Bearer pdt_x"}], ids=["by cookie", "by token"])
def test_what_somebody_in_particular_asks_for_is_compressed_only_where_all_may_keep_it(
    app: Flask, world: World, who: dict[str, str]
) -> None:
    client = app.test_client()
    if not who:
        client.set_cookie("provider-directory", "x")
    own = client.get(f"/search/{world.ids['aga-khan']}?lang=en", headers={**GZIP, **who})
    assert own.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in own.headers
    assert client.get(SEARCH, headers={**GZIP, **who}).headers["Content-Encoding"] == "gzip"


def through(response: Response, *, method: str = "GET", **headers: str) -> TestResponse:
    """The response as it comes through."""
    app = Flask("some")
    app.add_url_rule("/", view_func=lambda: response)
    app.wsgi_app = Compressing(app.wsgi_app)  # type: ignore[method-assign]
    return Client(app, TestResponse).open("/", method=method, headers={"Accept-Encoding": "gzip", **headers})


@given(parts=st.lists(st.binary(max_size=300), max_size=20))
def test_stream_is_compressed_as_it_comes_and_comes_out_whole(parts: list[bytes]) -> None:
    closed = []
    response = Response(iter(parts), mimetype="text/csv")
    response.call_on_close(lambda: closed.append(True))
    answer = through(response)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Content-Length" not in answer.headers
    assert unpacked(answer) == b"".join(parts)
    answer.close()
    assert closed == [True]


def test_each_part_of_a_stream_can_be_read_when_it_was_sent() -> None:
    read = zlib.decompressobj(wbits=31)
    sent = through(Response(iter([b"first ", b"second"]), mimetype="text/plain")).iter_encoded()
    assert read.decompress(next(sent)) == b"first "
    assert read.decompress(next(sent)) == b"second"


@pytest.mark.parametrize(
    "how",
    [
        {"mimetype": "image/png"},
        {"mimetype": "application/zip"},
        {"mimetype": "text/plain", "headers": {"Content-Encoding": "br"}},
        {"mimetype": "text/plain", "headers": {"Cache-Control": "no-transform"}},
        {"mimetype": "text/plain", "status": 206},
        {"mimetype": "text/html", "headers": {"Vary": "Cookie"}},
    ],
    ids=str,
)
def test_what_is_no_text_or_compressed_already_or_a_part_or_somebodys_own_stays(how: dict[str, object]) -> None:
    body = b"as it is " * 1000
    assert through(Response(body, **how)).get_data() == body  # type: ignore[arg-type]


def test_condition_of_a_change_means_what_was_seen_in_any_encoding() -> None:
    seen = []
    app = Flask("some")

    @app.put("/")
    def change() -> str:
        seen.append(request.headers["If-Match"])
        return "done"

    app.wsgi_app = Compressing(app.wsgi_app)  # type: ignore[method-assign]
    Client(app).put("/", headers={"If-Match": '"7-gzip", "8"'})
    assert seen == ['"7", "8"']


def test_level_is_worth_its_time() -> None:
    body = b'{"id": 1, "name": "Aga Khan", "payment": "Your card is accepted here."}' * 400
    assert len(zlib.compress(body, LEVEL)) < len(body) / 7
