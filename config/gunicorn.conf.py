"""How gunicorn runs the service: `provider-directory serve`, or `gunicorn -c config/gunicorn.conf.py`."""

import os
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker
from prometheus_client import multiprocess

from config.settings import get_settings

_settings = get_settings()

wsgi_app = "directory.app:create_app()"
bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_workers
worker_class = "gthread"
threads = 4
keepalive = 30
timeout = 30
graceful_timeout = 10
# gunicorn's own access log would write addresses and query strings; the service writes its own line instead.
accesslog = None
# Its control socket lies in the home directory, where two services of one user would meet.
control_socket_disable = True
errorlog = "-"
loglevel = _settings.log_level.lower()


def when_ready(server: Arbiter) -> None:
    """Say where it listens, for people and for scripts that wait."""
    server.log.info("Listening on %s with %d workers", bind, workers)


def child_exit(server: Arbiter, worker: Worker) -> None:
    """Counts of a worker that ended are kept, its gauges are not."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ and Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).is_dir():
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
