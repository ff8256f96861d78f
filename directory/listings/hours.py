"""Opening hours in the syntax of OpenStreetMap, as far as directories of health care write it.

Days of the week, ranges, several spans a day, across midnight, "24/7", "off", "PH off". Whatever else there is (months,
weeks, sunrise, free words) makes the whole unknown: it is then shown as it was written, and nothing is claimed of it.
The widget reads it alike (widget/src/hours/). https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY = 1440
_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_DAY_WORDS = re.compile(r"(?:(?:mo|tu|we|th|fr|sa|su|ph|sh)(?:\s*-\s*(?:mo|tu|we|th|fr|sa|su))?\s*,?\s*)+")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
# "Mo-Fr 08:00-12:00, Sa 09:00-11:00": a comma that a day follows begins another rule.
_NEXT_RULE = re.compile(r"(?<=\d|f|d)\s*,\s*(?=(?:mo|tu|we|th|fr|sa|su|ph)\b[^,;]*(?:\d|off|closed))")

# Minutes from midnight; an end beyond DAY reaches into the next day.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Week:
    """The spans of each day, Monday first."""

    days: tuple[tuple[Span, ...], ...]
    closed_on_holidays: bool = False

    @property
    def always(self) -> bool:
        """Day and night."""
        return all(any(start == 0 and end >= DAY - 1 for start, end in spans) for spans in self.days)


@dataclass(frozen=True, slots=True)
class Openness:
    """Whether it is open; `minutes`: until when, or from when on; `in_days` 0 is today, None: no day is known."""

    is_open: bool
    minutes: int = 0
    in_days: int | None = None
    day: int = 0


# Day and night.
ALWAYS = Week((((0, DAY),),) * 7)


@lru_cache(maxsize=4096)
def parse_hours(text: str) -> Week | None:
    """The week that `text` describes; None where it says more, or something else, than a week."""
    plain = re.sub("[–—]", "-", text.lower()).strip()
    if plain == "24/7":
        return ALWAYS
    days: list[tuple[Span, ...]] = [()] * 7
    closed_on_holidays = False
    for rule, adds in _split_rules(plain):
        read = _read_rule(rule)
        if read is None:
            return None
        named, holidays, spans = read
        if holidays:
            closed_on_holidays = not spans
        for day in named:
            days[day] = (*days[day], *spans) if adds else spans
    return Week(tuple(tuple(sorted(spans)) for spans in days), closed_on_holidays) if any(days) else None


def write_hours(week: Week) -> str:
    """The week in the syntax that `parse_hours` reads back as the same; days that are alike stand together."""
    if week == ALWAYS:
        return "24/7"
    rules = []
    for first, last, spans in _runs(week.days):
        days = _DAYS[first].title() + (f"-{_DAYS[last].title()}" if last > first else "")
        rules.append(f"{days} {','.join(map(_write_span, spans))}")
    return "; ".join([*rules, *(["PH off"] if week.closed_on_holidays else [])])


def _runs(days: tuple[tuple[Span, ...], ...]) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """Days beside each other with the same spans: first, last, spans. Those that are closed are left out."""
    first = 0
    for day in range(1, len(days) + 1):
        if day == len(days) or days[day] != days[first]:
            if days[first]:
                yield first, day - 1, days[first]
            first = day


def _write_span(span: Span) -> str:
    start, end = span
    # The next morning is written as such, unless that would read as the same day.
    ends = end - DAY if end > DAY and end - DAY <= start else end
    return f"{start // 60:02}:{start % 60:02}-{ends // 60:02}:{ends % 60:02}"


def _split_rules(text: str) -> Iterator[tuple[str, bool]]:
    """Each rule, and whether it adds to those before; after a semicolon it replaces what it names."""
    for part in text.split(";"):
        for place, rule in enumerate(_NEXT_RULE.split(part)):
            if rule.strip():
                yield rule.strip(), place > 0


def _read_rule(text: str) -> tuple[list[int], bool, tuple[Span, ...]] | None:
    head = _DAY_WORDS.match(text)
    rest = text[head.end() :].removeprefix(":").strip() if head else text
    named = _read_days(head.group()) if head else (list(range(7)), False)
    spans = () if rest in ("off", "closed") else _read_spans(rest)
    return None if named is None or spans is None else (*named, spans)


def _read_days(text: str) -> tuple[list[int], bool] | None:
    days: dict[int, None] = {}
    holidays = False
    for word in filter(None, (re.sub(r"\s", "", part) for part in re.split(r",|\s+(?=[a-z])", text))):
        if word == "ph":
            holidays = True
            continue
        first, _, last = word.partition("-")
        if first not in _DAYS or (last or first) not in _DAYS:
            return None
        start, end = _DAYS.index(first), _DAYS.index(last or first)
        # "Sa-Th" goes over the end of the week.
        days |= dict.fromkeys((start + step) % 7 for step in range((end - start) % 7 + 1))
    return list(days), holidays


def _read_spans(text: str) -> tuple[Span, ...] | None:
    spans = []
    for part in text.split(","):
        match = _SPAN.fullmatch(part.strip())
        if not match:
            return None
        from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
        start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
        if from_minute > 59 or to_minute > 59 or start >= DAY or end > 2 * DAY:
            return None
        # "22:00-06:00" ends on the next morning; "00:00-00:00" is a whole day.
        spans.append((start, end if end > start else end + DAY))
    return tuple(spans)


def openness_at(week: Week, day: int, minutes: int) -> Openness:
    """Whether it is open at this time of this weekday (0: Monday), by the clock on its own wall."""
    if (until := _open_until(week, day, minutes)) is not None:
        return Openness(True, until)
    for in_days in range(8):
        that = (day + in_days) % 7
        for start, _ in week.days[that]:
            if in_days or start > minutes:
                return Openness(False, start, in_days, that)
    return Openness(False)


def _open_until(week: Week, day: int, minutes: int) -> int | None:
    """When the span that holds this moment ends, seen from this day's midnight; spans that touch are one."""
    end = None
    # Spans of yesterday that reach over midnight, of today, and of the days after, on one line of time.
    for offset in (-1, 0, 1, 2):
        for start, last in week.days[(day + offset) % 7]:
            begins, ends = start + offset * DAY, last + offset * DAY
            if (begins <= minutes < ends) if end is None else (begins <= end < ends):
                end = ends
    return end


def wall_clock(now: datetime, time_zone: str) -> tuple[int, int] | None:
    """Weekday (0: Monday) and minutes from midnight that a clock there shows; None for a zone that is none."""
    try:
        there = now.astimezone(ZoneInfo(time_zone))
    except (ZoneInfoNotFoundError, ValueError):
        return None
    return there.weekday(), there.hour * 60 + there.minute
