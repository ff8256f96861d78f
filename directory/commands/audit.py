"""`provider-directory audit`: whether the audit is what was written."""

from pathlib import Path

import click

from directory import db
from directory.audit import parse_head, verify_chain
from directory.commands.telling import console, json_option, plain_errors, print_json


@click.group("audit")
def audit_group() -> None:
    """The audit: who changed what."""


@audit_group.command("verify")
@click.option("--head", "head_words", help="NUMBER:HASH, as an earlier verification told it; must still be there.")
@click.option(
    "--head-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the head is kept between verifications: read where it is there, written where all is well.",
)
@json_option
@plain_errors
def audit_verify(head_words: str | None, head_file: Path | None, as_json: bool) -> None:
    """Compute every hash of the chain again; ends with 1 where anything was changed, removed or added.

    \b
    provider-directory audit verify --head-file /somewhere/else/audit.head

    A chain whose end was cut off is still a chain: only a head that is kept elsewhere shows it.
    """
    known = parse_head(head_words) if head_words else None
    if head_file and head_file.exists() and known is None:
        known = parse_head(head_file.read_text(encoding="utf-8"))
    with db.transaction() as session:
        report = verify_chain(session, known)
    for finding in report.findings:
        console.print(f"[red]{finding}[/]", highlight=False)
    if not report.findings:
        console.print(
            f"{report.entries:,} entries, nothing changed. Head: {report.head or 'none yet'}", highlight=False
        )
        if head_file and report.head:
            head_file.write_text(f"{report.head}\n", encoding="utf-8")
    if as_json:
        head = str(report.head) if report.head else None
        print_json({"ok": not report.findings, "entries": report.entries, "head": head, "findings": report.findings})
    if report.findings:
        raise SystemExit(1)
