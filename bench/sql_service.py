"""The flat table behind HTTP, as the service is: what a directory of PostGIS alone would answer, and how fast.

Its answer has the hits, the total and the counts; labels, distances and payment sentences are left out, in its favour.
"""

import threading

import orjson
from flask import Flask, Response, request

from bench.postgis import FlatTable
from bench.questions import PROVIDERS, Question
from config.settings import get_settings

app = Flask(__name__, static_folder=None)
_kept = threading.local()


@app.get(PROVIDERS)
def search() -> Response:
    """One search, over this thread's kept connection."""
    if not hasattr(_kept, "flat"):
        _kept.flat = FlatTable(get_settings().engine_url("database_url"))
    flat: FlatTable = _kept.flat
    answer = flat.answer(Question("asked", PROVIDERS, request.args.to_dict()))
    return Response(orjson.dumps(answer), mimetype="application/json")


@app.get("/readyz")
def ready() -> str:
    """Whether it answers."""
    return "ready"
