"""The command `provider-directory`: schema, places, imports, and the service itself."""

import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from config.settings import get_settings
from directory import db
from directory.commands.accounts import tokens_group, users_group
from directory.commands.audit import audit_group
from directory.commands.keys import keys_group
from directory.commands.mail import mail_group
from directory.commands.telling import console, json_option, plain_errors, print_json
from directory.imports import ImportReport, import_file, undo_import
from directory.imports.history import list_imports
from directory.synth import make_world
from directory.vocabulary.rows import load_places, sync_codes
from geodata.build import build_gazetteer
from geodata.gazetteer import get_gazetteer
from geodata.places import GazetteerMissing


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The provider directory: its schema, its places, its imports, its service.

    The engines are found in the environment (DATABASE_URL, OPENSEARCH_URL) or in STATE_DIR, where `make demo` keeps
    them.
    """


for group in (keys_group, users_group, tokens_group, audit_group, mail_group):
    main.add_command(group)


@main.group("db")
def db_group() -> None:
    """The schema of the database."""


@db_group.command("upgrade")
@click.argument("revision", default="head")
@json_option
@plain_errors
def db_upgrade(revision: str, as_json: bool) -> None:
    """Bring the schema up to REVISION (default: the newest), and the codes of config/codes/ into it."""
    db.upgrade(revision=revision)
    if revision == "head":
        with db.transaction() as session:
            sync_codes(session)
    console.print(f"The schema is at {revision}.")
    if as_json:
        print_json({"revision": revision})


@main.group("places")
def places_group() -> None:
    """The gazetteer."""


@places_group.command("load")
@click.option("--rebuild", is_flag=True, help="Build the place file anew even if it is there.")
@json_option
@plain_errors
def places_load(rebuild: bool, as_json: bool) -> None:
    """Build the place file (names in every language) and copy the places into the database."""
    path = get_settings().gazetteer_path
    with _progress() as progress:
        if rebuild or not _is_current(path):
            task = progress.add_task("Building the place file", total=None, said="")
            path.parent.mkdir(parents=True, exist_ok=True)
            build_gazetteer(
                path, progress=lambda step, done, total: progress.update(task, completed=done, total=total, said=step)
            )
            get_gazetteer.cache_clear()
        task = progress.add_task("Copying places into the database", total=None, said="")
        count = load_places(
            db.get_engine(), get_gazetteer(), lambda done: progress.update(task, said=f"{done:,} places")
        )
    console.print(f"{count:,} places are loaded; names: {path}")
    if as_json:
        print_json({"places": count, "file": str(path)})


def _is_current(path: Path) -> bool:
    try:
        get_gazetteer().place(0)
    except GazetteerMissing:
        return False
    return path.exists()


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", required=True, help="Who keeps the file: a row is known by source and external_id.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@json_option
@plain_errors
def import_command(file: Path, source: str, dry_run: bool, as_json: bool) -> None:
    """Import a FILE of providers: CSV, XLSX or NDJSON.

    \b
    provider-directory import kenya.csv --source kenya --dry-run
    provider-directory import kenya.csv --source kenya

    A row that cannot be used is set aside with its line, column and reason, into FILE.rejects.csv; the others go in.
    The same file again changes nothing.
    """
    # Rows make millions of small objects and hardly a cycle: looking for cycles took a fifth of the time.
    gc.set_threshold(200_000, 50, 50)
    with _progress() as progress:
        task = progress.add_task(f"Importing {file.name}", total=None, said="")

        def tell(rows: int, read: int, size: int) -> None:
            progress.update(task, completed=read, total=size, said=f"{rows:,} rows")

        report = import_file(
            file, source=source, engine=db.get_engine(), gazetteer=get_gazetteer(), dry_run=dry_run, progress=tell
        )
    console.print(_report_table(report, dry_run))
    if as_json:
        print_json(report.as_json())


def _report_table(report: ImportReport, dry_run: bool) -> Table:
    table = Table(title="What would happen" if dry_run else f"Import {report.import_id}", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name in ("created", "changed", "unchanged", "set_aside"):
        table.add_row(name.replace("_", " "), f"{getattr(report, name):,}")
    for name, count in report.as_json()["warnings"].items():
        if count:
            table.add_row(f"[yellow]{name.replace('_', ' ')}[/]", f"{count:,}")
    if report.rejects_file:
        table.add_row("set aside in", str(report.rejects_file))
    return table


@main.group("imports")
def imports_group() -> None:
    """Imports that were applied."""


@imports_group.command("list")
@click.option("--limit", default=20, show_default=True)
@json_option
@plain_errors
def imports_list(limit: int, as_json: bool) -> None:
    """The latest imports, newest first."""
    found = list_imports(db.get_engine(), limit)
    table = Table("id", "source", "file", "status", "when", "created", "changed", "set aside")
    for one in found:
        counts = (str(one["report"].get(name, "")) for name in ("created", "changed", "set_aside"))
        table.add_row(str(one["id"]), one["source"], one["file_name"], one["status"], one["created_at"], *counts)
    console.print(table)
    if as_json:
        print_json({"imports": found})


@imports_group.command("undo")
@click.argument("import_id", type=int)
@json_option
@plain_errors
def imports_undo(import_id: int, as_json: bool) -> None:
    """Undo an import, as far as no later change touched its rows; what was touched is named and left.

    \b
    provider-directory imports undo 12
    """
    report = undo_import(db.get_engine(), import_id, actor="cli")
    body = report.as_json()
    for name, value in body.items():
        console.print(f"{name.replace('_', ' ')}: {value}")
    if as_json:
        print_json(body)


@main.command("synth")
@click.option("--rows", required=True, type=click.IntRange(1, 20_000_000), help="How many listings.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same world.")
@json_option
@plain_errors
def synth(rows: int, seed: int, as_json: bool) -> None:
    """Fill an empty directory with invented listings, for benchmarks.

    \b
    provider-directory synth --rows 150000 --seed 1
    provider-indexer rebuild

    It refuses where listings of any other source are. The outbox is passed over: a rebuild must follow.
    """
    with _progress() as progress:
        task = progress.add_task("Making a world", total=None, said="")

        def tell(step: str, done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, said=step)

        report = make_world(db.get_engine(), get_gazetteer(), rows, seed, tell)
    console.print(f"{report.listings:,} listings in {report.seconds:.0f} s. Now run `provider-indexer rebuild`.")
    if as_json:
        print_json(report.as_json())


@main.command("serve")
@plain_errors
def serve() -> None:
    """Run the service (gunicorn, directory/serving/settings.py) in the foreground."""
    # Each gunicorn worker writes its counts here; what an earlier run left would be counted again.
    metrics = Path(tempfile.mkdtemp(prefix="provider-directory-metrics-"))
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
    gunicorn = Path(sys.executable).parent / "gunicorn"
    if not gunicorn.exists():
        shutil.rmtree(metrics)
        raise click.ClickException(f"gunicorn is not installed beside {sys.executable}.")
    command = [str(gunicorn), "-c", "python:directory.serving.settings"]
    os.execve(command[0], command, environment)  # noqa: S606 - our own command line
