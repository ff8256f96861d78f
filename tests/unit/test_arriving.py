"""Requests that come in pieces are read as gunicorn reads them whole, and nobody waits for a piece."""

import socket
from typing import Any

from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.serving.arriving import Arriving, BodyTooLarge
from directory.serving.limits import Limits, place_of

LIMITS = Limits(
    head_s=10,
    idle_s=75,
    bytes_per_s=4096,
    largest_body=30_000,
    largest_import=50_000,
    kept=1 << 20,
    connections=100,
    connections_of_an_address=10,
    unlimited=frozenset(),
)
ADDRESS = ("127.0.0.1", 5)
HEAD = b" HTTP/1.1\r\nHost: directory.example\r\n"


def _chunked(body: bytes, size: int) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """One request, with or without a body of either kind, of any bytes."""
    body = draw(st.binary(max_size=300))
    kind = draw(st.sampled_from(["none", "length", "chunked"]))
    if kind == "none":
        return b"GET /a" + HEAD + b"\r\n"
    if kind == "length":
        return b"POST /b" + HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    return b"POST /c" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + _chunked(body, draw(st.integers(1, 400)))


def _read(parser: Any) -> tuple[str, bytes]:
    request = next(parser)
    return request.path, request.body.read()


def _outcome(parser: Any) -> tuple[str, bytes] | str:
    try:
        return _read(parser)
    except Exception as error:
        return type(error).__name__


@settings(deadline=None)
@given(st.lists(requests(), min_size=1, max_size=4), st.lists(st.integers(1, 200), max_size=30))
def test_requests_in_pieces_are_those_that_gunicorn_reads_whole(sent: list[bytes], cuts: list[int]) -> None:
    together = b"".join(sent)
    whole = RequestParser(Config(), iter([together]), ADDRESS)
    expected = [_read(whole) for _ in sent]
    client, server = socket.socketpair()
    with client, server:
        server.setblocking(False)
        parser = Arriving(Config(), server, ADDRESS, LIMITS)
        seen = []
        for cut in (*cuts, len(together)):
            client.sendall(together[:cut])
            together = together[cut:]
            while parser.receive():
                seen.append(_read(parser))
        parser.forget_body()
    assert seen == expected


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(0, 40))
def test_a_wrong_body_of_chunks_is_refused_and_never_waited_for_beyond_its_end(nonsense: bytes, cut: int) -> None:
    sent = b"POST /c" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + nonsense
    expected = _outcome(RequestParser(Config(), iter([sent]), ADDRESS))
    client, server = socket.socketpair()
    with client, server:
        server.setblocking(False)
        parser = Arriving(Config(), server, ADDRESS, LIMITS)
        client.sendall(sent[:cut])
        parser.receive()
        client.sendall(sent[cut:])
        client.shutdown(socket.SHUT_WR)
        while not parser.receive():
            pass
        seen = _outcome(parser)
        parser.forget_body()
    assert isinstance(seen, str) == isinstance(expected, str)
    if not isinstance(expected, str):
        assert seen == expected


def _arriving(sent: bytes) -> Any:
    client, server = socket.socketpair()
    server.setblocking(False)
    client.sendall(sent)
    client.close()
    parser = Arriving(Config(), server, ADDRESS, LIMITS)
    while not parser.receive():
        pass
    server.close()
    return parser


def test_a_body_beyond_the_largest_is_refused_before_it_comes() -> None:
    assert _outcome(_arriving(b"POST /b" + HEAD + b"Content-Length: 30001\r\n\r\n")) == BodyTooLarge.__name__


def test_a_file_of_providers_may_be_larger_than_other_bodies() -> None:
    path = b"POST /v1/imports" + HEAD
    assert _outcome(_arriving(path + b"Content-Length: 50001\r\n\r\n")) == BodyTooLarge.__name__
    assert _outcome(_arriving(path + b"Content-Length: 40000\r\n\r\n")) != BodyTooLarge.__name__


def test_chunks_beyond_the_largest_body_are_refused() -> None:
    sent = b"POST /c" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + _chunked(b"a" * 60_000, 1000)
    assert _outcome(_arriving(sent)) == BodyTooLarge.__name__


def test_many_chunks_of_a_byte_are_refused() -> None:
    sent = b"POST /c" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + _chunked(b"a" * 10_000, 1)
    assert _outcome(_arriving(sent)) == "InvalidChunkSize"


def test_a_head_without_an_end_is_refused() -> None:
    assert _outcome(_arriving(b"GET /a" + HEAD + b"X: " + b"a" * 60_000)) == "LimitRequestHeaders"


def test_bytes_buy_time_and_silence_does_not() -> None:
    assert LIMITS.latest(100, 0) == 110
    assert LIMITS.latest(100, 4096 * 30) == 140


def test_an_address_stands_for_itself_and_of_ipv6_for_its_network() -> None:
    assert place_of("192.0.2.7") == "192.0.2.7"
    assert place_of("2001:db8:1:2:3:4:5:6") == place_of("2001:db8:1:2::9") != place_of("2001:db8:1:3::9")
    assert place_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert place_of("fe80::1%eth0") == place_of("fe80::2")
    assert place_of("192.0.2.7:4711") == "192.0.2.7"
    assert place_of("[2001:db8:1:2:3::4]:4711") == place_of("2001:db8:1:2::9")


@given(st.text(max_size=50) | st.ip_addresses().map(str) | st.ip_addresses().map(lambda address: f"[{address}]:80"))
def test_whatever_a_proxy_sends_as_an_address_stands_for_somebody(sent: str) -> None:
    assert place_of(place_of(sent)) == place_of(sent)
