"""Calendars: which days count, and when they begin; the network team's is read from config/calendar.toml."""

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
    """Business days of one time zone, and the time in them."""

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

    def end_of(self, day: dt.date) -> dt.datetime:
        """The moment at which a day is over: the next one begins."""
        return dt.datetime.combine(day + dt.timedelta(1), dt.time(), self.zone).astimezone(dt.UTC)

    def add_time(self, moment: dt.datetime, seconds: int) -> dt.datetime:
        """The moment that is so many seconds later, or earlier, of which those of free days do not count.

        `time_between(moment, add_time(moment, n)) == n`.
        """
        step = 1 if seconds >= 0 else -1
        moment, left = moment.astimezone(dt.UTC), dt.timedelta(seconds=abs(seconds))
        while True:
            # Of the two days that meet at midnight, the one that lies ahead.
            day = self.today(moment if step > 0 else moment - dt.timedelta.resolution)
            edge = self.end_of(day if step > 0 else day - dt.timedelta(1))
            room = abs(edge - moment) if self.is_business_day(day) else dt.timedelta()
            if room and left <= room:
                return moment + step * left
            moment, left = edge, left - room

    def time_between(self, start: dt.datetime, end: dt.datetime) -> int:
        """Seconds from `start` to `end`, those of free days left out; negative where `end` comes first."""
        if end < start:
            return -self.time_between(end, start)
        days = _days(self.today(start), self.today(end) + dt.timedelta(1))
        counted = (
            min(end, self.end_of(day)) - max(start, self.end_of(day - dt.timedelta(1)))
            for day in days
            if self.is_business_day(day)
        )
        return int(sum(counted, dt.timedelta()).total_seconds())

    def _step(self, day: dt.date, step: int) -> dt.date:
        for _ in range(LONGEST_PAUSE_DAYS):
            day += dt.timedelta(step)
            if self.is_business_day(day):
                return day
        raise CalendarWithoutDays(f"No business day within {LONGEST_PAUSE_DAYS} days of {day}.")


# For who is there day and night.
ALWAYS = Calendar(ZoneInfo("UTC"), frozenset(), frozenset(), frozenset())


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
    """How long each clock of a kind of case runs, in what it counts."""
    days: Mapping[str, int] = _file()["clocks"][kind]
    return days


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return tomllib.loads((PROJECT_ROOT / "config" / "calendar.toml").read_text(encoding="utf-8"))
