"""`provider-directory synth`: a world of invented listings, for benchmarks."""

import click

from directory import db
from directory.commands.telling import console, json_option, plain_errors, print_json, shown_progress
from directory.synth import make_world
from geodata.gazetteer import get_gazetteer


@click.command("synth")
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
    with shown_progress() as progress:
        task = progress.add_task("Making a world", total=None, step="")

        def tell(step: str, done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, step=step)

        report = make_world(db.get_engine(), get_gazetteer(), rows, seed, tell)
    console.print(f"{report.listings:,} listings in {report.seconds:.0f} s. Now run `provider-indexer rebuild`.")
    if as_json:
        print_json(report.as_json())
