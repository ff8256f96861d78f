"""Clients that cost a server connections and give it nothing: `python -m tests.faults.crowd PORT SLOW IDLE DEAF`.

A program of its own, so that it takes no time from who measures. It says `ready` once all are there, dials again
whatever the server closes, and goes on until it is killed. The clients come from many addresses of this machine.
"""

import itertools
import resource
import socket
import sys
import time
from collections.abc import Callable, Iterator

# Of one address no more than a large office has.
_OF_AN_ADDRESS = 100
_HOST = b"Host: directory.example\r\n"
_ASKS = b"GET /healthz HTTP/1.1\r\n" + _HOST + b"\r\n"
_ASKS_FOR_MUCH = b"GET /openapi.json HTTP/1.1\r\n" + _HOST + b"\r\n"


def _addresses() -> Iterator[str]:
    for number in itertools.count():
        yield f"127.0.1.{number // _OF_AN_ADDRESS % 250 + 1}"


class Client:
    """One connection: what it sends first, and a byte that it sends now and then."""

    def __init__(self, port: int, address: str, first: bytes, *, drip: bytes = b"", reads: bool = False) -> None:
        self._target, self._address = ("127.0.0.1", port), address
        self._first, self._drip, self._reads = first, drip, reads
        self.dials = 0
        self._dial()

    def _dial(self) -> None:
        self.dials += 1
        self._socket = socket.socket()
        if not self._reads:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.bind((self._address, 0))
        self._socket.settimeout(10)
        try:
            self._socket.connect(self._target)
            self._socket.setblocking(False)
            self._socket.send(self._first)
        except OSError:
            self._socket.close()

    def look(self) -> None:
        """Send its byte; dial again if the server has closed."""
        try:
            if self._drip:
                self._socket.send(self._drip)
            if self._reads and self._socket.recv(65_536) == b"":
                raise ConnectionResetError
        except BlockingIOError:
            return
        except OSError:
            self._socket.close()
            self._dial()


def _slow(number: int) -> tuple[bytes, bytes]:
    """Half a request: a head for one, a body for the other."""
    if number % 2:
        return b"GET /v1/providers?q=clinic HTTP/1.1\r\n" + _HOST + b"X-Slow: ", b"a"
    head = b"POST /v1/providers/1/reports HTTP/1.1\r\n" + _HOST + b"Content-Type: application/json\r\n"
    return head + b'Content-Length: 5000\r\n\r\n{"', b" "


def _crowd(port: int, slow: int, idle: int, deaf: int) -> list[Client]:
    addresses = _addresses()
    clients = []
    for number in range(slow):
        first, drip = _slow(number)
        clients.append(Client(port, next(addresses), first, drip=drip, reads=True))
    clients += [Client(port, next(addresses), _ASKS, reads=True) for _ in range(idle)]
    # More than the kernels of both sides take from the server unread.
    clients += [Client(port, next(addresses), _ASKS_FOR_MUCH * 200) for _ in range(deaf)]
    return clients


def main(arguments: list[str]) -> None:
    """Until it is killed."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    clients = _crowd(*(int(word) for word in arguments))
    say: Callable[[str], int] = sys.stdout.write
    say("ready\n")
    sys.stdout.flush()
    while True:
        for client in clients:
            client.look()
            time.sleep(1 / len(clients))


if __name__ == "__main__":
    main(sys.argv[1:])
