"""A TCP proxy that can do to a link what networks do: delay it, cut it, reset it, or fall silent."""

import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress

_PIECE = 65_536
_LINGER_NONE = struct.pack("ii", 1, 0)  # close() then sends a reset


class Proxy:
    """Listens on a port of 127.0.0.1 and passes bytes on to `target()`, asked anew for each connection.

    `delay_s` holds every piece back in both directions. `reset_after` resets a connection once so many bytes have gone
    to the server. While `silent`, connections are accepted and kept, and nothing passes.
    """

    def __init__(self, target: Callable[[], tuple[str, int]]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._refuses = False
        self.delay_s = 0.0
        self.silent = False
        self.reset_after: int | None = None
        self.connections = 0
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    def heal(self) -> None:
        """Pass everything from now on. What a silent link still held is lost with its connections."""
        was_silent, self.silent = self.silent, False
        self.delay_s, self.reset_after, self._refuses = 0.0, None, False
        if was_silent:
            self._end_all(reset=True)

    def cut(self) -> None:
        """End every connection, and each new one at once, until healed."""
        self._refuses = True
        self._end_all(reset=False)

    def reset(self) -> None:
        """End every connection in mid-word; new ones are taken."""
        self._end_all(reset=True)

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
                client, _ = self._listener.accept()
            except OSError:
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
            if self.silent:
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
                if source is client:
                    sent += len(piece)
                    if self.reset_after is not None and sent > self.reset_after:
                        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
                        return
                    server.sendall(piece)
                else:
                    client.sendall(piece)

    def _end(self, end: socket.socket) -> None:
        with self._lock:
            self._open.discard(end)
        end.close()
