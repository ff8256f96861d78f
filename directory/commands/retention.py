"""`provider-directory retention`: forgets what people said once its time is over."""

import datetime as dt
from collections.abc import Callable

import click
from sqlalchemy.orm import Session

from directory import audit, db
from directory.actors import command
from directory.care.retention import forget
from directory.commands.telling import console, json_option, plain_errors, print_json


@click.group("retention")
def retention_group() -> None:
    """What people said is kept no longer than config/retention.toml says."""


@retention_group.command("run")
@json_option
@plain_errors
def retention_run(as_json: bool) -> None:
    """Forget what is due: numbers, contacts, words. Once a day is enough, and twice does no harm.

    \b
    provider-directory retention run
    """
    engine = db.make_engine(application_name="provider-directory-retention")

    def run(name: str, work: Callable[[Session], int]) -> int:
        with db.transaction(engine) as session:
            done = work(session)
            if done:
                audit.record(session, command("retention"), "forget", f"retention:{name}", None, {"count": done})
            return done

    counts = forget(run, dt.datetime.now(dt.UTC))
    console.print(" · ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts.items()))
    if as_json:
        print_json(counts)
