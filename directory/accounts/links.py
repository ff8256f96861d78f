"""One-time links: an invitation, good for a week, or a way back in after a forgotten password, for half an hour."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config.settings import get_settings
from directory import audit
from directory.accounts.errors import LinkNotGood
from directory.accounts.passwords import check_new_password, hash_password
from directory.accounts.people import end_ways_in, shown
from directory.accounts.secret import hash_secret, make_secret
from directory.accounts.sessions import actor_of
from directory.models import Account, AccountStatus, OneTimeLink, Purpose

# Who is invited may be in the field for days; a way back into an account is short.
GOOD_FOR = {Purpose.invitation: dt.timedelta(days=7), Purpose.reset: dt.timedelta(minutes=30)}
# Where the pages take a link. It must work without scripts, so its secret is in the address: no log of ours holds
# addresses, and no other site is sent a referrer.
PATH = "/welcome"


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What a good link is for."""

    purpose: Purpose
    email: str
    lang: str


def make_link(session: Session, account: Account, purpose: Purpose) -> str:
    """A new link as an address, by the service's own public address: no header of a request has a say in it."""
    secret, hashed = make_secret()
    expires_at = func.now() + GOOD_FOR[purpose]
    session.add(OneTimeLink(account_id=account.id, purpose=purpose.value, secret_hash=hashed, expires_at=expires_at))
    session.flush()
    return f"{get_settings().public_address}{PATH}?{urlencode({'link': secret})}"


def read_link(session: Session, secret: str) -> LinkFacts:
    """What a link is for, without using it: programs that look into mails before their readers do no harm.

    Raises LinkNotGood.
    """
    link, account = _find(session, secret, lock=False)
    return LinkFacts(Purpose(link.purpose), account.email, account.lang)


def use_link(session: Session, secret: str, password: str) -> Account:
    """Set the password that comes with a link. The link, all others of the account, and all its sessions end.

    Raises LinkNotGood, PasswordNotGood; the latter leaves the link as it was.
    """
    link, account = _find(session, secret, lock=True)
    check_new_password(password, account.email)
    before = shown(account)
    account.password_hash = hash_password(password)
    account.status = AccountStatus.active
    session.execute(update(OneTimeLink).where(OneTimeLink.id == link.id).values(used_at=func.now()))
    end_ways_in(session, account)
    audit.record(session, actor_of(account), "password_set", f"account:{account.id}", before, shown(account))
    return account


def _find(session: Session, secret: str, *, lock: bool) -> tuple[OneTimeLink, Account]:
    query = (
        select(OneTimeLink, Account)
        .join(Account, Account.id == OneTimeLink.account_id)
        .where(
            OneTimeLink.secret_hash == hash_secret(secret),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > func.now(),
            Account.status != AccountStatus.disabled,
        )
    )
    row = session.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise LinkNotGood("This link was used already, or is too old.")
    return row[0], row[1]
