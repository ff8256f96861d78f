"""Walls between kinds of work: each takes so many threads of a process at most, so that the others keep theirs.

Without them the slowest kind ends up with all: four threads that each wait two seconds for a search of long words
answer two requests a second between them, and listing pages that take five milliseconds are refused.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from directory.runtime import metrics


class NoPlace(Exception):
    """As many as may are at it already."""


class Wall:
    """So many places for one kind of work in this process. Safe to use from many threads."""

    def __init__(self, kind: str, places: int, *, patience_s: float = 0.0) -> None:
        """`kind` is the name under which the refused are counted; `patience_s`: how long one waits for a place."""
        self._kind = kind
        self._patience_s = patience_s
        self._free = threading.BoundedSemaphore(places)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place while the block runs. Raises NoPlace when none becomes free in time."""
        if not self._free.acquire(timeout=self._patience_s):
            metrics.WALLED.labels(self._kind).inc()
            raise NoPlace(self._kind)
        try:
            yield
        finally:
            self._free.release()
