"""Whom members call and write to: config/contacts.toml, and which of its lines are good for somebody in a country."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from config.settings import PROJECT_ROOT, get_settings, made_of_settings

FILE = PROJECT_ROOT / "config" / "contacts.toml"


@dataclass(frozen=True, slots=True)
class Line:
    """A number that members, or desks of providers, may call."""

    kind: str  # `members`, or `provider`
    country: str | None
    number: str  # E.164
    toll_free: bool
    reachable_from: tuple[str, ...]  # empty: anywhere
    hours: str
    languages: tuple[str, ...]
    plan: str | None
    checked_on: dt.date | None

    def serves(self, country: str | None, plan: str | None, lang: str | None) -> bool:
        """Whether somebody there, insured so, can call it and be understood."""
        there = not self.reachable_from or country is None or country in self.reachable_from
        return there and (self.plan is None or plan == self.plan) and (lang is None or lang in self.languages)


@dataclass(frozen=True, slots=True)
class Contacts:
    """All lines and mailboxes. `invented`: nobody answers there."""

    lines: tuple[Line, ...]
    mailboxes: Mapping[str, str]
    stale_after: dt.timedelta
    invented: bool

    def find(
        self, country: str | None, plan: str | None = None, lang: str | None = None, kind: str = "members"
    ) -> list[Line]:
        """The lines that serve, the best first: of the country itself, free ones before others, then from anywhere.

        Where nobody says where the caller is, what can be dialled from anywhere comes first.
        """
        found = [line for line in self.lines if line.kind == kind and line.serves(country, plan, lang)]
        if country is None:
            return sorted(found, key=lambda line: (bool(line.reachable_from), not line.toll_free))
        return sorted(found, key=lambda line: (line.country != country, not line.reachable_from, not line.toll_free))

    def is_stale(self, line: Line, today: dt.date) -> bool:
        """Whether nobody has checked it for long."""
        return line.checked_on is None or today - line.checked_on > self.stale_after

    @property
    def own_numbers(self) -> frozenset[str]:
        """Numbers at which we are called ourselves."""
        return frozenset(line.number for line in self.lines)


@made_of_settings
def load_contacts() -> Contacts:
    """The file; HELPLINE, where it is set, is the first line from anywhere."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    lines = [
        Line(
            kind=each["kind"],
            country=each.get("country"),
            number=each["number"],
            toll_free=each["toll_free"],
            reachable_from=tuple(each["reachable_from"]),
            hours=each["hours"],
            languages=tuple(each["languages"]),
            plan=each.get("plan"),
            checked_on=each.get("checked_on"),
        )
        for each in read["lines"]
    ]
    if helpline := get_settings().helpline:
        number = helpline.replace(" ", "")
        own = Line("members", None, number, False, (), "24/7", ("en", "fr", "es", "ar"), None, dt.date.max)
        lines.insert(0, own)
    return Contacts(
        tuple(lines), read["mailboxes"], dt.timedelta(read["stale_after_days"]), bool(read.get("invented", False))
    )
