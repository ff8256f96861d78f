"""A circuit breaker: while a service is known to be away, nobody waits for it; it closes by itself."""

import threading
import time
from collections.abc import Callable

# How long nobody asks after a failure; then one asks for all.
COOL_OFF_S = 1.0
# One question that takes too long says something of that question. So many in a row, and no answer between them, say
# that nobody gets one.
MOST_SLOW = 8


class Breaker:
    """One for each service and process. Safe to use from many threads."""

    def __init__(
        self,
        *,
        cool_off_s: float = COOL_OFF_S,
        clock: Callable[[], float] = time.monotonic,
        tell: Callable[[bool], None] = lambda _away: None,
    ) -> None:
        """`tell` is called with whether the service is away, each time that it becomes known."""
        self._cool_off_s = cool_off_s
        self._clock = clock
        self._tell = tell
        self._asks_again_at: float | None = None  # None: closed, everybody asks
        self._asking = threading.Lock()
        self._slow_in_a_row = 0

    def allows(self) -> bool:
        """Whether to ask the service now. While it is away, one caller a cool-off may, and tells what came of it."""
        again = self._asks_again_at
        if again is None:
            return True
        if self._clock() < again or not self._asking.acquire(blocking=False):
            return False
        # Who asks now is the only one until it has told; should it never tell, the next may after a cool-off.
        self._asks_again_at = self._clock() + self._cool_off_s
        self._asking.release()
        return True

    def succeeded(self) -> None:
        """The service answered: everybody may ask."""
        self._slow_in_a_row = 0
        if self._asks_again_at is not None:
            self._asks_again_at = None
            self._tell(False)

    def failed(self) -> None:
        """The service did not answer: nobody asks for a while."""
        if self._asks_again_at is None:
            self._tell(True)
        self._asks_again_at = self._clock() + self._cool_off_s

    def was_slow(self) -> None:
        """The service is there, but one question was too much: that is held against it after MOST_SLOW of them."""
        self._slow_in_a_row += 1
        if self._slow_in_a_row >= MOST_SLOW:
            self._slow_in_a_row = 0
            self.failed()
