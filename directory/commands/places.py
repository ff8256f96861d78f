"""`provider-directory places`: the gazetteer, and the places of the database."""

from pathlib import Path

import click

from config.settings import get_settings
from directory import db
from directory.commands.telling import console, json_option, plain_errors, print_json, shown_progress
from directory.vocabulary.rows import load_places
from geodata.build import build_gazetteer
from geodata.gazetteer import get_gazetteer
from geodata.places import GazetteerMissing


@click.group("places")
def places_group() -> None:
    """The gazetteer."""


@places_group.command("load")
@click.option("--rebuild", is_flag=True, help="Build the place file anew even if it is there.")
@json_option
@plain_errors
def places_load(rebuild: bool, as_json: bool) -> None:
    """Build the place file (names in every language) and copy the places into the database."""
    path = get_settings().gazetteer_path
    with shown_progress() as progress:
        if rebuild or not _is_current(path):
            task = progress.add_task("Building the place file", total=None, step="")
            path.parent.mkdir(parents=True, exist_ok=True)
            build_gazetteer(
                path, progress=lambda step, done, total: progress.update(task, completed=done, total=total, step=step)
            )
            get_gazetteer.cache_clear()
        task = progress.add_task("Copying places into the database", total=None, step="")
        count = load_places(
            db.get_engine(), get_gazetteer(), lambda done: progress.update(task, step=f"{done:,} places")
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
