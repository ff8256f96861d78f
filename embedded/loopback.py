"""HTTP to our own programs on this machine, past any proxy that the environment names for the rest of the world."""

import json
import urllib.request
from typing import Any

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url: str, body: dict[str, Any] | None = None, *, timeout_s: float = 5) -> Any:
    """The JSON answer to a GET, or to a POST of `body`. Raises OSError for no answer or a status of 400 and more."""
    request = urllib.request.Request(
        url,
        data=json.dumps(body).encode() if body else None,
        headers={"Content-Type": "application/json", "Accept": "application/json"},
    )
    with _direct.open(request, timeout=timeout_s) as answer:
        return json.load(answer)
