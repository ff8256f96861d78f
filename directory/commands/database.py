"""`provider-directory db`: the schema of the database."""

import click

from directory import db
from directory.commands.telling import console, json_option, plain_errors, print_json
from directory.vocabulary.rows import sync_codes


@click.group("db")
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
