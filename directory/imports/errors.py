"""What can go wrong with an import as a whole. What is wrong with one row is a `RowFault`, and sets only it aside."""

from directory.errors import DirectoryError


class ImportFileError(DirectoryError):
    """The file cannot be read as an import file; nothing was imported."""


class ReferenceMissing(DirectoryError):
    """The database lacks the codes or places that the rows refer to; nothing was imported."""


class ReadingStopped(DirectoryError):
    """A process that read rows is gone; nothing was imported."""


class ImportNotFound(DirectoryError):
    """No import has this id."""

    def __init__(self, import_id: int) -> None:
        super().__init__(f"There is no import {import_id}.")
        self.import_id = import_id


class ImportAlreadyUndone(DirectoryError):
    """The import was undone before; an import can be undone once."""

    def __init__(self, import_id: int) -> None:
        super().__init__(f"Import {import_id} was undone before. To have its rows again, import the file again.")
        self.import_id = import_id
