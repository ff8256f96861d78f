"""What the commands of `provider-directory` share: how they tell of errors, and their one JSON object."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import OperationalError

from config.settings import EnginesNotFound
from directory.errors import DirectoryError
from geodata.places import GazetteerMissing

# What people read goes to the error stream, so that the last line of the output stays the one JSON object.
console = Console(stderr=True)

Command = Callable[..., Any]


def plain_errors(command: Command) -> Command:
    """Tell what went wrong in a sentence, and end with 1; a traceback is for our own mistakes only."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (DirectoryError, EnginesNotFound, GazetteerMissing, OSError) as error:
            raise click.ClickException(str(error)) from error
        except OperationalError as error:
            raise click.ClickException(f"The database does not answer: {str(error.orig).strip()}") from error

    return run


def json_option(command: Command) -> Command:
    """`--json`, given to the command as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object on the last line.")(command)


def print_json(body: dict[str, Any]) -> None:
    """The one JSON object."""
    click.echo(orjson.dumps(body).decode())


def shown_progress() -> Progress:
    """A bar with what is being done and the time left, on a terminal only."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[step]}"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
