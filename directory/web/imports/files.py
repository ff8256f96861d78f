"""Files of an import, sent a piece at a time: what was set aside, and what was noticed."""

from collections.abc import Iterable, Iterator

from flask import Response

from directory.db import get_engine, transaction
from directory.imports.desk.files import has_file, read_piece
from directory.imports.desk.noticed import HEAD, MARK, line_of, write_line
from directory.imports.desk.outcomes import load_rows
from directory.imports.telling import RowTold
from directory.models import FileKind, RowOutcome
from directory.web.saved_files import send_attachment

_PAGE = 1_000


def send_rejects(import_id: int) -> Response:
    """The rows that were set aside, to be mended and brought again."""
    return send_attachment("rejects.csv", "text/csv", _pieces(import_id, FileKind.rejects))


def send_warnings(import_id: int) -> Response:
    """Each thing that was noticed, with its line; of imports that kept no such file the first of them."""
    with get_engine().connect() as connection:
        whole = has_file(connection, import_id, FileKind.warnings)
    content = _pieces(import_id, FileKind.warnings) if whole else _first_warnings(import_id)
    return send_attachment("warnings.csv", "text/csv", content)


def _pieces(import_id: int, kind: FileKind) -> Iterator[bytes]:
    """A piece after the other, with no connection held while its reader takes it."""
    number = 0
    while True:
        with get_engine().connect() as connection:
            content = read_piece(connection, import_id, kind, number)
        if content is None:
            return
        yield content
        number += 1


def _first_warnings(import_id: int) -> Iterable[bytes]:
    yield f"{MARK}{write_line(HEAD)}".encode()
    start: int | None = 0
    while start is not None:
        with transaction() as session:
            page = load_rows(session, import_id, RowOutcome.warned, start, _PAGE)
        for row in page.rows:
            yield write_line(line_of(RowTold("warned", row["line"], row))).encode()
        start = page.following
