"""All that an import noticed, as a file: collected on disk while rows are settled, in their order at the end."""

import csv
import io
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO

import psycopg

from directory.imports.formulas import make_harmless
from directory.imports.telling import RowTold

HEAD = ("line", "external_id", "name", "kind", "what")
_BLOCK = 1 << 16
# Excel takes a file for UTF-8 by this mark.
MARK = "\ufeff"


def write_line(values: tuple[object, ...]) -> str:
    """A line of CSV."""
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()


def line_of(row: RowTold) -> tuple[object, ...]:
    """What was noticed of a row, in the order of HEAD; what a spreadsheet would run is made harmless."""
    texts = (row.told.get("external_id"), row.told.get("name"), row.told["kind"], row.told["cell"])
    return row.line, *(make_harmless(text or "") for text in texts)


class Noticed:
    """What one run noticed. A million lines cost no memory: PostgreSQL puts them in order, and none is held here."""

    def __init__(self) -> None:
        self._found: IO[bytes] = TemporaryFile()  # noqa: SIM115 - it lives as long as the run
        self.count = 0

    def take(self, rows: Iterable[RowTold]) -> None:
        """Take in what was noticed of rows, as they are settled."""
        for row in rows:
            self._found.write(write_line(line_of(row)).encode())
            self.count += 1

    def put_in_order(self, connection: psycopg.Connection) -> None:
        """Order all of it by line, by a table that is gone with the transaction."""
        if not self.count:
            return
        connection.execute(
            "CREATE TEMP TABLE noticed (line integer, external_id text, name text, kind text, what text,"
            " position bigint GENERATED ALWAYS AS IDENTITY) ON COMMIT DROP"
        )
        with connection.cursor() as cursor:
            with cursor.copy("COPY noticed (line, external_id, name, kind, what) FROM STDIN (FORMAT csv)") as copy:
                for block in self._blocks():
                    copy.write(block)
            ordered = TemporaryFile()  # noqa: SIM115
            ordered.write(f"{MARK}{write_line(HEAD)}".encode())
            with cursor.copy(
                "COPY (SELECT line, external_id, name, kind, what FROM noticed ORDER BY line, position)"
                " TO STDOUT (FORMAT csv)"
            ) as copy:
                ordered.writelines(copy)
        self._found.close()
        self._found = ordered

    def open(self) -> IO[bytes]:
        """The file, from its beginning."""
        self._found.seek(0)
        return self._found

    def _blocks(self) -> Iterator[bytes]:
        file = self.open()
        return iter(lambda: file.read(_BLOCK), b"")
