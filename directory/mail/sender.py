"""Sends what is in the queue: one message after the other, each until it is accepted, or given up after three days."""

import datetime as dt
import logging
import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from config.settings import get_settings
from directory.errors import DirectoryError
from directory.mail.texts import UnknownMessage, Written, join, write
from directory.models import MailMessage

log = logging.getLogger(__name__)

FIRST_WAIT = dt.timedelta(seconds=15)
LONGEST_WAIT = dt.timedelta(hours=2)
GIVE_UP_AFTER = dt.timedelta(days=3)
_PATIENCE_S = 20.0

# Adds to a message's values what is made as it is sent, such as a one-time link; None: there is nothing to send.
Completion = Callable[[Session, MailMessage], Mapping[str, object] | None]


class NoMailServer(DirectoryError):
    """SMTP_URL is not set."""


@dataclass(slots=True)
class Sent:
    """What came of one round."""

    sent: int = 0
    dropped: int = 0
    postponed: int = 0
    given_up: int = 0


def send_due(
    engine: Engine, completions: Mapping[str, Completion], now: dt.datetime | None = None, *, limit: int = 100
) -> Sent:
    """Send up to `limit` messages that are due at `now`. Several processes may do so at once: none sends another's.

    A message is accepted by the server before that is written down: after a crash between the two it goes again, with
    the same Message-ID. Raises NoMailServer.
    """
    url = get_settings().smtp_url
    if not url:
        raise NoMailServer("SMTP_URL is not set: there is no server to send mail with.")
    done = Sent()
    moment = now or dt.datetime.now(dt.UTC)
    server: smtplib.SMTP | None = None
    try:
        for _ in range(limit):
            with Session(engine, expire_on_commit=False) as session, session.begin():
                messages = _take(session, moment)
                if not messages:
                    break
                try:
                    written = _write(session, messages, completions)
                    if written:
                        server = _check(server) or _connect(url)
                        server.send_message(written)
                except (OSError, smtplib.SMTPException, UnknownMessage, KeyError, ValueError) as error:
                    _close(server)
                    server = None
                    _postpone(messages, error, moment, done)
                else:
                    _finish(messages, moment)
                    done.sent += written is not None
                    done.dropped += written is None
    finally:
        _close(server)
    return done


def _take(session: Session, moment: dt.datetime) -> Sequence[MailMessage]:
    """The message that is due first, and what is due of the same news for the same reader, the oldest first."""
    due = (
        select(MailMessage)
        .where(MailMessage.sent_at.is_(None), MailMessage.given_up_at.is_(None), MailMessage.due_at <= moment)
        .with_for_update(skip_locked=True)
    )
    first = session.scalar(due.order_by(MailMessage.due_at, MailMessage.id).limit(1))
    if first is None or first.about is None:
        return [first] if first else []
    same = (MailMessage.about == first.about, MailMessage.recipient == first.recipient, MailMessage.lang == first.lang)
    return session.scalars(due.where(*same).order_by(MailMessage.id)).all()


def _write(
    session: Session, messages: Sequence[MailMessage], completions: Mapping[str, Completion]
) -> EmailMessage | None:
    texts = [text for message in messages if (text := _text(session, message, completions))]
    return _mail(messages[-1], join(texts) if len(texts) > 1 else texts[0]) if texts else None


def _text(session: Session, message: MailMessage, completions: Mapping[str, Completion]) -> Written | None:
    values: Mapping[str, object] = message.values
    if completion := completions.get(message.message):
        more = completion(session, message)
        if more is None:
            return None
        values = {**values, **more}
    return write(message.message, message.lang, {"address": get_settings().public_address, **values})


def _mail(message: MailMessage, text: Written) -> EmailMessage:
    mail = EmailMessage()
    name, sender = parseaddr(get_settings().mail_from)
    mail["From"] = formataddr((name, sender))
    mail["To"] = message.recipient
    mail["Subject"] = text.subject
    mail["Date"] = format_datetime(message.created_at)
    domain = sender.rpartition("@")[2] or "localhost"
    mail["Message-ID"] = f"<{message.id}.{message.created_at.timestamp():.0f}@{domain}>"
    # No out-of-office reply answers it (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text.body)
    mail["Content-Language"] = message.lang
    return mail


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port
    secure = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port or 465, timeout=_PATIENCE_S, context=secure)
    else:
        server = smtplib.SMTP(host, port or (587 if parts.scheme == "smtp+starttls" else 25), timeout=_PATIENCE_S)
        if parts.scheme == "smtp+starttls":
            server.starttls(context=secure)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _check(server: smtplib.SMTP | None) -> smtplib.SMTP | None:
    """The connection, if it is still one."""
    if server is None:
        return None
    with suppress(OSError, smtplib.SMTPException):
        if server.noop()[0] == 250:
            return server
    _close(server)
    return None


def _close(server: smtplib.SMTP | None) -> None:
    if server:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _finish(messages: Sequence[MailMessage], moment: dt.datetime) -> None:
    for message in messages:
        message.attempts += 1
        message.sent_at, message.error = moment, None
        # What it said is in its reader's hands now; a copy here could only leak.
        message.values = {}


def _postpone(messages: Sequence[MailMessage], error: Exception, moment: dt.datetime, done: Sent) -> None:
    for message in messages:
        _postpone_one(message, error, moment, done)


def _postpone_one(message: MailMessage, error: Exception, moment: dt.datetime, done: Sent) -> None:
    """Later again, twice as late each time; never again where the server says so, or after three days."""
    message.attempts += 1
    # The kind only: servers like to quote addresses.
    message.error = type(error).__name__
    refused = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        500 <= code < 600 for code, _ in error.recipients.values()
    )
    if refused or moment - message.created_at > GIVE_UP_AFTER:
        message.given_up_at, message.values = moment, {}
        done.given_up += 1
        log.error("mail %d (%s) is given up: %s", message.id, message.message, message.error)
        return
    message.due_at = moment + min(FIRST_WAIT * 2 ** min(message.attempts - 1, 20), LONGEST_WAIT)
    done.postponed += 1
    log.warning("mail %d (%s) waits: %s", message.id, message.message, message.error)


def remove_old_messages(session: Session, now: dt.datetime) -> None:
    """Forget what was sent or given up a month ago."""
    ended = func.coalesce(MailMessage.sent_at, MailMessage.given_up_at)
    session.execute(delete(MailMessage).where(ended < now - dt.timedelta(days=30)))
