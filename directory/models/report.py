"""Reports: someone says that a listing is wrong, or that a provider refused the card."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, created_at, one_of

LONGEST_TEXT = 2000
LONGEST_CONTACT = 200


class ReportKind(StrEnum):
    """What is wrong."""

    wrong_details = "wrong_details"
    closed = "closed"
    card_refused = "card_refused"
    other = "other"


class ReportStatus(StrEnum):
    """What came of it."""

    open = "open"
    resolved = "resolved"
    dismissed = "dismissed"


class Report(Base):
    """One report on a listing. Text and contact are a person's: they are shown to the network team only."""

    __tablename__ = "report"
    __table_args__ = (
        one_of("kind", ReportKind, "kind"),
        one_of("status", ReportStatus, "status"),
        CheckConstraint(f"length(text) <= {LONGEST_TEXT}", name="text"),
        CheckConstraint(f"length(contact) <= {LONGEST_CONTACT}", name="contact"),
        Index("ix_report_listing_id", "listing_id"),
        Index("ix_report_open", "created_at", postgresql_where=text("status = 'open'")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    kind: Mapped[str] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=ReportStatus.open)
    created_at: Mapped[datetime] = created_at()
