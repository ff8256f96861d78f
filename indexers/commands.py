"""What `provider-indexer` does: run, rebuild, reconcile, status."""

import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click
import orjson
import psycopg
import structlog
from opensearchpy import NotFoundError, OpenSearchException
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError

from config.settings import EnginesNotFound, get_settings
from indexers.errors import EngineUnavailable, NoIndex, RebuildRunning
from indexers.rebuild import GRACE_S, Step, rebuild
from indexers.reconcile import reconcile
from indexers.status import load_status, wait_until_searchable
from indexers.stores import open_stores
from indexers.worker import Worker

_STEP_WORDS: dict[Step, str] = {
    "create": "New index",
    "fill": "Filling",
    "compare": "Comparing",
    "publish": "Publishing",
    "clean": "Removing the old index",
}
# Without a terminal, a line this often.
_PLAIN_LINE_S = 5.0
# A third of the weight that other processes have: with ten, a rebuild on a crowded machine hardly moved.
_GENTLY = 5

as_json = click.option("--json", "as_json", is_flag=True, help="End with one JSON object on the last line.")


@click.command(epilog="Example: provider-indexer run")
@as_json
def run(as_json: bool) -> None:
    """Bring changes into the index as they are committed, until SIGTERM or Ctrl-C.

    Any number may run at once. Where there is no index, the first one builds it.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with _explained():
        Worker(open_stores(), stop=stop, bulk_lanes=get_settings().index_bulk_lanes).run()
    _finish("Stopped after the batch at hand.", {"stopped": True}, as_json)


@click.command("rebuild", epilog="Example: provider-indexer rebuild --json")
@click.option(
    "--grace", default=GRACE_S, show_default=True, help="Seconds that the old index stays for searches under way."
)
@as_json
def rebuild_command(grace: float, as_json: bool) -> None:
    """Build a new index from the database beside the old one, and publish it in one step.

    Searches and edits go on meanwhile. Stopped or failed, it leaves the old index as it was.
    """
    # Searches and edits come first; where nobody asks for the processor, this costs nothing.
    os.nice(_GENTLY)
    # As with Ctrl-C, the half-built index is removed on the way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with _explained(), _shown_progress() as progress:
        report = rebuild(open_stores(), progress=progress, grace_s=grace)
    rate = report.documents / max(report.seconds, 0.001)
    lines = [f"{report.index}: {report.documents:,} listings in {report.seconds:.1f} s ({rate:,.0f}/s)."]
    if report.mended:
        lines.append(f"{report.mended:,} changed meanwhile and were written again.")
    lines += [f"Set aside: listing {refusal.listing_id}: {refusal.reason}" for refusal in report.refusals[:20]]
    values = {
        "index": report.index,
        "documents": report.documents,
        "mended": report.mended,
        "set_aside": len(report.refusals),
        "seconds": round(report.seconds, 3),
        "rate": round(rate, 1),
    }
    _finish("\n".join(lines), values, as_json, whole=not report.refusals)


@click.command("reconcile", epilog="Example: provider-indexer reconcile --dry-run")
@click.option("--dry-run", is_flag=True, help="Only say what differs.")
@as_json
def reconcile_command(dry_run: bool, as_json: bool) -> None:
    """Compare both stores listing by listing, and mend what differs; try again what was set aside.

    Exits 1 when something is still set aside, and with --dry-run when anything differs.
    """
    with _explained():
        report = reconcile(open_stores(), dry_run=dry_run)
    lines = [
        f"{report.missing} missing, {report.stale} stale, {report.ahead} ahead, {report.extra} extra in the index"
        + ("; mended." if report.mended and report.differences else ".")
    ]
    lines += [
        f"  {finding.kind}: listing {finding.listing_id}, revision {finding.database} in the database,"
        f" {finding.index} in the index"
        for finding in report.examples
    ]
    lines.append(f"{report.retried} set aside were tried again; {report.set_aside} are set aside now.")
    whole = not report.set_aside and (report.mended or not report.differences)
    _finish("\n".join(lines), report.as_json(), as_json, whole=whole)


@click.command(epilog="Examples: provider-indexer status; provider-indexer status --wait 30")
@click.option(
    "--wait",
    type=float,
    metavar="SECONDS",
    help="Wait until all that is committed now is searchable; exit 1 if it takes longer.",
)
@as_json
def status(wait: float | None, as_json: bool) -> None:
    """Say how far the index is behind the database, and what was set aside and why."""
    with _explained():
        stores = open_stores()
        searchable = None if wait is None else wait_until_searchable(stores, wait)
        state = load_status(stores)
    lines = [
        f"waiting       {state.waiting} (oldest {state.oldest_seconds} s)",
        f"urgent        {state.urgent} of them (oldest {state.urgent_oldest_seconds} s)",
        f"set aside     {state.set_aside}",
        f"index         {state.index}: {state.live_documents} live of {state.documents}; {state.listings} listings",
        f"mapping       {state.mapping_version} (the code has {state.mapping_version_due})",
        *(f"  set aside: listing {row.listing_id} since {row.since}: {row.reason}" for row in state.set_aside_first),
        *(f"problem: {problem}" for problem in state.problems),
    ]
    if searchable is not None:
        lines.append(
            "All that was committed is searchable." if searchable else f"Not all is searchable after {wait:g} s."
        )
    values = state.as_json() | ({} if searchable is None else {"searchable": searchable})
    _finish("\n".join(lines), values, as_json, whole=searchable is not False and state.documents is not None)


def _finish(words: str, values: dict[str, Any], as_json: bool, *, whole: bool = True) -> NoReturn:
    """Print what was done; exit 0 only when all of it was."""
    click.echo(orjson.dumps(values).decode() if as_json else words)
    sys.exit(0 if whole else 1)


def _prepare_log() -> None:
    logging.basicConfig(level=get_settings().log_level, stream=sys.stderr, format="%(message)s")
    # The client's own log tells every request.
    logging.getLogger("opensearch").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(get_settings().log_level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@contextmanager
def _explained() -> Iterator[None]:
    """Errors that an operator can do something about become a sentence and exit code 1."""
    _prepare_log()
    # Documents have no cycles. Looking for some took a third of the time of making them.
    gc.set_threshold(200_000, 50, 50)
    try:
        yield
    except KeyboardInterrupt:
        raise click.ClickException("Stopped before the end.") from None
    except NotFoundError as error:
        raise click.ClickException("There is no index: run `provider-indexer rebuild`.") from error
    except (EnginesNotFound, EngineUnavailable, NoIndex, RebuildRunning) as error:
        raise click.ClickException(str(error)) from error
    except OpenSearchException as error:
        raise click.ClickException(f"The search engine does not answer as it should: {error}") from error
    except (SQLAlchemyError, psycopg.Error) as error:
        raise click.ClickException(f"The database does not answer as it should: {error}") from error


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:,.0f}/s")


@contextmanager
def _shown_progress() -> Iterator[Callable[[Step, int, int], None]]:
    """A bar with rate and time left on a terminal, else a line now and then; both on stderr."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _PlainLines().show
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console, speed_estimate_period=30) as bar:
        task = bar.add_task("", total=None)
        yield lambda step, done, total: bar.update(
            task, description=_STEP_WORDS[step], completed=done if step == "fill" else None, total=total
        )


class _PlainLines:
    def __init__(self) -> None:
        self._step: Step | None = None
        self._said = self._step_began = 0.0

    def show(self, step: Step, done: int, total: int) -> None:
        """Say each step once, and how far the long one is."""
        now = time.monotonic()
        if step != self._step:
            self._step, self._said, self._step_began = step, now, now
            click.echo(_STEP_WORDS[step], err=True)
        elif now - self._said >= _PLAIN_LINE_S and done:
            self._said = now
            rate = done / (now - self._step_began)
            click.echo(f"  {done:,} of {total:,}, {rate:,.0f}/s, {max(total - done, 0) / rate:,.0f} s left", err=True)
