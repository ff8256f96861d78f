"""`provider-directory import` and `imports`: files of providers, and what became of them."""

import gc
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from directory import db
from directory.commands.operators import operator
from directory.commands.telling import console, json_option, plain_errors, print_json, shown_progress
from directory.imports import ColumnsUnclear, ImportReport, import_file, undo_import
from directory.imports.history import list_imports
from directory.imports.mapping import load_told, parse_told
from geodata.gazetteer import get_gazetteer


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", required=True, help="Who keeps the file: a row is known by source and external_id.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option(
    "--columns",
    multiple=True,
    metavar="NAME=FIELD",
    help="What a column is, by its name in the header; NAME= leaves it out. May be given several times.",
)
@click.option(
    "--columns-file",
    type=click.Path(path_type=Path),
    help="A TOML or JSON file that says so: docs/import.md. What --columns says comes before it.",
)
@click.option(
    "--words", type=click.Path(path_type=Path), help="A file of what this source's own words mean: docs/import.md."
)
@json_option
@plain_errors
def import_command(
    file: Path,
    *,
    source: str,
    dry_run: bool,
    columns: tuple[str, ...],
    columns_file: Path | None,
    words: Path | None,
    as_json: bool,
) -> None:
    """Import a FILE of providers: CSV, XLSX or NDJSON.

    \b
    provider-directory import kenya.csv --source kenya --dry-run
    provider-directory import kenya.csv --source kenya
    provider-directory import liste.xlsx --source "Sénégal" --columns "Contact=phone" --columns "Remarques="

    A row that cannot be used is set aside with its line, column and reason, into FILE.rejects.csv; the others go in.
    The same file again changes nothing. Columns are known by many names in many languages; where one is not clear and
    what it holds would be lost, nothing is imported, and the message asks what it is.
    """
    told = {**(load_told(columns_file) if columns_file else {}), **parse_told(columns)}
    # Rows make millions of small objects and hardly a cycle: looking for cycles took a fifth of the time.
    gc.set_threshold(200_000, 50, 50)
    with shown_progress() as progress:
        task = progress.add_task(f"Importing {file.name}", total=None, step="")

        def tell(rows: int, read: int, size: int) -> None:
            progress.update(task, completed=read, total=size, step=f"{rows:,} rows")

        try:
            report = import_file(
                file,
                source=source,
                engine=db.get_engine(),
                gazetteer=get_gazetteer(),
                actor=operator(),
                dry_run=dry_run,
                columns=told,
                own_words=words,
                progress=tell,
            )
        except ColumnsUnclear as unclear:
            if as_json:
                print_json({"questions": unclear.as_json()})
            raise
    console.print(_report_table(report, dry_run))
    if as_json:
        print_json(report.as_json())


_WHY_NOT = {
    "ignored": "left out, as told",
    "passed_over": "passed over",
    "other_used": "passed over for another",
    "unknown": "[yellow]unknown, passed over[/]",
}


def _report_table(report: ImportReport, dry_run: bool) -> Table:
    table = Table(title="What would happen" if dry_run else f"Import {report.import_id}", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for read in report.columns:
        if read.how != "name":
            table.add_row(escape(f"column {read.name}"), read.field or _WHY_NOT[read.how])
    for name in ("created", "changed", "unchanged", "set_aside"):
        table.add_row(name.replace("_", " "), f"{getattr(report, name):,}")
    for name, count in report.as_json()["warnings"].items():
        if count:
            lines = ", ".join(f"{line:,}" for line, _ in report.first_warnings.get(name, ()))
            more = ", …" if count > len(report.first_warnings.get(name, ())) else ""
            table.add_row(f"[yellow]{name.replace('_', ' ')}[/]\n  lines {lines}{more}", f"{count:,}")
    if report.rejects_file:
        table.add_row("set aside in", str(report.rejects_file))
    return table


@click.group("imports")
def imports_group() -> None:
    """Imports that were applied."""


@imports_group.command("list")
@click.option("--limit", default=20, show_default=True)
@json_option
@plain_errors
def imports_list(limit: int, as_json: bool) -> None:
    """The latest imports, newest first."""
    latest = list_imports(db.get_engine(), limit)
    table = Table("id", "source", "file", "status", "when", "created", "changed", "set aside")
    for one in latest:
        counts = (str(one["report"].get(name, "")) for name in ("created", "changed", "set_aside"))
        table.add_row(str(one["id"]), one["source"], one["file_name"], one["status"], one["created_at"], *counts)
    console.print(table)
    if as_json:
        print_json({"imports": latest})


@imports_group.command("undo")
@click.argument("import_id", type=int)
@json_option
@plain_errors
def imports_undo(import_id: int, as_json: bool) -> None:
    """Undo an import, as far as no later change touched its rows; what was touched is named and left.

    \b
    provider-directory imports undo 12
    """
    report = undo_import(db.get_engine(), import_id, actor=operator())
    body = report.as_json()
    for name, value in body.items():
        console.print(f"{name.replace('_', ' ')}: {value}")
    if as_json:
        print_json(body)
