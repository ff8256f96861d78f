"""Bytes that slow clients send or do not fetch: few of them in memory, more in files, and not without an end."""

import threading
from tempfile import SpooledTemporaryFile

_IN_MEMORY = 65_536


class NoRoom(BrokenPipeError):
    """Slow clients have all the room that they may have; gunicorn closes the connection as one that broke."""


class Room:
    """How many bytes the spools of a process may hold together. Safe to use from many threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._taken = 0
        self._counting = threading.Lock()

    def take(self, count: int) -> None:
        """Raises NoRoom where there is none."""
        with self._counting:
            if self._taken + count > self.most:
                raise NoRoom
            self._taken += count

    def give_back(self, count: int) -> None:
        """Of what was taken."""
        with self._counting:
            self._taken -= count


class Spool:
    """A queue of bytes, for one thread at a time."""

    room = Room(512 << 20)

    def __init__(self) -> None:
        self._file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (see close)
        self._read = 0
        self._size = 0

    def __len__(self) -> int:
        """Bytes that were put in, also those that were read since."""
        return self._size

    def append(self, data: bytes | memoryview) -> None:
        """Raises NoRoom."""
        self.room.take(len(data))
        self._file.seek(self._size)
        self._file.write(data)
        self._size += len(data)

    def peek(self, count: int) -> bytes:
        """The next bytes, which stay; none at the end."""
        self._file.seek(self._read)
        return self._file.read(count)

    def skip(self, count: int) -> None:
        """So many are done with."""
        self._read += count

    def read(self, count: int) -> bytes:
        """The next bytes; none at the end."""
        data = self.peek(count)
        self.skip(len(data))
        return data

    def close(self) -> None:
        """Give all of it back."""
        if not self._file.closed:
            self._file.close()
            self.room.give_back(self._size)
