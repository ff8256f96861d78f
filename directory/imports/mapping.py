"""What whoever imports a file says of its columns: a name in the header, and the field that it is or none."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from directory.imports.errors import ImportFileError

_IGNORED = frozenset({"", "-", "ignore"})
_EXAMPLE = '[columns]\n"Nom de la structure" = "name"\nFax = ""'


def parse_told(texts: Iterable[str]) -> dict[str, str | None]:
    """`Nom=name` and `Fax=` as a mapping; the last `=` parts, as a name may hold one. ImportFileError."""
    told: dict[str, str | None] = {}
    for text in texts:
        name, parted, field = text.rpartition("=")
        if not parted or not name.strip():
            raise ImportFileError(f"{text!r} says nothing of a column: write name=field, or name= to leave it out.")
        _add(told, name.strip(), field.strip())
    return told


def load_told(path: Path) -> dict[str, str | None]:
    """The mapping that a file says: TOML with a table `columns`, or JSON as the interface has it. ImportFileError."""
    try:
        with path.open("rb") as file:
            content = file.read(1 << 20)
        body = orjson.loads(content) if content.lstrip().startswith(b"{") else tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise ImportFileError(f"{path.name} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ImportFileError(f"{path.name} is neither TOML nor JSON: {error}. It may say:\n{_EXAMPLE}") from error
    columns = body.get("columns") if isinstance(body, dict) else None
    if not isinstance(columns, dict):
        raise ImportFileError(f"{path.name} has no table of columns. It may say:\n{_EXAMPLE}")
    told: dict[str, str | None] = {}
    for name, field in columns.items():
        _add(told, name, _field_of(path, name, field))
    return told


def _field_of(path: Path, name: str, field: Any) -> str:
    if field is None or field is False:
        return ""
    if not isinstance(field, str):
        raise ImportFileError(f"{path.name} gives {name!r} no field: write a field's name, or an empty text.")
    return field


def _add(told: dict[str, str | None], name: str, field: str) -> None:
    target = None if field in _IGNORED else field
    if name in told and told[name] != target:
        raise ImportFileError(f"Of the column {name!r} two things are said: {told[name] or 'ignore'} and {field}.")
    told[name] = target
