"""The command `provider-directory`: schema, places, imports, accounts, and the service itself.

Each command is imported when it runs. What the help says of it stands here, and a test holds it to the command's own.
"""

import click

from directory.commands.later import LaterGroup

_COMMANDS = {
    "db": ("directory.commands.database:db_group", "The schema of the database."),
    "places": ("directory.commands.places:places_group", "The gazetteer."),
    "import": ("directory.commands.imports:import_command", "Import a FILE of providers: CSV, XLSX or NDJSON."),
    "imports": (
        "directory.commands.imports:imports_group",
        "Imports that were applied.",
    ),
    "work": (
        "directory.commands.work:work",
        "Do what takes long: files, changes of many listings, and what the calendar brings.",
    ),
    "synth": ("directory.commands.synth:synth", "Fill an empty directory with invented listings, for benchmarks."),
    "keys": (
        "directory.commands.keys:keys_group",
        "Publishable keys: which portals may search from a browser.",
    ),
    "users": ("directory.commands.accounts:users_group", "Accounts: who may sign in."),
    "tokens": ("directory.commands.accounts:tokens_group", "Bearer tokens, for machines that act for an account."),
    "audit": ("directory.commands.audit:audit_group", "The audit: who changed what."),
    "mail": ("directory.commands.mail:mail_group", "E-mails that wait to be sent."),
    "retention": (
        "directory.commands.retention:retention_group",
        "What people said is kept no longer than config/retention.toml says.",
    ),
    "words": ("directory.commands.words:words_group", "The phrases of pages and mails in every language."),
    "serve": (
        "directory.commands.serve:serve",
        "Run the service (gunicorn, directory/serving/settings.py) in the foreground.",
    ),
}


@click.group(cls=LaterGroup, later=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The provider directory: its schema, its places, its imports, its service.

    The engines are found in the environment (DATABASE_URL, OPENSEARCH_URL) or in STATE_DIR, where `make demo` keeps
    them.
    """
