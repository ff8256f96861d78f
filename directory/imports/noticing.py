"""What was noticed in rows that go in: how often, and in which lines first."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

FIRST_WARNINGS = 20


class RowWarning(NamedTuple):
    """What was noticed in a row; `cell` is what it was about, as messages show it."""

    kind: str
    cell: str = ""


@dataclass(slots=True)
class Noticed:
    """Warnings by kind: their number, and the first of them as (line, cell). It does not grow with the file."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def add(self, line: int, warning: RowWarning) -> None:
        """Count one more."""
        self.counts[warning.kind] += 1
        first = self.first.setdefault(warning.kind, [])
        if len(first) < FIRST_WARNINGS:
            first.append((line, warning.cell))

    def update(self, other: "Noticed") -> None:
        """Add what was noticed elsewhere in the file."""
        self.counts.update(other.counts)
        for kind, lines in other.first.items():
            self.first[kind] = sorted([*self.first.get(kind, ()), *lines])[:FIRST_WARNINGS]
