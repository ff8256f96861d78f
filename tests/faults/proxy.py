"""A TCP proxy that can do to a link what networks do: delay it, cut it, reset it, let bytes drip, or fall silent."""

import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_PIECE = 65_536
_LINGER_NONE = struct.pack("ii", 1, 0)  # close() then sends a reset
_DRIP_S = 0.1
_BACKLOG = 128


class Proxy:
    """Listens on a port of 127.0.0.1 and passes bytes on to `target()`, asked anew for each connection.

    `delay_s` holds every piece back in both directions. `reset_after` resets a connection once so many bytes have gone
    to the server. While `silent`, connections are accepted and kept, and nothing passes. `silent_after` more bytes from
    the server it falls silent by itself. While `dripping`, one byte of the server's passes each tenth of a second.
    What holds the bytes of `slow` reaches the server `slow_s` late, and nothing else does. Inside `holding_answers()`
    nothing of the server's passes, and `held` is set as soon as there is something of it.
    """

    def __init__(self, target: Callable[[], tuple[str, int]]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._stranded: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._refuses = False
        self._deaf = False
        self._queued: list[socket.socket] = []
        self.delay_s = 0.0
        self.silent = False
        self.silent_after: int | None = None
        self.dripping = False
        self.reset_after: int | None = None
        self.slow: bytes | None = None
        self.slow_s = 0.0
        self.connections = 0
        self.held = threading.Event()
        self._let_go = threading.Event()
        self._let_go.set()
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    def heal(self) -> None:
        """Pass everything from now on. What a silent link still held is lost with its connections."""
        held_back = self.silent or self._deaf or self.dripping or self.silent_after is not None
        self.silent, self.silent_after, self.dripping = False, None, False
        self.delay_s, self.reset_after, self._refuses, self.slow = 0.0, None, False, None
        if self._deaf:
            for queued in self._queued:
                queued.close()
            self._queued.clear()
            self._listener.listen(_BACKLOG)
            self._deaf = False
        if held_back:
            self._end_all(reset=True)

    @contextmanager
    def holding_answers(self) -> Iterator[None]:
        """Keep what the server says until the end, as one that is slow to say it."""
        self.held.clear()
        self._let_go.clear()
        try:
            yield
        finally:
            self._let_go.set()

    def cut(self) -> None:
        """End every connection, and each new one at once, until healed."""
        self._refuses = True
        self._end_all(reset=False)

    def reset(self) -> None:
        """End every connection in mid-word; new ones are taken."""
        self._end_all(reset=True)

    def strand(self) -> None:
        """As a firewall that forgets: the connections that are open lead nowhere from now on, new ones are whole."""
        with self._lock:
            self._stranded |= self._open

    def swallow(self) -> None:
        """As a firewall that drops packets: open connections are silent, and no new one is ever made."""
        self.silent = self._deaf = True
        time.sleep(0.2)  # until the listening thread has seen it
        self._listener.listen(0)
        # Once its queue is full the kernel drops what else wants to connect.
        while True:
            queued = socket.socket()
            queued.settimeout(0.2)
            self._queued.append(queued)
            try:
                queued.connect(("127.0.0.1", self.port))
            except TimeoutError:
                return

    def close(self) -> None:
        """End everything, the listening too."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._end_all(reset=True)

    def _end_all(self, *, reset: bool) -> None:
        with self._lock:
            ending, self._open = self._open, set()
        for end in ending:
            with suppress(OSError):
                if reset:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
                else:
                    end.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                end.close()

    def _accept(self) -> None:
        while True:
            try:
                if self._deaf or not select.select([self._listener], [], [], 0.1)[0]:
                    time.sleep(0.05 if self._deaf else 0)
                    continue
                client, _ = self._listener.accept()
            except (OSError, ValueError):  # closed
                return
            self.connections += 1
            if self._refuses:
                client.close()
            else:
                threading.Thread(target=self._serve, args=(client,), name="link", daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with self._lock:
            self._open.add(client)
        try:
            server = socket.create_connection(self._target(), timeout=5)
        except OSError:
            self._end(client)
            return
        server.settimeout(None)
        with self._lock:
            self._open.add(server)
        try:
            self._pass_on(client, server)
        except (OSError, ValueError):  # a socket that another thread closed has the number -1
            pass
        finally:
            self._end(client)
            self._end(server)

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        sent = 0
        while True:
            if self.silent or client in self._stranded:
                time.sleep(0.05)
                if -1 in (client.fileno(), server.fileno()):
                    return
                continue
            readable, _, _ = select.select([client, server], [], [], 0.1)
            for source in readable:
                if self.silent:
                    break
                piece = source.recv(_PIECE)
                if not piece:
                    return
                time.sleep(self.delay_s)
                if source is server:
                    self._pass_back(client, piece)
                    continue
                if self.slow and self.slow in piece:
                    time.sleep(self.slow_s)
                sent += len(piece)
                if self.reset_after is not None and sent > self.reset_after:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
                    return
                server.sendall(piece)

    def _pass_back(self, client: socket.socket, piece: bytes) -> None:
        if not self._let_go.is_set():
            self.held.set()
            self._let_go.wait()
        with self._lock:
            passing = piece if self.silent_after is None else piece[: self.silent_after]
            if self.silent_after is not None:
                self.silent_after -= len(passing)
                self.silent = self.silent_after == 0
        while self.dripping and passing:
            client.sendall(passing[:1])
            passing = passing[1:]
            time.sleep(_DRIP_S)
        client.sendall(passing)

    def _end(self, end: socket.socket) -> None:
        with self._lock:
            self._open.discard(end)
            self._stranded.discard(end)
        end.close()
