"""The rows that converters give: names of the import file's columns, nothing else."""

import hashlib
import re
from collections.abc import Mapping

Raw = Mapping[str, str]
"""One row of a source, by the source's own column names; an absent value is an empty string."""

Row = dict[str, str]
"""One row of an import file; only columns that have a value are there."""

COLUMNS = (
    "external_id", "name", "name_local", "name_lang", "kind", "type", "specialties", "address", "postal_code",
    "city", "region", "country", "lat", "lon", "phone", "email", "website", "hours", "languages",
    "network", "outpatient", "inpatient", "tariff", "notice_days", "effective_from", "effective_to",
    "verified_on",
)  # fmt: skip

_HOURS = re.compile(r"24/7|(?=.*\d\d:\d\d)[\w\d:;,+/ \"'-]+")


def listing(**values: object) -> Row:
    """A row from keyword arguments: sequences are joined with `;`, empty values are left out.

    Raises KeyError for a name that is not a column of the import file.
    """
    row: Row = {}
    for column, value in values.items():
        if column not in COLUMNS:
            raise KeyError(column)
        text = ";".join(dict.fromkeys(value)) if isinstance(value, list | tuple) else str(value)
        if text:
            row[column] = text
    return row


def stable_id(*parts: str) -> str:
    """Twelve hexadecimal digits that stay the same while the parts do: for sources that number nothing."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def opening_hours(text: str) -> str:
    """The text where it looks like OSM `opening_hours`, else nothing: people also write "on call" there."""
    text = re.sub(r" ?/ (?=\d)", ",", " ".join(text.split()))  # "09:00-12:30 / 14:00-19:15"
    return text if _HOURS.fullmatch(text) else ""
