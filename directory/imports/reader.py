"""Opens an import file of any of the three formats and gives its rows one by one; memory does not grow with it."""

from pathlib import Path

from directory.imports.columns import ReadNotes, RowIterator, Told
from directory.imports.delimited import read_delimited
from directory.imports.errors import ImportFileError
from directory.imports.json_lines import read_json_lines
from directory.imports.sheets import read_sheet

_ALLOWED = "CSV, XLSX and NDJSON can be imported."
_REFUSED = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Excel file (.xls) or a protected one: save it as .xlsx or “CSV UTF-8”",
    ),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "compressed with gzip: unpack it first"),
    (b"\xfd7zXZ", "compressed with xz: unpack it first"),
    (b"BZh", "compressed with bzip2: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"<?xml", "XML"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page, perhaps saved under the name of the file it was to give"),
    (b"{\\rtf", "a text document (RTF)"),
)


def open_rows(path: Path, told: Told | None = None, *, as_they_stand: bool = False) -> tuple[ReadNotes, RowIterator]:
    """How the file was understood so far, and its rows. The format is told by the content, not by the name.

    `told` says of columns by their names what they are; `as_they_stand`, each row has all its cells in the order of
    the file, and nobody asks what they are. ImportFileError, here or with any row, when it cannot be an
    import file; ColumnsUnclear when it must be told what a column is.
    """
    try:
        if not path.is_file():
            raise ImportFileError(f"{path.name} cannot be read: there is no such file.")
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise ImportFileError(f"{path.name} cannot be read: {error.strerror}.") from error
    if not head:
        raise ImportFileError(f"{path.name} is empty.")
    for mark, what in _REFUSED:
        if head.lower().startswith(mark.lower()):
            raise ImportFileError(f"{path.name} is {what}. {_ALLOWED}")
    if head.startswith(b"PK\x03\x04"):
        notes = ReadNotes("xlsx", size, told=told or {}, as_they_stand=as_they_stand)
        return notes, read_sheet(path, notes)
    if head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith((b"{", b"[")):
        notes = ReadNotes("ndjson", size, told=told or {}, as_they_stand=as_they_stand)
        return notes, read_json_lines(path, notes)
    notes = ReadNotes("csv", size, told=told or {}, as_they_stand=as_they_stand)
    return notes, read_delimited(path, notes)
