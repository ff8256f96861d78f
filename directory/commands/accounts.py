"""`provider-directory users` and `tokens`: accounts, and what machines sign in with."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import click
from rich.table import Table
from sqlalchemy.orm import Session

from config.languages import LANGUAGES
from directory import db
from directory.accounts import people, tokens
from directory.accounts.errors import InvalidAccount
from directory.accounts.links import make_link
from directory.accounts.messages import ask_reset, invite
from directory.actors import Actor, Role
from directory.commands.operators import operator
from directory.commands.telling import console, json_option, plain_errors, print_json
from directory.models import AccessToken, Account, AccountStatus, Purpose


@click.group("users")
def users_group() -> None:
    """Accounts: who may sign in."""


@users_group.command("add")
@click.argument("email")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]), help="What the account is for."
)
@click.option("--client", "client_code", help="The code of an hr officer's organisation; made where there is none.")
@click.option("--client-name", help="What a new organisation is called.")
@click.option(
    "--lang", default="en", show_default=True, type=click.Choice(list(LANGUAGES)), help="Of pages and e-mails."
)
@click.option("--name", default="", help="The person's name, as others see it.")
@json_option
@plain_errors
def users_add(  # noqa: PLR0917 (click names them)
    email: str, role: str, client_code: str | None, client_name: str | None, lang: str, name: str, as_json: bool
) -> None:
    """Make an account for EMAIL, and invite its owner by e-mail.

    \b
    provider-directory users add amina@who.example --role hr --client who --client-name WHO --lang fr
    provider-directory users add network@insurer.example --role network

    The link that is printed does the same as the one in the e-mail: good for 7 days, once.
    """
    with db.transaction() as session:
        account = people.add_account(
            session,
            operator(),
            email,
            Role(role),
            client_code=client_code,
            client_name=client_name,
            lang=lang,
            name=name,
        )
        address = make_link(session, account, Purpose.invitation)
        invite(session, account)
    console.print(f"{account.email} ({account.role}) is invited. To choose a password, within 7 days, once:")
    if as_json:
        print_json({"id": str(account.id), "email": account.email, "sign_in_url": address})
    else:
        click.echo(address)


@users_group.command("invite")
@click.argument("email")
@json_option
@plain_errors
def users_invite(email: str, as_json: bool) -> None:
    """A new link for EMAIL, who lost the first or forgot the password; also sent by e-mail.

    \b
    provider-directory users invite amina@who.example
    """
    with db.transaction() as session:
        account = people.get_account(session, email)
        if account.status == AccountStatus.disabled:
            raise InvalidAccount(f"{account.email} is disabled; `users enable` comes first.")
        if account.status == AccountStatus.invited:
            address = make_link(session, account, Purpose.invitation)
            invite(session, account)
        else:
            address = make_link(session, account, Purpose.reset)
            ask_reset(session, account.email, account.lang)
    if as_json:
        print_json({"id": str(account.id), "email": account.email, "sign_in_url": address})
    else:
        click.echo(address)


@users_group.command("list")
@json_option
@plain_errors
def users_list(as_json: bool) -> None:
    """All accounts."""
    with db.transaction() as session:
        accounts = people.list_accounts(session)
    table = Table("e-mail", "role", "client", "language", "status", "second factor")
    for account, client in accounts:
        row = _shown(account) | {"client": client.code if client else None}
        table.add_row(
            account.email,
            account.role,
            row["client"] or "",
            account.lang,
            account.status,
            "yes" if account.totp_secret else "",
        )
    console.print(table)
    if as_json:
        print_json({"users": [_shown(account) | {"client": client and client.code} for account, client in accounts]})


@users_group.command("disable")
@click.argument("email")
@json_option
@plain_errors
def users_disable(email: str, as_json: bool) -> None:
    """EMAIL may sign in no more: sessions end, links and tokens open nothing, at once.

    \b
    provider-directory users disable amina@who.example
    """
    _change(people.disable_account, email, as_json)


@users_group.command("enable")
@click.argument("email")
@json_option
@plain_errors
def users_enable(email: str, as_json: bool) -> None:
    """EMAIL may sign in again; its tokens work again too.

    \b
    provider-directory users enable amina@who.example
    """
    _change(people.enable_account, email, as_json)


@users_group.command("forget-authenticator")
@click.argument("email")
@json_option
@plain_errors
def users_forget_authenticator(email: str, as_json: bool) -> None:
    """EMAIL lost the authenticator: the next sign-in sets up another one.

    \b
    provider-directory users forget-authenticator network@insurer.example
    """
    _change(people.forget_authenticator, email, as_json)


@click.group("tokens")
def tokens_group() -> None:
    """Bearer tokens, for machines that act for an account."""


@tokens_group.command("add")
@click.argument("email")
@click.option(
    "--scope", "scopes", multiple=True, help="proposals:read, say; may be repeated. Without: all of the role."
)
@click.option("--days", type=click.IntRange(1, 3650), help="When it ends; without, never.")
@click.option("--name", default="", help="Which program it is for, for the list.")
@json_option
@plain_errors
def tokens_add(email: str, scopes: tuple[str, ...], days: int | None, name: str, as_json: bool) -> None:
    """Make a token that acts for EMAIL. It is shown here, once.

    \b
    provider-directory tokens add network@insurer.example --scope proposals:read --days 90
    """
    with db.transaction() as session:
        account = people.get_account(session, email)
        text, token = tokens.add_token(session, operator(), account, scopes=scopes, name=name, days=days)
    console.print(f"For {account.email}, {', '.join(token.scopes)}. It is shown this once:")
    if as_json:
        print_json({"token": text})
    else:
        click.echo(text)


@tokens_group.command("list")
@json_option
@plain_errors
def tokens_list(as_json: bool) -> None:
    """All tokens, revoked ones too; never their secrets."""
    with db.transaction() as session:
        issued = [(token, account.email) for token, account in tokens.list_tokens(session)]
    table = Table("id", "account", "name", "scopes", "used", "ends", "revoked")
    for token, email in issued:
        moments = (_moment(at) or "" for at in (token.used_at, token.expires_at, token.revoked_at))
        table.add_row(str(token.id), email, token.name, ", ".join(token.scopes), *moments)
    console.print(table)
    if as_json:
        print_json({"tokens": [_token_shown(token, email) for token, email in issued]})


@tokens_group.command("revoke")
@click.argument("token_id", metavar="ID", type=click.UUID)
@json_option
@plain_errors
def tokens_revoke(token_id: UUID, as_json: bool) -> None:
    """End a token, by its ID from `tokens list`, at once.

    \b
    provider-directory tokens revoke 6f1d…
    """
    with db.transaction() as session:
        token = tokens.revoke_token(session, operator(), token_id)
    console.print(f"{token.id} is revoked.")
    if as_json:
        print_json({"id": str(token.id)})


def _change(change: Callable[[Session, Actor, str], Account], email: str, as_json: bool) -> None:
    """Change one account, and say how it stands."""
    with db.transaction() as session:
        account = change(session, operator(), email)
    console.print(f"{account.email} is {account.status}.")
    if as_json:
        print_json(_shown(account))


def _shown(account: Account) -> dict[str, Any]:
    return {
        "id": str(account.id),
        "email": account.email,
        "role": account.role,
        "lang": account.lang,
        "status": account.status,
        "second_factor": account.totp_secret is not None,
    }


def _token_shown(token: AccessToken, email: str) -> dict[str, Any]:
    return {
        "id": str(token.id),
        "email": email,
        "name": token.name,
        "scopes": token.scopes,
        "used_at": _moment(token.used_at),
        "expires_at": _moment(token.expires_at),
        "revoked_at": _moment(token.revoked_at),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
