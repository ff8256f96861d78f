"""Somebody else's portal: a small web server on an origin of its own, with the widget in its page."""

import base64
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

# One transparent pixel: what this portal's tile server draws.
_TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class PortalPage:
    """`with PortalPage(html, policy) as portal:` serves `html` at every path of `portal.origin`.

    `policy`: its Content-Security-Policy. The page is served as `localhost`, the service as `127.0.0.1`.
    """

    def __init__(self, html: str = "", policy: str = "") -> None:
        self.html = html
        self.policy = policy
        self.seen: list[str] = []
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page.seen.append(self.path)
                is_tile = self.path.endswith(".png")
                body = _TILE if is_tile else page.html.encode() if self.path != "/favicon.ico" else b""
                self.send_response(200)
                self.send_header("Content-Type", "image/png" if is_tile else "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                if page.policy:
                    self.send_header("Content-Security-Policy", page.policy)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name)
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> "PortalPage":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def page_with(
    service: str, attributes: str, more: str = "", integrity: str = "", file: str = "provider-search.js"
) -> str:
    """A page as docs/widget.md shows it, with the widget of this service."""
    pinned = f' integrity="{integrity}" crossorigin="anonymous"' if integrity else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Our portal</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="{service}/widget/v1/{file}"{pinned}></script></head>
<body><main><h1>Our portal</h1><provider-search {attributes}></provider-search></main>{more}</body></html>"""
