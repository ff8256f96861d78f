"""The rows that were set aside, written so that they can be corrected and imported again."""

import csv
from contextlib import suppress
from itertools import chain
from pathlib import Path

import psycopg

from directory.imports.columns import COLUMNS, unpack
from directory.imports.errors import ImportFileError
from directory.imports.formulas import make_harmless


def rejects_path_of(path: Path) -> Path:
    """`providers.csv` has its rejects in `providers.rejects.csv` beside it."""
    return path.with_name(f"{path.stem}.rejects.csv")


def write_rejects(connection: psycopg.Connection, path: Path, columns: list[str]) -> bool:
    """Write the table `rejected` to `path`, by line; False when there is none, and what lay there is removed.

    UTF-8 with a byte order mark, which Excel needs; what a spreadsheet would run is made harmless. After line, column
    and reason come the row's cells as they were, and `unreadable`: the text of a row that had no cells.
    """
    with connection.cursor(name="rejected_rows") as cursor:
        cursor.execute("SELECT line, columns, reason, cells, unreadable FROM rejected ORDER BY line")
        first = cursor.fetchone()
        try:
            if first is None:
                path.unlink(missing_ok=True)
                return False
            unfinished = path.with_name(f"{path.name}.part")
            with unfinished.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["line", "column", "reason", *columns, "unreadable"])
                positions = [COLUMNS.index(column) for column in columns]
                for line, column, reason, packed, unreadable in chain([first], cursor):
                    cells = unpack(packed) if packed else (None,) * len(COLUMNS)
                    texts = (column, reason, *(cells[each] or "" for each in positions), unreadable)
                    writer.writerow([line, *map(make_harmless, texts)])
            unfinished.replace(path)
        except OSError as error:
            with suppress(OSError):
                path.with_name(f"{path.name}.part").unlink(missing_ok=True)
            raise ImportFileError(
                f"The rows that were set aside cannot be written to {path}: {error.strerror}. Nothing was imported."
            ) from error
    return True
