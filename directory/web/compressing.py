"""Around every answer: what everybody may have goes out compressed to whoever takes gzip.

What is one reader's own stays as it is: a page of an account holds the constant token of its forms beside what was
typed, and compressed together they would give the token away letter by letter (BREACH).

The ETag of a compressed answer ends in `-gzip`, as RFC 9110 wants one for each encoding; who sends it back, in
If-None-Match or in If-Match, means the same state of the same thing, and the application sees it as it made it.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Accept, Headers
from werkzeug.http import parse_accept_header
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Shorter ones fit into the packet that goes out anyway.
SMALLEST = 1_000
# Of a page of search it leaves an eighth or so (docs/performance.md).
LEVEL = 4
_AS_GZIP = 31  # zlib's way to ask for gzip's head and tail
_BODILESS = ("1", "204", "206", "304")
_TEXTS = ("text/", "application/json", "application/javascript", "application/xml", "image/svg+xml")
_ENDING = '-gzip"'
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH")


class Compressing:
    """`Compressing(app.wsgi_app)` answers as the application does, in fewer bytes."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """One request."""
        takes_gzip = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        has_gzip = any(_ENDING in environ.get(name, "") for name in _CONDITIONS)
        for name in _CONDITIONS:
            if has_gzip and name in environ:
                environ[name] = environ[name].replace(_ENDING, '"')
        told: list[Any] = []

        def keep(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            told[:] = [status, Headers(headers), exc_info]
            return _refuse

        body = self._app(environ, keep)
        status, headers, exc_info = told
        if _is_shared(headers, environ):
            _vary(status, headers)
            if status.startswith("304") and has_gzip:
                _mark(headers)
            elif takes_gzip and _is_worth_it(status, headers):
                body = _compress(body, headers, has_body=environ["REQUEST_METHOD"] != "HEAD")
        start_response(status, list(headers), exc_info)
        return body


def _refuse(_data: bytes) -> object:
    raise TypeError("An answer is what the application returns.")


@lru_cache(maxsize=1024)
def _takes_gzip(header: str) -> bool:
    accepted = parse_accept_header(header, Accept)
    # `identity` is always taken, and preferred only where it says so.
    return accepted.quality("gzip") > 0 and accepted.quality("gzip") >= dict(accepted).get("identity", 0)


def _is_shared(headers: Headers, environ: "WSGIEnvironment") -> bool:
    """Whether it is the same for everybody: it may be kept by all, or nobody in particular asked."""
    if "cookie" in headers.get("Vary", "").lower():
        return False
    is_somebody = "HTTP_COOKIE" in environ or "HTTP_AUTHORIZATION" in environ
    return not is_somebody or "public" in headers.get("Cache-Control", "")


def _is_text(headers: Headers) -> bool:
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind.startswith(_TEXTS) or kind.endswith(("+json", "+xml"))


def _is_worth_it(status: str, headers: Headers) -> bool:
    if status.startswith(_BODILESS) or "Content-Encoding" in headers or not _is_text(headers):
        return False
    if "no-transform" in headers.get("Cache-Control", ""):
        return False
    return int(headers.get("Content-Length", SMALLEST)) >= SMALLEST


def _vary(status: str, headers: Headers) -> None:
    vary = headers.get("Vary", "")
    if (status.startswith("304") or _is_text(headers)) and "accept-encoding" not in vary.lower():
        headers["Vary"] = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"


def _mark(headers: Headers) -> None:
    etag = headers.get("ETag", "")
    if etag.endswith('"') and not etag.endswith(_ENDING):
        headers["ETag"] = etag[:-1] + _ENDING


def _compress(body: Iterable[bytes], headers: Headers, *, has_body: bool) -> Iterable[bytes]:
    """The body in fewer bytes, and the headers that say so; one whose length is not known goes out as it comes."""
    is_whole = headers.pop("Content-Length", None) is not None
    headers["Content-Encoding"] = "gzip"
    headers.pop("Accept-Ranges", None)
    _mark(headers)
    close = getattr(body, "close", lambda: None)
    if not has_body:
        return body
    if not is_whole:
        return ClosingIterator(_stream(body), close)
    try:
        packer = zlib.compressobj(LEVEL, wbits=_AS_GZIP)
        packed = packer.compress(b"".join(body)) + packer.flush()
    finally:
        close()
    headers["Content-Length"] = str(len(packed))
    return [packed]


def _stream(body: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL, wbits=_AS_GZIP)
    for part in body:
        # The reader has each part when it was sent.
        yield packer.compress(part) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()
