"""What directory/serving takes of gunicorn's inside is there still, and does what it did when it was read.

A failure after a new version of gunicorn is no fault of yours: read what changed in the method that is named, in
gunicorn's own history, then directory/serving/ beside it (docs/adr/0030-serving.md says what leans on what), run
`make faults`, and write the new hash here and the new version into requirements.in.
"""

import hashlib
import inspect
import re
from importlib.metadata import version
from typing import Any

import pytest
from gunicorn import util
from gunicorn.http.body import Body, ChunkedReader, LengthReader
from gunicorn.http.message import Message, Request
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader
from gunicorn.http.wsgi import Response, create
from gunicorn.workers.base import Worker as BaseWorker
from gunicorn.workers.gthread import TConn, ThreadWorker

from config.settings import PROJECT_ROOT

# Overridden, called, or relied on; with the hash of its source as it was read.
READ: dict[str, tuple[Any, str]] = {
    "TConn.__init__": (TConn.__init__, "c8763d7c65974e1b"),
    "TConn.init": (TConn.init, "5ff3d4ba451cfdf3"),
    "TConn.close": (TConn.close, "6d1c334ed1979fcb"),
    "ThreadWorker.__init__": (ThreadWorker.__init__, "5681b8b542ea91bf"),
    "ThreadWorker.accept": (ThreadWorker.accept, "f8dcead3dce5c851"),
    "ThreadWorker.enqueue_req": (ThreadWorker.enqueue_req, "c9f428953d24acef"),
    "ThreadWorker.finish_request": (ThreadWorker.finish_request, "616e7bb15a009ff7"),
    "ThreadWorker.handle": (ThreadWorker.handle, "ca85c9be3df75da4"),
    "ThreadWorker.handle_exit": (ThreadWorker.handle_exit, "b4e7decd4f9203ac"),
    "ThreadWorker.handle_request": (ThreadWorker.handle_request, "6d0de5b919102efc"),
    "ThreadWorker.is_parent_alive": (ThreadWorker.is_parent_alive, "3517612f7763cc47"),
    "ThreadWorker.murder_keepalived": (ThreadWorker.murder_keepalived, "4459960c4ccc36d4"),
    "ThreadWorker.murder_pending": (ThreadWorker.murder_pending, "7bf11f46454296e1"),
    "ThreadWorker.run": (ThreadWorker.run, "f92c7394d85715a4"),
    "ThreadWorker.set_accept_enabled": (ThreadWorker.set_accept_enabled, "140150ebfd3cae34"),
    "ThreadWorker.wait_for_and_dispatch_events": (ThreadWorker.wait_for_and_dispatch_events, "ea969b352482bd5c"),
    "ThreadWorker._cap_keepalive": (ThreadWorker._cap_keepalive, "745c8ac37108c74d"),
    "ThreadWorker._keepalive_after": (ThreadWorker._keepalive_after, "4ebdbbc8bf5aafa5"),
    "Worker.handle_error": (BaseWorker.handle_error, "75426448389bbac9"),
    "Worker.init_signals": (BaseWorker.init_signals, "65442e0602b05f37"),
    "RequestParser.__next__": (RequestParser.__next__, "b8536520e95854d6"),
    "RequestParser.finish_body": (RequestParser.finish_body, "54c5d0d28c2626ea"),
    "Message.__init__": (Message.__init__, "14b64a40f29fd0c4"),
    "Request.set_body_reader": (Request.set_body_reader, "db5c46d4c717f58a"),
    "Request.parse": (Request.parse, "34c084607ae12d4f"),
    "Unreader": (Unreader, "84aaa8f91fcdbbae"),
    "Body": (Body, "2a2afc0b6a50d7ea"),
    "ChunkedReader": (ChunkedReader, "c1aa79e0ae048701"),
    "LengthReader": (LengthReader, "3b01bc7c21a27066"),
    "Response.write": (Response.write, "a13659ff072c00e1"),
    "Response.sendfile": (Response.sendfile, "417ea65fb9a19f5b"),
    "wsgi.create": (create, "2c35d4a2dc629ede"),
    "util.write": (util.write, "cd995031295fd782"),
    "util.write_nonblock": (util.write_nonblock, "d2ff97701c36645e"),
}


def digest_of(source: Any) -> str:
    return hashlib.sha256(inspect.getsource(source).encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", READ)
def test_what_we_lean_on_is_as_it_was_read(name: str) -> None:
    source, digest = READ[name]
    assert digest_of(source) == digest, f"gunicorn changed {name}: read the beginning of this file"


def test_gunicorn_is_pinned_to_the_version_that_was_read() -> None:
    lines = (PROJECT_ROOT / "requirements.in").read_text().splitlines()
    (pinned,) = [line for line in lines if re.match(r"gunicorn\b", line)]
    assert pinned.split("#")[0].strip() == f"gunicorn=={version('gunicorn')}"
