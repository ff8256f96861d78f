"""gunicorn's threaded worker, with what a service under load, under attack or in the course of a reload needs besides.

- Each request knows how long it waited for a thread, so that the service can refuse those that came too late.
- A thread gets a request once head and body are whole (arriving.py), and is done with it once the answer is made: what
  the kernel does not take at once the poller sends (connection.py). gunicorn's threads wait for their client in both;
  as many slow clients as there are threads would stop the service.
- Who is too slow, silent or deaf for too long is given up (limits.py), and when connections are too many the stalest
  one is closed, of the address that has the most (holding.py). gunicorn ceases to take any.
- A connection that is to end waits for its client's end in the poller. gunicorn waits in the one thread that all
  connections need, up to two seconds for each client that does not close at once.
- A thread that has answered asks its connection for the next request before it goes back to the others: under load it
  is there already, and the way through the poller would cost as much as reading it.
- A new connection goes to the worker that holds the fewest (fair_share.py).
- A worker that is told to stop answers what had connected by then. gunicorn leaves those who stand in the listener's
  queue to be reset when the last worker closes it.
- A worker whose parent was killed stops at once, and leaves the port to who comes next (orphans.py).

What it takes of gunicorn's inside, and what to look at when gunicorn changes: docs/adr/0030-serving.md.
"""

import errno
import select
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from enum import Enum
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any, TypeVar

from gunicorn import util
from gunicorn.http.errors import UnsupportedTransferCoding
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from config.settings import get_settings
from directory.serving.arriving import BodyTooLarge
from directory.serving.connection import Connection
from directory.serving.fair_share import FairShare
from directory.serving.holding import Holding
from directory.serving.limits import LAST_WORD_S, load_limits, place_of
from directory.serving.orphans import end_with_parent
from directory.serving.spool import Room, Spool
from directory.serving.waiting import after_waiting

# For so long a thread that nobody waits for stays with its connection.
NEXT_WORD_MS = 2
# So often, and so long each time, a new connection is left to a worker that holds fewer; when none came for it, nothing
# is left to others for a while: that worker may hang.
LEAVE_TIMES, LEAVE_S = 20, 0.001
TAKE_ALL_S = 0.5
MANY = 16
# How often those who are late are looked for, and told of.
_LOOK_S, _TELL_S = 0.5, 60.0
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


class After(Enum):
    """What a thread leaves a connection to."""

    INCOMPLETE = "the rest of the request"
    KEEP = "the next request"
    END = "its end"


