"""Requests that may come again: with the same Idempotency-Key the first answer comes again, and nothing is done twice.

The key is taken in the transaction of the change. Of two that come at once, the second waits for the first to commit
and finds its answer; where the first failed, nothing of it is kept, and the second is done.
"""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from directory.errors import IdempotencyKeyReused
from directory.models import RepeatableRequest

# Longer than anybody goes on trying; then the answer, which may hold words of people, is forgotten.
KEPT = "2 days"
# So many old ones go with each new one: the table never grows old, and no request pays for all.
_FORGOTTEN_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    body: bytes


def digest_of(*said: bytes) -> bytes:
    """What tells one request from another: its method, its address, its body."""
    return hashlib.sha256(b"\0".join(hashlib.sha256(each).digest() for each in said)).digest()


def earlier_answer(session: Session, account_id: UUID, key: str, digest: bytes) -> Answer | None:
    """The answer that this account got under this key; None where this is the first, which now holds the key.

    Raises IdempotencyKeyReused where the key came with another request.
    """
    _forget_old(session)
    take = insert(RepeatableRequest).values(account_id=account_id, key=key, digest=digest).on_conflict_do_nothing()
    if session.scalar(take.returning(RepeatableRequest.key)) is not None:
        return None
    of_key = (RepeatableRequest.account_id == account_id, RepeatableRequest.key == key)
    earlier = session.execute(
        select(RepeatableRequest.digest, RepeatableRequest.status, RepeatableRequest.answer).where(*of_key)
    ).one()
    if earlier.digest != digest or earlier.status is None:
        raise IdempotencyKeyReused("This Idempotency-Key came before, with another request.")
    return Answer(earlier.status, earlier.answer or b"")


def keep_answer(session: Session, account_id: UUID, key: str, answer: Answer) -> None:
    """Keep what is answered, in the transaction of what was done."""
    of_key = (RepeatableRequest.account_id == account_id, RepeatableRequest.key == key)
    session.execute(update(RepeatableRequest).where(*of_key).values(status=answer.status, answer=answer.body))


def _forget_old(session: Session) -> None:
    old = (
        select(RepeatableRequest.account_id, RepeatableRequest.key)
        .where(RepeatableRequest.at < func.now() - text(f"interval '{KEPT}'"))
        .limit(_FORGOTTEN_AT_ONCE)
        .with_for_update(skip_locked=True)
        .subquery()
    )
    mine = (RepeatableRequest.account_id == old.c.account_id) & (RepeatableRequest.key == old.c.key)
    session.execute(delete(RepeatableRequest).where(mine).execution_options(synchronize_session=False))
