"""How long the request at hand may still take, so that whatever it waits for can be given up in time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from config.settings import get_settings

_ends: ContextVar[float | None] = ContextVar("ends", default=None)  # monotonic


def patient(seconds: float) -> float:
    """How long to wait on this machine for what takes `seconds` at most on a quick one."""
    return seconds * get_settings().patience


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is inside ends `seconds` from now, or sooner where an outer limit says so."""
    outer = _ends.get()
    ends = time.monotonic() + patient(seconds)
    token = _ends.set(ends if outer is None else min(outer, ends))
    try:
        yield
    finally:
        _ends.reset(token)


@contextmanager
def longer(seconds: float) -> Iterator[None]:
    """What is inside may take so long, whatever limit is outside: a large file that is being kept."""
    token = _ends.set(time.monotonic() + patient(seconds))
    try:
        yield
    finally:
        _ends.reset(token)


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
