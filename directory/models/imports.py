"""Imports: what a file did, kept so that it can be told and undone."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, created_at, one_of


class ImportStatus(StrEnum):
    """`undone` may be partial: what a later change touched was left."""

    applied = "applied"
    undone = "undone"


class Import(Base):
    """One file applied. `report` holds the counts and warnings as the command printed them."""

    __tablename__ = "import"
    __table_args__ = (
        one_of("status", ImportStatus, "status"),
        CheckConstraint("source <> ''", name="source"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=ImportStatus.applied)
    created_at: Mapped[datetime] = created_at()
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    report: Mapped[dict[str, Any]] = mapped_column(JSONB)


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
