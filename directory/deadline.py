"""How long the request at hand may still take, so that whatever it waits for can be given up in time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from types import TracebackType

_ends: ContextVar[float | None] = ContextVar("ends", default=None)  # monotonic


class within:  # noqa: N801 (used as a function is)
    """What is inside ends `seconds` from now, or sooner where an outer limit says so."""

    __slots__ = ("_seconds", "_token")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        outer = _ends.get()
        ends = time.monotonic() + self._seconds
        self._token: Token[float | None] = _ends.set(ends if outer is None else min(outer, ends))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _ends.reset(self._token)


@contextmanager
def sooner(seconds: float) -> Iterator[None]:
    """As `within` inside a limit; outside of any, as in a command that may take hours, no limit comes of it."""
    if _ends.get() is None:
        yield
    else:
        with within(seconds):
            yield


def left() -> float | None:
    """Seconds that are left, 0 when none are; None where there is no limit."""
    ends = _ends.get()
    return None if ends is None else max(0.0, ends - time.monotonic())
