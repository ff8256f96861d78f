"""The header of a file: which of its rows it is, which column is which field, and where that has to be asked.

A column is known by its own name, by one of its names in config/columns.toml, or by what whoever imports the file says
of it. Where two columns may be one field, or none is a field that must be there, the file stops with a question.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rapidfuzz import fuzz, process

from directory.imports.columns import COLUMNS, REQUIRED, Cells, FileColumn, How, ReadNotes, Told, clean_cell, unnamed
from directory.imports.errors import ColumnQuestion, ColumnsUnclear, ImportFileError
from directory.imports.formulas import undo_harmless
from directory.imports.points import split_point
from directory.imports.synonyms import PASSED_OVER, Certainty, Meaning, find_meaning, find_near
from geodata.text import fold

POINTS = ("lat,lon", "lon,lat")
"""Fields of a column that holds both coordinates, in this order."""
FIELDS = (*COLUMNS, *POINTS)
# More than any table of providers has; a line of a million commas is none.
MOST_COLUMNS = 16_384
# Several columns may be one of these: "Phone" and "Mobile", "Address 1" and "Address 2".
_JOINED_BY = {"phone": ";", "email": ";", "specialties": ";", "languages": ";", "network": ";", "address": ", "}
# Of these the wrong one of two columns would do harm; of the others the first is taken.
_ASKED_ABOUT = frozenset({*REQUIRED, "lat", "lon", "hours", *POINTS})
Value = TypeVar("Value")
_INDEX = {column: index for index, column in enumerate(COLUMNS)}


def clean_value(text: str) -> str:
    """A cell of a table, as it was before a rejects file made it harmless."""
    text = clean_cell(text)
    return undo_harmless(text) if "'" in text else text


@dataclass(frozen=True, slots=True)
class Layout:
    """Which cells of a row are which of COLUMNS."""

    width: int
    columns: tuple[FileColumn, ...]
    positions: tuple[int | None, ...]
    joined: tuple[tuple[int, tuple[int, ...], str], ...] = ()
    point: tuple[int, bool] | None = None  # a cell with both coordinates, and whether longitude comes first

    def pick(self, values: Sequence[str]) -> Cells:
        """The known cells of a row of texts, cleaned; what is behind the row's end is empty."""
        together = "".join(values)
        # Most rows hold nothing that has to be taken out, which is seen sooner in all cells at once.
        if not together.isprintable():
            return self.pick_cleaned(values, clean_value)
        cells = self.pick_cleaned(values, str.strip)
        return tuple(cell and undo_harmless(cell) for cell in cells) if "'" in together else cells

    def pick_cleaned(self, values: Sequence[Value], clean: Callable[[Value], str | None]) -> Cells:
        """The known cells, each as `clean` gives it."""
        count = len(values)
        cells: Cells = tuple(
            None if position is None else clean(values[position]) if position < count else ""
            for position in self.positions
        )
        return self._put_together(cells, values, clean) if self.joined or self.point else cells

    def _put_together(self, known: Cells, values: Sequence[Value], clean: Callable[[Value], str | None]) -> Cells:
        cells = list(known)
        for index, positions, separator in self.joined:
            parts = [clean(values[position]) for position in positions if position < len(values)]
            if any(part is not None for part in parts):
                cells[index] = separator.join(dict.fromkeys(filter(None, parts)))
        if self.point:
            position, lon_first = self.point
            both = clean(values[position]) if position < len(values) else ""
            if both is not None:
                cells[_INDEX["lat"]], cells[_INDEX["lon"]] = split_point(both, lon_first)
        return tuple(cells)


class AllCells(Layout):
    """Every cell in its place."""

    def pick_cleaned(self, values: Sequence[Value], clean: Callable[[Value], str | None]) -> Cells:
        """The cells, each as `clean` gives it."""
        return tuple(clean(value) for value in values)


def header_score(names: Sequence[str], told: Told) -> tuple[bool, int]:
    """How much a row looks like the header: whether all of REQUIRED are there, and how many fields are."""
    mapped = {fold(name) for name in told}
    meanings = filter(None, map(find_meaning, filter(None, names[:MOST_COLUMNS])))
    fields = {meaning.field for meaning in meanings if meaning.field != PASSED_OVER}
    by_mapping = {fold(name) for name in names[:MOST_COLUMNS] if name} & mapped
    return fields >= set(REQUIRED), len(fields) + len(by_mapping)


def find_header(rows: Sequence[Sequence[str]], told: Told) -> int:
    """Which of the first rows is the header: the first with every required field, else the first with most fields."""
    scores = [header_score(row, told) for row in rows]
    best = max(range(len(rows)), key=lambda index: (scores[index], -index))
    # A row of data may hold "Clinic" and "Hospital"; one word alone makes no header.
    return best if scores[best][1] >= 2 else 0


