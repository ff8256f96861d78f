"""`provider-directory words`: what is missing in which language, and files that translators' tools open."""

import click

from directory.commands.telling import console, json_option, plain_errors, print_json


@click.group("words")
def words_group() -> None:
    """The phrases of pages and mails in every language."""


@words_group.command("check")
@json_option
@plain_errors
def words_check(as_json: bool) -> None:
    """Name every phrase that is missing in a language, or has other values or forms; ends with 1 where there is one."""
    from directory.wording.checking import check_catalogue  # noqa: PLC0415 (Babel takes a while to load)

    faults = list(map(str, check_catalogue()))
    for fault in faults:
        console.print(fault, highlight=False, markup=False)
    if not faults:
        console.print("Every phrase is there in every language.")
    if as_json:
        print_json({"faults": faults})
    if faults:
        raise SystemExit(1)


@words_group.command("update")
@json_option
@plain_errors
def words_update(as_json: bool) -> None:
    """Bring the files of the languages up to date with the English phrases, and say how much each has to translate."""
    from directory.wording.updating import update_catalogues  # noqa: PLC0415 (Babel takes a while to load)

    waiting = update_catalogues()
    for lang, count in waiting.items():
        console.print(f"{lang}: {count} to translate", highlight=False)
    if as_json:
        print_json(waiting)
