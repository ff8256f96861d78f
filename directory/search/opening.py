"""What is open at a moment: the clock of every time zone on its own wall, and weeks as the index holds them.

A listing is open where its hours are of a plain week that has this minute in a span (listings/hours.py). What says more
than a week, or lies in no known zone, is not known to be open.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from directory.listings.hours import DAY, Week, openness_at, parse_hours, wall_clock

WEEK = 7 * DAY


def week_minutes(week: Week) -> list[dict[str, int]]:
    """The minutes in which it is open, from Monday's midnight on, as ranges of the index; ends are outside."""
    ranges = []
    for day, spans in enumerate(week.days):
        for start, end in spans:
            ranges += list(_within_the_week(day * DAY + start, day * DAY + end))
    return ranges


def _within_the_week(start: int, end: int) -> Iterator[dict[str, int]]:
    """A span of Sunday that reaches into Monday is two."""
    yield {"gte": start, "lt": min(end, WEEK)}
    if end > WEEK:
        yield {"gte": 0, "lt": end - WEEK}


def open_minutes(hours: str | None) -> list[dict[str, int]]:
    """The same of hours as they are written; empty where nothing is known."""
    week = parse_hours(hours) if hours else None
    return week_minutes(week) if week else []


def clocks_at(moment: datetime) -> dict[tuple[int, int], tuple[str, ...]]:
    """All time zones by the weekday and the minute of the day that their clocks show."""
    return _clocks_at(int(moment.timestamp()) // 60)


@lru_cache(maxsize=4)
def _clocks_at(minute: int) -> dict[tuple[int, int], tuple[str, ...]]:
    moment = datetime.fromtimestamp(minute * 60, UTC)
    clocks: dict[tuple[int, int], list[str]] = {}
    for zone in sorted(available_timezones()):
        if clock := wall_clock(moment, zone):
            clocks.setdefault(clock, []).append(zone)
    return {clock: tuple(zones) for clock, zones in clocks.items()}


def build_open_filter(moment: datetime) -> dict[str, Any]:
    """That a listing is open at this moment, as the engine takes it: one clause for each time of day on earth."""
    clauses = [
        {"bool": {"filter": [{"terms": {"zone": list(zones)}}, {"term": {"open": day * DAY + minutes}}]}}
        for (day, minutes), zones in clocks_at(moment).items()
    ]
    return {"bool": {"should": clauses, "minimum_should_match": 1}}


def is_open(hours: str, clock: tuple[int, int]) -> bool:
    """Whether these hours are open when the clock there shows so."""
    week = parse_hours(hours)
    return week is not None and openness_at(week, *clock).is_open