def decide_layout(names: Sequence[str], notes: ReadNotes) -> Layout:
    """What each column is, also noted in `notes`. ColumnsUnclear where that has to be asked; ImportFileError."""
    if len(names) > MOST_COLUMNS:
        raise ImportFileError(f"The header has {len(names):,} cells; at most {MOST_COLUMNS:,} columns are read.")
    if notes.as_they_stand:
        notes.header = list(names)
        columns = (FileColumn(number, label, None, "passed_over") for number, label in enumerate(_labels(names), 1))
        return AllCells(len(names), tuple(columns), ())
    deciding = _Deciding(names, notes.told)
    deciding.insist()
    notes.file_columns = list(deciding.columns)
    taken = deciding.taken
    notes.columns = [column for column in COLUMNS if column in taken or (column in ("lat", "lon") and deciding.point)]
    return deciding.layout()


@dataclass(frozen=True, slots=True)
class Decided:
    """What is known of the columns of a header, and what must be said before the file can be imported."""

    layout: Layout
    questions: tuple[ColumnQuestion, ...]
    missing: tuple[str, ...]  # fields that must be there
    twice: tuple[str, ...]  # sentences on columns of which there may be one


def decide_columns(names: Sequence[str], told: Told) -> Decided:
    """The same without insisting on anything, for who asks. ImportFileError where `told` names what is not there."""
    deciding = _Deciding(names, told)
    return Decided(deciding.layout(), tuple(deciding.questions), tuple(deciding.missing), tuple(deciding.twice))


def _labels(names: Sequence[str]) -> list[str]:
    """What the columns are called: one without a name, or with that of another, by its number."""
    cleaned = [_printable(name) for name in names]
    folded = [name.casefold() for name in cleaned]
    counts: dict[str, int] = defaultdict(int)
    labels = []
    for number, (name, same) in enumerate(zip(cleaned, folded, strict=True), start=1):
        counts[same] += 1
        labels.append(unnamed(number) if not name else f"{name} ({unnamed(number)})" if counts[same] > 1 else name)
    return labels


def _printable(name: str) -> str:
    """A name as it can be stored and shown: one line, no control characters, no bytes that are no text."""
    return " ".join(clean_cell(name).encode("utf-8", "replace").decode("utf-8").lstrip("\ufeff").split())[:100]


def _said_of(labels: Sequence[str], told: Told) -> dict[int, str | None]:
    """Positions of the columns of which something is said. ImportFileError where none has that name."""
    positions = {fold(label) or label: position for position, label in reversed(list(enumerate(labels)))}
    mapped: dict[int, str | None] = {}
    for name, field in told.items():
        position = positions.get(fold(_printable(name)) or name)
        if position is None:
            shown = ", ".join(labels[:40])
            raise ImportFileError(f"The header has no column {name!r}, of which something is said. It has: {shown}.")
        if field is not None and field not in FIELDS:
            raise ImportFileError(f"{field!r}, said of {name!r}, is no field. Fields are {', '.join(FIELDS)}.")
        mapped[position] = field
    return mapped


