"""Clocks of a case: what is due next, and when. Pure: moments come in, moments go out.

A clock counts minutes, hours, business days or days of the calendar, from when the case was received or came into one
of the clock's states, by the calendar of those who promise. It runs while the case is in one of its states. While the
case waits for whoever brought it, a clock that stands goes on afterwards with what was left; what was overdue is then
overdue by as much. A clock that does not stand runs through every wait.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from directory.cases.calendar import ALWAYS, Calendar


class Unit(StrEnum):
    """What a clock counts."""

    minutes = "minutes"
    hours = "hours"
    business_days = "business_days"
    calendar_days = "calendar_days"


class Starts(StrEnum):
    """From when it counts."""

    state = "state"  # the case came into one of the clock's states
    received = "received"  # the case came to us; however often it is reopened, that stays


class Keeps(StrEnum):
    """Whose calendar says when a day begins, and which days count."""

    team = "team"
    licence = "licence"  # of the country whose law the promise stands in
    always = "always"  # day and night, every day


_SECONDS = {Unit.minutes: 60, Unit.hours: 3600}

# What each clock says: the day, or the moment, at which it is due; or, while it stands, the days, or the seconds, that
# were left.
Reading = dt.date | dt.datetime | int
Readings = Mapping[str, Reading]


class NoLicence(LookupError):
    """A clock goes by a licence's calendar, and the case has none."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise: so many `unit`s. It starts when the case comes into one of `states` from outside of them."""

    name: str
    length: int
    states: frozenset[str]
    unit: Unit = Unit.business_days
    starts: Starts = Starts.state
    stands_while_waiting: bool = True
    calendar: Keeps = Keeps.team
    # Whether each word to whoever brought the case starts it anew.
    renewed_by_word: bool = False

    @property
    def amount(self) -> int:
        """The whole of it: days, or seconds where it counts time."""
        return self.length * _SECONDS.get(self.unit, 1)


@dataclass(frozen=True, slots=True)
class When:
    """The moment of a step, when the case was received, and the calendars that clocks keep to."""

    now: dt.datetime
    received: dt.datetime
    team: Calendar
    licence: Calendar | None = None

    def calendar_of(self, clock: Clock) -> Calendar:
        """The one that this clock keeps to. Raises NoLicence."""
        if clock.calendar is Keeps.always:
            return ALWAYS
        if clock.calendar is Keeps.team:
            return self.team
        if self.licence is None:
            raise NoLicence(clock.name)
        return self.licence


@dataclass(frozen=True, slots=True)
class Due:
    """What is due next: on which day where its calendar is, and the moment from which it is overdue."""

    what: str
    on: dt.date
    at: dt.datetime


def enter(clocks: Iterable[Clock], readings: Readings, state: str, *, waits: bool, when: When) -> Readings:
    """The readings in the state that the case comes into; `waits`: there it waits for whoever brought it."""
    entered: dict[str, Reading] = {}
    for clock in clocks:
        reading = readings.get(clock.name)
        if waits and clock.stands_while_waiting:
            if reading is not None:
                entered[clock.name] = _stop(clock, reading, when)
        elif state in clock.states or (waits and reading is not None):
            entered[clock.name] = _start(clock, when) if reading is None else _go_on(clock, reading, when)
    return entered


def renew(clocks: Iterable[Clock], readings: Readings, when: When) -> Readings:
    """The readings after a word to whoever brought the case. A clock that stands is wound up, and stands on."""
    renewed = dict(readings)
    for clock in clocks:
        if clock.renewed_by_word and clock.name in renewed:
            stands = isinstance(renewed[clock.name], int)
            renewed[clock.name] = clock.amount if stands else _after(clock, when.now, clock.amount, when)
    return renewed


def next_due(clocks: Iterable[Clock], readings: Readings, when: When) -> Due | None:
    """The clock that is due first; of two at one moment the one that is defined first."""
    running = [
        _due(clock, reading, when.calendar_of(clock))
        for clock in clocks
        if (reading := readings.get(clock.name)) is not None and not isinstance(reading, int)
    ]
    return min(running, key=lambda due: due.at, default=None)


def is_overdue(due_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the moment is past."""
    return due_at is not None and due_at <= now


def write(readings: Readings) -> dict[str, str | int]:
    """Readings as JSON has them."""
    return {name: reading if isinstance(reading, int) else reading.isoformat() for name, reading in readings.items()}


def read(written: Mapping[str, str | int]) -> Readings:
    """Readings from JSON."""
    return {name: reading if isinstance(reading, int) else _parse(reading) for name, reading in written.items()}


def _parse(text: str) -> dt.date | dt.datetime:
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def _start(clock: Clock, when: When) -> Reading:
    if clock.starts is Starts.state:
        return _after(clock, when.now, clock.amount, when)
    if clock.unit is Unit.business_days:
        # The day on which it came is day 0, and where nobody works on it, the next one on which somebody does.
        calendar = when.calendar_of(clock)
        return calendar.add(calendar.add(calendar.today(when.received), 0), clock.amount)
    return _after(clock, when.received, clock.amount, when)


def _after(clock: Clock, moment: dt.datetime, amount: int, when: When) -> Reading:
    """What the clock says that has `amount` left at a moment."""
    calendar = when.calendar_of(clock)
    if clock.unit is Unit.business_days:
        return calendar.add(calendar.today(moment), amount)
    if clock.unit is Unit.calendar_days:
        return calendar.today(moment) + dt.timedelta(amount)
    return calendar.add_time(moment, amount)


def _stop(clock: Clock, reading: Reading, when: When) -> int:
    if isinstance(reading, int):
        return reading
    calendar = when.calendar_of(clock)
    if isinstance(reading, dt.datetime):
        return calendar.time_between(when.now, reading)
    today = calendar.today(when.now)
    return calendar.between(today, reading) if clock.unit is Unit.business_days else (reading - today).days


def _go_on(clock: Clock, reading: Reading, when: When) -> Reading:
    return _after(clock, when.now, reading, when) if isinstance(reading, int) else reading


def _due(clock: Clock, reading: dt.date | dt.datetime, calendar: Calendar) -> Due:
    if isinstance(reading, dt.datetime):
        return Due(clock.name, calendar.today(reading), reading)
    return Due(clock.name, reading, calendar.end_of(reading))
