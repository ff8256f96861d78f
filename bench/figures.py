"""Figures of measured times."""

from collections.abc import Sequence
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of all values do not exceed (nearest rank)."""
    if not values:
        raise ValueError("no values to take a percentile of")
    ordered = sorted(values)
    rank = max(1, -(-int(share * 100 * len(ordered)) // 100))
    return ordered[min(rank, len(ordered)) - 1]


def p50_p95(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    return {
        "p50_ms": round(percentile(seconds, 0.5) * 1000, 2),
        "p95_ms": round(percentile(seconds, 0.95) * 1000, 2),
    }


def ratios(ours: dict[str, float], theirs: dict[str, float]) -> dict[str, float]:
    """Ours to theirs, at both percentiles."""
    return {f"ratio_{p}": round(ours[f"{p}_ms"] / theirs[f"{p}_ms"], 3) for p in ("p50", "p95")}


def compare(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, Any]:
    """Both sides with their ratios."""
    us, engine = p50_p95(ours), p50_p95(theirs)
    return {"us": us, "engine": engine, **ratios(us, engine)}
