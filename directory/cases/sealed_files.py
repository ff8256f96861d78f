"""Files of cases whose words are sealed: under the case's own key, beside the others, and gone with what was said.

What a file is called tells of a person too: name and kind stand among what is sealed, and no row knows of it.
"""

import logging
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from config.settings import get_settings
from directory.cases import vault
from directory.cases.attachments import LARGEST_FILE, AttachmentNotFound, KindNotAllowed, kind_of, safe_name
from directory.errors import Fault, InvalidRequest

log = logging.getLogger(__name__)

MOST_FILES = 5


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What is told of one that was kept; `size` in bytes."""

    id: UUID
    name: str
    media_type: str
    size: int


def keep_files(session: Session, case_id: UUID, files: Sequence[SentFile]) -> list[KeptFile]:
    """Seal files of a case beside what was said in it. Raises InvalidRequest with what is wrong with one."""
    said = vault.unseal(session, case_id)
    held = list_files(said)
    if len(held) + len(files) > MOST_FILES:
        raise InvalidRequest(Fault("/files", f"At most {MOST_FILES} files.", most=MOST_FILES))
    kept = [_described(each) for each in files]
    # As the vault's JSON keeps them: an id as text.
    vault.seal(session, case_id, {**said, "files": [asdict(each) for each in (*held, *kept)]})
    for each, sent in zip(kept, files, strict=True):
        path = _path_of(case_id, each.id)
        _after(session, "after_soft_rollback", partial(path.unlink, missing_ok=True))
        _write(path, vault.seal_bytes(session, case_id, each.id, sent.content))
    return kept


def list_files(said: dict[str, Any]) -> list[KeptFile]:
    """The files that are told of among what was said in a case, the oldest first."""
    return [KeptFile(**{**each, "id": UUID(each["id"])}) for each in said.get("files", ())]


def read_file(session: Session, case_id: UUID, file_id: UUID) -> tuple[KeptFile, bytes]:
    """One file of a case that the reader may see. Raises AttachmentNotFound, VaultClosed."""
    known = next((each for each in list_files(vault.unseal(session, case_id)) if each.id == file_id), None)
    path = _path_of(case_id, file_id)
    if known is None or not path.exists():
        raise AttachmentNotFound("There is no such file here.")
    return known, vault.unseal_bytes(session, case_id, file_id, path.read_bytes())


def erase(session: Session, case_id: UUID) -> bool:
    """Destroy what was said in a case, and its files once that is committed; whether there was something."""
    _after(session, "after_commit", partial(shutil.rmtree, _path_of(case_id), ignore_errors=True))
    return vault.erase(session, case_id)


def _described(sent: SentFile) -> KeptFile:
    if len(sent.content) > LARGEST_FILE:
        raise InvalidRequest(Fault("/files", f"At most {LARGEST_FILE // 1024 // 1024} MB each."))
    try:
        media_type = kind_of(sent.content)
    except KindNotAllowed as error:
        raise InvalidRequest(Fault("/files", str(error), KindNotAllowed.allowed)) from error
    return KeptFile(uuid4(), safe_name(sent.name, media_type), media_type, len(sent.content))


def _path_of(case_id: UUID, file_id: UUID | None = None) -> Path:
    folder = get_settings().attachments_path / "sealed" / case_id.hex
    return folder / file_id.hex if file_id else folder


def _write(path: Path, content: bytes) -> None:
    """On the disk before what tells of it is committed."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _after(session: Session, ending: str, work: Callable[[], object]) -> None:
    """Do something to files when the transaction has ended so; what fails then is for the log alone."""

    def do(ended_session: Session, transaction: SessionTransaction | None = None) -> None:
        if transaction is not None and transaction.parent is not None:
            return  # a savepoint
        try:
            work()
        except OSError as error:
            log.warning("a sealed file stays: %s", type(error).__name__)

    event.listen(session, cast("Any", ending), do)
