"""What people do with files of providers: bring one, say what its columns are, try it, apply it, take it back, drop it.

Each is one short transaction that writes down what is wanted and calls the program of imports. The revision grows with
each of them, and with nothing else: how far the work is changes nothing of what somebody saw and decided on.
"""

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import IO

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from config.settings import get_settings
from directory import audit
from directory.actors import Actor
from directory.errors import Fault, InvalidRequest, RevisionConflict, TransitionNotAllowed
from directory.imports.desk.files import keep_file
from directory.imports.desk.states import TELLING, allowed_in, find_action
from directory.imports.errors import ImportFileError, ImportNotFound
from directory.imports.header import FIELDS
from directory.imports.looking import decide, read_looked
from directory.models import AuditEntry, FileKind, Import, ImportPiece, ImportRow, ImportStatus

CHANNEL = "imports"
"""PostgreSQL's channel by which the program of imports hears that there is something to do."""
LONGEST_SOURCE = 100
_LONGEST_NAME = 120
_SOURCES = 12
_NEXT = Import.revision + 1
_BROUGHT = "bring"


def bring(session: Session, actor: Actor, name: str, source: str, stream: IO[bytes]) -> Import:
    """Keep a file and have it looked at. Raises InvalidRequest, FileTooLarge."""
    source = " ".join(source.split())
    if not source or len(source) > LONGEST_SOURCE:
        raise InvalidRequest(
            Fault("/source", f"Say who keeps the file, in at most {LONGEST_SOURCE} characters.", most=LONGEST_SOURCE)
        )
    brought = Import(
        source=source,
        file_name=safe_name(name),
        actor=actor.name,
        status=ImportStatus.uploaded,
        asked_by=actor.account_id,
        report={},
    )
    session.add(brought)
    session.flush()
    brought.size = keep_file(session, brought.id, FileKind.file, stream, get_settings().largest_import_mb)
    if not brought.size:
        raise InvalidRequest(Fault("/file", "The file is empty."))
    told = {"source": source, "file": brought.file_name, "size": brought.size}
    audit.record(session, actor, _BROUGHT, f"import:{brought.id}", None, told)
    _call(session)
    return brought


