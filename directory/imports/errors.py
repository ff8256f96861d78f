"""What can go wrong with an import as a whole. What is wrong with one row is a `RowFault`, and sets only it aside."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from directory.errors import DirectoryError


class ImportFileError(DirectoryError):
    """The file cannot be read as an import file; nothing was imported."""


@dataclass(frozen=True, slots=True)
class ColumnQuestion:
    """A column, from 1, of which whoever imports the file must say what it is; `field` is a guess."""

    number: int
    name: str
    field: str
    reason: str


class ColumnsUnclear(ImportFileError):
    """What some columns are must be asked, or facts would be lost; nothing was imported."""

    _SHOWN = 12

    def __init__(self, questions: Sequence[ColumnQuestion]) -> None:
        self.questions = tuple(questions)
        lines = [f"  {each.name!r} (column {each.number}) {each.reason}." for each in self.questions[: self._SHOWN]]
        if more := len(self.questions) - len(lines):
            lines.append(f"  … and {more} more.")
        first = self.questions[0]
        super().__init__(
            "Some columns are not clear, and what they hold would be lost. Nothing was imported.\n"
            + "\n".join(lines)
            + f"\nSay what each is, --columns {f'{first.name}={first.field}'!r}, or leave it out, --columns "
            f"{f'{first.name}='!r}; or name a file that says so with --columns-file."
        )

    def as_json(self) -> list[dict[str, Any]]:
        """The questions, for a program that asks them."""
        return [asdict(question) for question in self.questions]


class ReferenceMissing(DirectoryError):
    """The database lacks the codes or places that the rows refer to; nothing was imported."""


class WorkTakenBack(DirectoryError):
    """The import was dropped while it was worked on; nothing was imported."""


class FileTooLarge(DirectoryError):
    """The file is larger than what is taken; `most` is the limit in megabytes."""

    def __init__(self, most: int) -> None:
        super().__init__(f"A file of at most {most} MB can be taken here; `provider-directory import` takes any.")
        self.most = most


class ReadingStopped(DirectoryError):
    """A process that read rows is gone; nothing was imported."""


class ImportNotFound(DirectoryError):
    """No import has this id."""

    def __init__(self, import_id: int | str) -> None:
        super().__init__(f"There is no import {import_id}.")
        self.import_id = import_id


class ImportAlreadyUndone(DirectoryError):
    """The import was undone before; an import can be undone once."""

    def __init__(self, import_id: int) -> None:
        super().__init__(f"Import {import_id} was undone before. To have its rows again, import the file again.")
        self.import_id = import_id
