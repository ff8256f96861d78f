"""Codes for the day on which an authenticator is lost: ten, shown once, each taken once in the place of a code.

They have 80 bits of chance, so their plain hash is enough (secret.py). New ones end the old ones.
"""

import base64
import secrets

from sqlalchemy.orm import Session

from directory import audit
from directory.accounts.errors import SignInFailed
from directory.accounts.passwords import is_password
from directory.accounts.secret import hash_secret
from directory.accounts.sessions import SignedIn, actor_of
from directory.accounts.signing_in import check_code, lock_account
from directory.models import Account

HOW_MANY = 10
_BYTES = 10


def make_codes(session: Session, signed_in: SignedIn, password: str) -> list[str]:
    """New codes in groups of four letters, for who has an authenticator. Raises SignInFailed for a wrong password."""
    account = lock_account(session, signed_in)
    if not account.totp_secret or not is_password(account.password_hash, password):
        raise SignInFailed
    codes = [base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower() for _ in range(HOW_MANY)]
    account.recovery_hashes = [hash_secret(code) for code in codes]
    audit.record(session, actor_of(account), "recovery_codes_made", f"account:{account.id}", None, None)
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]


def check_second_factor(session: Session, signed_in: SignedIn, typed: str) -> Account:
    """The account, where its authenticator shows this code or it is one of these. Raises SignInFailed."""
    account = lock_account(session, signed_in)
    return account if _take(session, account, typed) else check_code(session, signed_in, typed)


def _take(session: Session, account: Account, typed: str) -> bool:
    hashed = hash_secret("".join(filter(str.isalnum, typed[:100].lower())))
    if hashed not in account.recovery_hashes:
        return False
    account.recovery_hashes = [each for each in account.recovery_hashes if each != hashed]
    audit.record(session, actor_of(account), "recovery_code_used", f"account:{account.id}", None, None)
    return True
