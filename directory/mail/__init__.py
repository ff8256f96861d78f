"""Mail: put into a queue in the transaction of what it tells about, sent later, in the reader's language."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from directory.mail.texts import check_message
from directory.models import MailMessage

__all__ = ["enqueue"]


def enqueue(session: Session, *, to: str, lang: str, message: str, values: Mapping[str, object]) -> None:
    """Queue a message in the caller's transaction. `message` is its name in the catalogue, `values` fill in its text.

    Raises UnknownMessage: a message that nobody wrote fails with the change, not afterwards.
    """
    check_message(message)
    session.add(MailMessage(recipient=to, lang=lang, message=message, values=dict(values)))
