"""Opening hours as a form shows them: seven rows of from and to, day and night, not known, or as text."""

import re
from collections.abc import Iterator
from typing import Any

from werkzeug.datastructures import MultiDict

from directory.errors import Fault, InvalidRequest
from directory.listings.hours import ALWAYS, DAY, Span, Week, parse_hours, write_hours
from geodata.text import fold_digits

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
# A day is open twice at most here, with a break at noon say; what has more is shown as text.
PARTS = ("", "_2")
WAYS = ("week", "always", "unknown", "text")
_TIME = re.compile(r"(\d{1,2})(?:[:.h٫](\d{2})?|(\d{2}))?")
_LATEST = 24 * 60


def fill_week(hours: str | None) -> list[tuple[str, str]]:
    """The fields of a form that says these hours."""
    week = parse_hours(hours) if hours else None
    fields = [("hours_was", hours or ""), ("hours_text", hours or "")]
    if hours is None:
        return [*fields, ("hours_as", "unknown")]
    if week is None or any(len(spans) > len(PARTS) for spans in week.days):
        return [*fields, ("hours_as", "text")]
    if week.closed_on_holidays:
        fields.append(("holidays", "off"))
    fields.append(("hours_as", "always" if week == ALWAYS else "week"))
    return fields + [field for day, spans in zip(DAYS, week.days, strict=True) for field in _fill_day(day, spans)]


def read_week(form: MultiDict[str, str]) -> str | None:
    """The hours that a form says. Raises InvalidRequest by the fields of days."""
    way = form.get("hours_as", "unknown")
    if way == "text":
        return form.get("hours_text", "").strip() or None
    if way == "always":
        return _in_own_words(form, ALWAYS)
    if way != "week":
        return None
    faults: list[Fault] = []
    days = tuple(tuple(sorted(_read_day(form, day, faults))) for day in DAYS)
    if faults:
        raise InvalidRequest(*faults)
    if not any(days):
        raise InvalidRequest(Fault("/mo_from", "Say the hours of one day at least, or that they are not known."))
    return _in_own_words(form, Week(days, form.get("holidays") == "off"))


def _in_own_words(form: MultiDict[str, str], week: Week) -> str:
    """The week; what said the same in other words before is left in its own."""
    was = form.get("hours_was", "")
    return was if was and parse_hours(was) == week else write_hours(week)


def _fill_day(day: str, spans: tuple[Span, ...]) -> Iterator[tuple[str, str]]:
    if not spans:
        yield f"{day}_closed", "yes"
    for part, (start, end) in zip(PARTS, spans, strict=False):
        yield f"{day}_from{part}", _clock(start)
        yield f"{day}_to{part}", _clock(end - DAY if end > DAY else end)


def _read_day(form: MultiDict[str, str], day: str, faults: list[Fault]) -> Iterator[Span]:
    if form.get(f"{day}_closed"):
        return
    for part in PARTS:
        texts = [form.get(f"{day}_{side}{part}", "").strip() for side in ("from", "to")]
        if not any(texts):
            continue
        start, end = map(_read_time, texts)
        if start is None or end is None or start == _LATEST:
            faults.append(Fault(f"/{day}_from{part}", "Times are needed here, such as 08:00 and 17:30."))
        else:
            yield start, end if end > start else end + DAY


def _read_time(text: str) -> int | None:
    """Minutes from midnight of "8", "830", "8:30", "8h30"; None for what is no time."""
    match = _TIME.fullmatch(fold_digits(text).lower())
    if not match:
        return None
    minutes = int(match[1]) * 60 + int(match[2] or match[3] or 0)
    return minutes if int(match[2] or match[3] or 0) < 60 and minutes <= _LATEST else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def week_rows(filled: MultiDict[str, str], names: list[str]) -> list[dict[str, Any]]:
    """The rows of the week: what the day is called, whether it is closed, and its from and to."""
    return [
        {
            "day": day,
            "label": name,
            "closed": bool(filled.get(f"{day}_closed")),
            "parts": [
                {"name": part, "from": filled.get(f"{day}_from{part}", ""), "to": filled.get(f"{day}_to{part}", "")}
                for part in PARTS
            ],
        }
        for day, name in zip(DAYS, names, strict=True)
    ]
