"""Weeks as the index holds them say the same as the page of a listing."""

import pytest

from directory.listings.hours import DAY, openness_at, parse_hours
from directory.search.opening import open_minutes


@pytest.mark.parametrize(
    "hours",
    ["24/7", "Mo-Fr 08:00-17:00", "22:00-06:00", "Su 20:00-26:00; Mo off", "Mo-Sa 08:00-12:00,14:00-18:30; PH off"],
)
def test_every_minute_of_the_week_is_in_a_range_where_it_is_open(hours: str) -> None:
    week = parse_hours(hours)
    assert week
    ranges = open_minutes(hours)
    for minute in range(7 * DAY):
        held = any(each["gte"] <= minute < each["lt"] for each in ranges)
        assert held == openness_at(week, *divmod(minute, DAY)).is_open


@pytest.mark.parametrize("hours", [None, "", "by appointment", "sunrise-sunset"])
def test_what_is_no_plain_week_is_open_at_no_minute(hours: str | None) -> None:
    assert open_minutes(hours) == []
