"""What is counted, for Prometheus; across all gunicorn workers where `provider-directory serve` started them."""

import os
from collections.abc import Mapping
from functools import lru_cache

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE = CONTENT_TYPE_LATEST

# Labels are route patterns, never addresses: what was searched for stays out of them.
REQUESTS = Counter("directory_requests_total", "Requests by route, method and status", ["route", "method", "status"])
SECONDS = Histogram(
    "directory_request_seconds",
    "Time to answer, by route",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
SHED = Counter("directory_shed_requests_total", "Requests refused at once because too many were waiting")
DEGRADED = Counter("directory_degraded_searches_total", "Searches that PostGIS answered in place of OpenSearch")
WALLED = Counter(
    "directory_walled_total", "Work that was refused because as much of its kind as may was at work", ["kind"]
)
AWAY = Gauge(
    "directory_engine_away",
    "Processes that do without an engine (database, search) at this moment because it did not answer",
    ["engine"],
    multiprocess_mode="livesum",
)


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """One request that was answered."""
    requests, times = _of_request(route, method, status)
    requests.inc()
    times.observe(seconds)


# Few differ, and looking one up by its labels costs as much as all the rest of counting.
@lru_cache(maxsize=4096)
def _of_request(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(route, method, status), SECONDS.labels(route)


# waiting, seconds that the oldest has waited, and those that come no further: set aside, or given up.
QueueState = tuple[int, float, int]
_OUTBOX = {
    "waiting": "Changes that searches do not show yet",
    "oldest_seconds": "How long the oldest of them has waited",
    "set_aside": "Changes that the search engine refuses for what they hold",
}
_MAIL = {
    "waiting": "Mails that are not sent yet",
    "oldest_seconds": "How long the oldest of them has waited",
    "given_up": "Mails that were given up within the last day",
}


def exposition(outbox: QueueState | None, mail: QueueState | None) -> bytes:
    """All metrics in Prometheus' text format. A queue of which nothing is known is left out."""
    registry: CollectorRegistry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry) + _show_queue("outbox", _OUTBOX, outbox) + _show_queue("mail", _MAIL, mail)


def _show_queue(queue: str, meaning: Mapping[str, str], state: QueueState | None) -> bytes:
    # Of the one queue, not of a process: in a registry of its own, which no process writes into a file.
    if state is None:
        return b""
    registry = CollectorRegistry()
    for (name, what), value in zip(meaning.items(), state, strict=True):
        Gauge(f"directory_{queue}_{name}", what, registry=registry).set(value)
    return generate_latest(registry)
