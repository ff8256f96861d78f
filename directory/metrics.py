"""What is counted, for Prometheus; across all gunicorn workers where `provider-directory serve` started them."""

import os

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
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


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
