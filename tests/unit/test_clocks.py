"""Clocks of a case: what is due, what a wait does to it, what a word does to it."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from hypothesis import strategies as st

from directory.cases import clocks
from directory.cases.calendar import Calendar, load_calendar
from directory.cases.clocks import Clock, Keeps, Starts, Unit, When
from directory.proposals.rules import PROPOSALS

CALENDAR = load_calendar()
MONDAY = dt.date(2026, 9, 7)


def noon(today: dt.date) -> When:
    """A moment of a day where the team works."""
    moment = dt.datetime.combine(today, dt.time(12), CALENDAR.zone)
    return When(moment, moment, CALENDAR)


def enter(readings: clocks.Readings, state: str, today: dt.date, *, waits: bool = False) -> clocks.Readings:
    return clocks.enter(PROPOSALS.clocks, readings, state, waits=waits, when=noon(today))


def renew(readings: clocks.Readings, today: dt.date) -> clocks.Readings:
    return clocks.renew(PROPOSALS.clocks, readings, noon(today))


def due(readings: clocks.Readings) -> tuple[str, dt.date] | None:
    found = clocks.next_due(PROPOSALS.clocks, readings, noon(MONDAY))
    return (found.what, found.on) if found else None


def test_the_promises_are_those_of_the_calendar_file() -> None:
    sent = enter({}, "submitted", MONDAY)
    assert due(sent) == ("triage", dt.date(2026, 9, 9))
    reviewed = enter(sent, "under_review", dt.date(2026, 9, 8))
    assert due(reviewed) == ("first_contact", dt.date(2026, 9, 21))  # ten days from its coming, not from the review
    contacted = enter(reviewed, "contacting", dt.date(2026, 9, 10))
    assert due(contacted) == ("word", dt.date(2026, 9, 25))
    told = renew(contacted, dt.date(2026, 9, 10))
    assert due(told) == ("word", dt.date(2026, 9, 30))
    agreed = enter(told, "agreed", dt.date(2026, 9, 11))
    assert due(agreed) == ("listing", dt.date(2026, 9, 15))
    assert due(enter(agreed, "listed", dt.date(2026, 9, 14))) is None


def test_nothing_is_due_in_a_draft() -> None:
    assert due(enter({}, "draft", MONDAY)) is None


def test_a_wait_stops_every_clock_and_the_days_that_were_left_come_after_it() -> None:
    sent = enter({}, "submitted", MONDAY)
    waiting = enter(sent, "needs_information", dt.date(2026, 9, 8), waits=True)
    assert due(waiting) is None
    assert waiting["triage"] == 1
    again = enter(waiting, "submitted", dt.date(2026, 10, 5))
    assert due(again) == ("triage", dt.date(2026, 10, 6))


def test_what_was_overdue_before_a_wait_is_overdue_by_as_much_after_it() -> None:
    waiting = enter(enter({}, "submitted", MONDAY), "needs_information", dt.date(2026, 9, 14), waits=True)
    again = enter(waiting, "submitted", dt.date(2026, 10, 5))
    assert due(again) == ("triage", dt.date(2026, 9, 30))
    found = clocks.next_due(PROPOSALS.clocks, again, noon(MONDAY))
    assert found
    assert clocks.is_overdue(found.at, noon(dt.date(2026, 10, 5)).now)
    assert not clocks.is_overdue(found.at, noon(dt.date(2026, 9, 30)).now)
    assert not clocks.is_overdue(None, noon(MONDAY).now)


def test_a_word_during_a_wait_winds_the_clock_up_and_it_stands_on() -> None:
    waiting = enter(enter({}, "contacting", MONDAY), "needs_information", dt.date(2026, 9, 18), waits=True)
    assert waiting["word"] == 5
    assert renew(waiting, dt.date(2026, 9, 21))["word"] == 14


@hypothesis.given(
    start=st.dates(dt.date(2026, 1, 1), dt.date(2027, 6, 1)), worked=st.integers(0, 40), waited=st.integers(0, 200)
)
def test_however_long_a_wait_it_costs_the_team_no_business_day(start: dt.date, worked: int, waited: int) -> None:
    sent = enter({}, "submitted", start)
    asked = start + dt.timedelta(worked)
    before = due(sent)
    assert before
    left = CALENDAR.between(asked, before[1])
    answered = asked + dt.timedelta(waited)
    after = due(enter(enter(sent, "needs_information", asked, waits=True), "submitted", answered))
    assert after
    if left != 0:
        assert CALENDAR.between(answered, after[1]) == left
    else:
        assert after[1] >= answered


READING = st.one_of(st.integers(-9, 99), st.dates(), st.datetimes(timezones=st.just(dt.UTC)))


@hypothesis.given(st.dictionaries(st.sampled_from(["triage", "word"]), READING))
def test_readings_survive_being_written(readings: clocks.Readings) -> None:
    assert clocks.read(clocks.write(readings)) == readings


# Clocks of other kinds of cases than proposals.

BRUSSELS = Calendar(ZoneInfo("Europe/Brussels"), frozenset((6, 7)), frozenset(), load_calendar().dates)
BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MOMENTS = st.integers(0, 880 * 86_400).map(lambda seconds: BEGIN + dt.timedelta(seconds=seconds))
WAITS = st.integers(0, 200 * 86_400).map(lambda seconds: dt.timedelta(seconds=seconds))


@st.composite
def any_clocks(draw: st.DrawFn, /, **fixed: Any) -> Clock:
    """A clock of any kind, that runs while the case is open."""
    drawn = {
        "unit": draw(st.sampled_from(Unit)),
        "starts": draw(st.sampled_from(Starts)),
        "calendar": draw(st.sampled_from(Keeps)),
        "stands_while_waiting": draw(st.booleans()),
    }
    return Clock("promise", draw(st.integers(1, 90)), frozenset(("open", "at_work")), **{**drawn, **fixed})


def step(
    clock: Clock, readings: clocks.Readings, state: str, now: dt.datetime, received: dt.datetime
) -> tuple[clocks.Readings, clocks.Due | None]:
    """The case comes into a state; what the clock says then, and what is due."""
    when = When(now, received, CALENDAR, BRUSSELS)
    after = clocks.enter((clock,), readings, state, waits=state == "waiting", when=when)
    return after, clocks.next_due((clock,), after, when)


@hypothesis.given(clock=any_clocks(), now=MOMENTS)
def test_no_promise_is_due_before_it_is_made(clock: Clock, now: dt.datetime) -> None:
    _, due = step(clock, {}, "open", now, now)
    assert due
    assert due.at > now
    assert not clocks.is_overdue(due.at, now)
    assert clocks.is_overdue(due.at, due.at)


@hypothesis.given(clock=any_clocks(), early=MOMENTS, later=WAITS)
def test_who_comes_earlier_is_not_due_later(clock: Clock, early: dt.datetime, later: dt.timedelta) -> None:
    _, first = step(clock, {}, "open", early, early)
    _, second = step(clock, {}, "open", early + later, early + later)
    assert first
    assert second
    assert first.at <= second.at


@hypothesis.given(clock=any_clocks(stands_while_waiting=False), now=MOMENTS, work=WAITS, wait=WAITS)
def test_a_clock_that_does_not_stand_is_moved_by_no_question(
    clock: Clock, now: dt.datetime, work: dt.timedelta, wait: dt.timedelta
) -> None:
    running, promised = step(clock, {}, "open", now, now)
    waiting, while_waiting = step(clock, running, "waiting", now + work, now)
    _, after = step(clock, waiting, "open", now + work + wait, now)
    assert promised == while_waiting == after


@hypothesis.given(clock=any_clocks(stands_while_waiting=True), now=MOMENTS, work=WAITS, wait=WAITS)
def test_a_clock_that_stands_goes_on_with_what_was_left(
    clock: Clock, now: dt.datetime, work: dt.timedelta, wait: dt.timedelta
) -> None:
    running, _ = step(clock, {}, "open", now, now)
    waiting, due = step(clock, running, "waiting", now + work, now)
    assert due is None
    again, _ = step(clock, waiting, "open", now + work + wait, now)
    stopped, _ = step(clock, again, "waiting", now + work + wait, now)
    # At nothing left the next day that counts is today's, of which there is none on a day that is free.
    assert stopped == waiting or waiting["promise"] == 0


@hypothesis.given(clock=any_clocks(starts=Starts.received), received=MOMENTS, late=WAITS, later=WAITS)
def test_a_clock_from_receipt_says_the_same_whenever_work_begins_and_after_reopening(
    clock: Clock, received: dt.datetime, late: dt.timedelta, later: dt.timedelta
) -> None:
    _, at_once = step(clock, {}, "open", received, received)
    running, begun_late = step(clock, {}, "open", received + late, received)
    ended, _ = step(clock, running, "ended", received + late, received)
    assert ended == {}
    _, reopened = step(clock, ended, "at_work", received + late + later, received)
    assert at_once == begun_late == reopened


@hypothesis.given(clock=any_clocks(calendar=Keeps.always, starts=Starts.state), now=MOMENTS)
def test_day_and_night_nothing_is_left_out(clock: Clock, now: dt.datetime) -> None:
    _, due = step(clock, {}, "open", now, now)
    assert due
    lengths = {Unit.minutes: dt.timedelta(minutes=clock.length), Unit.hours: dt.timedelta(hours=clock.length)}
    if clock.unit in lengths:
        assert due.at - now == lengths[clock.unit]
    else:
        assert due.on == now.date() + dt.timedelta(clock.length)
        assert due.at == dt.datetime.combine(due.on + dt.timedelta(1), dt.time(), dt.UTC)


@pytest.mark.parametrize(
    ("received", "length", "unit", "on"),
    [
        # Over Easter: Good Friday and Easter Monday do not count.
        (dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC), 5, Unit.business_days, dt.date(2026, 4, 10)),
        # Half past midnight on Saturday in Juba is still Friday in Brussels.
        (dt.datetime(2026, 1, 17, 0, 30, tzinfo=ZoneInfo("Africa/Juba")), 1, Unit.business_days, dt.date(2026, 1, 19)),
        # What comes on a Saturday counts as Monday's, which is day 0.
        (dt.datetime(2026, 1, 17, 9, tzinfo=dt.UTC), 1, Unit.business_days, dt.date(2026, 1, 20)),
        (dt.datetime(2026, 1, 17, 9, tzinfo=dt.UTC), 28, Unit.calendar_days, dt.date(2026, 2, 14)),
    ],
)
def test_a_licence_s_clock_counts_from_receipt_by_its_own_calendar(
    received: dt.datetime, length: int, unit: Unit, on: dt.date
) -> None:
    clock = Clock("answer", length, frozenset(("open",)), unit, Starts.received, False, Keeps.licence)
    _, due = step(clock, {}, "open", received + dt.timedelta(3), received)
    assert due
    assert due.on == on


def test_hours_of_the_team_pass_on_days_on_which_it_works() -> None:
    clock = Clock("send", 4, frozenset(("open",)), Unit.hours)
    friday = dt.datetime(2026, 9, 11, 22, 0, tzinfo=CALENDAR.zone)
    _, due = step(clock, {}, "open", friday, friday)
    assert due
    assert due.at == dt.datetime(2026, 9, 14, 2, 0, tzinfo=CALENDAR.zone)


def test_a_clock_by_a_licence_says_so_where_the_case_has_none() -> None:
    clock = Clock("answer", 5, frozenset(("open",)), calendar=Keeps.licence)
    with pytest.raises(clocks.NoLicence):
        clocks.enter((clock,), {}, "open", waits=False, when=noon(MONDAY))


def test_the_first_of_several_promises_is_due_next_though_they_count_otherwise() -> None:
    soon = Clock("call", 15, frozenset(("open",)), Unit.minutes, calendar=Keeps.always)
    late = Clock("answer", 1, frozenset(("open",)))
    now = dt.datetime(2026, 9, 7, 9, tzinfo=dt.UTC)
    when = When(now, now, CALENDAR)
    readings = clocks.enter((late, soon), {}, "open", waits=False, when=when)
    due = clocks.next_due((late, soon), readings, when)
    assert due == clocks.Due("call", dt.date(2026, 9, 7), now + dt.timedelta(minutes=15))
