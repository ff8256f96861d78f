"""Bearer tokens: for machines that act for an account, within scopes; shown once, kept as hashes, revocable."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from directory import audit
from directory.accounts.errors import NoSuchToken, UnknownScope
from directory.accounts.secret import TOKEN_PREFIX, hash_secret, make_secret
from directory.accounts.sessions import actor_of
from directory.actors import Actor, Role
from directory.errors import Fault, InvalidRequest
from directory.models import AccessToken, Account, AccountStatus

# What a token can be for: to read, and to change. Who it acts for still needs the role.
SCOPES_OF: dict[Role, tuple[str, ...]] = {
    Role.hr: ("proposals:read", "proposals:write"),
    Role.network: (
        "proposals:read",
        "proposals:write",
        "listings:read",
        "listings:write",
        "imports:read",
        "imports:write",
    ),
}
SCOPES_OF[Role.admin] = SCOPES_OF[Role.network]
# What customer service works on the network team may too, where a card was refused; an admin reads none of it.
SCOPES_OF[Role.care] = ("care:read", "care:write")
SCOPES_OF[Role.network] += SCOPES_OF[Role.care]
# Nothing of what these desks read goes to a program yet.
SCOPES_OF |= dict.fromkeys((Role.medical, Role.complaints), ())
LONGEST_NAME = 100
_NOTE_EVERY = dt.timedelta(minutes=5)


def add_token(
    session: Session,
    actor: Actor,
    account: Account,
    *,
    scopes: Sequence[str] = (),
    name: str = "",
    days: int | None = None,
) -> tuple[str, AccessToken]:
    """A new token and its row; the token itself is told here and never again. Without `scopes`: all its role may have.

    Raises UnknownScope, InvalidRequest.
    """
    named = " ".join(name.split())
    if len(named) > LONGEST_NAME:
        raise InvalidRequest(Fault("/name", f"At most {LONGEST_NAME} characters.", most=LONGEST_NAME))
    possible = SCOPES_OF[Role(account.role)]
    if not possible:
        raise UnknownScope(f"There is no scope for an account of the role {account.role}, and so no token.")
    if unknown := sorted(set(scopes) - set(possible)):
        raise UnknownScope(f"No scope of this account: {', '.join(unknown)}. It may have {', '.join(possible)}.")
    text, hashed = make_secret(TOKEN_PREFIX)
    token = AccessToken(
        account_id=account.id,
        name=named,
        secret_hash=hashed,
        scopes=sorted(set(scopes or possible)),
        expires_at=None if days is None else func.now() + dt.timedelta(days=days),
    )
    session.add(token)
    session.flush()
    told = {"account": str(account.id), "scopes": list(token.scopes), "days": days}
    audit.record(session, actor, "token_added", f"token:{token.id}", None, told)
    return text, token


def find_token(session: Session, text: str) -> Actor | None:
    """On whose behalf the bearer of this token acts; None where it is not good."""
    row = session.execute(
        select(AccessToken, Account)
        .join(Account, Account.id == AccessToken.account_id)
        .where(
            AccessToken.secret_hash == hash_secret(text),
            AccessToken.revoked_at.is_(None),
            or_(AccessToken.expires_at.is_(None), AccessToken.expires_at > func.now()),
            Account.status != AccountStatus.disabled,
        )
    ).first()
    if row is None:
        return None
    token, account = row
    if token.used_at is None or dt.datetime.now(dt.UTC) - token.used_at > _NOTE_EVERY:
        session.execute(update(AccessToken).where(AccessToken.id == token.id).values(used_at=func.now()))
    return replace(actor_of(account), scopes=frozenset(token.scopes))


def list_tokens(session: Session, account_id: UUID | None = None) -> list[tuple[AccessToken, Account]]:
    """Tokens, of one account or of all, the latest first; revoked ones too."""
    query = select(AccessToken, Account).join(Account, Account.id == AccessToken.account_id)
    if account_id is not None:
        query = query.where(AccessToken.account_id == account_id)
    return [(token, account) for token, account in session.execute(query.order_by(AccessToken.created_at.desc()))]


def revoke_token(session: Session, actor: Actor, token_id: UUID, account_id: UUID | None = None) -> AccessToken:
    """End a token at once; with `account_id`, one of that account only. Raises NoSuchToken."""
    token = session.scalar(select(AccessToken).where(AccessToken.id == token_id).with_for_update())
    if token is None or account_id not in (None, token.account_id):
        raise NoSuchToken(f"There is no token {token_id}.")
    if token.revoked_at is None:
        token.revoked_at = func.now()
        session.flush()
        session.refresh(token)
        audit.record(session, actor, "token_revoked", f"token:{token.id}", None, None)
    return token
