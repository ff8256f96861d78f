"""Work that is given to other processes of this program."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import Any

COUNT = 2


def start_pool(begin: Callable[..., None], *given: Any) -> ProcessPoolExecutor:
    """COUNT processes that call `begin(*given)` first. Spawned, not forked: this one has threads and open connections.

    Ctrl-C is for this process alone, which then ends them; where it is killed they end too.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(COUNT, mp_context=context, initializer=_begin, initargs=(begin, given))


def _begin(begin: Callable[..., None], given: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    begin(*given)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
