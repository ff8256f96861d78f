"""Loads the demonstration: `python -m demo.load` converts every set to an import file and imports it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from config.settings import get_settings
from demo.sets import SETS, DemoSet, write_import_file

PROGRAM = Path(sys.executable).parent / "provider-directory"
_WARNINGS = ("swapped", "placed_by_city", "dropped_point")


class ImportFailed(RuntimeError):
    """The import command ended with an error; the message carries what it printed."""


def import_file(path: Path, source: str) -> dict[str, Any]:
    """Run `provider-directory import` on the file; its report. Raises ImportFailed."""
    command = [str(PROGRAM), "import", str(path), "--source", source, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        report: dict[str, Any] = json.loads(done.stdout.strip().rpartition("\n")[2])
    except ValueError:
        report = {}
    # Rows set aside make the command's exit non-zero though the others went in: the report tells these apart.
    if "created" not in report:
        raise ImportFailed(f"{source}: {(done.stderr or done.stdout).strip() or f'exit {done.returncode}'}")
    return report


def _chosen(names: str | None) -> list[DemoSet]:
    known = {demo_set.name: demo_set for demo_set in SETS}
    wanted = [name.strip() for name in names.split(",")] if names else list(known)
    if unknown := [name for name in wanted if name not in known]:
        raise click.BadParameter(f"no set {', '.join(unknown)}; there are: {', '.join(known)}", param_hint="--sets")
    return [known[name] for name in wanted]


def _progress(console: Console) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console)


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
    listings = 0
    with _progress(console) as progress:
        task = progress.add_task("Demonstration data", total=len(chosen))
        for demo_set in chosen:
            progress.update(task, description=f"{demo_set.name} ({listings:,} listings so far)")
            path, count = write_import_file(demo_set, directory, limit)
            listings += count
            if not convert_only:
                try:
                    reports[demo_set.name] = import_file(path, demo_set.name)
                except ImportFailed as error:
                    raise click.ClickException(str(error)) from error
            progress.advance(task)
        progress.update(task, description="Demonstration data")
    if convert_only:
        console.print(f"{len(chosen)} import files with {listings:,} listings in {directory}")
        return
    _print_reports(console, reports)
    if set_aside := sum(report.get("set_aside", 0) for report in reports.values()):
        raise click.ClickException(f"{set_aside} rows were set aside; the reasons are in {directory}/*.rejects.csv")


if __name__ == "__main__":
    main()
