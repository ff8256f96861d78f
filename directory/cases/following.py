"""Following a case without an account: by a secret link, of which only the hash is kept.

The secret is not drawn but worked out, from the service's own key and the case's id: a sender who got no answer and
sends again gets the same link, and nothing that opens a case lies in the database.
"""

import datetime as dt
import hashlib
import hmac
from base64 import urlsafe_b64encode

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import get_settings
from directory.actors import Actor, opener
from directory.cases.casework import CaseNotFound
from directory.cases.workflow import Workflow
from directory.models import CaseFile

# So long after its end a case can be looked at by its link.
GOOD_AFTER_END = dt.timedelta(days=90)


def follow_secret(case: CaseFile) -> str:
    """What the link of a case holds: 256 bits."""
    made = hmac.digest(get_settings().secret_key.encode(), b"follow " + case.id.bytes, "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")


def let_follow(case: CaseFile) -> str:
    """Whoever holds the secret that this gives may follow the case from now on."""
    secret = follow_secret(case)
    case.follow_hash = _hash(secret)
    return secret


def end_following(case: CaseFile) -> None:
    """The link opens nothing any more."""
    case.follow_hash = None


def follow(session: Session, workflow: Workflow, secret: str, lang: str, now: dt.datetime) -> tuple[CaseFile, Actor]:
    """The case of a link, and who holds it. Raises CaseNotFound: a wrong link and one that is over look alike."""
    followed = select(CaseFile).where(CaseFile.kind == workflow.kind, CaseFile.follow_hash == _hash(secret))
    case = session.scalar(followed)
    if case is None or (case.ended_at is not None and case.ended_at + GOOD_AFTER_END <= now):
        raise CaseNotFound("There is nothing under this link, or no longer.")
    return case, opener(lang, follows=case.id)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
