"""What can be set, run or asked for is written down where people look for it."""

import inspect
import re
from collections.abc import Iterator
from functools import cache

import click
import pytest

import directory.models
from config.settings import PROJECT_ROOT, Settings
from directory.app import create_app
from directory.commands.main import main as directory_command
from directory.models import Base
from indexers.cli import main as indexer_command
from tests.guards.tracked import project_files

EXAMPLE = (PROJECT_ROOT / "config" / "settings.env.example").read_text(encoding="utf-8")
# The packages of the two programs.
SERVED = {"config", "geodata", "directory", "indexers"}
# An address for machines to read about the others.
ABOUT = {"/openapi.json"}


def _example_lines() -> dict[str, tuple[bool, str]]:
    """Of each variable of the example file: whether it is switched off by a `#`, and its value."""
    lines = re.findall(r"^(#?)([A-Z][A-Z_]+)=(.*)$", EXAMPLE, flags=re.MULTILINE)
    return {name: (bool(off), value) for off, name, value in lines}


def test_every_setting_is_in_the_example_file_and_nothing_else_is() -> None:
    assert set(_example_lines()) == {name.upper() for name in Settings.model_fields}


def test_example_file_shows_the_defaults() -> None:
    for name, field in Settings.model_fields.items():
        off, value = _example_lines()[name.upper()]
        if not off:
            assert value.lower() == str(field.default).lower(), name


def test_every_setting_of_the_example_file_is_explained() -> None:
    # Neighbours that one comment explains stand together; a comment comes before the first of them.
    assert not re.search(r"^\s*\n#?[A-Z_]+=", EXAMPLE, flags=re.MULTILINE)


def _commands(group: click.Group, *words: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command, name
        if isinstance(command, click.Group):
            yield from _commands(command, *words, name)
        else:
            yield " ".join((*words, name)), command


COMMANDS = dict(
    (
        *_commands(directory_command, "provider-directory"),
        *_commands(indexer_command, "provider-indexer"),
    )
)


@cache
def _documents() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in project_files("*.md"))


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_is_in_a_document_and_explains_itself(words: str) -> None:
    command = COMMANDS[words]
    assert command.help
    assert words in _documents()
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [each.name for each in options if not each.help and not each.show_default] == []
    assert "--json" in {name for each in options for name in each.opts} or words.endswith("serve")


def test_every_address_is_described_and_shown() -> None:
    app = create_app()
    client = app.test_client()
    described = client.get("/openapi.json").get_json()["paths"]
    # Pages and their files are for people: they are no part of the interface.
    rules = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if not app.view_functions[rule.endpoint].__module__.startswith("directory.pages")
    }
    assert {rule for rule in rules if not rule.startswith("/static/")} - ABOUT == set(described)
    page = client.get("/docs").get_data(as_text=True)
    for path, methods in described.items():
        for method in methods.keys() & {"get", "post", "put", "patch", "delete"}:
            assert methods[method]["summary"]
            assert f'<span class="method">{method.upper()}</span> <code>{path}</code>' in page


def test_every_table_says_what_it_holds() -> None:
    tables = [mapper.class_ for mapper in Base.registry.mappers]
    assert len(tables) > 10
    # SQLAlchemy writes no docstring; a class without one would inherit that of the base.
    assert [table.__name__ for table in tables if not table.__dict__.get("__doc__")] == []
    assert inspect.getdoc(directory.models)


def test_environment_is_read_in_one_place_only() -> None:
    readers = re.compile(r"\bos\.environ\b|\bgetenv\(")
    # The settings are the one place; Prometheus and the engines of tests have variables of their own.
    own = {
        "config/settings.py",
        "directory/runtime/metrics.py",
        "directory/serving/settings.py",
        "directory/commands/serve.py",
        "directory/commands/operators.py",  # who came by sudo
    }
    served = (file for file in project_files("*.py") if file.relative_to(PROJECT_ROOT).parts[0] in SERVED)
    found = {str(file.relative_to(PROJECT_ROOT)) for file in served if readers.search(file.read_text(encoding="utf-8"))}
    assert found - own == set()


def _section(page: str, title: str) -> str:
    text = (PROJECT_ROOT / "docs" / page).read_text(encoding="utf-8")
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_every_limit_of_clients_is_in_the_page_of_operators_with_the_way_to_change_it() -> None:
    section = _section("operations.md", "Limits of clients")
    files = [file for file in project_files("*.py") if file.is_relative_to(PROJECT_ROOT / "directory")]
    found = [
        (str(file.relative_to(PROJECT_ROOT)), *limit)
        for file in files
        for limit in re.findall(r"^[A-Z_]+ = Limit\(\"[a-z-]+\", (\d+), (\d+)\)", file.read_text(), re.MULTILINE)
    ]
    assert len(found) >= 9
    spans = {"60": "minute", "900": "15 minutes", "1800": "30 minutes", "3600": "hour", "86400": "day"}
    rows = section.splitlines()
    for file, quota, seconds in found:
        of_file = [row for place, row in enumerate(rows) if file in row or (file in rows[place - 1] and "same" in row)]
        assert any(re.search(rf"\b{quota}\b", row) and spans[seconds] in row for row in of_file), (file, quota)
    # Of bodies, each number of bytes that the code knows; and each setting that limits anybody.
    for file in files:
        for name, number in re.findall(
            r"^(LARGEST_\w+) = (\d+) \* 1024", file.read_text(encoding="utf-8"), re.MULTILINE
        ):
            path = str(file.relative_to(PROJECT_ROOT))
            assert any(name in row and number in row and path in row for row in rows), (path, name)
    limiting = re.compile("connections|address|seconds|bytes|largest|slow")
    for name in filter(limiting.search, Settings.model_fields):
        assert name.upper() in section or name == "public_address", name
