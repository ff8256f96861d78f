"""Uses taken from a limit a second's worth at a time, so that most reads need no round trip to be counted.

A count in PostgreSQL costs a read one to two milliseconds of some ten (docs/performance.md). A process takes a
sixtieth of the quota at once and spends it; what it has not spent soon is gone. So the count stays one for all
processes, each of them holds no more than that of it, and nobody gets more than the quota.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from directory.admission.limits import Allowance, Limit, take

# Of the quota; where that is no whole use, each is counted by itself.
SHARE = 60
GOOD_FOR_S = 10.0
MOST_PURSES = 10_000


@dataclass(slots=True)
class _Purse:
    """What is left of a taking, and until when (monotonic)."""

    taken: Allowance
    left: int
    until: float


class Prepaid:
    """The purses of one process, the ones used last kept. Safe to use from many threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._purses: OrderedDict[tuple[Limit, str], _Purse] = OrderedDict()

    def use(self, limit: Limit, subject: str) -> Allowance | None:
        """As `limits.take`, of one use."""
        share = limit.quota // SHARE
        if share < 2:
            return take(limit, subject)
        if spent := self._spend(limit, subject):
            return spent
        taken = take(limit, subject, uses=share)
        if taken is None:
            return None
        if not taken.allowed:  # less than a share is left
            return take(limit, subject)
        with self._lock:
            self._purses[limit, subject] = _Purse(taken, share - 1, self._clock() + GOOD_FOR_S)
            while len(self._purses) > MOST_PURSES:
                self._purses.popitem(last=False)
        return replace(taken, remaining=taken.remaining + share - 1)

    def _spend(self, limit: Limit, subject: str) -> Allowance | None:
        with self._lock:
            purse = self._purses.get((limit, subject))
            if purse is None or not purse.left or self._clock() >= purse.until:
                return None
            purse.left -= 1
            self._purses.move_to_end((limit, subject))
            return replace(purse.taken, remaining=purse.taken.remaining + purse.left)


prepaid = Prepaid()
