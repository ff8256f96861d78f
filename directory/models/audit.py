"""The audit: who changed what, when, from what, to what; and the seals that chain its entries by hash."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, LargeBinary, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class AuditEntry(Base):
    """One change. Rows are only added: triggers refuse to change or delete them, and the service has no right to."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject"),
        # What people did to listings, which every import asks for (directory/imports/keeping.py).
        Index(
            "ix_audit_entry_of_people",
            "subject",
            postgresql_where=text("role IN ('network', 'admin') AND subject LIKE 'listing:%'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    actor_id: Mapped[UUID | None] = mapped_column(Uuid)  # an account; NULL: a command
    actor: Mapped[str] = mapped_column(Text)  # its name at that time
    role: Mapped[str] = mapped_column(Text)  # and its role
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)  # listing:17, proposal:<uuid>, import:3, …
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class AuditSeal(Base):
    """One link of the chain: the hash over an entry and the link before. The database writes it as it commits."""

    __tablename__ = "audit_seal"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # 1, 2, 3: no gaps
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)  # SHA-256
