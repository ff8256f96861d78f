"""The state directory: small files written whole or not at all, and the lock that lets one program own it."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


class EmbeddedError(RuntimeError):
    """What keeps the embedded engines from running, told so that the reader can act on it."""


class StateDirInUse(EmbeddedError):
    """Another program owns this state directory right now."""


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Replace `path` in one step, readable by its owner alone: these files carry the database's password."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(value, file)
    part.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """The object in `path`; {} where there is no such file or a crash left it unreadable."""
    with suppress(OSError, ValueError):
        value = json.loads(path.read_text())
        if isinstance(value, dict):
            return value
    return {}


def check_name(state_dir: Path) -> None:
    """Raises EmbeddedError where OpenSearch would take the directory's path for a list of several."""
    if "," in str(state_dir.resolve()):
        raise EmbeddedError(f"{state_dir.resolve()} has a comma in its path: set STATE_DIR to one that has none.")


def short_name(state_dir: Path) -> str:
    """Twelve letters that stand for this state directory where its path would be too long."""
    return hashlib.sha256(str(state_dir.resolve()).encode()).hexdigest()[:12]


@contextmanager
def locked(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold `path` as a lock file with our pid in it; the kernel frees it when we end, however we end.

    Raises BlockingIOError when another program holds it, unless `wait`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def owner(state_dir: Path) -> int | None:
    """Pid of the program that owns this state directory now, or None."""
    try:
        file = (state_dir / "lock").open("r+")
    except OSError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = file.read().strip()
            return int(text) if text.isdigit() else None
        return None


@contextmanager
def owned(state_dir: Path) -> Iterator[None]:
    """Own the state directory. Raises StateDirInUse, which names who owns it, and EmbeddedError for a bad path."""
    check_name(state_dir)
    with_lock = locked(state_dir / "lock")
    try:
        with_lock.__enter__()
    except BlockingIOError:
        raise StateDirInUse(
            f"{state_dir} is in use by process {owner(state_dir)}: stop that one first, "
            "or set STATE_DIR to another directory to run a second one beside it."
        ) from None
    try:
        yield
    finally:
        with_lock.__exit__(None, None, None)
