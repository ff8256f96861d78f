"""The list as a sheet to print and hand out: the legend above, a heading for each city, the stamp below each page."""

from collections.abc import Iterable

from directory.listed.reading import ListedRow
from directory.listed.wording import Heads
from directory.papers.codes import qr_rows
from directory.papers.sheet import MUTED, Sheet

_TICK_WIDTH = 11.0
_SIZE = 8.5
_QR_SIDE = 26.0


def draw_list(rows: Iterable[ListedRow], heads: Heads, lang: str, address: str, elsewhere: str) -> bytes:
    """The document. `elsewhere`: the heading of what has no city."""
    sheet = Sheet(lang, heads.title, heads.stamped[0])
    _draw_top(sheet, heads, address)
    _draw_columns(sheet, heads)
    city: object = ...
    for row in rows:
        starts = row.city != city
        if sheet.left() < _height(sheet, row) + (9 if starts else 0):
            sheet.add_page()
            _draw_columns(sheet, heads)
            starts = True
        if starts:
            city = row.city
            sheet.down(2)
            sheet.down(sheet.write_at(0, sheet.room, row.city or elsewhere, size=10.5, bold=True) + 0.5)
            sheet.rule()
        _draw_row(sheet, row)
    return sheet.finish()


def _draw_top(sheet: Sheet, heads: Heads, address: str) -> None:
    beside = sheet.room - _QR_SIDE - 6
    top = sheet.get_y()
    sheet.qr(qr_rows(address), sheet.room - _QR_SIDE, top - 2, _QR_SIDE)
    sheet.down(sheet.write_at(0, beside, heads.title, size=16, bold=True) + 1)
    sheet.down(sheet.write_at(0, beside, heads.stamped[0], size=9, colour=MUTED) + 2)
    for number, said in enumerate(heads.legend, 1):
        sheet.write_at(0, 6, str(number), size=9, bold=True, ltr=True)
        sheet.down(sheet.write_at(6, beside - 6, said, size=9))
    sheet.down(1)
    sheet.down(sheet.write_at(0, beside, heads.stamped[1], size=6.5, colour=MUTED))
    sheet.set_y(max(sheet.get_y(), top + _QR_SIDE - 2) + 2)


def _widths(sheet: Sheet) -> tuple[float, float]:
    words = sheet.room - 3 * _TICK_WIDTH
    return words * 0.56, words * 0.44


def _draw_columns(sheet: Sheet, heads: Heads) -> None:
    name, place = _widths(sheet)
    # In the sheet a heading tells the city, so the address alone stands beside a name.
    sheet.write_at(0, name, heads.columns[0], size=8, bold=True, lines=1)
    sheet.write_at(name, place, heads.columns[2], size=8, bold=True, lines=1)
    for number in range(3):
        sheet.write_at(
            name + place + number * _TICK_WIDTH, _TICK_WIDTH, str(number + 1), size=8, bold=True, middle=True
        )
    sheet.down(4.5)
    sheet.rule(strong=True)
    sheet.down(0.5)


def _draw_row(sheet: Sheet, row: ListedRow) -> None:
    name, place = _widths(sheet)
    high = _height(sheet, row)
    sheet.write_at(0, name - 3, _name(row), size=_SIZE, lines=2)
    if row.address:
        sheet.write_at(name, place - 3, row.address, size=_SIZE, colour=MUTED, lines=2)
    for number, has in enumerate(row.ticks):
        if has:
            sheet.tick(name + place + number * _TICK_WIDTH, _TICK_WIDTH, high)
    sheet.down(high)
    sheet.rule()


def _height(sheet: Sheet, row: ListedRow) -> float:
    name, place = _widths(sheet)
    heights = (
        sheet.height_of(name - 3, _name(row), size=_SIZE),
        sheet.height_of(place - 3, row.address or "", size=_SIZE),
    )
    one = sheet.height_of(name, "x", size=_SIZE)
    return min(max(heights), 2 * one) + 0.8


def _name(row: ListedRow) -> str:
    return f"{row.name} · {row.local}" if row.local and row.local != row.name else row.name
