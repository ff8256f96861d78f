"""The command `provider-indexer`; each of its commands is imported when it runs."""

import click

from directory.commands.later import LaterGroup

_COMMANDS = {
    "run": ("indexers.commands:run", "Bring changes into the index as they are committed, until SIGTERM or Ctrl-C."),
    "rebuild": (
        "indexers.commands:rebuild_command",
        "Build a new index from the database beside the old one, and publish it in one step.",
    ),
    "reconcile": (
        "indexers.commands:reconcile_command",
        "Compare both stores listing by listing, and mend what differs; try again what was set aside.",
    ),
    "status": (
        "indexers.commands:status",
        "Say how far the index is behind the database, and what was set aside and why.",
    ),
}


@click.group(cls=LaterGroup, later=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Keeps the search index true to the database.

    The engines are found through DATABASE_URL and OPENSEARCH_URL, or in STATE_DIR where `make demo` runs.
    """
