"""What no client sends on purpose: any method, any bytes in an address, a body, a cookie, a head. None of it is a 5xx.

tests/http/test_http_input.py tries the fields of each form and the texts of each body; here their shapes are broken.
"""

import re
import socket
from typing import Any
from urllib.parse import quote_from_bytes
from uuid import UUID

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st

from directory.web.access import session_cookie
from tests.faults.service import Service
from tests.http.test_http_input import (  # noqa: F401 (fixtures)
    FIELDS,
    PEOPLE,
    app,
    bounded,
    browsers,
    csrf_of,
    held,
    proposal,
    rules_of,
    token,
    uncounted,
)
from tests.worlds.small_directory import World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get")
# Bytes that are no UTF-8, that end a text, that climb, that decode to something else than they look.
BYTES = st.sampled_from(
    (
        b"\xff", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\0", b"%", b"%2", b"%zz", b"..", b"../..",
        b"//", b"\\",
    )
) | st.binary(max_size=24)  # fmt: skip
CONTENT_TYPES = st.sampled_from(
    (
        "application/json", "application/json; charset=utf-16", "application/json; charset=none-such",
        "application/problem+json", "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=none-such", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=x", "multipart/form-data; boundary=" + "x" * 300, "multipart/mixed; boundary=x",
        "text/plain", "application/octet-stream", "*/*", ";;;", "", "application/json, text/html",
    )
)  # fmt: skip
# Parts of bodies of the kinds above, whole and broken.
PIECES = st.sampled_from(
    (
        b"--x", b"--x--", b"\r\n", b"\n", b'Content-Disposition: form-data; name="file"; filename="a.pdf"', b"\r\n\r\n",
        b'Content-Disposition: form-data; name="text"', b"Content-Disposition: form-data", b"Content-Disposition: ;",
        b'Content-Disposition: form-data; name*=utf-8\'\'%ff; filename*="none-such\'\'%00"',
        b"Content-Type: text/plain; charset=none-such", b"Content-Transfer-Encoding: base64",
        b"text=", b"&", b"=", b"%", b"%ff", b"+", b";", b"{", b"}", b"[", b"]", b'"', b'"text":', b"1e400", b"null",
        b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"%PDF-1.4", b"kind=closed", b"lang=xx", b"csrf_token=",
    )
) | st.binary(max_size=16)  # fmt: skip
BODIES = st.lists(PIECES, max_size=14).map(b"".join)


@bounded(250)
@hypothesis.given(data=st.data(), method=st.sampled_from(METHODS), who=st.sampled_from((None, *PEOPLE)))
def test_no_method_and_no_bytes_of_an_address_are_our_mistake(
    app: Flask,  # noqa: F811
    browsers: dict[str, FlaskClient],  # noqa: F811
    data: st.DataObject,
    method: str,
    who: str | None,
) -> None:
    uncounted()
    rule = data.draw(st.sampled_from(rules_of(app, "GET") + rules_of(app, "POST")))
    path = re.sub("<[^>]+>", lambda _: quote_from_bytes(data.draw(BYTES), safe="%"), rule.rule)
    query = b"&".join(data.draw(st.lists(st.tuples(BYTES, BYTES).map(b"=".join), max_size=4)))
    browser = browsers[who] if who else app.test_client()
    if rule.endpoint != "sign_in.sign_out":
        held(browser.open(path, method=method, query_string=query.decode("latin-1")))


@bounded(300)
@hypothesis.given(data=st.data(), kind=CONTENT_TYPES, body=BODIES, who=st.sampled_from((None, *PEOPLE)))
@hypothesis.example(data=None, kind="multipart/form-data; boundary=x", body=b'--x\r\nContent-Disposition: form-data; name="a\0"\r\n\r\n\0\r\n--x--', who=None)  # fmt: skip # noqa: E501
def test_no_body_is_our_mistake(
    app: Flask,  # noqa: F811
    browsers: dict[str, FlaskClient],  # noqa: F811
    token: str,  # noqa: F811
    world: World,
    proposal: UUID,  # noqa: F811
    data: st.DataObject | None,
    kind: str,
    body: bytes,
    who: str | None,
) -> None:
    uncounted()
    rules = [rule for rule in rules_of(app, "POST") + rules_of(app, "PATCH") if rule.endpoint != "sign_in.sign_out"]
    for rule in [data.draw(st.sampled_from(rules))] if data else rules:
        _, path = rule.build({name: _known(name, proposal, world) for name in rule.arguments}) or ("", "/")
        headers = {"Content-Type": kind}
        if path.startswith("/v1/proposals"):
            headers["Authorization"] = f"Bearer {token}"
            browser = app.test_client()
        else:
            browser = browsers[who] if who else app.test_client()
            headers |= {"X-CSRF-Token": csrf_of(browser)} if who else {}
        for method in {"POST", "PATCH"} & (rule.methods or set()):
            held(browser.open(path, method=method, data=body, headers=headers))


