"""Clocks of a case: what is due next, and when. Pure: days come in, days go out.

A clock runs while the case is in one of its states. Where the case waits for its client, every clock stands, and goes
on with the business days that were left once the wait is over; what was overdue is then overdue by as many.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from directory.cases.calendar import Calendar

# What each clock says: the day on which it is due, or, while it stands, the business days that were left.
Readings = Mapping[str, dt.date | int]


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise. It starts when the case comes into one of `states` from outside of them."""

    name: str
    days: int
    states: frozenset[str]
    # Whether each word to the client starts it anew.
    renewed_by_word: bool = False


def enter(
    clocks: Iterable[Clock], readings: Readings, state: str, *, waits: bool, calendar: Calendar, today: dt.date
) -> Readings:
    """The readings in the state that the case comes into; `waits`: there it waits for its client."""
    if waits:
        return {name: _stopped(reading, calendar, today) for name, reading in readings.items()}
    running: dict[str, dt.date | int] = {}
    for clock in clocks:
        if state in clock.states:
            reading = readings.get(clock.name, clock.days)
            running[clock.name] = calendar.add(today, reading) if isinstance(reading, int) else reading
    return running


def renew(clocks: Iterable[Clock], readings: Readings, calendar: Calendar, today: dt.date) -> Readings:
    """The readings after a word to the client. A clock that stands is wound up, and stands on."""
    renewed = dict(readings)
    for clock in clocks:
        if clock.renewed_by_word and clock.name in renewed:
            stands = isinstance(renewed[clock.name], int)
            renewed[clock.name] = clock.days if stands else calendar.add(today, clock.days)
    return renewed


def next_due(clocks: Iterable[Clock], readings: Readings) -> tuple[str, dt.date] | None:
    """The clock that is due first, and its day; of two on one day the one that is defined first."""
    running = [(clock.name, day) for clock in clocks if isinstance(day := readings.get(clock.name), dt.date)]
    return min(running, key=lambda each: each[1], default=None)


def is_overdue(due_on: dt.date | None, today: dt.date) -> bool:
    """Whether the day is past."""
    return due_on is not None and due_on < today


def write(readings: Readings) -> dict[str, str | int]:
    """Readings as JSON has them."""
    return {name: said if isinstance(said, int) else said.isoformat() for name, said in readings.items()}


def read(written: Mapping[str, str | int]) -> Readings:
    """Readings from JSON."""
    return {name: said if isinstance(said, int) else dt.date.fromisoformat(said) for name, said in written.items()}


def _stopped(reading: dt.date | int, calendar: Calendar, today: dt.date) -> int:
    return reading if isinstance(reading, int) else calendar.between(today, reading)
