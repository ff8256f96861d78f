"""The least that any server in between costs: our gunicorn and libcurl, and nothing but passing on what is asked.

It reads, understands and shows nothing. What the service takes beyond it is the service's own.
"""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pycurl

from config.settings import get_settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_kept = threading.local()


def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Ask the engine the same, and give back what it answers."""
    answer = b""
    if environ["PATH_INFO"] != "/readyz":
        if not hasattr(_kept, "curl"):
            _kept.curl = pycurl.Curl()
        curl: pycurl.Curl = _kept.curl
        curl.setopt(pycurl.URL, get_settings().engine_url("opensearch_url") + environ["PATH_INFO"])
        curl.setopt(pycurl.POSTFIELDS, environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        curl.setopt(pycurl.HTTPHEADER, [f"Content-Type: {environ['CONTENT_TYPE']}", "Expect:"])
        answer = curl.perform_rb()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]
