"""What is forgotten, and when: config/retention.toml. Each round may come again; it says how many, and never what."""

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from config.settings import PROJECT_ROOT
from directory.care.kinds import CALLS, CONTACTS, REFUSALS
from directory.cases import sealed_files
from directory.models import Call, CaseFile, CaseMessage, CaseSecret, Contact, HookMessage

FILE = PROJECT_ROOT / "config" / "retention.toml"
# So many cases a transaction: nobody waits for a lock of a million rows.
_AT_ONCE = 500


@lru_cache(maxsize=1)
def load_days() -> Mapping[str, int]:
    """For how many days what is kept."""
    days: Mapping[str, int] = tomllib.loads(FILE.read_text(encoding="utf-8"))["days"]
    return days


Piece = Callable[[Session], int]
# Does one piece of what is called so, in a transaction of its own with its audit.
Run = Callable[[str, Piece], int]


def forget(run: Run, now: dt.datetime) -> dict[str, int]:
    """Forget what is due; gives how many of each."""
    days = load_days()
    pieces = {
        "call_numbers": _numbers(now - dt.timedelta(days["call_number"])),
        "refusal_contacts": _secrets(REFUSALS.kind, now - dt.timedelta(days["refusal_contact"])),
        "contacts": _contacts(now - dt.timedelta(days["contact"])),
        "hook_messages": _hooks(now - dt.timedelta(days["hook_message"])),
    }
    return {name: _until_none(run, name, piece) for name, piece in pieces.items()}


def _until_none(run: Run, name: str, piece: Piece) -> int:
    total = 0
    while done := run(name, piece):
        total += done
    return total


def _numbers(before: dt.datetime) -> Callable[[Session], int]:
    """Numbers of calls: by when they were received, whatever became of them."""

    def work(session: Session) -> int:
        due = _with_secret(CALLS.kind).where(CaseFile.received_at <= before)
        found = list(session.scalars(due.limit(_AT_ONCE)))
        for case_id in found:
            sealed_files.erase(session, case_id)
        session.execute(update(Call).where(Call.id.in_(found)).values(number_hash=None))
        return len(found)

    return work


def _secrets(kind: str, before: dt.datetime) -> Callable[[Session], int]:
    """What people said of themselves, by when the case ended."""

    def work(session: Session) -> int:
        due = _with_secret(kind).where(CaseFile.ended_at <= before)
        found = list(session.scalars(due.limit(_AT_ONCE)))
        for case_id in found:
            sealed_files.erase(session, case_id)
        return len(found)

    return work


def _contacts(before: dt.datetime) -> Callable[[Session], int]:
    """Questions with all that was written on them; that there was a case stays."""

    def work(session: Session) -> int:
        due = (
            select(CaseFile.id)
            .join(Contact, Contact.id == CaseFile.id)
            .where(CaseFile.kind == CONTACTS.kind, CaseFile.received_at <= before)
            .where(
                select(CaseSecret.case_id).where(CaseSecret.case_id == CaseFile.id).exists()
                | select(CaseMessage.id).where(CaseMessage.case_id == CaseFile.id).exists()
            )
        )
        found = list(session.scalars(due.limit(_AT_ONCE)))
        for case_id in found:
            sealed_files.erase(session, case_id)
        session.execute(delete(CaseMessage).where(CaseMessage.case_id.in_(found)))
        session.execute(update(CaseFile).where(CaseFile.id.in_(found)).values(follow_hash=None))
        return len(found)

    return work


def _hooks(before: dt.datetime) -> Callable[[Session], int]:
    def work(session: Session) -> int:
        old = select(HookMessage.id).where(HookMessage.created_at <= before).limit(_AT_ONCE)
        gone = session.scalars(delete(HookMessage).where(HookMessage.id.in_(old)).returning(HookMessage.id))
        return len(gone.all())

    return work


def _with_secret(kind: str) -> Select[UUID]:
    return select(CaseSecret.case_id).join(CaseFile, CaseFile.id == CaseSecret.case_id).where(CaseFile.kind == kind)
