"""A first look at a file: what its header says, some values of each column, and what each column may be.

Nothing is insisted on here: whoever brought the file sees what is known of its columns and says the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from directory.imports.columns import Cells, RawRow, ReadNotes, Told
from directory.imports.errors import ColumnQuestion, ColumnsUnclear
from directory.imports.header import Decided, decide_columns
from directory.imports.reader import open_rows
from directory.imports.watching import Watch

SAMPLES = 3
_LONGEST_SAMPLE = 120
# As many as tell what a column holds that nobody knows (directory/imports/watching.py).
_ROWS = 200


@dataclass(frozen=True, slots=True)
class Looked:
    """What the first rows of a file show. `seems`: questions about columns by what they hold, not by their names."""

    format: str
    header: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    seems: tuple[ColumnQuestion, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the import."""
        seems = [{"number": q.number, "name": q.name, "field": q.field, "reason": q.reason} for q in self.seems]
        return {"format": self.format, "header": self.header, "samples": self.samples, "seems": seems}

    def asking(self, questions: Iterable[ColumnQuestion]) -> "Looked":
        """With questions that came up later, while all rows were read."""
        by_number = {each.number: each for each in (*self.seems, *questions)}
        return replace(self, seems=tuple(by_number[number] for number in sorted(by_number)))


def read_looked(kept: Mapping[str, Any]) -> Looked:
    """What `as_json` gave."""
    samples = tuple(tuple(each) for each in kept["samples"])
    seems = tuple(ColumnQuestion(**each) for each in kept["seems"])
    return Looked(kept["format"], tuple(kept["header"]), samples, seems)


def look_at(path: Path) -> Looked:
    """Read the first rows. ImportFileError where this can be no import file."""
    notes, rows = open_rows(path, as_they_stand=True)
    cells = [row.cells for row in _first(rows) if row.cells is not None]
    looked = Looked(notes.format, tuple(notes.header), _samples(notes, cells))
    return looked.asking(_watch(looked, cells))


def decide(looked: Looked, told: Told) -> Decided:
    """What the columns are by what is said of them, and what is still to be said. ImportFileError as decide_columns."""
    decided = decide_columns(looked.header, told)
    columns = decided.layout.columns
    taken = {column.field for column in columns if column.field}
    asked = {question.number for question in decided.questions}
    open_ones = [
        each
        for each in looked.seems
        if columns[each.number - 1].how == "unknown" and each.number not in asked and not _is_taken(each, taken)
    ]
    return replace(decided, questions=(*decided.questions, *open_ones))


def _is_taken(question: ColumnQuestion, taken: set[str]) -> bool:
    return question.field in taken or (question.field in ("lat", "lon", "lat,lon") and "lat" in taken)


def _first(rows: Iterable[RawRow]) -> Iterable[RawRow]:
    return islice(rows, _ROWS)


def _samples(notes: ReadNotes, rows: list[Cells]) -> tuple[tuple[str, ...], ...]:
    """The first different values of each column, those that say something."""
    return tuple(
        tuple(
            dict.fromkeys(
                value[:_LONGEST_SAMPLE] for row in rows if position < len(row) and (value := row[position] or "")
            )
        )[:SAMPLES]
        for position in range(len(notes.header))
    )


def _watch(looked: Looked, rows: list[Cells]) -> tuple[ColumnQuestion, ...]:
    """What unknown columns seem to hold."""
    layout = decide_columns(looked.header, {}).layout
    watch = Watch(layout)
    try:
        for row in rows:
            values = [cell or "" for cell in row]
            watch.look(values, layout.pick(values))
        watch.ask()
    except ColumnsUnclear as unclear:
        return unclear.questions
    return ()