class _Deciding:
    """The columns of one header while it is decided what they are."""

    def __init__(self, names: Sequence[str], told: Told) -> None:
        self.labels = _labels(names)
        self.meanings: Sequence[Meaning | None] = [find_meaning(_printable(name)) for name in names]
        self.mapped = _said_of(self.labels, told)
        self.taken: dict[str, list[int]] = {}
        self.questions: list[ColumnQuestion] = []
        self.twice: list[str] = []
        for field in FIELDS:
            if positions := self._positions_of(field):
                self.taken[field] = positions
        self.point = self._take_point()
        self.missing = [field for field in REQUIRED if field not in self.taken]
        self._ask_for_halves()
        self._ask_for_near()
        self.columns = [FileColumn(number + 1, label, *self._how(number)) for number, label in enumerate(self.labels)]

    def insist(self) -> None:
        """Raise where something must be said: ImportFileError, ColumnsUnclear."""
        if self.twice:
            raise ImportFileError(self.twice[0])
        if self.missing:
            raise ImportFileError(_missing_message(self.missing, self.labels))
        if self.questions:
            raise ColumnsUnclear(self.questions)

    def layout(self) -> Layout:
        """Which cells of a row are which field, as far as it is decided."""
        return Layout(
            width=len(self.labels),
            columns=tuple(self.columns),
            positions=tuple(self.taken[column][0] if column in self.taken else None for column in COLUMNS),
            joined=tuple(
                (_INDEX[field], tuple(positions), _JOINED_BY[field])
                for field, positions in self.taken.items()
                if len(positions) > 1
            ),
            point=self.point,
        )

    def _positions_of(self, field: str) -> list[int]:
        """The columns that are this field: what was said comes first, then its own name, then its other names."""
        if told := [position for position, each in self.mapped.items() if each == field]:
            return self._several(field, sorted(told), by_own_name=True)
        by_certainty: dict[Certainty, list[int]] = defaultdict(list)
        for position, meaning in enumerate(self.meanings):
            if meaning and meaning.field == field and position not in self.mapped:
                by_certainty[meaning.certainty].append(position)
        if field in _JOINED_BY and (sure := by_certainty[Certainty.OWN] + by_certainty[Certainty.USUAL]):
            return sorted(sure)
        for certainty in sorted(by_certainty, reverse=True):
            if by_certainty[certainty]:
                return self._several(field, by_certainty[certainty], by_own_name=certainty is Certainty.OWN)
        return []

    def _several(self, field: str, positions: list[int], *, by_own_name: bool) -> list[int]:
        if len(positions) == 1 or field in _JOINED_BY:
            return positions
        if by_own_name:
            first, second = positions[0] + 1, positions[1] + 1
            self.twice.append(
                f"The column {field} is there twice (cells {first} and {second} of the header): rename or remove one."
            )
        elif field in _ASKED_ABOUT:
            self.questions += (
                ColumnQuestion(each + 1, self.labels[each], field, f"is one of {len(positions)} that may be {field}")
                for each in positions
            )
        return positions[:1]

    def _take_point(self) -> tuple[int, bool] | None:
        """The column with both coordinates, when there are none of their own."""
        both = {field: self.taken.pop(field) for field in POINTS if field in self.taken}
        if "lat" in self.taken and "lon" in self.taken:
            self.questions = [question for question in self.questions if question.field not in POINTS]
            return None
        for field, positions in both.items():
            self.taken.pop("lat", None)
            self.taken.pop("lon", None)
            return positions[0], field == "lon,lat"
        return None

    def _ask_for_halves(self) -> None:
        for one, other in (("lat", "lon"), ("lon", "lat")):
            position = self.taken[one][0] if one in self.taken and other not in self.taken else None
            meaning = self.meanings[position] if position is not None else None
            # Who writes our own name knows what it holds; each of its rows is warned about.
            if position is not None and meaning and meaning.certainty is not Certainty.OWN:
                reason = f"is read as {one}, and no column is {other}: points would be lost"
                self.questions.append(ColumnQuestion(position + 1, self.labels[position], one, reason))

    def _ask_for_near(self) -> None:
        """Ask about columns whose names are near to those of facts that would be lost."""
        wanted = frozenset(
            field
            for field in ("lat", "lon", "phone", "hours")
            if field not in self.taken and not (self.point and field in ("lat", "lon"))
        )
        unknown = [number for number, each in enumerate(self.meanings) if each is None and number not in self.mapped]
        for position in unknown if wanted else []:
            if field := find_near(self.labels[position], wanted):
                reason = f"is perhaps {field}"
                self.questions.append(ColumnQuestion(position + 1, self.labels[position], field, reason))

    def _how(self, position: int) -> tuple[str | None, How]:
        meaning = self.meanings[position]
        if position in self.mapped:
            field = self.mapped[position]
            return field, "told" if field else "ignored"
        if self.point and self.point[0] == position:
            return POINTS[self.point[1]], "synonym"
        if meaning is None:
            return None, "unknown"
        if meaning.field == PASSED_OVER:
            return None, "passed_over"
        if position not in self.taken.get(meaning.field, ()):
            return None, "other_used"
        return meaning.field, "name" if meaning.certainty is Certainty.OWN else "synonym"


def _missing_message(missing: Sequence[str], names: Sequence[str]) -> str:
    unknown = {name: fold(name) for name in names if find_meaning(name) is None}
    hints = []
    for column in missing:
        near = process.extractOne(column.replace("_", " "), unknown, scorer=fuzz.partial_ratio, score_cutoff=70)
        if near:
            hints.append(f" Is {near[2]!r} meant to be {column}? Then say --columns '{near[2]}={column}'.")
    shown = ", ".join(name[:60] for name in names[:40]) or "no names at all"
    return (
        f"The header lacks {', '.join(missing)}; it was looked for in the first rows. Found: {shown}. Required: "
        f"{', '.join(REQUIRED)}; allowed besides: {', '.join(column for column in COLUMNS if column not in REQUIRED)}."
        + "".join(hints)
    )
