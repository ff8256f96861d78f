"""`provider-directory keys`: publishable keys for the portals that embed the search."""

import re
from datetime import datetime
from typing import Any

import click
from rich.table import Table

from directory import db
from directory.admission.keys import DEFAULT_RATE_PER_MINUTE, Key, add_key, list_keys, revoke_key
from directory.commands.telling import console, json_option, plain_errors, print_json


class Rate(click.ParamType[int]):
    """`600/minute`."""

    name = "N/minute"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """How many a minute."""
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"([1-9][0-9]{0,6})(?:/min(?:ute)?)?", str(value).strip())
        if not match:
            self.fail("Write how many requests a minute, as in 600/minute.", param, ctx)
        return int(match[1])


@click.group("keys")
def keys_group() -> None:
    """Publishable keys: which portals may search from a browser."""


@keys_group.command("add")
@click.option("--origin", "origins", multiple=True, required=True, help="https://portal.example; may be repeated.")
@click.option("--network", help="The code of the one network that its answers are about; without it, any.")
@click.option("--rate", type=Rate(), default=DEFAULT_RATE_PER_MINUTE, show_default=True, help="Requests a minute.")
@click.option("--name", default="", help="Whose it is, for the list.")
@json_option
@plain_errors
def keys_add(origins: tuple[str, ...], network: str | None, rate: int, name: str, as_json: bool) -> None:
    """Make a key for the pages of these origins.

    \b
    provider-directory keys add --origin https://portal.example --network worldwide --rate 600/minute
    """
    with db.transaction() as session:
        key = add_key(session, origins, network=network, rate_per_minute=rate, name=name)
    console.print(f"For pages of {', '.join(sorted(key.origins))}:")
    console.print(f'  <provider-search key="{key.key}"></provider-search>', markup=False, highlight=False)
    if as_json:
        print_json({"key": key.key})
    else:
        click.echo(key.key)


@keys_group.command("list")
@json_option
@plain_errors
def keys_list(as_json: bool) -> None:
    """All keys, revoked ones too."""
    with db.transaction() as session:
        keys = list_keys(session)
    table = Table("key", "name", "origins", "network", "a minute", "made", "revoked")
    for key in keys:
        shown = _as_json(key)
        table.add_row(
            key.key,
            key.name,
            "\n".join(shown["origins"]),
            key.network or "any",
            str(key.rate_per_minute),
            shown["created_at"],
            shown["revoked_at"] or "",
        )
    console.print(table)
    if as_json:
        print_json({"keys": [_as_json(key) for key in keys]})


@keys_group.command("revoke")
@click.argument("key")
@json_option
@plain_errors
def keys_revoke(key: str, as_json: bool) -> None:
    """End a KEY: pages that use it get 401 within ten seconds.

    \b
    provider-directory keys revoke pk_…
    """
    with db.transaction() as session:
        ended = revoke_key(session, key)
    console.print(f"{ended.key} is revoked; no process takes it any more after ten seconds.")
    if as_json:
        print_json(_as_json(ended))


def _as_json(key: Key) -> dict[str, Any]:
    def moment(at: datetime | None) -> str | None:
        return at.isoformat(timespec="seconds") if at else None

    return {
        "key": key.key,
        "name": key.name,
        "origins": sorted(key.origins),
        "network": key.network,
        "rate_per_minute": key.rate_per_minute,
        "created_at": moment(key.created_at),
        "revoked_at": moment(key.revoked_at),
    }
