"""Files of an import, sent a piece at a time: what was set aside, and what was noticed."""

import csv
import io
from collections.abc import Iterator

from flask import Response

from directory.db import get_engine, transaction
from directory.imports.desk.files import read_pieces
from directory.imports.desk.outcomes import load_rows
from directory.imports.formulas import make_harmless
from directory.models import FileKind, RowOutcome
from directory.web.saved_files import send_attachment

_PAGE = 1_000
_HEAD = ("line", "external_id", "name", "kind", "what")


def send_rejects(import_id: int) -> Response:
    """The rows that were set aside, to be mended and brought again."""
    with get_engine().connect() as connection:
        content = b"".join(read_pieces(connection, import_id, FileKind.rejects))
    return send_attachment("rejects.csv", "text/csv", content)


def send_warnings(import_id: int) -> Response:
    """Each thing that was noticed, with its line."""
    return send_attachment("warnings.csv", "text/csv", "".join(_warnings(import_id)).encode("utf-8-sig"))


def _warnings(import_id: int) -> Iterator[str]:
    yield _line(_HEAD)
    start: int | None = 0
    while start is not None:
        with transaction() as session:
            page = load_rows(session, import_id, RowOutcome.warned, start, _PAGE)
        for row in page.rows:
            texts = (row.get("external_id"), row.get("name"), row["kind"], row["cell"])
            yield _line((row["line"], *(make_harmless(text or "") for text in texts)))
        start = page.following


def _line(values: tuple[object, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()
