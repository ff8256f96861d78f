"""How gunicorn runs the service: `provider-directory serve`, or `gunicorn -c python:directory.serving.settings`.

Its parent process loads this file and nothing else of directory/: what is loaded there, a reload does not replace.
"""

import gc
import os
import resource
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker
from prometheus_client import multiprocess

from config.settings import get_settings

_settings = get_settings()
# Descriptors of a process that are no client's.
_OTHERS = 200


def _allow_connections(wanted: int) -> int:
    """Raise the limit of open files as far as the system lets us; how many connections that allows."""
    needed = wanted + _OTHERS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else min(wanted, soft - _OTHERS)


wsgi_app = "directory.app:create_app()"
bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_workers
# gunicorn's threads, and what a service under load needs besides; see there.
worker_class = "directory.serving.worker.Worker"
# Threads wait for engines while another one works; more of them only wait for each other.
threads = 4
keepalive = _settings.idle_seconds
timeout = 30
# Longer than any request (2 s) and than the two seconds in which kept connections may still send one.
graceful_timeout = 10
# Of one worker.
worker_connections = max(16, _allow_connections(_settings.connections) // workers)
# gunicorn's own access log would write addresses and query strings; the service writes its own line instead.
accesslog = None
# Its control socket lies in the home directory, where two services of one user would meet.
control_socket_disable = True
errorlog = "-"
loglevel = _settings.log_level.lower()
# What stands before us is said by TRUSTED_PROXIES alone: gunicorn would believe whoever asks from this machine, and let
# a header move the whole application (SCRIPT_NAME).
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
# Nor are requests that are none, or fail, quoted in its other log.
logger_class = "directory.serving.log.DiscreetLogger"


def when_ready(server: Arbiter) -> None:
    """Say where it listens, for people and for scripts that wait."""
    server.log.info("Listening on %s with %d workers", bind, workers)


def post_worker_init(worker: Worker) -> None:
    """Load, before the first request comes, what it would wait for: with a reload under load, many would."""
    from directory.vocabulary.codes import load_codes  # noqa: PLC0415 (not in the parent, which a reload does not replace)
    from directory.vocabulary.line_words import load_line_words, spoken_languages  # noqa: PLC0415
    from geodata.gazetteer import get_gazetteer  # noqa: PLC0415
    from geodata.places import GazetteerMissing  # noqa: PLC0415

    load_codes()
    load_line_words()
    spoken_languages()
    try:
        get_gazetteer().complete("a", countries=(), limit=1)
    except GazetteerMissing as error:
        worker.log.error("%s", error)
    # What else it may run (the benchmark's relay) has none.
    if hasattr(worker.wsgi, "jinja_env"):
        for template in worker.wsgi.jinja_env.list_templates():
            worker.wsgi.jinja_env.get_template(template)
    # What is loaded by now stays: the collector need not look at it again, in the middle of somebody's search.
    gc.collect()
    gc.freeze()
    # An answer is a few thousand objects, none of them in a circle: looking for circles among them, several times in
    # each request, took a tenth of its time.
    gc.set_threshold(20_000, 20, 50)


def child_exit(server: Arbiter, worker: Worker) -> None:
    """Counts of a worker that ended are kept, its gauges are not; it takes no connections any more."""
    # Workers of another class, or of an older version whose parent only reloaded, share nothing.
    if hasattr(worker, "shares"):
        worker.shares.leaves(worker.age)
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ and Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).is_dir():
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
