"""How long the request at hand waited before a thread took it.

It imports nothing of ours, since the server's parent process loads it: what is loaded there, a reload does not replace.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_waited: ContextVar[float] = ContextVar("waited", default=0.0)


@contextmanager
def after_waiting(seconds: float) -> Iterator[None]:
    """What runs inside had to wait for `seconds`."""
    token = _waited.set(seconds)
    try:
        yield
    finally:
        _waited.reset(token)


def waited_s() -> float:
    """Seconds that the request at hand waited; 0 where nobody counted."""
    return _waited.get()
