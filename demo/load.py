"""Loads the demonstration: `python -m demo.load` converts every set to an import file and imports it."""

import time
from collections.abc import Iterator
from concurrent.futures import as_completed
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from config.settings import get_settings
from demo.sets import SETS, DemoSet, write_import_file
from directory.db import get_engine
from directory.errors import DirectoryError
from directory.imports import import_file
from directory.listings import filling
from directory.runtime.child_processes import start_pool
from geodata.gazetteer import get_gazetteer
from geodata.places import GazetteerMissing

_WARNINGS = ("swapped", "placed_by_city", "dropped_point")
# Sets are imported side by side, so that none of them needs processes of its own.
_NO_PROCESSES = 10**9


class ImportFailed(RuntimeError):
    """A set was not imported; the message names it and says why."""


def _import(path: Path, source: str) -> dict[str, Any]:
    """Import the file as a command does; its report. Raises ImportFailed."""
    try:
        report = import_file(
            path, source=source, engine=get_engine(), gazetteer=get_gazetteer(), processes_from=_NO_PROCESSES
        )
    except (DirectoryError, GazetteerMissing, OSError) as error:
        raise ImportFailed(f"{source}: {error}") from error
    return report.as_json()


def _load(name: str, directory: Path, limit: int | None, convert_only: bool) -> tuple[str, int, dict[str, Any]]:
    """Convert one set, and import it: its name, its listings, and the import's report."""
    path, count = write_import_file(_chosen(name)[0], directory, limit)
    return name, count, {} if convert_only else _import(path, name)


@contextmanager
def _filling() -> Iterator[None]:
    """Meanwhile /readyz says that listings come in, also between two sets."""
    with get_engine().begin() as connection:
        connection.execute(text(filling.SAY_UNTIL_COMMIT))
        yield


def _no_beginning() -> None:
    """The processes need nothing before their first set."""


def load_sets(
    names: list[str], directory: Path, limit: int | None = None, *, convert_only: bool = False
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Each set as it is done, two at a time, in the order of their sizes. Raises ImportFailed."""
    with start_pool(_no_beginning) as pool:
        tasks = [pool.submit(_load, name, directory, limit, convert_only) for name in names]
        try:
            for task in as_completed(tasks):
                yield task.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _chosen(names: str | None) -> list[DemoSet]:
    known = {demo_set.name: demo_set for demo_set in SETS}
    wanted = [name.strip() for name in names.split(",")] if names else list(known)
    if unknown := [name for name in wanted if name not in known]:
        raise click.BadParameter(f"no set {', '.join(unknown)}; there are: {', '.join(known)}", param_hint="--sets")
    return [known[name] for name in wanted]


def _print_reports(console: Console, reports: dict[str, dict[str, Any]]) -> None:
    table = Table(title="Demonstration data (agreements, languages and verification dates are invented)")
    table.add_column("set", no_wrap=True)
    counts = ("created", "changed", "unchanged", "set_aside")
    for heading in (*counts, *_WARNINGS):
        table.add_column(heading.replace("_", " "), justify="right", overflow="fold")
    for name, report in reports.items():
        warnings = report.get("warnings", {})
        table.add_row(
            name, *(str(report.get(key, 0)) for key in counts), *(str(warnings.get(key, 0)) for key in _WARNINGS)
        )
    console.print(table)


@click.command()
@click.option("--limit", type=click.IntRange(min=1), help="At most so many listings of each set.")
@click.option("--sets", "names", help="Only these sets, separated by commas.")
@click.option("--convert-only", type=click.Path(path_type=Path), help="Write the import files there, import nothing.")
def main(limit: int | None, names: str | None, convert_only: Path | None) -> None:
    """Convert the demonstration's open data to import files and import them. Again changes nothing."""
    console = Console(stderr=True)
    chosen = _chosen(names)
    directory = convert_only or get_settings().state_dir / "demo"
    reports: dict[str, dict[str, Any]] = {}
    listings, began = 0, time.monotonic()
    names_chosen = [demo_set.name for demo_set in chosen]
    try:
        with _filling() if convert_only is None else nullcontext():
            for name, count, report in load_sets(names_chosen, directory, limit, convert_only=convert_only is not None):
                listings += count
                reports[name] = report
                done, seconds = f"{len(reports)} of {len(chosen)} sets", time.monotonic() - began
                console.print(f"  {done}, {listings:,} listings after {seconds:.0f} s: {name}", highlight=False)
    except ImportFailed as error:
        raise click.ClickException(str(error)) from error
    if convert_only:
        console.print(f"{len(chosen)} import files with {listings:,} listings in {directory}")
        return
    _print_reports(console, {name: reports[name] for name in names_chosen})
    if set_aside := sum(report.get("set_aside", 0) for report in reports.values()):
        raise click.ClickException(f"{set_aside} rows were set aside; the reasons are in {directory}/*.rejects.csv")


if __name__ == "__main__":
    main()
