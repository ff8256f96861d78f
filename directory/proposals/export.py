"""The queue as a file for a spreadsheet, in which nothing that people wrote is taken for a formula."""

import csv
import io
from collections.abc import Iterable

from directory.proposals.reading import Row

COLUMNS = (
    "reference", "state", "due", "due_on", "provider", "type", "city", "country", "reason", "urgency", "people",
    "visits", "client", "owner", "supporters", "opened_at",
)  # fmt: skip
# What makes a spreadsheet read a cell as a formula (OWASP, "CSV injection"): behind blanks too, and full-width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(rows: Iterable[Row]) -> str:
    """The rows as CSV with a byte order mark, without which spreadsheets misread all but ASCII."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([plain(value) for value in _cells(row)])
    return f"\ufeff{text.getvalue()}"


def plain(value: object) -> str:
    """A cell that is read as what it says: what might be a formula gets an apostrophe in front."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _cells(row: Row) -> tuple[object, ...]:
    proposal, case = row.proposal, row.proposal.case
    return (
        case.reference, case.state, case.due_what, case.due_on, proposal.name, proposal.type, proposal.city,
        proposal.country, proposal.reason, proposal.urgency, proposal.people, proposal.visits, row.client.name,
        row.owner, row.supporters, case.opened_at.date(),
    )  # fmt: skip
