"""Rows of a table, CSV or XLSX, once its header is known: cells picked, blank rows passed over, broken ones named."""

import re
from collections.abc import Callable, Iterator

from directory.imports.columns import RawRow, RowFault, RowIterator, is_blank
from directory.imports.errors import ImportFileError
from directory.imports.header import Layout
from directory.imports.watching import Watch

Record = tuple[int, list[str], str | None]
"""Line in the file, cells as texts, and what is wrong with the record where that is known without its columns."""

LOOKED_THROUGH = 30
"""The header is one of so many first rows that are not blank."""
MOST_BLANK = 1_000_000
"""After so many blank rows in a row nothing is expected any more."""
# The second header of the Humanitarian Exchange Language: "#adm1+name".
_TAG = re.compile(r"#[a-z][\w+ ]*")


def read_table(
    records: Iterator[Record], layout: Layout, beyond: str, fault_of: Callable[[list[str]], str | None] | None = None
) -> RowIterator:
    """The rows below the header. `beyond` tells what to do about cells that the header does not have.

    ColumnsUnclear when an unknown column turns out to hold what would be lost.
    """
    watch = Watch(layout)
    blank, first = 0, True
    for line, values, problem in records:
        if problem:
            yield RawRow(line, None, RowFault(line, "", problem), unreadable=" | ".join(values)[:2_000])
            continue
        cells = layout.pick(values)
        if is_blank(cells) and not any(value.strip() for value in values):
            blank = count_blank(blank)
            continue
        blank = 0
        if first:
            first = False
            if all(_TAG.fullmatch(value.strip()) for value in values if value.strip()):
                continue
        watch.look(values, cells)
        yield RawRow(line, cells, _fault(line, values, layout.width, beyond, fault_of))
    watch.ask()


def count_blank(blank: int) -> int:
    """One more blank row. ImportFileError when there are so many that no row is to be expected."""
    if blank >= MOST_BLANK:
        raise ImportFileError(f"The file holds more than {MOST_BLANK:,} empty rows on end: remove them.")
    return blank + 1


def _fault(
    line: int, values: list[str], width: int, beyond: str, fault_of: Callable[[list[str]], str | None] | None
) -> RowFault | None:
    if len(values) > width and any(value.strip() for value in values[width:]):
        return RowFault(line, "", f"the row has {len(values)} cells, the header {width}: {beyond}")
    if fault_of and (reason := fault_of(values)):
        return RowFault(line, "", reason)
    return None
