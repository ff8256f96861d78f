"""Requests that may come again: under the same key nothing is done twice, and the first answer comes again.

One room for all who send: accounts, people without one, and forms of our pages, whose key is a hidden field. There are
three steps, of which only the first holds anything:

1. In the transaction of the change the key is taken, with what the change made (`do_once`). Of two requests that come
   at once, the second waits there for the first to commit and finds what it made; where the first failed, nothing of it
   is kept, and the second is done.
2. After the commit the answer is made from what there is.
3. The first answer to be ready is kept, and is everybody's (`keep_answer`). Who comes again before it is kept, because
   the process of the first died or is slow, makes it from what the first made. What somebody without an account is told
   may hold a secret link, of which only the hash is kept anywhere: such an answer is made anew each time.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from directory.errors import IdempotencyKeyReused
from directory.models import RepeatableRequest

# Longer than anybody goes on trying; then the answer, which may hold words of people, is forgotten.
KEPT = "2 days"
# So many old ones go with each new one: the table never grows old, and no request pays for all.
_FORGOTTEN_AT_ONCE = 50
# Who has no account is told apart by the key alone.
_ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Sending:
    """One request that may come again: whose, under which key, and what tells it from another."""

    sender: str
    key: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """What a request made or changed, by its id; and what was answered, None where nobody was answered yet."""

    made: str
    answer: Answer | None = None


def sending(account_id: UUID | None, key: str, *parts: bytes) -> Sending:
    """A request with its key: of an account, or of somebody who has none. `parts`: its address and what it says."""
    digest = hashlib.sha256(b"\0".join(hashlib.sha256(each).digest() for each in parts)).digest()
    return Sending(str(account_id) if account_id else _ANYONE, key, digest)


def do_once(session: Session, sent: Sending | None, work: Callable[[], object]) -> Done:
    """Do the work, which gives the id of what it made, unless it was done before; without a key it is done.

    Raises IdempotencyKeyReused where the key came with another request.
    """
    if sent is None:
        return Done(str(work()))
    _forget_old(session)
    values = {"sender": sent.sender, "key": sent.key, "digest": sent.digest, "made": ""}
    take = insert(RepeatableRequest).values(values).on_conflict_do_nothing().returning(RepeatableRequest.key)
    if session.scalar(take) is None:
        return _find(session, sent)
    made = str(work())
    session.execute(update(RepeatableRequest).where(*_of(sent)).values(made=made))
    return Done(made)


def keep_answer(session: Session, sent: Sending, answer: Answer) -> Answer:
    """Keep what will be answered, unless another one was ready before; gives the one that counts."""
    if sent.sender == _ANYONE:
        return answer
    unanswered = update(RepeatableRequest).where(*_of(sent), RepeatableRequest.status.is_(None))
    session.execute(unanswered.values(status=answer.status, answer=answer.body))
    return _find(session, sent).answer or answer


def _find(session: Session, sent: Sending) -> Done:
    request = session.scalars(select(RepeatableRequest).where(*_of(sent))).one()
    if request.digest != sent.digest:
        raise IdempotencyKeyReused("This Idempotency-Key came before, with another request.")
    return Done(request.made, None if request.status is None else Answer(request.status, request.answer or b""))


def _of(sent: Sending) -> tuple[ColumnElement[bool], ...]:
    return RepeatableRequest.sender == sent.sender, RepeatableRequest.key == sent.key


def _forget_old(session: Session) -> None:
    which = tuple_(RepeatableRequest.sender, RepeatableRequest.key)
    old = (
        select(RepeatableRequest.sender, RepeatableRequest.key)
        .where(RepeatableRequest.at < func.now() - text(f"interval '{KEPT}'"))
        .limit(_FORGOTTEN_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(RepeatableRequest).where(which.in_(old)).execution_options(synchronize_session=False))
