"""The poster of a duty station on one sheet of A4: nearest hospitals and pharmacies, whom to call, a code."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.papers.codes import qr_rows
from directory.papers.sheet import HEIGHT, MUTED, Sheet

_QR_SIDE = 42.0
# What stands below everything: the code, the number, the day.
_BELOW = 62.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A provider on the wall: read from three steps away."""

    name: str
    local: str | None
    address: str
    distance: str | None
    phone: str | None
    pay: str


@dataclass(frozen=True, slots=True)
class Poster:
    """All that a poster says, in the language that it is read in."""

    title: str
    lead: str
    groups: Sequence[tuple[str, Sequence[Entry]]]
    none: str
    call: str | None
    helpline: str | None
    scan: str
    address: str
    as_of: str


def draw_poster(poster: Poster, lang: str) -> bytes:
    """The document: one page, whatever stands on it."""
    sheet = Sheet(lang, poster.title, poster.as_of)
    sheet.down(sheet.write_at(0, sheet.room, poster.title, size=25, bold=True, lines=2) + 1)
    sheet.down(sheet.write_at(0, sheet.room, poster.lead, size=11.5, colour=MUTED, lines=2) + 3)
    for heading, entries in poster.groups:
        _draw_group(sheet, heading, entries, poster.none)
    _draw_below(sheet, poster)
    return sheet.finish()


def _draw_group(sheet: Sheet, heading: str, entries: Sequence[Entry], none: str) -> None:
    if sheet.left() < _BELOW + 20:
        return
    sheet.down(2)
    sheet.down(sheet.write_at(0, sheet.room, heading, size=15, bold=True) + 0.5)
    sheet.rule(strong=True)
    sheet.down(1.5)
    if not entries:
        sheet.down(sheet.write_at(0, sheet.room, none, size=11) + 1)
    for entry in entries:
        if sheet.left() < _BELOW + 14:
            return
        _draw_entry(sheet, entry)


def _draw_entry(sheet: Sheet, entry: Entry) -> None:
    words, number = sheet.room - 62, 60.0
    top = sheet.get_y()
    name = f"{entry.name} · {entry.local}" if entry.local else entry.name
    sheet.down(sheet.write_at(0, words, name, size=12.5, bold=True, lines=2))
    where = " · ".join(part for part in (entry.distance, entry.address) if part)
    sheet.down(sheet.write_at(0, words, where, size=9.5, colour=MUTED, lines=1))
    sheet.down(sheet.write_at(0, sheet.room, entry.pay, size=9.5, lines=2))
    bottom = sheet.get_y()
    if entry.phone:
        sheet.set_y(top)
        sheet.write_at(words + 2, number, entry.phone, size=14, bold=True, end=True, ltr=True, lines=1)
    sheet.set_y(bottom + 1)
    sheet.rule()
    sheet.down(1.5)


def _draw_below(sheet: Sheet, poster: Poster) -> None:
    top = HEIGHT - _BELOW
    sheet.set_y(top)
    sheet.rule(strong=True)
    sheet.qr(qr_rows(poster.address), sheet.room - _QR_SIDE, top + 3, _QR_SIDE)
    beside = sheet.room - _QR_SIDE - 8
    sheet.set_y(top + 6)
    if poster.call and poster.helpline:
        sheet.down(sheet.write_at(0, beside, poster.call, size=13))
        sheet.down(sheet.write_at(0, beside, poster.helpline, size=24, bold=True, ltr=True) + 3)
    sheet.write_at(0, beside, poster.scan, size=11, lines=3)
