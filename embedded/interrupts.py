"""Ctrl-C, SIGTERM and a closed terminal turned into one exception, so that `finally` ends what was started."""

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """We were told to end; like KeyboardInterrupt, no ordinary `except` may swallow it."""


def _stop(number: int, frame: FrameType | None) -> None:
    for other in _SIGNALS:  # a second Ctrl-C must not cut the clean-up short
        signal.signal(other, signal.SIG_IGN)
    raise Stopped(signal.Signals(number).name)


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Within: the first of the signals raises Stopped in the main thread, those that follow do nothing."""
    for number in _SIGNALS:
        # nohup asks for exactly this by ignoring it beforehand
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    yield


def follow_make() -> None:
    """End also on a SIGINT that was sent to make alone, as scripts do, and not by a terminal to everyone.

    make passes SIGTERM on but keeps SIGINT to itself and waits for us, for ever. All that shows is that it no longer
    catches the signal.
    """
    parent = os.getppid()

    def watch() -> None:
        while _catches(parent, signal.SIGINT):
            time.sleep(0.3)
        if os.getppid() == parent:
            os.kill(os.getpid(), signal.SIGINT)

    if _catches(parent, signal.SIGINT):
        threading.Thread(target=watch, daemon=True).start()


def _catches(pid: int, number: int) -> bool:
    """Whether the process has a handler of its own for the signal (proc(5), SigCgt)."""
    with suppress(OSError):
        caught = re.search(r"^SigCgt:\s*([0-9a-f]+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
        return caught is not None and bool(int(caught[1], 16) >> (number - 1) & 1)
    return False
