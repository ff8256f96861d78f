"""What the benchmarks say while they work, and their figures as people read them."""

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

# A file is as wide as its tables.
console = Console(stderr=True, width=None if sys.stderr.isatty() else 120)


def tell(line: str) -> None:
    """One line for who watches."""
    console.print(line)


def progress_bar() -> Progress:
    """A bar with how many are done and the time left."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def table(title: str, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a table; all columns but the first are numbers."""
    drawn = Table(title=title)
    for number, heading in enumerate(headings):
        drawn.add_column(heading, justify="right" if number else "left")
    for row in rows:
        drawn.add_row(*row)
    console.print(drawn)
