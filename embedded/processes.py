"""Processes that we start and that never outlive us, and the search for those that did.

Every child gets a session of its own, so that a terminal's Ctrl-C reaches us alone and we end it in order; it is told
by the kernel to end when we do (`PR_SET_PDEATHSIG`), even after `kill -9`; and it carries a mark in its environment
by which a later start finds it and everything that it started, should it have survived all the same.
"""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from config.settings import PROJECT_ROOT

MARK = "PROVIDER_DIRECTORY_KEEPER"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Ask the kernel to send us `number` when the thread that started us ends."""
    if _libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")


def _before_exec(parent: int, number: int) -> Callable[[], None]:
    def tie_to_parent() -> None:
        die_with_parent(number)
        if os.getppid() != parent:  # it ended before the tie was made
            os._exit(1)

    return tie_to_parent


@dataclass
class Child:
    """A running program: its name for messages, and how it likes to be ended."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path | None
    stop_signal: int

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the stop signal to the program itself and return at once; it ends its own workers."""
        if self.alive:
            self.process.send_signal(self.stop_signal)

    def stop(self, patience_s: float = 8) -> None:
        """End the program, if need be by force after `patience_s`; what it leaves behind, `end_leftovers` finds."""
        self.ask_to_stop()
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def last_lines(self, count: int = 20) -> str:
        """The end of its log, for a message that says why it failed."""
        if self.log is None or not self.log.exists():
            return ""
        with self.log.open(errors="replace") as file:
            return "".join(deque(file, count)).rstrip()


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    state_dir: Path,
    log: Path | None = None,
    user: str | None = None,
    env: Mapping[str, str] | None = None,
    stop_signal: int = signal.SIGTERM,
) -> Child:
    """Start a child of this state directory; with `log`, its output goes to that file.

    Only the main thread may: the kernel's tie is to the thread that starts the child, and a shorter-lived thread would
    take the child with it.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("children are started by the main thread")
    if log and log.exists():
        log.replace(log.with_suffix(".previous.log"))  # what a crashed one said is worth keeping
    output = log.open("wb") if log else None
    try:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            env={**os.environ, **(env or {}), MARK: str(state_dir.resolve())},
            cwd="/" if user else PROJECT_ROOT,  # another user may not be able to enter ours
            user=user,
            group=user,
            extra_groups=[] if user else None,
            start_new_session=True,
            preexec_fn=_before_exec(os.getpid(), stop_signal),  # noqa: PLW1509 (calls the kernel only)
        )
    finally:
        if output:
            output.close()
    return Child(name, process, log, stop_signal)


def leftovers(state_dir: Path, data_dir: Path | None = None) -> list[int]:
    """Pids of what an earlier program started for this state directory and did not end.

    Known by the mark in the environment; PostgreSQL overwrites its own, so it is known by `data_dir`, in which each
    of its processes works.
    """
    mark = f"{MARK}={state_dir.resolve()}".encode()
    pids = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with suppress(OSError):  # it ended meanwhile, or is another user's
            marked = mark in (entry / "environ").read_bytes().split(b"\0")
            if marked or (data_dir is not None and (entry / "cwd").readlink() == data_dir):
                pids.append(int(entry.name))
    return pids


def end_leftovers(find: Callable[[], Iterable[int]], stop_signal: int = signal.SIGTERM, patience_s: float = 10) -> int:
    """Ask what `find` names to end, insist after `patience_s`; how many there were."""
    seen: set[int] = set()
    deadline = time.monotonic() + patience_s
    while pids := list(find()):
        insist = time.monotonic() > deadline
        for pid in pids:
            if insist or pid not in seen:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL if insist else stop_signal)
        seen.update(pids)
        time.sleep(0.1)
    return len(seen)
