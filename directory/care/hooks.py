"""Telling a program elsewhere, such as a dialler, that somebody wishes to be called: signed, retried, kept nowhere.

What is sent, and how it is signed, follows Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`,
which is HMAC-SHA256 of the three parts `id.timestamp.body` under the shared secret.
"""

import datetime as dt
import hashlib
import hmac
import logging
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from uuid import UUID

import orjson
import requests
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.settings import get_settings
from directory.cases import vault
from directory.cases.vault import VaultClosed
from directory.mail.sender import Sent
from directory.models import Call, HookMessage

log = logging.getLogger(__name__)

FIRST_WAIT = dt.timedelta(seconds=5)
LONGEST_WAIT = dt.timedelta(minutes=10)
# Nobody waits longer for a call.
GIVE_UP_AFTER = dt.timedelta(hours=2)
_PATIENCE_S = (3.05, 10)


class HookRefused(Exception):
    """The other side did not take it."""


def enqueue(session: Session, event: str, case_id: UUID) -> None:
    """Tell of something, in the caller's transaction; nothing where nobody is to be told."""
    if get_settings().call_webhook_url:
        session.add(HookMessage(event=event, case_id=case_id))


def send_due(engine: Engine, now: dt.datetime | None = None, *, limit: int = 50) -> Sent:
    """Send what is due. Several processes may do so at once: none sends another's. It may arrive more than once."""
    done, moment, settings = Sent(), now or dt.datetime.now(dt.UTC), get_settings()
    if not settings.call_webhook_url:
        return done
    for _ in range(limit):
        with Session(engine, expire_on_commit=False) as session, session.begin():
            message = _take(session, moment)
            if message is None:
                break
            try:
                body = _body(session, message)
                if body is None:
                    message.sent_at = moment
                    done.dropped += 1
                    continue
                message.attempts += 1
                _post(settings.call_webhook_url, f"msg_{message.id}", body, moment)
            except (requests.RequestException, HookRefused, VaultClosed, ValueError) as error:
                _postpone(message, error, moment, done)
            else:
                message.sent_at, message.error = moment, None
                done.sent += 1
    return done


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature as its header has it. Raises ValueError where the secret is none."""
    try:
        key = b64decode(secret.removeprefix("whsec_"), validate=True)
    except NotBase64:
        raise ValueError("CALL_WEBHOOK_SECRET: write whsec_ and base64.") from None
    signed = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{b64encode(signed).decode()}"


def _take(session: Session, moment: dt.datetime) -> HookMessage | None:
    due = (
        select(HookMessage)
        .where(HookMessage.sent_at.is_(None), HookMessage.given_up_at.is_(None), HookMessage.due_at <= moment)
        .order_by(HookMessage.due_at, HookMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalar(due)


def _body(session: Session, message: HookMessage) -> bytes | None:
    """What is told of a call; None where it is over or its number was erased."""
    call = session.get(Call, message.case_id)
    phone = vault.unseal(session, message.case_id).get("phone") if call and call.closed_at is None else None
    if call is None or not phone:
        return None
    data = {
        "id": str(call.id),
        "reference": call.case.reference,
        "number": phone,
        "country": call.country,
        "lang": call.lang,
        "topic": call.topic,
        "urgent": call.urgent,
        "due": call.case.due_at,
    }
    told = {"type": message.event, "timestamp": call.case.received_at, "data": data}
    return orjson.dumps(told, option=orjson.OPT_UTC_Z)


def _post(url: str, message_id: str, body: bytes, moment: dt.datetime) -> None:
    timestamp = int(moment.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "provider-directory",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(get_settings().call_webhook_secret or "", message_id, timestamp, body),
    }
    # Whom we tell is who was set: no redirect leads a number to anybody else.
    answer = requests.post(url, data=body, headers=headers, timeout=_PATIENCE_S, allow_redirects=False)
    if not 200 <= answer.status_code < 300:
        raise HookRefused(f"status {answer.status_code}")


def _postpone(message: HookMessage, error: Exception, moment: dt.datetime, done: Sent) -> None:
    # The kind only: what libraries say quotes addresses.
    message.error = str(error) if isinstance(error, HookRefused) else type(error).__name__
    if moment - message.created_at > GIVE_UP_AFTER:
        message.given_up_at = moment
        done.given_up += 1
        log.error("hook %d (%s) is given up: %s", message.id, message.event, message.error)
        return
    message.due_at = moment + min(FIRST_WAIT * 2 ** min(max(message.attempts, 1) - 1, 20), LONGEST_WAIT)
    done.postponed += 1
    log.warning("hook %d (%s) waits: %s", message.id, message.event, message.error)
