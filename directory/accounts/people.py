"""Accounts themselves: added, listed, changed, disabled. Every change is in the audit."""

import re
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from directory import audit
from directory.accounts.errors import AccountExists, InvalidAccount, NoSuchAccount
from directory.actors import Actor
from directory.models import Account, AccountSession, AccountStatus, Client, OneTimeLink, Role

_EMAIL = re.compile(r"[^@\s\x00-\x1f<>\"(),:;\\\[\]]{1,64}@[^@\s\x00-\x1f<>\"(),:;\\\[\]]{1,190}\.[^@\s.]{2,60}")
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def normal_email(words: str) -> str:
    """An address as accounts have it: without blanks around, in lower case. Raises InvalidAccount."""
    email = words.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise InvalidAccount("That is no e-mail address.")
    return email


def find_account(session: Session, email: str) -> Account | None:
    """The account of an address, however it is written."""
    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def get_account(session: Session, email: str) -> Account:
    """The account of an address, locked. Raises NoSuchAccount."""
    account = session.scalar(select(Account).where(Account.email == email.strip().lower()).with_for_update())
    if account is None:
        raise NoSuchAccount(f"No account has the address {email}.")
    return account


def add_account(
    session: Session,
    actor: Actor,
    email: str,
    role: Role,
    *,
    client_code: str | None = None,
    client_name: str | None = None,
    lang: str = "en",
    name: str = "",
) -> Account:
    """A new account, invited: it becomes active with its first password, or its first sign-in elsewhere.

    An HR officer's client is made where there is none with that code. Raises AccountExists, InvalidAccount.
    """
    if (role is Role.hr) != (client_code is not None):
        raise InvalidAccount("An hr account belongs to a client (--client); the others belong to none.")
    client = None if client_code is None else ensure_client(session, client_code, client_name)
    values = {
        "email": normal_email(email),
        "role": role.value,
        "client_id": client and client.id,
        "lang": lang,
        "display_name": " ".join(name.split())[:100],
    }
    made: Account | None = session.scalar(
        insert(Account).values(values).on_conflict_do_nothing(index_elements=["email"]).returning(Account)
    )
    if made is None:
        raise AccountExists(f"There is an account with the address {values['email']} already.")
    audit.record(session, actor, "account_added", f"account:{made.id}", None, shown(made))
    return made


def ensure_client(session: Session, code: str, name: str | None) -> Client:
    """The client with this code, made where there is none. Raises InvalidAccount."""
    if not _CODE.fullmatch(code):
        raise InvalidAccount("A client's code has small letters, digits, - and _ only.")
    named = (name or "").strip()
    session.execute(
        insert(Client).values(code=code, name=named or code).on_conflict_do_nothing(index_elements=["code"])
    )
    client = session.scalars(select(Client).where(Client.code == code)).one()
    if named and client.name != named:
        raise InvalidAccount(f"The client {code} is called {client.name}.")
    return client


def list_accounts(session: Session) -> list[tuple[Account, Client | None]]:
    """All accounts with their clients, by address."""
    rows = session.execute(select(Account, Client).outerjoin(Client).order_by(Account.email))
    return [(account, client) for account, client in rows]


def disable_account(session: Session, actor: Actor, email: str) -> Account:
    """Nobody signs in with it any more, at once: its sessions end, its links and tokens open nothing."""
    account = get_account(session, email)
    return _set_status(session, actor, account, AccountStatus.disabled)


def enable_account(session: Session, actor: Actor, email: str) -> Account:
    """A disabled account may be used again; one that never had a way to sign in is invited again."""
    account = get_account(session, email)
    knows_way = account.password_hash or account.oidc_subject
    return _set_status(session, actor, account, AccountStatus.active if knows_way else AccountStatus.invited)


def _set_status(session: Session, actor: Actor, account: Account, status: AccountStatus) -> Account:
    if account.status == status or (status is not AccountStatus.disabled and account.status != AccountStatus.disabled):
        return account
    before = {"status": account.status}
    account.status = status
    end_ways_in(session, account)
    audit.record(session, actor, f"account_{status}", f"account:{account.id}", before, {"status": status.value})
    return account


def forget_authenticator(session: Session, actor: Actor, email: str) -> Account:
    """A lost authenticator: the next sign-in sets up another one."""
    account = get_account(session, email)
    account.totp_secret = account.totp_step = None
    account.recovery_hashes = []
    end_ways_in(session, account)
    audit.record(session, actor, "authenticator_removed", f"account:{account.id}", None, None)
    return account


def end_ways_in(session: Session, account: Account) -> None:
    """End every session and every open link of an account."""
    session.execute(
        update(AccountSession)
        .where(AccountSession.account_id == account.id, AccountSession.ended_at.is_(None))
        .values(ended_at=func.now())
    )
    session.execute(delete(OneTimeLink).where(OneTimeLink.account_id == account.id, OneTimeLink.used_at.is_(None)))


def set_language(session: Session, account_id: Any, lang: str) -> None:
    """The language of pages and e-mails of an account; a word about taste, not in the audit."""
    session.execute(update(Account).where(Account.id == account_id).values(lang=lang))


def shown(account: Account) -> dict[str, Any]:
    """What the audit keeps of an account: nothing secret, and the person by id only."""
    return {"role": account.role, "client_id": account.client_id, "status": account.status}
