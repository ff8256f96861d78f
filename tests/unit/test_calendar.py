"""Business days of the network team."""

import datetime as dt
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from hypothesis import strategies as st

from directory.cases.calendar import ALWAYS, Calendar, CalendarWithoutDays, load_calendar

DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-25", 2, "2026-11-27"),
        ("2026-11-27", 2, "2026-12-01"),  # over a weekend
        ("2026-11-28", 2, "2026-12-01"),  # from a Saturday
        ("2026-12-23", 2, "2026-12-28"),  # Christmas, St Stephen's and a weekend
        ("2026-04-02", 1, "2026-04-07"),  # Easter
        ("2026-11-28", 0, "2026-11-30"),
        ("2026-11-30", -1, "2026-11-27"),
        ("2026-11-28", -1, "2026-11-26"),  # a day late on a Saturday: since Friday
    ],
)
def test_business_days_are_added_over_weekends_and_holidays(start: str, days: int, end: str) -> None:
    assert load_calendar().add(day(start), days) == day(end)


@hypothesis.given(start=DAYS, days=st.integers(-60, 60).filter(bool))
def test_between_counts_what_add_added(start: dt.date, days: int) -> None:
    calendar = load_calendar()
    end = calendar.add(start, days)
    assert calendar.is_business_day(end)
    assert calendar.between(start, end) == days


@hypothesis.given(start=DAYS, first=st.integers(1, 30), then=st.integers(1, 30))
def test_adding_twice_is_adding_the_sum(start: dt.date, first: int, then: int) -> None:
    calendar = load_calendar()
    assert calendar.add(calendar.add(start, first), then) == calendar.add(start, first + then)


def test_the_day_is_the_one_of_the_teams_time_zone() -> None:
    late = dt.datetime(2026, 11, 25, 23, 30, tzinfo=dt.UTC)
    assert load_calendar().today(late) == day("2026-11-26")


def test_a_calendar_without_a_business_day_says_so_instead_of_searching_for_ever() -> None:
    empty = Calendar(ZoneInfo("UTC"), frozenset(range(1, 8)), frozenset(), frozenset())
    with pytest.raises(CalendarWithoutDays):
        empty.add(day("2026-11-25"), 1)


BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MOMENTS = st.integers(0, 880 * 86_400).map(lambda seconds: BEGIN + dt.timedelta(seconds=seconds))


@hypothesis.given(start=MOMENTS, seconds=st.integers(-40 * 86_400, 40 * 86_400))
def test_time_between_counts_what_add_time_added(start: dt.datetime, seconds: int) -> None:
    calendar = load_calendar()
    assert calendar.time_between(start, calendar.add_time(start, seconds)) == seconds


@hypothesis.given(start=MOMENTS, seconds=st.integers(0, 40 * 86_400))
def test_time_of_who_is_there_day_and_night_is_that_of_the_clock(start: dt.datetime, seconds: int) -> None:
    assert ALWAYS.add_time(start, seconds) == start + dt.timedelta(seconds=seconds)
    assert ALWAYS.time_between(start, start + dt.timedelta(seconds=seconds)) == seconds


def test_the_day_on_which_clocks_go_forward_has_an_hour_less() -> None:
    calendar = Calendar(ZoneInfo("Europe/Paris"), frozenset(), frozenset(), frozenset())
    midnight = calendar.end_of(day("2026-03-28"))
    assert calendar.time_between(midnight, calendar.end_of(day("2026-03-29"))) == 23 * 3600
