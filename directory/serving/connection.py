"""A client's connection, which no thread ever waits for."""

import socket
import struct
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import TConn

from directory.serving.arriving import Arriving
from directory.serving.limits import Limits, place_of
from directory.serving.spool import Spool

_PIECE = 65_536
# Two of the larger answers; the kernel makes it twice as much, for its own needs.
_SEND_BUFFER = 131_072
_PIECES_AT_ONCE = 8
# On, for no time at all: what the kernel still holds for the client is thrown away with the connection.
_NO_LINGER = struct.pack("ii", 1, 0)


class ClientSocket(socket.socket):
    """Never blocks. What the kernel does not take of an answer is kept, and sent when the poller says so."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
        super().setblocking(False)
        # The kernel would take megabytes of answers for a client that reads none of them.
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self._unsent: Spool | None = None
        self.sent = 0  # of the bytes that were kept

    def setblocking(self, flag: bool) -> None:
        """Stays as it is: gunicorn would have its threads wait."""

    def settimeout(self, value: float | None) -> None:
        """Stays as it is."""

    @property
    def is_behind(self) -> bool:
        """Whether bytes of an answer are kept."""
        return self._unsent is not None

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send what the kernel takes, and keep the rest. Raises NoRoom, or OSError when the client is gone."""
        if self._unsent is None:
            try:
                sent = self.send(data, flags)
            except BlockingIOError:
                sent = 0
            if sent == len(data):
                return
            data = memoryview(data)[sent:]
            self._unsent, self.sent = Spool(), 0
        self._unsent.append(data)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """As `sendall`, a piece after the other."""
        file.seek(offset)
        total = 0
        while data := file.read(_PIECE if count is None else min(_PIECE, count - total)):
            self.sendall(data)
            total += len(data)
        return total

    def send_more(self) -> None:
        """Send of the rest what the kernel takes now. Raises OSError when the client is gone."""
        for _ in range(_PIECES_AT_ONCE):
            if self._unsent is None:
                return
            data = self._unsent.peek(_PIECE)
            if not data:
                self._forget()
                return
            try:
                sent = self.send(data)
            except BlockingIOError:
                return
            self._unsent.skip(sent)
            self.sent += sent

    def _forget(self) -> None:
        if self._unsent is not None:
            self._unsent.close()
            self._unsent = None

    def close(self) -> None:
        """Also what was kept for it."""
        self._forget()
        super().close()


class Connection(TConn):  # type: ignore[misc]
    """gunicorn's connection, its parser fed without waiting, and until when it is waited for."""

    def __init__(self, cfg: Any, accepted: socket.socket, client: Any, server: Any, limits: Limits) -> None:
        super().__init__(cfg, ClientSocket(accepted), client, server)
        self.parser = Arriving(cfg, self.sock, client, limits)
        # Nothing is left for gunicorn's threads to begin or to wait for.
        self.initialized = self.data_ready = True
        self.place = place_of(client[0]) if isinstance(client, tuple) else ""
        self.since = time.monotonic()  # when it was found to be behind

    def reset(self) -> None:
        """End it at once and keep nothing for it, in the kernel neither."""
        with suppress(OSError):
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.close()

    def close(self, graceful: bool = False) -> None:
        """Close it, and what was kept for it."""
        self.parser.forget_body()
        super().close()
