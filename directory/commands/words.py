"""`provider-directory words`: what is missing in which language, and files that translators' tools open."""

import click

from config.languages import SOURCE
from directory.commands.telling import console, json_option, plain_errors, print_json


@click.group("words")
def words_group() -> None:
    """The phrases of pages and mails in every language."""


@words_group.command("check")
@json_option
@plain_errors
def words_check(as_json: bool) -> None:
    """Name every phrase that is missing in a language, or has other values or forms, and every key that nobody asks for
    or that is asked for and is none; ends with 1 where there is one."""
    from directory.wording.catalogue import load_phrases  # noqa: PLC0415 (Babel takes a while to load)
    from directory.wording.checking import check_catalogue  # noqa: PLC0415
    from directory.wording.using import check_uses, find_uses  # noqa: PLC0415

    faults = [str(fault) for fault in (*check_catalogue(), *check_uses(load_phrases(SOURCE), find_uses()))]
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
