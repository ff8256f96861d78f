"""Requests on their way in: gunicorn's parser reads from what has come, and a thread gets a request once it is whole.

Which bytes belong to a request is decided by gunicorn alone. What is found out here is only whether enough of them are
there: when it is mistaken a request is refused, never read as another one.
"""

import io
import re
import time
from typing import Any

from gunicorn.http.body import Body, ChunkedReader, LengthReader
from gunicorn.http.errors import InvalidChunkSize, InvalidHeader, LimitRequestHeaders, NoMoreData
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader

from directory.serving.limits import LARGEST_HEAD, Limits
from directory.serving.spool import Spool

_PIECE = 16_384
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_PIECES_AT_ONCE = 16
# A line with a chunk's size, and those after the last chunk together.
_LONGEST_LINE = 8_190
# Beyond so many chunks they hold so much at least, on average: each costs as much as some kilobytes.
_MANY_CHUNKS, _SMALL_CHUNK = 1_000, 64


class BodyTooLarge(Exception):
    """Larger than anything that the application takes there: `most` is the limit in bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class Received(Unreader):  # type: ignore[misc]
    """What a client has sent and nobody has read yet."""

    def __init__(self, client: Any) -> None:
        super().__init__()
        self._client = client

    def receive(self, most: int) -> bytes | None:
        """What is there now, and None when nothing is; empty at the client's end."""
        try:
            data: bytes = self._client.recv(most)
        except BlockingIOError:
            return None
        return data

    def add(self, data: bytes) -> None:
        """Keep it for whoever reads."""
        self.buf.seek(0, 2)
        self.buf.write(data)

    def chunk(self, size_hint: int | None = None) -> bytes:
        """gunicorn asks for more than what was found to be whole."""
        raise InvalidHeader("incomplete")


class Spooled(Unreader):  # type: ignore[misc]
    """A body that came in pieces."""

    def __init__(self, spool: Spool) -> None:
        super().__init__()
        self._spool = spool

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next bytes of it."""
        return self._spool.read(max(size_hint or 0, _PIECE))


class Chunks:
    """Finds the end of a chunked body; what is none ends at once, and is refused when it is read."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._skip = 0
        self._count = self._size = 0
        self._is_trailer = False

    def add(self, data: bytes) -> bool:
        """Whether the body ends in these bytes."""
        self._held += data
        self._size += len(data)
        while True:
            skipped = min(self._skip, len(self._held))
            del self._held[:skipped]
            self._skip -= skipped
            end = self._held.find(b"\r\n")
            if self._skip or end < 0:
                return len(self._held) > _LONGEST_LINE
            line = bytes(self._held[:end])
            del self._held[: end + 2]
            if self._ends_with(line):
                return True

    def _ends_with(self, line: bytes) -> bool:
        self._count += 1
        if self._count > _MANY_CHUNKS and self._size < self._count * _SMALL_CHUNK:
            raise InvalidChunkSize(b"many small chunks")
        if self._is_trailer:
            return not line
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            return True
        self._is_trailer = size == 0
        self._skip = size + 2 if size > 0 else 0
        return size < 0


