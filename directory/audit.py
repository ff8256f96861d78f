"""The audit: written in the transaction of the change, chained by hash, and verified.

The chain is the database's work (migration 0003): as a transaction commits, a trigger gives each of its entries
the next number and the hash over the entry and the seal before. `verify_chain` computes it all again, from the rows as
they are.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, null, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from directory.actors import Actor
from directory.errors import DirectoryError
from directory.models import AuditEntry

# As the trigger has it: what is hashed of an entry, with its number in front. jsonb has one form for one value.
_SEALED = """
SELECT coalesce(s.entry_id, e.id) AS entry_id, e.id IS NOT NULL AS entered, s.number, s.hash,
       jsonb_build_array(s.number, e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.actor_id,
                         e.actor, e.role, e.action, e.subject, e.before, e.after)::text AS said
  FROM audit_seal s FULL JOIN audit_entry e ON e.id = s.entry_id
 ORDER BY s.number NULLS LAST, e.id
"""
# Without these the tables would be as any other.
GUARDS = ("audit_entry_is_append_only", "audit_seal_is_append_only", "audit_entry_is_sealed")
_GUARDS = text("SELECT tgname FROM pg_trigger WHERE tgname = ANY(:names) AND tgenabled IN ('O', 'A')")
# What a guard must refuse, tried on no row at all: a trigger of the right name may do nothing.
_REFUSED = {
    "audit_entry_is_append_only": (
        "UPDATE audit_entry SET action = action WHERE false",
        "DELETE FROM audit_entry WHERE false",
    ),
    "audit_seal_is_append_only": (
        "UPDATE audit_seal SET hash = hash WHERE false",
        "DELETE FROM audit_seal WHERE false",
    ),
}
# Emptying a whole table cannot be tried on no row; it is the same trigger's where its type says so (pg_trigger.h).
_EMPTYING = text("SELECT tgtype & 32 <> 0 FROM pg_trigger WHERE tgname = :name")
# What the function of a guard says, as migration 0001 wrote it.
_DOES = text("SELECT p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgname = :name")
_REFUSING = """
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END """
_TRIED = text("""
INSERT INTO audit_entry (actor, role, action, subject) VALUES ('audit', 'system', 'verify', 'audit') RETURNING id
""")
_TRIED_SEAL = text("SELECT count(*) FROM audit_seal WHERE entry_id = :id")
_MOST_FINDINGS = 20


class NoSuchHead(DirectoryError):
    """What is given as the head of the chain is not `NUMBER:HASH`."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a chain. Kept elsewhere, it proves later that nothing before it was changed or cut off."""

    number: int
    hash: str  # hexadecimal

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found: nothing wrong where `findings` is empty."""

    entries: int
    head: Head | None
    findings: list[str] = field(default_factory=list)


def record(  # noqa: PLR0917 (as a sentence: who did what to what, from what, to what)
    transaction: Session | Connection,
    actor: Actor,
    action: str,
    subject: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    """Write who changed what, from what, to what, in the caller's transaction. `subject` is like `proposal:<uuid>`."""
    entry = insert(AuditEntry).values(
        actor_id=actor.account_id,
        actor=actor.name,
        role=actor.audited_role,
        action=action,
        subject=subject,
        before=null() if before is None else dict(before),
        after=null() if after is None else dict(after),
    )
    transaction.execute(entry)


def parse_head(words: str) -> Head:
    """The head that `NUMBER:HASH` names, as an earlier verification told it. Raises NoSuchHead."""
    number, _, digest = words.strip().partition(":")
    if not number.isdecimal() or len(digest) != hashlib.sha256().digest_size * 2:
        raise NoSuchHead("Write the head as an earlier verification told it: NUMBER:HASH.")
    return Head(int(number), digest.lower())


def verify_chain(session: Session, known: Head | None = None) -> ChainReport:
    """Compute every hash again. `known`: the head of an earlier verification, which must still be in the chain.

    Finds a changed, removed, added or moved entry; with `known` also that the end was cut off, or all written anew.
    """
    findings = _missing_guards(session)
    entries, before, head, known_hash = 0, b"", None, None
    expected = 1
    for row in session.execute(text(_SEALED), execution_options={"yield_per": 1000}):
        entries += row.entered
        if row.number is None:
            findings.append(f"entry {row.entry_id} is in no chain")
            continue
        if row.number != expected:
            findings.append(f"links {expected} to {row.number - 1} are missing")
        expected = row.number + 1
        if not row.entered:
            findings.append(f"entry {row.entry_id} was removed")
        elif hashlib.sha256(before + row.said.encode()).digest() != bytes(row.hash):
            findings.append(f"link {row.number} does not fit entry {row.entry_id} and the link before it")
        before = bytes(row.hash)
        head = Head(row.number, before.hex())
        if known and row.number == known.number:
            known_hash = head.hash
        if len(findings) > _MOST_FINDINGS:
            findings.append("and so on")
            break
    else:
        if known and known_hash != known.hash:
            findings.append(f"the head that was known, link {known.number}, is not in the chain any more")
    return ChainReport(entries, head, findings)


def _missing_guards(session: Session) -> list[str]:
    """Guards that are not there, and those that do nothing: each is tried, and what was tried taken back."""
    standing = set(session.scalars(_GUARDS, {"names": list(GUARDS)}))
    missing = [f"the trigger {name} is missing or switched off" for name in GUARDS if name not in standing]
    idle = [name for name in _REFUSED if name in standing and not _refuses(session, name)]
    if GUARDS[2] in standing and not _seals(session):
        idle.append(GUARDS[2])
    return missing + [f"the trigger {name} is there, but does not do its work" for name in idle]


def _refuses(session: Session, guard: str) -> bool:
    return all(_is_refused(session, guard, statement) for statement in _REFUSED[guard]) and bool(
        session.scalar(_EMPTYING, {"name": guard})
    )


def _is_refused(session: Session, guard: str, statement: str) -> bool:
    tried = session.begin_nested()
    try:
        session.execute(text(statement))
    except IntegrityError:  # the guard's own word
        return True
    except ProgrammingError:  # the service's login may not even try: then what the guard would do is read
        tried.rollback()
        return bool(session.scalar(_DOES, {"name": guard}) == _REFUSING)
    finally:
        if tried.is_active:
            tried.rollback()
    return False


def _seals(session: Session) -> bool:
    """Whether an entry that is made now would get its seal."""
    tried = session.begin_nested()
    entry = session.scalar(_TRIED)
    session.execute(text("SET CONSTRAINTS audit_entry_is_sealed IMMEDIATE"))
    sealed: bool = session.scalar(_TRIED_SEAL, {"id": entry}) == 1
    tried.rollback()
    return sealed
