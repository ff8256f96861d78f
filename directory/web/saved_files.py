"""Files for saving: nothing of them is shown or run by a browser as a page of ours."""

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response


def send_attachment(name: str, media_type: str, content: bytes | Iterable[bytes]) -> Response:
    """A file for saving, whole or in pieces, under its name (RFC 6266).

    A browser that would show it may run nothing in it.
    """
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
