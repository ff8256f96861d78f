"""Around every request: refuse at once what waited too long for its turn, and bound the time of the rest.

With more requests than can be answered a queue only grows, and soon all the answers come after their readers have left.
So who waited too long is told to come back later: that costs a fraction of an answer, and those behind get theirs in
time. A burst may wait longer than those in a queue that stands (the idea of CoDel, RFC 8289): it passes by itself.
"""

import random
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import orjson

from directory.runtime import deadline, metrics
from directory.serving.waiting import waited_s
from directory.web.problems import PROBLEMS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# An answer takes a few hundredths of a second: with this, and the slowness of a machine that has too much to do, it is
# there within one.
LONGEST_WAIT_S = 0.7
# The same in a queue that stands: in which for STANDING_S nobody came through in SHORT_WAIT_S.
LONGEST_STANDING_WAIT_S = 0.3
SHORT_WAIT_S = 0.1
STANDING_S = 1.0
# Every request ends within two seconds of its coming; what is left of them belongs to writing the answer.
LONGEST_S = 1.8
# Where a queue stands, an answer that takes longer keeps others waiting, and its reader longer than a second.
LONGEST_STANDING_S = 0.9
# For those who run the service: a process that refuses requests is alive and ready, and has something to tell.
NEVER_SHED = frozenset(("/healthz", "/readyz", "/metrics"))

_PROBLEM = PROBLEMS["overloaded"]
_BODY = orjson.dumps(
    {
        "type": f"/docs#problem-{_PROBLEM.slug}",
        "title": _PROBLEM.title,
        "status": _PROBLEM.status,
        "detail": "More requests came than can be answered at this moment. Please try again in a few seconds.",
    }
)
_HEADERS = [
    ("Content-Type", "application/problem+json"),
    ("Content-Length", str(len(_BODY))),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    # It says the same to everybody, so pages of any origin may read it, and wait as they are told.
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Retry-After"),
]


class Patience:
    """How long a request may have waited, by how the last ones fared in this process. Safe to use from many threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last_at = clock()
        # When the first came of those that waited, one soon after the other; None: the last came through at once.
        self._waiting_since: float | None = None

    def ends(self, waited: float) -> bool:
        """Whether a request that waited so many seconds came too late."""
        now = self._clock()
        idle = now - self._last_at > STANDING_S
        self._last_at = now
        if waited < SHORT_WAIT_S:
            self._waiting_since = None
            return False
        if self._waiting_since is None or idle:
            self._waiting_since = now
        return waited > (LONGEST_STANDING_WAIT_S if self.queue_stands() else LONGEST_WAIT_S)

    def queue_stands(self) -> bool:
        """Whether for a while nobody came through without waiting."""
        since = self._waiting_since
        return since is not None and self._clock() - since > STANDING_S


class Shedding:
    """A WSGI application around another."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application
        self._patience = Patience()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Refuse, or let the application answer in the time that is left."""
        waited = waited_s()
        if self._patience.ends(waited) and environ["PATH_INFO"] not in NEVER_SHED:
            metrics.SHED.inc()
            # Not all at the same moment.
            retry_after = ("Retry-After", str(random.randint(1, 4)))  # noqa: S311
            start_response("503 Service Unavailable", [*_HEADERS, retry_after])
            return [_BODY]
        longest = LONGEST_STANDING_S if self._patience.queue_stands() else LONGEST_S
        with deadline.within(longest - waited):
            return self._application(environ, start_response)
