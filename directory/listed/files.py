"""The list as files for a spreadsheet. Names come from many hands, so no cell can run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from directory.imports.formulas import make_harmless
from directory.listed.reading import ListedRow
from directory.listed.wording import Heads

_TICK = "✓"


def write_csv(rows: Iterable[ListedRow], heads: Heads) -> Iterator[bytes]:
    """Lines of CSV (UTF-8 with the mark that spreadsheets know it by); the legend and the stamp first."""
    yield "\N{BYTE ORDER MARK}".encode()
    yield from (_line([said]) for said in heads.above)
    yield _line(heads.columns)
    for row in rows:
        yield _line(_cells(row))


def write_xlsx(rows: Iterable[ListedRow], heads: Heads) -> bytes:
    """The same as a workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(make_harmless(heads.title)[:31].translate(_NOT_IN_A_TITLE))
    sheet.sheet_view.rightToLeft = heads.right_to_left
    for letter, width in zip("ABCDEF", (48, 32, 24, 6, 6, 6), strict=True):
        sheet.column_dimensions[letter].width = width
    for said in heads.above:
        sheet.append([said])
    bold = []
    for head in heads.columns:
        cell = WriteOnlyCell(sheet, value=head)
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in rows:
        sheet.append([make_harmless(cell) for cell in _cells(row)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


_NOT_IN_A_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def _cells(row: ListedRow) -> list[str]:
    name = f"{row.name} · {row.local}" if row.local and row.local != row.name else row.name
    return [name, row.address or "", row.city or "", *(_TICK if has else "" for has in row.ticks)]


def _line(cells: Sequence[str]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerow([make_harmless(cell) for cell in cells])
    return file.getvalue().encode()
