"""The demonstration's accounts: `python -m demo.people` makes them; `python -m demo.people --codes` shows their codes.

One password for all of them, made when the state directory is; people of the network team have an authenticator too,
whose codes the second form shows, so that nobody needs a phone to look around. Never do so with real accounts.
"""

import json
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy.orm import Session

from config.settings import get_settings
from directory import db
from directory.accounts import authenticator
from directory.accounts.passwords import hash_password
from directory.accounts.people import add_account, find_account
from directory.actors import SYSTEM, Actor, Role
from directory.models import AccountStatus


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Someone invented."""

    email: str
    role: Role
    name: str
    lang: str
    client: tuple[str, str] | None = None


PEOPLE = (
    DemoPerson("officer@aid.example", Role.hr, "Amina Diallo", "fr", ("aid", "Aid Works International")),
    DemoPerson("officer@relief.example", Role.hr, "Karim Haddad", "ar", ("relief", "Relief Union")),
    DemoPerson("network@insurer.example", Role.network, "Nadia Fernández", "en"),
    DemoPerson("admin@insurer.example", Role.admin, "Alex Morgan", "en"),
    DemoPerson("care@insurer.example", Role.care, "Lucía Ortega", "es"),
    DemoPerson("medical@insurer.example", Role.medical, "Samir Khalil", "ar"),
    DemoPerson("complaints@insurer.example", Role.complaints, "Claire Lambert", "fr"),
)


def load_secrets(state_dir: Path) -> dict[str, str]:
    """The password of all, and the authenticator's secret; made at the first call."""
    file = state_dir / "demo-accounts.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = {"password": f"demo-{secrets.token_hex(5)}", "authenticator": authenticator.make_secret()}
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(made, out)
    stored: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return stored


def make_people(known: dict[str, str]) -> None:
    """Make who is not there yet. Raises nothing where all are."""
    with db.transaction() as session:
        for person in PEOPLE:
            if find_account(session, person.email):
                continue
            code, name = person.client or (None, None)
            account = add_account(
                session,
                SYSTEM,
                person.email,
                person.role,
                client_code=code,
                client_name=name,
                lang=person.lang,
                name=person.name,
            )
            account.password_hash, account.status = hash_password(known["password"]), AccountStatus.active
            if person.role is not Role.hr:
                account.totp_secret = known["authenticator"]


def sign_in_words(known: dict[str, str], address: str, state_dir: Path) -> list[str]:
    """How to sign in, for people who read a terminal."""
    lines = [f"Sign in at {address}/sign-in, password {known['password']}:"]
    for person in PEOPLE:
        what = f"HR officer of {person.client[1]}" if person.client else f"{person.role}, with a code"
        lines.append(f"  {person.email:<26} {what}")
    lines.append(f"Codes: STATE_DIR={state_dir} .venv/bin/python -m demo.people --codes")
    return lines


def write_words(words: list[str], state_dir: Path) -> None:
    """Where `make demo` finds them once it is ready."""
    with os.fdopen(os.open(state_dir / "sign_in.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write("\n".join(words) + "\n")


def load_actor(session: Session, email: str) -> Actor:
    """Whoever has this account, as one who acts. Raises click.ClickException where nobody has it."""
    account = find_account(session, email)
    if account is None:
        raise click.ClickException(f"There is no account {email}: python -m demo.people makes it.")
    return Actor(account.id, Role(account.role), account.client_id, account.display_name or email, account.lang)


@click.command()
@click.option("--codes", is_flag=True, help="Show the code of this half-minute, and make nothing.")
def main(codes: bool) -> None:
    """Make the demonstration's accounts, or show their codes."""
    known = load_secrets(get_settings().state_dir)
    if codes:
        now = time.time()
        left = authenticator.STEP_S - int(now) % authenticator.STEP_S
        click.echo(f"{authenticator.code_at(known['authenticator'], now)}   (for {left} more seconds)")
        return
    make_people(known)
    settings = get_settings()
    write_words(sign_in_words(known, settings.public_address, settings.state_dir), settings.state_dir)


if __name__ == "__main__":
    main()
