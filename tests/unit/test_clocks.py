"""Clocks of a case: what is due, what a wait does to it, what a word does to it."""

import datetime as dt

import hypothesis
from hypothesis import strategies as st

from directory.cases import clocks
from directory.cases.calendar import load_calendar
from directory.proposals.rules import PROPOSALS

CALENDAR = load_calendar()
MONDAY = dt.date(2026, 9, 7)


def enter(readings: clocks.Readings, state: str, today: dt.date, *, waits: bool = False) -> clocks.Readings:
    return clocks.enter(PROPOSALS.clocks, readings, state, waits=waits, calendar=CALENDAR, today=today)


def due(readings: clocks.Readings) -> tuple[str, dt.date] | None:
    return clocks.next_due(PROPOSALS.clocks, readings)


def test_the_promises_are_those_of_the_calendar_file() -> None:
    sent = enter({}, "submitted", MONDAY)
    assert due(sent) == ("triage", dt.date(2026, 9, 9))
    reviewed = enter(sent, "under_review", dt.date(2026, 9, 8))
    assert due(reviewed) == ("first_contact", dt.date(2026, 9, 21))  # ten days from its coming, not from the review
    contacted = enter(reviewed, "contacting", dt.date(2026, 9, 10))
    assert due(contacted) == ("word", dt.date(2026, 9, 25))
    told = clocks.renew(PROPOSALS.clocks, contacted, CALENDAR, dt.date(2026, 9, 10))
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
    assert clocks.is_overdue(dt.date(2026, 9, 30), dt.date(2026, 10, 5))


def test_a_word_during_a_wait_winds_the_clock_up_and_it_stands_on() -> None:
    waiting = enter(enter({}, "contacting", MONDAY), "needs_information", dt.date(2026, 9, 18), waits=True)
    assert waiting["word"] == 5
    assert clocks.renew(PROPOSALS.clocks, waiting, CALENDAR, dt.date(2026, 9, 21))["word"] == 14


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


@hypothesis.given(st.dictionaries(st.sampled_from(["triage", "word"]), st.one_of(st.integers(-9, 99), st.dates())))
def test_readings_survive_being_written(readings: dict[str, int | dt.date]) -> None:
    assert clocks.read(clocks.write(readings)) == readings
