"""Whom an OpenID Connect provider names: the account that is his here, bound to him at his first sign-in."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit
from directory.accounts.errors import SignInFailed
from directory.accounts.people import find_account
from directory.accounts.sessions import actor_of
from directory.accounts.signing_in import next_step
from directory.models import Account, AccountStatus, Awaits

# How the provider says that more than a password was asked for (RFC 8176).
_PROVED_TWICE = frozenset(("mfa", "otp", "hwk", "swk", "fpt", "face", "pop"))


def account_of(session: Session, claims: Mapping[str, Any]) -> Account:
    """The account of a person whom the provider vouches for. Raises SignInFailed.

    Once bound, an account goes by issuer and subject alone. Before that, by an address that the provider has verified;
    and no account is made: who may do what is decided here.
    """
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    account = session.scalar(select(Account).where(Account.oidc_issuer == issuer, Account.oidc_subject == subject))
    if account is None:
        account = _bind(session, claims, issuer, subject)
    if account.status != AccountStatus.active:
        raise SignInFailed
    return account


def next_step_of(account: Account, claims: Mapping[str, Any]) -> Awaits | None:
    """What is still owed: our own second factor, unless the provider says that it asked for one."""
    methods = claims.get("amr")
    if isinstance(methods, list) and _PROVED_TWICE & set(map(str, methods)):
        return None
    return next_step(account)


def _bind(session: Session, claims: Mapping[str, Any], issuer: str, subject: str) -> Account:
    if claims.get("email_verified") is not True or not claims.get("email"):
        raise SignInFailed
    known = find_account(session, str(claims["email"]))
    if known is None:
        raise SignInFailed
    account = session.scalars(select(Account).where(Account.id == known.id).with_for_update()).one()
    if account.oidc_subject is not None or account.status == AccountStatus.disabled:
        raise SignInFailed
    account.oidc_issuer, account.oidc_subject = issuer, subject
    account.status = AccountStatus.active
    told = {"issuer": issuer}
    audit.record(session, actor_of(account), "openid_bound", f"account:{account.id}", None, told)
    return account
