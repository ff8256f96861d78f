"""`python -m bench --rows N`: makes a world, measures it, and writes the figures to bench/results/."""

from pathlib import Path
from typing import Any

import click
import orjson

from bench.console import measure_console
from bench.degraded import measure_degraded
from bench.lanes import measure_lanes
from bench.line import measure_line
from bench.loading import measure_import, measure_rebuild
from bench.results import RESULTS, describe_machine, save
from bench.search import measure_search
from bench.telling import tell
from bench.world import prepare_world
from config.settings import PROJECT_ROOT
from embedded.engines import running
from embedded.interrupts import stopped_by_signals

PARTS = ("search", "line", "degraded", "rebuild", "lanes", "console", "import")


@click.command()
@click.option("--rows", type=click.IntRange(1_000), required=True, help="Listings of the world.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed: the same world and questions.")
@click.option("--only", default=",".join(PARTS), show_default=True, help="Parts to measure, separated by commas.")
@click.option("--quick", is_flag=True, help="Fewer questions and shorter runs: a look, no measurement.")
@click.option(
    "--state-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=PROJECT_ROOT / ".local" / "bench",
    show_default=True,
    help="Where the engines of the bench keep their data; worlds are kept there for the next run.",
)
def main(rows: int, seed: int, only: str, quick: bool, state_dir: Path) -> None:
    """Measure search, also without its engine, lines, rebuild, lanes of the outbox, the console and import on a world.

    \b
    python -m bench --rows 15000 --quick
    python -m bench --rows 1500000 --only search
    """
    chosen = [part.strip() for part in only.split(",")]
    if unknown := sorted(set(chosen) - set(PARTS)):
        raise click.BadParameter(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}", param_hint="--only")
    figures: dict[str, Any] = {"machine": describe_machine(), "seed": seed}
    results = state_dir / "results" if quick else RESULTS
    with stopped_by_signals(), running(state_dir) as engines:
        world, made = prepare_world(engines, state_dir.resolve(), rows, seed)
        figures["synth"] = made
        world.adopt()
        # Each part's figures are kept even if a later one fails.
        if "search" in chosen:
            few = {"of_each": 10, "rounds": 1, "seconds": 2.0}
            figures |= measure_search(world, **(few if quick else {"of_each": 40, "rounds": 2, "seconds": 8.0}))  # type: ignore[arg-type]
            save(rows, figures, results)
        if "line" in chosen:
            figures["line"] = measure_line(world, lines=100 if quick else 2_000)
            save(rows, figures, results)
        if "degraded" in chosen:
            figures["degraded"] = measure_degraded(world, of_each=10 if quick else 40)
            save(rows, figures, results)
        if "rebuild" in chosen:
            figures["rebuild"] = measure_rebuild(world)
            save(rows, figures, results)
        if "lanes" in chosen:
            figures["lanes"] = measure_lanes(world)
            save(rows, figures, results)
        if "console" in chosen:
            figures["console"] = measure_console(world, of_each=5 if quick else 40, edits=10 if quick else 100)
            save(rows, figures, results)
        if "import" in chosen:
            figures["import"] = measure_import(world)
        path = save(rows, figures, results)
    tell(f"Figures in {path}")
    click.echo(orjson.dumps(figures).decode())


if __name__ == "__main__":
    main()
