"""Files on a case: what they are by their content, a name that harms nobody, and a place outside of the web root."""

import hashlib
import logging
import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction

from config.settings import get_settings
from directory.cases.casework import Desk, record
from directory.errors import DirectoryError, Fault, InvalidRequest
from directory.models import CaseAttachment, CaseFile
from directory.models.case import LONGEST_FILE_NAME

log = logging.getLogger(__name__)

LARGEST_FILE = 10 * 1024 * 1024
MOST_FILES = 20

_ENDINGS = {"application/pdf": (".pdf",), "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",)}
# How near its end a PDF must say that it ends: writers add a few lines after it.
_PDF_END_WITHIN = 2048


class AttachmentNotFound(DirectoryError):
    """The case has no such file."""


class KindNotAllowed(DirectoryError):
    """The content of the file is of no kind that is taken."""

    allowed = tuple(_ENDINGS)


class TooLarge(DirectoryError):
    """The file is larger than what is taken."""


def kind_of(content: bytes) -> str:
    """The media type, by the content alone. Raises KindNotAllowed."""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-_PDF_END_WITHIN:]:
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") and content.endswith(b"IEND\xaeB`\x82"):
        return "image/png"
    # Telephones append a film to the picture, so its end may be anywhere.
    if content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content:
        return "image/jpeg"
    raise KindNotAllowed("Only PDF, JPEG and PNG files are taken; the content of this one is none of them.")


def safe_name(name: str, media_type: str) -> str:
    """A sender's name without a path, control or direction marks, with an ending that fits what the file is."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(char for char in last if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*;%')
    stem = " ".join(shown.split()).strip(". ")
    endings = _ENDINGS[media_type]
    ending = next((each for each in endings if stem.lower().endswith(each)), None)
    if ending:
        stem = stem[: -len(ending)].rstrip(". ")
    return f"{stem[: LONGEST_FILE_NAME - 8] or 'file'}{ending or endings[0]}"


def attach(desk: Desk, case: CaseFile, name: str, content: bytes) -> CaseAttachment:
    """Keep a file of a locked case. Raises TooLarge, KindNotAllowed, InvalidRequest where there are too many."""
    if len(content) > LARGEST_FILE:
        raise TooLarge(f"At most {LARGEST_FILE // 1024 // 1024} MB.")
    media_type = kind_of(content)
    held = desk.session.scalar(
        select(func.count()).select_from(CaseAttachment).where(CaseAttachment.case_id == case.id)
    )
    if (held or 0) >= MOST_FILES:
        raise InvalidRequest(Fault("/file", f"At most {MOST_FILES} files.", most=MOST_FILES))
    attachment = CaseAttachment(
        id=uuid4(),
        case_id=case.id,
        at=desk.now,
        author_id=desk.actor.account_id,
        author_role=desk.actor.role.value,
        name=safe_name(name, media_type),
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
    )
    _remove_on_rollback(desk.session, attachment.id)
    _write(path_of(attachment.id), content)
    desk.session.add(attachment)
    told = {"attachment": str(attachment.id), "sha256": attachment.sha256.hex()}
    record(desk, case, "attach", None, told)
    return attachment


def load_attachments(desk: Desk, case_id: UUID) -> Sequence[CaseAttachment]:
    """The files that the reader may read, the oldest first: what a desk attaches is the desk's."""
    attachments = select(CaseAttachment).where(CaseAttachment.case_id == case_id)
    if not desk.is_desk:
        attachments = attachments.where(CaseAttachment.author_role.in_(sorted(desk.workflow.bringers)))
    return desk.session.scalars(attachments.order_by(CaseAttachment.at, CaseAttachment.id)).all()


def read_attachment(desk: Desk, case_id: UUID, attachment_id: UUID) -> tuple[CaseAttachment, bytes]:
    """One file of this case. Raises AttachmentNotFound where there is none that the reader may read."""
    attachment = next((each for each in load_attachments(desk, case_id) if each.id == attachment_id), None)
    if attachment is None:
        raise AttachmentNotFound("There is no such file here.")
    return attachment, path_of(attachment.id).read_bytes()


def path_of(attachment_id: UUID) -> Path:
    """Where the bytes of a file lie."""
    return get_settings().attachments_path / attachment_id.hex[:2] / attachment_id.hex


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing, and on the disk before the row that tells of it is committed."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = _unfinished(path)
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.chmod(0o600)
    beside.rename(path)


def _unfinished(path: Path) -> Path:
    return path.with_suffix(".part")


def _remove(path: Path) -> None:
    try:
        for file in (path, _unfinished(path)):
            file.unlink(missing_ok=True)
    except OSError as error:
        # What made the transaction fail is what the reader is told.
        log.warning("a file is left without its row: %s", type(error).__name__)


def _remove_on_rollback(session: Session, attachment_id: UUID) -> None:
    """Let the file go with a transaction that fails: nobody would ever know of it."""

    @event.listens_for(session, "after_soft_rollback")
    def remove(failed: Session, ended: SessionTransaction) -> None:
        # A savepoint that goes back takes no file from before it along.
        if ended.parent is None and not _may_be_kept(failed, attachment_id):
            _remove(path_of(attachment_id))


def _may_be_kept(session: Session, attachment_id: UUID) -> bool:
    """Whether the row is there after all: a commit whose answer was lost may have worked, and so may an earlier one."""
    try:
        with Session(session.get_bind()) as other:
            return other.get(CaseAttachment, attachment_id) is not None
    except (SQLAlchemyError, psycopg.Error) as error:
        log.warning("a file may be left without its row: %s", type(error).__name__)
        return True
