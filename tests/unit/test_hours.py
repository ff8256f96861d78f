"""Opening hours as providers write them, and what may be said of them at a moment."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.listings.hours import DAY, Openness, Span, Week, openness_at, parse_hours, wall_clock, write_hours

MORNING = ((480, 720),)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mo-Fr 08:00-12:00", (*(MORNING,) * 5, (), ())),
        ("mo–fr 8:00–12:00", (*(MORNING,) * 5, (), ())),
        ("Mo,We 08:00-12:00", (MORNING, (), MORNING, (), (), (), ())),
        ("Sa-Th 08:00-12:00", (*(MORNING,) * 4, (), MORNING, MORNING)),
        ("Mo-Su 08:00-12:00; Fr off", (*(MORNING,) * 4, (), MORNING, MORNING)),
        ("08:00-12:00", (MORNING,) * 7),
        ("Mo 08:00-12:00,14:00-18:00", (((480, 720), (840, 1080)), *((),) * 6)),
        ("Mo 08:00-12:00, Sa 08:00-12:00", (MORNING, (), (), (), (), MORNING, ())),
        ("Mo 22:00-06:00", (((1320, 1800),), *((),) * 6)),
        ("Mo 14:00-18:00,08:00-12:00", (((480, 720), (840, 1080)), *((),) * 6)),
    ],
)
def test_week_is_read_as_it_is_meant(text: str, days: object) -> None:
    week = parse_hours(text)
    assert week
    assert week.days == days


def test_day_and_night_is_said_in_several_ways() -> None:
    for text in ("24/7", "Mo-Su 00:00-24:00", "00:00-00:00"):
        week = parse_hours(text)
        assert week
        assert week.always


def test_holidays_are_told_apart() -> None:
    week = parse_hours("Mo-Fr 08:00-12:00; PH off")
    assert week
    assert week.closed_on_holidays


@pytest.mark.parametrize(
    "text",
    ["by appointment", "Apr-Oct 08:00-12:00", "Mo sunrise-sunset", "Mo 25:00-26:00", "Mo 08:70-12:00", "", "off"],
)
def test_of_what_is_no_plain_week_nothing_is_claimed(text: str) -> None:
    assert parse_hours(text) is None


@pytest.mark.parametrize(
    ("text", "day", "minutes", "found"),
    [
        ("Mo-Fr 08:00-12:00", 0, 480, Openness(True, 720)),
        ("Mo-Fr 08:00-12:00", 0, 720, Openness(False, 480, 1, 1)),
        ("Mo-Fr 08:00-12:00", 0, 479, Openness(False, 480, 0, 0)),
        ("Mo-Fr 08:00-12:00", 4, 800, Openness(False, 480, 3, 0)),
        ("Mo 22:00-06:00", 1, 300, Openness(True, 360)),
        ("Mo 08:00-12:00,12:00-18:00", 0, 500, Openness(True, 1080)),
        ("Mo 20:00-24:00; Tu 00:00-06:00", 0, 1300, Openness(True, DAY + 360)),
        ("Mo 08:00-12:00", 0, 900, Openness(False, 480, 7, 0)),
    ],
)
def test_open_or_when_it_opens_next(text: str, day: int, minutes: int, found: Openness) -> None:
    week = parse_hours(text)
    assert week
    assert openness_at(week, day, minutes) == found


def test_the_clock_is_that_on_the_wall_of_the_place() -> None:
    moment = datetime(2026, 1, 14, 23, 30, tzinfo=UTC)  # a Wednesday
    assert wall_clock(moment, "Asia/Seoul") == (3, 510)
    assert wall_clock(moment, "America/New_York") == (2, 1110)
    assert wall_clock(moment, "Nowhere/Land") is None


_SPAN = st.tuples(st.integers(0, DAY - 1), st.integers(1, DAY)).map(lambda each: (each[0], each[0] + each[1]))
_DAYS_SPANS = st.lists(_SPAN, max_size=3).map(lambda spans: tuple(sorted(set(spans))))


@given(st.lists(_DAYS_SPANS, min_size=7, max_size=7).filter(any), st.booleans())
def test_a_week_that_is_written_reads_back_as_the_same(days: list[tuple[Span, ...]], closed: bool) -> None:
    week = Week(tuple(days), closed)
    assert parse_hours(write_hours(week)) == week


def test_days_that_are_alike_are_written_together() -> None:
    week = parse_hours("Mo 08:00-17:00; Tu-Fr 08:00-17:00; Sa 22:00-06:00; PH off")
    assert week
    assert write_hours(week) == "Mo-Fr 08:00-17:00; Sa 22:00-06:00; PH off"
    assert write_hours(Week((((0, DAY),),) * 7)) == "24/7"
