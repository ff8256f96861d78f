"""Groups of commands whose modules are imported when one of them runs: `--help` answers at once."""

from collections.abc import Mapping
from importlib import import_module

import click


class LaterGroup(click.Group):
    """Commands by name, each as `module:attribute` with the line that the help says of it."""

    def __init__(self, name: str | None = None, *, later: Mapping[str, tuple[str, str]], **settings: object) -> None:
        super().__init__(name, **settings)  # type: ignore[arg-type]  # click types its own settings
        self.later = dict(later)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all, in the order of the table."""
        return [*self.later]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in self.later:
            return None
        module, _, attribute = self.later[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The lines of the table; nothing is imported for them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.later.items()])