class Worker(ThreadWorker):  # type: ignore[misc]
    """`worker_class` of directory/serving/settings.py."""

    # Made when gunicorn's parent process loads this class, so that all workers have the same.
    shares = FairShare()
    _held = 0
    _takes_all_until = 0.0
    _looked_at = _told_at = 0.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limits = load_limits(get_settings(), self.cfg.worker_connections)
        self.holding = Holding(self.limits)
        self._given_up: Counter[str] = Counter()
        # gunicorn's own limit, at which it takes no more.
        self.worker_connections = sys.maxsize

    def init_signals(self) -> None:
        """The first that happens in the worker's own process, but for what happens to every process."""
        super().init_signals()
        end_with_parent(self.ppid)
        Spool.room = Room(self.limits.kept)

    def is_parent_alive(self) -> bool:
        """Whether it is; without it the worker stops as if told to, and so leaves the port at once."""
        if not super().is_parent_alive():
            self.alive = False
        return self.alive

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

    # New connections

    def accept(self, listener: Any) -> None:
        """Take a new connection, unless a worker that holds fewer does."""
        if self.alive and self._is_left_to_another(listener):
            return
        try:
            accepted, client = listener.accept()
        except OSError as error:
            # Another worker was faster, or the client is gone; or one connection less, and the listener is asked again.
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._make_room("")
            return
        place = place_of(client[0]) if isinstance(client, tuple) else ""
        if self.holding.is_over(place) and not self._make_room(place):
            accepted.close()
            return
        connection = Connection(self.cfg, accepted, client, listener.getsockname(), self.limits)
        self.nr_conns += 1
        self.holding.came(place)
        self._wait_for_request(connection, self.limits.head_s)

    def _is_left_to_another(self, listener: Any) -> bool:
        if time.monotonic() < self._takes_all_until:
            return False
        for _ in range(LEAVE_TIMES):
            # Among thousands a few more or fewer are no reason to wait.
            if not self.shares.is_more_than_another_holds(self._held - self._held // MANY):
                return False
            time.sleep(LEAVE_S)
            if not _is_readable(listener, 0):
                return True
        self._takes_all_until = time.monotonic() + TAKE_ALL_S
        return False

    def _make_room(self, place: str) -> bool:
        stale = self.holding.stalest(place)
        if stale is None:
            return False
        self._give_up(stale, "for a new one, where they were too many")
        return True

    # In a thread

    def handle(self, conn: Connection) -> After:
        """Answer a request, and those that follow it at once while nobody waits for the thread."""
        after = self._answer(conn)
        while (
            after is After.KEEP
            and self.alive
            and not conn.sock.is_behind
            and not self.tpool.is_awaited()
            and (conn.parser.has_more or _is_readable(conn.sock, NEXT_WORD_MS))
        ):
            with after_waiting(0.0):
                after = self._answer(conn)
        return after

    def _answer(self, conn: Connection) -> After:
        if not conn.parser.receive():
            # None of it has come where the thread was only early.
            return After.INCOMPLETE if conn.parser.has_begun else After.KEEP
        return After.KEEP if super().handle(conn) else After.END

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Say what was wrong with a request."""
        if isinstance(exc, BodyTooLarge):
            util.write_error(client, 413, "Content Too Large", f"At most {exc.most >> 20} MB.")
        elif isinstance(exc, UnsupportedTransferCoding):
            # gunicorn says 501, as of something that is still missing here. But nothing of ours is at fault.
            util.write_error(client, 400, "Bad Request", "No such transfer coding is taken here.")
        else:
            super().handle_error(req, client, addr, exc)

    # In the poller

    def finish_request(self, conn: Connection, fs: "Future[After]") -> None:
        """After a thread: wait for what is missing, or end the connection in such a way that its answer arrives."""
        after = After.END if fs.cancelled() or fs.exception() else fs.result()
        if conn.sock.is_behind:
            conn.since = time.monotonic()
            self._wait(conn, EVENT_WRITE, partial(self._send_more, conn, after), conn.since + self.limits.head_s)
        elif conn.sock.fileno() == -1:
            self._forget(conn)
        else:
            self._go_on(conn, after)

    def _go_on(self, conn: Connection, after: After) -> None:
        if after is After.INCOMPLETE:
            self._wait(conn, EVENT_READ, partial(self._receive_more, conn), conn.parser.latest)
        elif after is After.KEEP and conn.parser.has_more:
            self.enqueue_req(conn)
        elif after is After.KEEP:
            self._wait_for_request(conn, self.limits.idle_s if self.alive else STOP_KEEPALIVE_LINGER)
        else:
            self._end(conn)

    def _wait_for_request(self, conn: Connection, seconds: float) -> None:
        """A connection takes a thread once there is something to read: browsers open some ahead that send nothing."""
        self._wait(conn, EVENT_READ, partial(self._begin, conn), time.monotonic() + seconds)

    def _wait(self, conn: Connection, events: int, then: Callable[[socket.socket], None], until: float) -> None:
        conn.timeout = until
        self.holding.waits(conn)
        self.poller.register(conn.sock, events, then)

    def _take_back(self, conn: Connection) -> None:
        self.poller.unregister(conn.sock)
        self.holding.goes_on(conn)

    def _begin(self, conn: Connection, _socket: socket.socket) -> None:
        if conn in self.holding.waiting:  # it may have been closed while its event was on the way
            self._take_back(conn)
            self.enqueue_req(conn)

    def _receive_more(self, conn: Connection, _socket: socket.socket) -> None:
        if conn not in self.holding.waiting:
            return
        if conn.parser.receive():
            self._take_back(conn)
            self.enqueue_req(conn)
        else:
            conn.timeout = conn.parser.latest

    def _send_more(self, conn: Connection, after: After, _socket: socket.socket) -> None:
        if conn not in self.holding.waiting:
            return
        try:
            conn.sock.send_more()
        except OSError:
            self._take_back(conn)
            self._forget(conn)
            return
        if conn.sock.is_behind:
            conn.timeout = self.limits.latest(conn.since, conn.sock.sent)
        else:
            self._take_back(conn)
            self._go_on(conn, after)

    def _end(self, conn: Connection) -> None:
        with suppress(OSError):  # the client is gone already
            conn.sock.shutdown(socket.SHUT_WR)
        self._wait(conn, EVENT_READ, partial(self._read_to_the_end, conn), time.monotonic() + LAST_WORD_S)

    def _read_to_the_end(self, conn: Connection, client: socket.socket) -> None:
        if conn not in self.holding.waiting:
            return
        try:
            if client.recv(_PIECE):
                return
        except BlockingIOError:
            return
        except OSError:  # a reset is an end as well
            pass
        self._take_back(conn)
        self._forget(conn)

    def _forget(self, conn: Connection) -> None:
        self.nr_conns -= 1
        self.holding.went(conn.place)
        conn.close()

    # Those who are late

    def _give_up(self, conn: Connection, why: str) -> None:
        self._given_up[why] += 1
        self._take_back(conn)
        self.nr_conns -= 1
        self.holding.went(conn.place)
        conn.reset()

    def murder_keepalived(self, force: bool = False) -> None:
        """gunicorn asks for it again and again: give up who is late; with `force`, everybody who waits."""
        now = time.monotonic()
        if not force and now < self._looked_at + _LOOK_S:
            return
        self._looked_at = now
        for conn in [each for each in self.holding.waiting if force or each.timeout <= now]:
            self._be_done_with(conn)
        if self._given_up and now > self._told_at + _TELL_S:
            self.log.warning("Connections given up: %s", dict(self._given_up))
            self._given_up.clear()
            self._told_at = now

    def _be_done_with(self, conn: Connection) -> None:
        if conn.sock.is_behind:
            self._give_up(conn, "too slow to take an answer")
        elif conn.parser.has_begun:
            with suppress(OSError):
                util.write_error(conn.sock, 408, "Request Timeout", "")
            self._give_up(conn, "too slow to send a request")
        else:
            self._take_back(conn)
            self._forget(conn)

    def murder_pending(self) -> None:
        """All who wait are looked at in one place."""

    def _cap_keepalive(self, deadline: float) -> None:
        """When stopping: idle connections may send one more request until then."""
        for conn in self.holding.waiting:
            if not conn.sock.is_behind:
                conn.timeout = min(conn.timeout, deadline)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """As gunicorn does it, often enough to see in time who is late."""
        super().wait_for_and_dispatch_events(min(timeout, _LOOK_S))

    # Beginning and stopping

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

    def _accept_waiting(self, listener: Any) -> None:
        count = -1
        while count != self.nr_conns:
            count = self.nr_conns
            self.accept(listener)


def _is_readable(listener_or_client: Any, within_ms: int) -> bool:
    poll = select.poll()
    poll.register(listener_or_client, select.POLLIN)
    return bool(poll.poll(within_ms))