def _known(name: str, proposal: UUID, world: World) -> Any:  # noqa: F811
    known: dict[str, Any] = {"proposal_id": proposal, "listing_id": world.ids["cairo"], "what": "calls"}
    return known.get(name, proposal if name.endswith("_id") else "withdraw")


@bounded(120)
@hypothesis.given(
    cookie=BYTES, more=BYTES, form=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=9), max_size=3)
)
def test_no_cookie_is_our_mistake(app: Flask, cookie: bytes, more: bytes, form: dict[str, str]) -> None:  # noqa: F811
    uncounted()
    names = (session_cookie()[0], "provider-directory-openid", "lang", "")
    text = (cookie + more).translate(None, b"\r\n").decode("latin-1")  # those end a header
    said = "; ".join(f"{name}={text}" for name in names)
    for path in ("/account", "/sign-in", "/hr/", "/network/proposals", "/sign-in/openid/back", "/v1/proposals"):
        held(app.test_client().get(path, headers={"Cookie": said}))
    held(app.test_client().post("/sign-in", data=form, headers={"Cookie": said}))


HEAD_LINES = st.sampled_from(
    (
        b"Host: a", b"Host:", b"Host: a\r\nHost: b", b"Content-Length: 5", b"Content-Length: -1",
        b"Content-Length: 1, 1",
        b"Content-Length: " + b"9" * 30, b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: none-such", b"Transfer-Encoding: chunked\r\nContent-Length: 3", b"Expect: 100-continue",
        b"Expect: none-such", b"Connection: close", b"Connection: upgrade\r\nUpgrade: h2c", b"TE: trailers",
        b"Cookie: a=\xff", b"Range: bytes=0-", b"X: \0", b" folded", b": nameless", b"No colon", b"Accept: \xff\xfe",
        b"Content-Type: application/json", b"Accept-Encoding: br;q=x", b"If-None-Match: \"", b"Trailer: Host",
    )
) | st.binary(max_size=20)  # fmt: skip
FIRST_LINES = st.sampled_from(
    (
        b"GET /v1/codes HTTP/1.1", b"GET / HTTP/1.0", b"GET http://a/v1/codes HTTP/1.1", b"OPTIONS * HTTP/1.1",
        b"CONNECT a:1 HTTP/1.1", b"GET * HTTP/1.1", b"GET /v1/codes HTTP/2.0", b"GET /v1/codes HTTP/9",
        b"PRI * HTTP/2.0",
        b"POST /sign-in HTTP/1.1", b"POST /v1/providers/1/reports HTTP/1.1", b"GET /v1/codes?\xff\xfe HTTP/1.1",
        b"GET //a/b HTTP/1.1", b"GET  / HTTP/1.1", b"GET", b"\x16\x03\x01\x02", b"PROXY TCP4 1.1.1.1 1.1.1.1 1 1",
        b"GET /%ff%00 HTTP/1.1", b"GET /# HTTP/1.1", b"GET ?q HTTP/1.1", b"GET http://[ HTTP/1.1",
    )
) | st.binary(max_size=30)  # fmt: skip


@bounded(250)
@hypothesis.given(first=FIRST_LINES, lines=st.lists(HEAD_LINES, max_size=5), body=BODIES)
@hypothesis.example(first=b"POST /sign-in HTTP/1.1", lines=[b"Host: a", b"Transfer-Encoding: none-such"], body=b"")
@hypothesis.example(first=b"GET /v1/codes HTTP/2.0", lines=[b"Host: a"], body=b"")
def test_no_bytes_on_the_wire_are_our_mistake(service: Service, first: bytes, lines: list[bytes], body: bytes) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as connection:
        try:
            connection.sendall(b"\r\n".join((first, *lines)) + b"\r\n\r\n" + body)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(65_536)
        except ConnectionError:  # closed at once, which is an answer too
            return
    assert not answer.startswith((b"HTTP/1.1 5", b"HTTP/1.0 5")), answer[:300]


def test_a_transfer_coding_that_nobody_knows_is_the_clients_mistake(service: Service) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as connection:
        connection.sendall(b"POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: none-such\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 400 ")


def test_after_all_that_the_service_answers(service: Service) -> None:
    assert service.get("/v1/codes")[0] == 200


@pytest.mark.parametrize("count", [1_001, 20_000])
def test_no_number_of_fields_is_our_mistake(app: Flask, browsers: dict[str, FlaskClient], count: int) -> None:  # noqa: F811
    many = "&".join(f"a{number}=1" for number in range(count))
    for path in ("/v1/providers", "/search", "/account", "/sign-in"):
        held(browsers["amina"].get(f"{path}?{many}"))
        held(browsers["amina"].post(path, data=many, content_type="application/x-www-form-urlencoded"))
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="a{n}"\r\n\r\n1\r\n' for n in range(count)) + "--x--"
    for path in ("/sign-in", "/hr/propose"):
        held(app.test_client().post(path, data=parts, content_type="multipart/form-data; boundary=x"))
