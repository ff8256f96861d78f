"""The server itself, before the application has a request: what it takes, and what it writes down of a client."""

import json
import socket

import pytest

from tests.faults.service import Service

SECRET = b"Hiddenword"
MALFORMED = {
    "no version": b"GET /v1/providers?q=Hiddenword\r\n\r\n",
    "a space in the address": b"GET /v1/providers?q=Hidden Hiddenword HTTP/1.1\r\nHost: a\r\n\r\n",
    "a control character": b"GET /v1/providers?q=Hiddenword\x01 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a method that is none": b"Hidd\xc3\xa9nword /v1/providers?q=Hiddenword HTTP/1.1\r\nHost: a\r\n\r\n",
    "a version that is none": b"GET /v1/providers?q=Hiddenword HTTP/Hiddenword\r\nHost: a\r\n\r\n",
    "a header that is none": b"GET /?q=Hiddenword HTTP/1.1\r\nHiddenword Header: Hiddenword\r\n\r\n",
    "a line that is too long": b"GET /v1/providers?q=" + SECRET * 2000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "a chunk that is none": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nHiddenword\r\n\r\n",
    "an encoding that is none": b"POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Hiddenword\r\n\r\n",
}


def send(service: Service, request: bytes) -> bytes:
    """What the server answers to these bytes."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=60) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    return answer


@pytest.mark.parametrize("kind", MALFORMED)
def test_nothing_of_a_request_that_is_none_is_in_the_log(service: Service, kind: str) -> None:
    answer = send(service, MALFORMED[kind])
    assert answer.split(b" ", 2)[1][:1] in (b"4", b"5")
    said = service.said()
    assert "could not be answered" in said
    assert "iddenword" not in said
    assert "127.0.0.1" not in said


@pytest.mark.parametrize("address", ["/v1/providers?q=pédiatre&limit=1", "/v1/places?q=القاهرة", "/v1/suggest?q=北京"])
def test_an_address_is_taken_as_people_type_it(service: Service, address: str) -> None:
    head = f"GET {address} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    answer = send(service, head.encode())
    assert answer.startswith(b"HTTP/1.1 200 ")
    typed, encoded = (json.loads(each.partition(b"\r\n\r\n")[2]) for each in (answer, send(service, _encoded(head))))
    assert typed["items"] == encoded["items"]


def _encoded(head: str) -> bytes:
    return b"".join(b"%%%02X" % byte if byte > 127 else bytes((byte,)) for byte in head.encode())
