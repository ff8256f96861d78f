"""Sessions: kept by the server, ended by it, by their owner, by time, and by standing idle."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.orm import Session

from config.settings import get_settings
from directory.accounts.secret import hash_secret, make_secret
from directory.actors import Actor, Role
from directory.models import Account, AccountSession, AccountStatus, Awaits, Client

# How often it is written down that a session is in use: not at each of its requests.
_NOTE_EVERY = dt.timedelta(seconds=60)
_LONGEST_AGENT = 200
# One that waits for a code waits a short time.
_AWAITING = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that is good now: whose, and what it still waits for."""

    session_id: UUID
    actor: Actor
    awaits: Awaits | None
    email: str


def start_session(session: Session, account: Account, *, awaits: Awaits | None, agent: str = "") -> str:
    """A new session; returns its secret, which is for the cookie and is kept nowhere."""
    secret, hashed = make_secret()
    longest = _AWAITING if awaits else dt.timedelta(hours=get_settings().session_hours)
    session.add(
        AccountSession(
            account_id=account.id,
            secret_hash=hashed,
            awaits=awaits,
            agent=agent[:_LONGEST_AGENT],
            expires_at=func.now() + longest,
        )
    )
    session.flush()
    return secret


def find_session(session: Session, secret: str, now: dt.datetime | None = None) -> SignedIn | None:
    """Who signed in with this secret, if it is still good; notes that it is in use. `now` is for tests."""
    moment = now or dt.datetime.now(dt.UTC)
    row = session.execute(
        select(AccountSession, Account)
        .join(Account, Account.id == AccountSession.account_id)
        .where(AccountSession.secret_hash == hash_secret(secret), _good(moment), Account.status == AccountStatus.active)
    ).first()
    if row is None:
        return None
    account_session, account = row
    if moment - account_session.seen_at > _NOTE_EVERY:
        session.execute(update(AccountSession).where(AccountSession.id == account_session.id).values(seen_at=moment))
    awaits = Awaits(account_session.awaits) if account_session.awaits else None
    return SignedIn(account_session.id, actor_of(account), awaits, account.email)


def end_session(session: Session, secret: str) -> None:
    """Sign out. Nothing happens where there is no such session."""
    session.execute(
        update(AccountSession)
        .where(AccountSession.secret_hash == hash_secret(secret), AccountSession.ended_at.is_(None))
        .values(ended_at=func.now())
    )


def revoke_session(session: Session, account_id: UUID, session_id: UUID) -> bool:
    """End one of an account's own sessions; False where it has no such open one."""
    ended = session.execute(
        update(AccountSession)
        .where(
            AccountSession.id == session_id,
            AccountSession.account_id == account_id,
            AccountSession.ended_at.is_(None),
        )
        .values(ended_at=func.now())
        .returning(AccountSession.id)
    )
    return ended.first() is not None


def revoke_other_sessions(session: Session, account_id: UUID, but: UUID) -> None:
    """End all sessions of an account but one."""
    session.execute(
        update(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.id != but, AccountSession.ended_at.is_(None))
        .values(ended_at=func.now())
    )


def list_sessions(session: Session, account_id: UUID) -> list[AccountSession]:
    """The sessions of an account that are good now, the latest first."""
    sessions = session.scalars(
        select(AccountSession)
        .where(AccountSession.account_id == account_id, _good(dt.datetime.now(dt.UTC)))
        .order_by(AccountSession.seen_at.desc())
    )
    return list(sessions)


def remove_old_sessions(session: Session) -> None:
    """Forget what ended a month ago."""
    session.execute(
        text("DELETE FROM account_session WHERE coalesce(ended_at, expires_at) < now() - interval '30 days'")
    )
    session.execute(text("DELETE FROM one_time_link WHERE expires_at < now() - interval '30 days'"))


def actor_of(account: Account) -> Actor:
    """On whose behalf things are done by this account."""
    return Actor(
        account_id=account.id,
        role=Role(account.role),
        client_id=account.client_id,
        # No address: an actor's name is shown to others, and kept in the audit.
        name=account.display_name or account.email.partition("@")[0],
        lang=account.lang,
    )


def client_name(session: Session, client_id: int | None) -> str | None:
    """What an officer's organisation is called."""
    return session.scalar(select(Client.name).where(Client.id == client_id)) if client_id is not None else None


def _good(moment: dt.datetime) -> ColumnElement[bool]:
    idle = dt.timedelta(minutes=get_settings().session_idle_minutes)
    return (
        AccountSession.ended_at.is_(None)
        & (AccountSession.expires_at > moment)
        & (AccountSession.seen_at > moment - idle)
    )
