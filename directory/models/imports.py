"""Imports: what a file did, kept so that it can be told and undone; and files that people brought, on their way in."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, created_at, one_of


class ImportStatus(StrEnum):
    """Where an import stands. A command's is `applied` from its first moment; what people bring goes the whole way."""

    uploaded = "uploaded"  # its columns are being looked at
    columns = "columns"  # whoever brought it says what they are
    previewing = "previewing"
    previewed = "previewed"
    applying = "applying"
    applied = "applied"
    undoing = "undoing"
    undone = "undone"  # perhaps in part: what a later change touched was left
    dropped = "dropped"
    failed = "failed"  # `problem` says why; nothing was imported


class Import(Base):
    """One file. `report` holds the counts and warnings as the command printed them, of the preview or of the import."""

    __tablename__ = "import"
    __table_args__ = (
        one_of("status", ImportStatus, "status"),
        CheckConstraint("source <> ''", name="source"),
        # Few wait at any time.
        Index(
            "ix_import_waiting",
            "asked_at",
            "id",
            postgresql_where=text("status IN ('uploaded', 'previewing', 'applying', 'undoing')"),
        ),
        Index("ix_import_source", "source"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=ImportStatus.applied)
    created_at: Mapped[datetime] = created_at()
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    report: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    # Of what people bring. The revision grows with what they say of it, not with how far the work is.
    revision: Mapped[int] = mapped_column(BigInteger, server_default="1")
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # for whom the work is done
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    size: Mapped[int | None] = mapped_column(BigInteger)  # bytes
    told: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")  # columns by name: a field, or null
    looked: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # the header and some values, as they were found
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # rows, and the share of the work that is done
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    problem: Mapped[str | None] = mapped_column(Text)
    undo: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # what was taken back, and what was left


class ImportChange(Base):
    """What an import did to one listing: `before` is the listing as it was, nothing where it was created."""

    __tablename__ = "import_change"
    __table_args__ = (Index("ix_import_change_listing_id", "listing_id"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"), primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)  # the listing's revision that the import left
    # The one that it made, where an undo of a later import handed it another one as left.
    made: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class FileKind(StrEnum):
    """What is kept of a file that somebody brought."""

    file = "file"
    rejects = "rejects"
    warnings = "warnings"


class ImportPiece(Base):
    """A piece of a kept file: the file is all of its pieces, by number."""

    __tablename__ = "import_piece"
    __table_args__ = (one_of("kind", FileKind, "kind"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class RowOutcome(StrEnum):
    """What becomes of a row; `warned` are those of which something was noticed, once for each."""

    created = "created"
    changed = "changed"
    unchanged = "unchanged"
    set_aside = "set_aside"
    warned = "warned"


class ImportRow(Base):
    """One of the first rows of an outcome, in the order of the file, with what the preview or the import made of it."""

    __tablename__ = "import_row"
    __table_args__ = (one_of("outcome", RowOutcome, "outcome"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"), primary_key=True)
    outcome: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    line: Mapped[int] = mapped_column(Integer)
    told: Mapped[dict[str, Any]] = mapped_column(JSONB)
