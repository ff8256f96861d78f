"""What members send, by the interface or a page: counted against its limits, kept once, however often it comes."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import asdict
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import get_settings
from directory.actors import Actor, opener
from directory.admission import repeating
from directory.admission.repeating import Sending
from directory.care import calls, questions, refusals
from directory.care.calls import CallDraft
from directory.care.cautions import cautions
from directory.care.kinds import CALLS
from directory.care.numbers import NumberRefused
from directory.care.questions import Question
from directory.care.refusals import RefusalDraft
from directory.cases.sealed_files import SentFile
from directory.db import transaction
from directory.errors import Fault, InvalidRequest
from directory.models import Call, CaseFile
from directory.web.admission import sender
from directory.web.care import limits


def send_refusal(draft: RefusalDraft, key: str | None = None) -> UUID:
    """Keep that a card was refused; gives the case's id. Raises as `refusals.refuse`, TooManyRequests."""
    limits.count_refusal(draft.listing_id)
    made = _once("refusal", draft, key, lambda session, actor: refusals.refuse(session, actor, draft, sender()).id)
    cautions().forget()
    return made


def send_call(draft: CallDraft, confirmed: str | None = None, key: str | None = None) -> tuple[UUID, bool]:
    """Ask for a call; gives the case's id, and whether it is a new one. `confirmed`: the number as it was shown back.

    Raises InvalidRequest with the reason of a number that cannot be called, TooManyRequests, VaultClosed.
    """
    with transaction() as session:
        calls.check_draft(session, draft)
        e164 = check_number(session, draft.country, draft.number)
        if confirmed is not None and confirmed.replace(" ", "") != e164:
            raise InvalidRequest(Fault("/confirmed", f"We read the number as {e164}: look at it again."))
        number_hash = calls.hash_number(e164)
        open_ones = select(Call.id).where(Call.number_hash == number_hash, Call.closed_at.is_(None))
        known = session.scalar(open_ones)
    if known is not None and key is None:
        return known, False
    if known is None:
        limits.count_call(e164, draft.country)
    who = sender()
    made = _once(
        "call", draft, key, lambda session, actor: calls.request_call(session, actor, draft, e164, who).id
    )  # fmt: skip
    return made, known is None


def send_question(question: Question, key: str | None = None, files: Sequence[SentFile] = ()) -> UUID:
    """Keep a question; gives the case's id. Raises as `questions.ask`, TooManyRequests."""
    limits.count_question()
    digests = [hashlib.sha256(each.content).hexdigest() for each in files]
    return _once(
        "contact",
        question,
        key,
        lambda session, actor: questions.ask(session, actor, question, files=files).id,
        digests,
    )


def check_number(session: Session, country: str, number: str) -> str:
    """The number in E.164. Raises InvalidRequest with why it cannot be called."""
    try:
        return calls.check_number(session, country, number).e164
    except NumberRefused as error:
        raise InvalidRequest(Fault("/number", str(error))) from error


def is_own_call(session: Session, call_id: UUID) -> bool:
    """Whether this address asked for the call today: only then it gets the link again."""
    who = session.scalar(select(Call.sender).join(CaseFile, CaseFile.id == Call.id).where(
        Call.id == call_id, CaseFile.kind == CALLS.kind
    ))  # fmt: skip
    return who == sender()


def _once(
    kind: str, draft: object, key: str | None, work: Callable[[Session, Actor], UUID], digests: Sequence[str] = ()
) -> UUID:
    content = orjson.dumps([asdict(draft), *digests], default=str)  # type: ignore[call-overload]
    # Of what is kept to know it again nobody finds a number by trying all.
    digest = hmac.digest(get_settings().secret_key.encode(), content, hashlib.sha256)
    sent: Sending | None = repeating.sending(None, key, kind.encode(), digest) if key else None
    actor = opener(getattr(draft, "lang", "en"))
    with transaction() as session:
        return UUID(repeating.do_once(session, sent, lambda: work(session, actor)).made)
