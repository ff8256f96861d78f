"""Imports: a file of providers becomes listings; what it did is kept, told, and can be undone."""

from directory.imports.apply import import_file
from directory.imports.errors import (
    ColumnsUnclear,
    ImportAlreadyUndone,
    ImportFileError,
    ImportNotFound,
    ReferenceMissing,
)
from directory.imports.report import ImportReport, UndoReport
from directory.imports.undo import undo_import

__all__ = [
    "ColumnsUnclear",
    "ImportAlreadyUndone",
    "ImportFileError",
    "ImportNotFound",
    "ImportReport",
    "ReferenceMissing",
    "UndoReport",
    "import_file",
    "undo_import",
]
