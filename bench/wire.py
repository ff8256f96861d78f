"""HTTP over kept connections, and what the service asks the engine, recorded on the wire between them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to the engine, byte for byte."""

    method: str
    path: str
    content_type: str
    body: bytes


class Kept:
    """One connection that is kept open."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=60)

    def get(self, path: str) -> bytes:
        """The answer's body. Raises RuntimeError unless the status is 200."""
        self._connection.request("GET", path, headers={"Accept": "application/json"})
        return self._read(path)

    def ask(self, request: Asked) -> bytes:
        """Ask the engine what the service asked it."""
        headers = {"Content-Type": request.content_type}
        self._connection.request(request.method, request.path, body=request.body, headers=headers)
        return self._read(request.path)

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    def _read(self, path: str) -> bytes:
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}: {body[:400]!r}")
        return body


class Recorder:
    """Stands between the service and the engine, passes everything on, and keeps what was asked."""

    def __init__(self, engine_url: str) -> None:
        self.requests: list[Asked] = []
        self.url = ""
        self._engine_url = engine_url

    def take(self) -> tuple[Asked, ...]:
        """What was asked since the last call."""
        taken, self.requests = tuple(self.requests), []
        return taken

    @contextmanager
    def running(self) -> Iterator["Recorder"]:
        """Listen on a free port of this machine while the block runs."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, name="recorder", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        recorder = self

        class Pass(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                content_type = self.headers.get("Content-Type", "application/json")
                request = Asked(self.command, self.path, content_type, body)
                parts = urlsplit(recorder._engine_url)
                connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=60)
                connection.request(request.method, request.path, body, {"Content-Type": content_type})
                answer = connection.getresponse()
                payload = answer.read()
                connection.close()
                recorder.requests.append(request)
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                # Who asked may have lost patience.
                with suppress(BrokenPipeError):
                    self.wfile.write(payload)

            do_GET = do_POST = do_HEAD = do_PUT = _pass  # noqa: N815 - as http.server calls them

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Nothing: the bench prints its own figures."""

        return Pass
