"""Mail: put into a queue in the transaction of what it tells about, sent later, in the reader's language.

News for somebody outside wait for ten minutes, so that who undoes a step recalls what would have told of it; further
news of the same case for the same reader go along in one mail. A success of four steps once sent eight mails, two of
them six seconds apart.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from directory.mail.texts import check_message
from directory.models import MailMessage

__all__ = ["GROUPED_WITHIN", "WAIT", "enqueue", "enqueue_news", "recall"]

WAIT = dt.timedelta(minutes=10)
# However much comes after it, the first news wait no longer.
GROUPED_WITHIN = dt.timedelta(minutes=15)


def enqueue(session: Session, *, to: str, lang: str, message: str, values: Mapping[str, object]) -> None:
    """Queue a message in the caller's transaction. `message` is its name in the catalogue, `values` fill in its text.

    Raises UnknownMessage: a message that nobody wrote fails with the change, not afterwards.
    """
    check_message(message)
    session.add(MailMessage(recipient=to, lang=lang, message=message, values=dict(values)))


def enqueue_news(
    session: Session,
    *,
    to: str,
    lang: str,
    message: str,
    values: Mapping[str, object],
    about: UUID,
    whole: bool = False,
) -> None:
    """Queue news of a case for somebody outside: they wait, and go with others of the same case and reader.

    `whole`: they wait the whole time, as news of an end do, whatever waits for longer. Raises UnknownMessage.
    """
    check_message(message)
    now: dt.datetime = session.execute(select(func.now())).scalar_one()
    waiting = _waiting(session, to, about)
    latest = min((each.created_at for each in waiting), default=now) + GROUPED_WITHIN
    due = now + WAIT if whole else min(now + WAIT, latest)
    for each in waiting:
        each.due_at = max(each.due_at, min(due, latest))
    session.add(MailMessage(recipient=to, lang=lang, message=message, values=dict(values), about=about, due_at=due))


def recall(session: Session, about: UUID, messages: Collection[str]) -> set[str]:
    """Take back what waits of these messages about a case; gives the addresses that will hear nothing of it.

    What is being sent at this moment is waited for, and no longer taken back.
    """
    taken = (
        delete(MailMessage)
        .where(MailMessage.about == about, MailMessage.message.in_(messages))
        .where(MailMessage.sent_at.is_(None), MailMessage.given_up_at.is_(None))
        .returning(MailMessage.recipient)
    )
    return set(session.scalars(taken))


def _waiting(session: Session, to: str, about: UUID) -> Sequence[MailMessage]:
    waiting = (
        select(MailMessage)
        .where(MailMessage.about == about, MailMessage.recipient == to)
        .where(MailMessage.sent_at.is_(None), MailMessage.given_up_at.is_(None), MailMessage.attempts == 0)
        .order_by(MailMessage.id)
        .with_for_update()
    )
    return session.scalars(waiting).all()