def safe_name(name: str) -> str:
    """A sender's name of a file without a path and what cannot be seen, short enough for every file system."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C")
    stem = " ".join(shown.split()).lstrip(".")
    while len(stem.encode()) > _LONGEST_NAME:
        # What is cut is the middle: the end says what kind of file it is.
        stem = stem[: len(stem) // 2 - 1] + stem[len(stem) // 2 + 1 :]
    return stem or "file"


def load_import(session: Session, import_id: int, *, lock: bool = False) -> Import:
    """One import. Raises ImportNotFound."""
    query = select(Import).where(Import.id == import_id)
    found = session.scalar(query.with_for_update(key_share=True) if lock else query)
    if found is None:
        raise ImportNotFound(import_id)
    return found


def list_imports(session: Session, *, before: int | None = None, limit: int = 50) -> Sequence[Import]:
    """Imports of people and of commands, the latest first; `before`: those with a lower id."""
    query = select(Import).order_by(Import.id.desc()).limit(limit)
    return session.scalars(query.where(Import.id < before) if before is not None else query).all()


def find_sources(session: Session, words: str = "") -> list[str]:
    """Sources that are known, the last imported first, those that contain the words."""
    query = select(Import.source).group_by(Import.source).order_by(func.max(Import.id).desc()).limit(_SOURCES)
    wanted = " ".join(words.split())
    return list(session.scalars(query.where(Import.source.icontains(wanted, autoescape=True)) if wanted else query))


def tell_columns(
    session: Session, actor: Actor, import_id: int, columns: Mapping[str, str | None], revision: int | None
) -> Import:
    """Say which field a column is, None for none; columns that are not named stay as they were said.

    Raises ImportNotFound, RevisionConflict, TransitionNotAllowed, InvalidRequest.
    """
    brought = _changing(session, import_id, revision)
    if brought.status not in TELLING:
        raise TransitionNotAllowed("columns", brought.status, allowed_in(brought.status))
    if faults := [
        Fault(f"/columns/{_pointer(name)}", "This is no field.", FIELDS)
        for name, field in columns.items()
        if field is not None and field not in FIELDS
    ]:
        raise InvalidRequest(*faults)
    told = {**brought.told, **columns}
    if brought.looked:
        try:
            decide(read_looked(brought.looked), told)
        except ImportFileError as error:
            raise InvalidRequest(Fault("/columns", str(error))) from error
    audit.record(session, actor, "columns", f"import:{import_id}", brought.told, dict(columns))
    brought.told = told
    if brought.status != ImportStatus.uploaded:
        brought.status = ImportStatus.columns if brought.looked else ImportStatus.uploaded
    brought.problem = None
    _forget_rows(session, import_id)
    _ask(session, brought, actor)
    return brought


def act(session: Session, actor: Actor, import_id: int, name: str, revision: int | None = None) -> Import:
    """Have it tried, applied or undone; or drop it, with its file.

    Raises ImportNotFound, UnknownAction, RevisionConflict, TransitionNotAllowed.
    """
    brought = _changing(session, import_id, revision)
    action = find_action(name, brought.status)
    audit.record(session, actor, name, f"import:{import_id}", {"state": brought.status}, {"state": action.target.value})
    brought.status, brought.problem = action.target, None
    if action.target is ImportStatus.dropped:
        forget(session, import_id)
    elif action.target is ImportStatus.previewing:
        _forget_rows(session, import_id)
    _ask(session, brought, actor)
    return brought


def forget(session: Session, import_id: int) -> None:
    """Remove the file and what was said of its rows; what the import did to listings stays."""
    session.execute(delete(ImportPiece).where(ImportPiece.import_id == import_id))
    _forget_rows(session, import_id)


def tidy(session: Session, now: dt.datetime) -> int:
    """Forget the files of imports that nobody touched for long, and drop those that were never applied; how many."""
    limit = now - dt.timedelta(days=get_settings().import_files_days)
    old = select(Import).where(Import.asked_at < limit, Import.size.is_not(None)).with_for_update(skip_locked=True)
    tidied = session.scalars(old).all()
    for each in tidied:
        forget(session, each.id)
        each.size = None
        if each.status in (ImportStatus.columns, ImportStatus.previewed, ImportStatus.failed):
            each.status = ImportStatus.dropped
    return len(tidied)


def _forget_rows(session: Session, import_id: int) -> None:
    session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))


def _changing(session: Session, import_id: int, revision: int | None) -> Import:
    brought = load_import(session, import_id, lock=True)
    if revision is not None and revision != brought.revision:
        raise RevisionConflict(brought.revision, _changed_since(session, brought, revision))
    return brought


def _changed_since(session: Session, brought: Import, revision: int) -> tuple[str, ...]:
    """What others said of it since: the revision grows by one with each of these entries of the audit."""
    said = select(AuditEntry.action).where(AuditEntry.subject == f"import:{brought.id}", AuditEntry.action != _BROUGHT)
    since = session.scalars(said.order_by(AuditEntry.id.desc()).limit(max(brought.revision - revision, 0))).all()
    # Columns that are told take a preview back, and so the state goes with them.
    return tuple(name for name in ("columns", "state") if name == "state" or name in since)


def _ask(session: Session, brought: Import, actor: Actor) -> None:
    brought.revision = _NEXT
    brought.asked_by, brought.asked_at = actor.account_id, func.clock_timestamp()
    brought.attempts, brought.progress = 0, None
    session.flush()
    session.refresh(brought)
    _call(session)


def _call(session: Session) -> None:
    session.execute(text(f"NOTIFY {CHANNEL}"))


def _pointer(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