class Arriving(RequestParser):  # type: ignore[misc]
    """gunicorn's parser of one connection: `receive` until it says yes, then `next` gives the request or refuses it."""

    def __init__(self, cfg: Any, client: Any, address: Any, limits: Limits) -> None:
        super().__init__(cfg, client, address)
        self.unreader = Received(client)
        self._client, self._limits = client, limits
        self._began: float | None = None
        self._is_whole = False
        self._request: Any = None
        self._refusal: Exception | None = None
        self._chunks: Chunks | None = None
        self._spools: list[Spool] = []

    @property
    def has_more(self) -> bool:
        """Whether bytes of a next request came with the last one."""
        return bool(self.unreader.buf.getbuffer().nbytes)

    @property
    def has_begun(self) -> bool:
        """Whether a part of a request is there."""
        return self._began is not None

    @property
    def latest(self) -> float:
        """Until when the request that has begun must be whole."""
        moved = len(self._spools[0]) if self._spools else 0
        return self._limits.latest(self._began or time.monotonic(), moved)

    def receive(self) -> bool:
        """Take what has come; whether `next` has something to say."""
        if not self._is_whole:
            try:
                self._is_whole = (self._request is not None or self._receive_head()) and self._receive_body()
            except Exception as error:  # gunicorn answers each kind of it
                self._refusal, self._is_whole = error, True
        return self._is_whole

    def __next__(self) -> Any:
        """The request that is whole. Raises as gunicorn's, or BodyTooLarge."""
        refusal, self._refusal = self._refusal, None
        request, self._request = self._request, None
        self._began, self._is_whole = None, False
        if refusal is not None:
            raise refusal
        source = Spooled(self._spools[0]) if self._spools else self.unreader
        if self._chunks:
            request.body = self._join_chunks(request, source)
        elif self._spools:
            request.body = Body(LengthReader(source, request.body.reader.length))
        return request

    def forget_body(self) -> None:
        """Give back the room that a body has taken."""
        while self._spools:
            self._spools.pop().close()

    def _receive_head(self) -> bool:
        head = self.unreader.buf.getvalue()
        if head:
            self._began = self._began or time.monotonic()
        while not _is_whole(head):
            data = self.unreader.receive(_PIECE)
            if data is None:
                return False
            if not data:
                raise NoMoreData(head) if head else StopIteration
            self._began = self._began or time.monotonic()
            self.unreader.add(data)
            head += data
            if len(head) > LARGEST_HEAD + _PIECE:
                raise LimitRequestHeaders("head too large")
        self._encode_target()
        self._request = super().__next__()
        self.forget_body()  # that of the request before
        return True

    def _encode_target(self) -> None:
        """Percent-encode an address that came as it was typed: `curl 'http://…?q=pédiatre'` sends it so.

        Every other byte stays as it is: what else an address may not hold is refused as before.
        """
        line, end, rest = self.unreader.buf.getvalue().partition(b"\r\n")
        if line.isascii():
            return
        method, _, rest_of_line = line.partition(b" ")
        target, _, version = rest_of_line.rpartition(b" ")
        target = _NOT_ASCII.sub(lambda match: b"%%%02X" % match.group()[0], target)
        self.unreader.buf = io.BytesIO()
        self.unreader.buf.write(b" ".join((method, target, version)) + end + rest)

    def _receive_body(self) -> bool:
        reader = self._request.body.reader
        if not self._spools and not self._begin_body(reader):
            return True
        spool = self._spools[0]
        for _ in range(_PIECES_AT_ONCE):
            # Not a byte beyond its length: that is the next request's.
            most = _PIECE if self._chunks else min(_PIECE, reader.length - len(spool))
            data = self.unreader.receive(most)
            if data is None:
                return False
            if not data:
                raise NoMoreData
            spool.append(data)
            if len(spool) > self._largest:
                raise BodyTooLarge(self._largest)
            if self._chunks.add(data) if self._chunks else len(spool) == reader.length:
                return True
        return False

    @property
    def _largest(self) -> int:
        return self._limits.largest_of(self._request.path)

    def _begin_body(self, reader: Any) -> bool:
        """Whether some of the body is yet to come; it is put together in a spool."""
        here = self.unreader.buf.getbuffer().nbytes
        is_asked_for, self._request._expected_100_continue = self._request._expected_100_continue, False
        self._chunks = None
        if isinstance(reader, LengthReader):
            if reader.length > self._largest:
                raise BodyTooLarge(self._largest)
            if reader.length <= here:
                return False
        else:
            self._chunks = Chunks()
            if self._chunks.add(self.unreader.buf.getvalue()):
                return False
        if is_asked_for:
            self._client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._spools.append(Spool())
        self._spools[0].append(self.unreader.take_buffered())
        return True

    def _join_chunks(self, request: Any, source: Unreader) -> Body:
        """Read all of them, so that a wrong one is refused before the application has begun."""
        chunked = Body(ChunkedReader(request, source))
        joined = Spool()
        self._spools.append(joined)
        while data := chunked.read(_PIECE):
            joined.append(data)
        if source is not self.unreader:
            # What came behind it: the beginning of a next request.
            self.unreader.add(source.take_buffered())
            while data := source.chunk():
                self.unreader.add(data)
        return Body(LengthReader(Spooled(joined), len(joined)))


def _is_whole(head: bytes) -> bool:
    """Whether a head ends here, or can only be refused: a line that ends without a carriage return."""
    return b"\r\n\r\n" in head or head.count(b"\n") != head.count(b"\r\n")
