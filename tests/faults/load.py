"""Requests at a rate that does not wait for answers, as readers come: an open loop."""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

_PATIENCE_S = 20.0

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one request: `seconds` count from when it was due; status 0 when there was no answer."""

    path: str
    due: float  # seconds from the beginning
    seconds: float
    status: int
    retry_after: str | None = None
    body: bytes = b""


class Load:
    """Asks one service; connections are kept open and used again, as a balancer does it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: deque[Connection] = deque()

    def at_rate(self, paths: Iterator[str], *, per_second: float, seconds: float) -> list[Reply]:
        """Ask at an even rate, whatever comes of it."""
        return _run(self._at_rate(paths, per_second, seconds))

    def as_fast_as_it_answers(self, paths: Iterator[str], *, clients: int, seconds: float) -> list[Reply]:
        """Each client asks again once it has its answer: what the service can carry."""
        return _run(self._as_fast(paths, clients, seconds))

    async def _at_rate(self, paths: Iterator[str], per_second: float, seconds: float) -> list[Reply]:
        began = time.monotonic()
        asking = []
        for number in range(int(per_second * seconds)):
            due = began + number / per_second
            if (ahead := due - time.monotonic()) > 0:
                await asyncio.sleep(ahead)
            asking.append(asyncio.create_task(self._ask(next(paths), began, due)))
        replies = await asyncio.gather(*asking)
        self._hang_up()
        return replies

    async def _as_fast(self, paths: Iterator[str], clients: int, seconds: float) -> list[Reply]:
        began = time.monotonic()

        async def client() -> list[Reply]:
            replies = []
            while (now := time.monotonic()) < began + seconds:
                replies.append(await self._ask(next(paths), began, now))
            return replies

        replies = [reply for each in await asyncio.gather(*(client() for _ in range(clients))) for reply in each]
        self._hang_up()
        return replies

    def _hang_up(self) -> None:
        while self._idle:
            self._idle.pop()[1].close()

    async def _ask(self, path: str, began: float, due: float) -> Reply:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                head, body = await self._exchange(path)
        except (OSError, TimeoutError, EOFError):
            return Reply(path, due - began, time.monotonic() - due, 0)
        lines = head.split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if line)
        status = int(lines[0].split(" ")[1])
        return Reply(path, due - began, time.monotonic() - due, status, headers.get("Retry-After"), body)

    async def _exchange(self, path: str) -> tuple[str, bytes]:
        kept = bool(self._idle)
        connection = self._idle.pop() if kept else await asyncio.open_connection("127.0.0.1", self._port)
        try:
            head, body = await self._speak(connection, path)
        except (OSError, EOFError):
            connection[1].close()
            if not kept:
                raise
            # The server had closed it meanwhile; on a new connection a failure is a failure.
            connection = await asyncio.open_connection("127.0.0.1", self._port)
            head, body = await self._speak(connection, path)
        if "connection: close" in head.lower():
            connection[1].close()
        else:
            self._idle.append(connection)
        return head, body

    async def _speak(self, connection: Connection, path: str) -> tuple[str, bytes]:
        reader, writer = connection
        writer.write(f"GET {path} HTTP/1.1\r\nHost: directory.example\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = next(line for line in head.split("\r\n") if line.lower().startswith("content-length:"))
        return head, await reader.readexactly(int(length.partition(":")[2]))


def quantile(replies: list[Reply], share: float) -> float:
    """Seconds within which this share of the requests was answered."""
    ordered = sorted(reply.seconds for reply in replies)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _run(asking: Coroutine[Any, Any, list[Reply]]) -> list[Reply]:
    # In a thread of its own: a browser that other tests of this process left open has the main one's event loop.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asking).result()
