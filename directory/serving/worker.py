"""gunicorn's threaded worker, with six things that a service under load, or in the course of a reload, needs.

- Each request knows how long it waited for a thread, so that the service can refuse those that came too late.
- A connection takes a thread once there is something to read. gunicorn lets a new one hold a thread for five seconds,
  and browsers open connections ahead that send nothing: a handful of them would stop the service.
- A connection that is to end waits for its client's end in the poller. gunicorn waits in the one thread that all
  connections need, up to two seconds for each client that does not close at once.
- A thread that has answered asks its connection for the next request before it goes back to the others: under load it
  is there already, and the way through the poller would cost as much as reading it.
- A new connection goes to the worker that holds the fewest (directory/serving/fair_share.py).
- A worker that is told to stop answers what had connected by then. gunicorn leaves those who stand in the listener's
  queue to be reset when the last worker closes it.
"""

import select
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any, TypeVar

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from directory.serving.fair_share import FairShare
from directory.serving.waiting import after_waiting

# For so long a new connection may send nothing.
FIRST_WORD_S = 10.0
# For so long a client may take to close its side; closed before, what it still sends could cut off its answer.
LAST_WORD_S = 2.0
# For so long a thread that nobody waits for stays with its connection.
NEXT_WORD_MS = 2
# So often, and so long each time, a new connection is left to a worker that holds fewer; when none came for it, nothing
# is left to others for a while: that worker may hang.
LEAVE_TIMES, LEAVE_S = 20, 0.001
TAKE_ALL_S = 0.5
_PIECE = 65_536

T = TypeVar("T")


class CountingPool(ThreadPoolExecutor):
    """A pool of threads that tells each task how long it waited for one."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        """As a pool does it."""
        came = time.monotonic()

        def run() -> T:
            with after_waiting(time.monotonic() - came):
                return fn(*args, **kwargs)

        return super().submit(run)

    def is_awaited(self) -> bool:
        """Whether tasks wait for a thread."""
        return not self._work_queue.empty()


class Worker(ThreadWorker):  # type: ignore[misc]
    """`worker_class` of directory/serving/settings.py."""

    # Made when gunicorn's parent process loads this class, so that all workers have the same.
    shares = FairShare()
    _held = 0
    _takes_all_until = 0.0

    @property
    def nr_conns(self) -> int:
        """How many connections this worker holds: gunicorn counts them, the other workers see it."""
        return self._held

    @nr_conns.setter
    def nr_conns(self, count: int) -> None:
        self._held = count
        if getattr(self, "_accepting", False):
            self.shares.holds(self.age, count)

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """The pool that answers requests."""
        return CountingPool(max_workers=self.cfg.threads)

    def accept(self, listener: Any) -> None:
        """Take a new connection, unless a worker that holds fewer does."""
        if self.alive and self._is_left_to_another(listener):
            return
        super().accept(listener)

    def _is_left_to_another(self, listener: Any) -> bool:
        if time.monotonic() < self._takes_all_until:
            return False
        for _ in range(LEAVE_TIMES):
            if not self.shares.is_more_than_another_holds(self._held):
                return False
            time.sleep(LEAVE_S)
            if not _is_readable(listener, 0):
                return True
        self._takes_all_until = time.monotonic() + TAKE_ALL_S
        return False

    def enqueue_req(self, conn: TConn) -> None:
        """Hand a connection to a thread, a new one as soon as it says something."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        self._wait_for(conn, FIRST_WORD_S, self.on_pending_socket_readable)

    def handle(self, conn: TConn) -> Any:
        """Answer a request, and those that follow it at once while nobody waits for the thread."""
        kept = super().handle(conn)
        while kept is True and self.alive and not self.tpool.is_awaited() and _is_readable(conn.sock, NEXT_WORD_MS):
            with after_waiting(0.0):
                kept = super().handle(conn)
        return kept

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        """After a request: keep the connection, or end it in such a way that its answer arrives."""
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
            return
        with suppress(OSError):  # the client is gone already
            conn.sock.shutdown(socket.SHUT_WR)
        if conn.sock.fileno() == -1:
            self.nr_conns -= 1
        else:
            self._wait_for(conn, LAST_WORD_S, self._read_to_the_end)

    def _wait_for(self, conn: TConn, seconds: float, then: Callable[[TConn, socket.socket], None]) -> None:
        """Let the poller wait until there is something to read; after `seconds` the connection is closed."""
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + seconds
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(then, conn))

    def _read_to_the_end(self, conn: TConn, client: socket.socket) -> None:
        try:
            if client.recv(_PIECE):
                return
        except BlockingIOError:
            return
        except OSError:  # a reset is an end as well
            pass
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        self.nr_conns -= 1
        conn.close()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Begin or cease to take connections; when stopping, after a last look at who stands in the queue."""
        if self.alive and enabled:
            self.shares.holds(self.age, self._held)
        else:
            self.shares.leaves(self.age)
        if self.alive:
            super().set_accept_enabled(enabled)
            return
        if enabled:  # told to stop before it began
            return
        super().set_accept_enabled(enabled)
        for listener in self.sockets:
            self._accept_waiting(listener)
            # Ours only: after a reload others go on with it, and at the end nobody does, so that nobody queues in vain.
            listener.close()
        # As with idle connections that were kept alive.
        silent_until = time.monotonic() + STOP_KEEPALIVE_LINGER
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, silent_until)

    def _accept_waiting(self, listener: Any) -> None:
        count = -1
        while count != self.nr_conns:
            count = self.nr_conns
            self.accept(listener)


def _is_readable(listener_or_client: Any, within_ms: int) -> bool:
    poll = select.poll()
    poll.register(listener_or_client, select.POLLIN)
    return bool(poll.poll(within_ms))
