"""`provider-directory serve`: the service itself."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

from directory.commands.telling import plain_errors


@click.command("serve")
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
