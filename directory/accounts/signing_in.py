"""Signing in: with a password, then with a code where the role needs one. Failures say nothing, and take as long."""

import hashlib
import hmac
import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import get_settings
from directory import audit
from directory.accounts import authenticator
from directory.accounts.errors import SignInFailed
from directory.accounts.passwords import check_new_password, hash_password, is_outdated, is_password
from directory.accounts.people import find_account
from directory.accounts.sessions import SignedIn, actor_of, revoke_other_sessions
from directory.admission.limits import Limit
from directory.models import Account, AccountStatus, Awaits, Role

# What a person needs who has forgotten which of her passwords it was; a guesser gets a thousand in a fortnight.
PER_ACCOUNT = Limit("sign-in", 10, 900)
PER_ADDRESS = Limit("sign-in-address", 60, 900)
CODES_PER_ACCOUNT = Limit("sign-in-code", 10, 900)
RESETS_PER_ACCOUNT = Limit("reset", 3, 1800)
RESETS_PER_ADDRESS = Limit("reset-address", 20, 1800)

# Who can change agreements, or read what others brought to a desk, proves it twice.
NEED_SECOND_FACTOR = frozenset(Role) - {Role.hr}


def attempts_of(email: str) -> str:
    """The name under which attempts on an address are counted: the same for one that no account has."""
    normal = email.strip().lower()[:300].encode()
    return hmac.new(get_settings().secret_key.encode(), b"attempts " + normal, hashlib.sha256).hexdigest()[:32]


def check_password(session: Session, email: str, password: str) -> Account:
    """The account that this address and password open. Raises SignInFailed, after the same time for any reason."""
    account = find_account(session, email)
    right = is_password(account.password_hash if account else None, password)
    if not right or account is None or account.status != AccountStatus.active or account.password_hash is None:
        raise SignInFailed
    if is_outdated(account.password_hash):
        account.password_hash = hash_password(password)
    return account


def next_step(account: Account) -> Awaits | None:
    """What a session of this account waits for, once the password was right."""
    if account.totp_secret:
        return Awaits.code
    return Awaits.authenticator if Role(account.role) in NEED_SECOND_FACTOR else None


def check_code(session: Session, signed_in: SignedIn, code: str, moment_s: float | None = None) -> Account:
    """The account whose authenticator shows this code; the code is used up. Raises SignInFailed."""
    account = lock_account(session, signed_in)
    secret = account.totp_secret
    step = secret and authenticator.find_step(secret, code, moment_s or time.time(), account.totp_step)
    if not step:
        raise SignInFailed
    account.totp_step = step
    return account


def set_authenticator(
    session: Session, signed_in: SignedIn, secret: str, code: str, moment_s: float | None = None
) -> Account:
    """Keep a new authenticator, once it has shown that it works. Raises SignInFailed.

    An account that has one needs no other: a session that only knows the password must not replace it.
    """
    account = lock_account(session, signed_in)
    step = authenticator.find_step(secret, code, moment_s or time.time(), None)
    if account.totp_secret or not step:
        raise SignInFailed
    account.totp_secret, account.totp_step = secret, step
    audit.record(session, actor_of(account), "authenticator_set", f"account:{account.id}", None, None)
    return account


def change_password(session: Session, signed_in: SignedIn, old: str, new: str) -> None:
    """Another password; all other sessions end. Raises SignInFailed where the old one is not right, PasswordNotGood."""
    account = lock_account(session, signed_in)
    if not is_password(account.password_hash, old):
        raise SignInFailed
    check_new_password(new, account.email)
    account.password_hash = hash_password(new)
    revoke_other_sessions(session, account.id, but=signed_in.session_id)
    audit.record(session, actor_of(account), "password_set", f"account:{account.id}", None, None)


def lock_account(session: Session, signed_in: SignedIn) -> Account:
    """The account of a session, locked until the transaction ends."""
    return session.scalars(select(Account).where(Account.id == signed_in.actor.account_id).with_for_update()).one()
