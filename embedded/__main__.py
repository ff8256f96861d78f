"""`python -m embedded demo | up | down | status`: the engines from the command line."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from config.settings import get_settings
from embedded.engines import announcement, running
from embedded.interrupts import Stopped, follow_make, stopped_by_signals
from embedded.processes import die_with_parent
from embedded.state import EmbeddedError, StateDirInUse, check_name, owner, read_json

_state_dir = click.option(
    "--state-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: get_settings().state_dir,
    help="Where the engines keep their data; default: STATE_DIR, else .local.",
)


@click.group()
def main() -> None:
    """Private PostgreSQL + PostGIS and OpenSearch, without Docker and without touching the machine's own."""


@main.command()
@_state_dir
@click.option("--while-pid", type=int, help="End the engines when this process ends.")
def up(state_dir: Path, while_pid: int | None) -> None:
    """Start both engines and return once they answer; `down` ends them."""
    state_dir = state_dir.resolve()
    check_name(state_dir)
    if owner(state_dir) is not None:
        raise StateDirInUse(f"{state_dir} is in use by process {owner(state_dir)}.")
    (state_dir / "logs").mkdir(parents=True, exist_ok=True)
    log = state_dir / "logs" / "keeper.log"
    command = [sys.executable, "-m", "embedded", "keep", "--state-dir", str(state_dir)]
    if while_pid is not None:
        command += ["--while-pid", str(while_pid)]
    announcement(state_dir).unlink(missing_ok=True)
    with log.open("wb") as output:
        keeper = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    while not announcement(state_dir).exists():
        if keeper.poll() is not None:
            raise EmbeddedError(log.read_text().strip())
        time.sleep(0.1)
    click.echo(f"Both engines run for {state_dir}; `python -m embedded down --state-dir {state_dir}` ends them.")


@main.command(hidden=True)
@_state_dir
@click.option("--while-pid", type=int)
def keep(state_dir: Path, while_pid: int | None) -> None:
    """Hold the engines in the foreground until told to end, until one ends, or until `--while-pid` does."""
    with stopped_by_signals(), running(state_dir) as engines:
        watched = Path(f"/proc/{while_pid or os.getpid()}")
        while watched.exists():
            for engine in engines.embedded:
                if engine.child and not engine.child.alive:
                    raise EmbeddedError(f"{engine.name} ended:\n{engine.child.last_lines()}")
            time.sleep(0.3)


@main.command()
@_state_dir
def down(state_dir: Path) -> None:
    """End the engines (or the demonstration) that run on the state directory."""
    pid = owner(state_dir)
    if pid is None:
        click.echo(f"Nothing runs for {state_dir}.")
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 30
    while owner(state_dir) is not None:
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Process {pid} did not end within 30 s.")
        time.sleep(0.1)
    click.echo(f"Ended what ran for {state_dir}.")


@main.command()
@_state_dir
def remove(state_dir: Path) -> None:
    """Delete the state directory, and the clusters that had to lie elsewhere."""
    if owner(state_dir) is not None:
        raise StateDirInUse(f"{state_dir} is in use by process {owner(state_dir)}: `down` ends it.")
    for known in [*state_dir.glob("postgres.json"), *state_dir.glob("*/postgres.json")]:
        shutil.rmtree(read_json(known)["place"], ignore_errors=True)
    shutil.rmtree(state_dir, ignore_errors=True)
    click.echo(f"Removed {state_dir}.")


@main.command()
@_state_dir
def status(state_dir: Path) -> None:
    """Say whether engines run on the state directory, and where they listen; exits 1 when not."""
    pid = owner(state_dir)
    addresses = read_json(announcement(state_dir))
    if pid is None or not addresses:
        click.echo(f"Nothing runs for {state_dir}." if pid is None else f"Process {pid} is starting {state_dir}.")
        raise SystemExit(1)
    click.echo(f"Process {pid} keeps, for {state_dir}:")
    for name, url in addresses.items():
        # The database's address carries its password, and this output ends up in terminals and bug reports.
        click.echo(f"  {name}: {url.split('@')[-1].removeprefix('http://')}")


@main.command()
@click.option("--under-make", is_flag=True, help="For make: end also when it is killed or interrupted.")
def demo(under_make: bool) -> None:
    """Everything from nothing to the running service with real data, in the foreground."""
    from embedded.demo import run_demo  # noqa: PLC0415 (rich and the rest are not needed to start engines)

    with stopped_by_signals():
        if under_make:
            die_with_parent()
            follow_make()
        run_demo(get_settings())


if __name__ == "__main__":
    try:
        main(prog_name="python -m embedded")
    except Stopped:
        sys.exit(0)
    except EmbeddedError as error:
        sys.exit(f"error: {error}")
