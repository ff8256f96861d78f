"""The network team's calendar: which days count, read from config/calendar.toml."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from config.settings import PROJECT_ROOT

# Longer than any holiday: a calendar without a business day in it would be searched for ever.
LONGEST_PAUSE_DAYS = 60


class CalendarWithoutDays(ValueError):
    """The calendar has no business day for too long."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Business days of one time zone."""

    zone: ZoneInfo
    weekend: frozenset[int]  # ISO weekdays
    yearly: frozenset[tuple[int, int]]  # month and day
    dates: frozenset[dt.date]

    def today(self, now: dt.datetime) -> dt.date:
        """The day that it is where the team works."""
        return now.astimezone(self.zone).date()

    def is_business_day(self, day: dt.date) -> bool:
        """Whether somebody works on it."""
        free = day.isoweekday() in self.weekend or (day.month, day.day) in self.yearly or day in self.dates
        return not free

    def add(self, day: dt.date, days: int) -> dt.date:
        """The day that is so many business days later, or earlier; 0 gives the day, or the next that counts.

        `between(day, add(day, n)) == n` for every n but 0.
        """
        if days == 0:
            return self._step(day - dt.timedelta(1), 1)
        if days < 0 and not self.is_business_day(day):
            # Who is a day late on a Saturday is so since Friday.
            day = self._step(day, -1)
        step = 1 if days > 0 else -1
        for _ in range(abs(days)):
            day = self._step(day, step)
        return day

    def between(self, start: dt.date, end: dt.date) -> int:
        """Business days after `start` up to and with `end`; where `end` comes first, those after it, negative."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_business_day(day + dt.timedelta(1)) for day in _days(start, end))

    def _step(self, day: dt.date, step: int) -> dt.date:
        for _ in range(LONGEST_PAUSE_DAYS):
            day += dt.timedelta(step)
            if self.is_business_day(day):
                return day
        raise CalendarWithoutDays(f"No business day within {LONGEST_PAUSE_DAYS} days of {day}.")


def _days(start: dt.date, end: dt.date) -> list[dt.date]:
    """The days from `start` up to but without `end`."""
    return [start + dt.timedelta(number) for number in range((end - start).days)]


@lru_cache(maxsize=1)
def load_calendar() -> Calendar:
    """The calendar of config/calendar.toml."""
    read = _file()
    yearly = (text.partition("-") for text in read["holidays"]["yearly"])
    return Calendar(
        ZoneInfo(read["time_zone"]),
        frozenset(read["weekend"]),
        frozenset((int(month), int(day)) for month, _, day in yearly),
        frozenset(read["holidays"]["dates"]),
    )


def load_days(kind: str) -> Mapping[str, int]:
    """How many business days each clock of a kind of case runs."""
    days: Mapping[str, int] = _file()["clocks"][kind]
    return days


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return tomllib.loads((PROJECT_ROOT / "config" / "calendar.toml").read_text(encoding="utf-8"))
