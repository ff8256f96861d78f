"""Mail: messages that wait to be sent, written in the transaction of what they tell about."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, Index, Integer, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, created_at


class MailMessage(Base):
    """One message to one person. Once it is sent or given up, what it said is removed: it may hold a one-time link."""

    __tablename__ = "mail_message"
    __table_args__ = (
        CheckConstraint("lang IN ('en', 'fr', 'es', 'ar')", name="lang"),
        CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="one_end"),
        Index("ix_mail_message_waiting", "due_at", postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL")),
        Index(
            "ix_mail_message_about",
            "about",
            "recipient",
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    recipient: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)  # its name in the catalogue: mail.<message>.subject
    about: Mapped[UUID | None] = mapped_column()  # the case that it tells of: news of one case go in one mail
    values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = created_at()
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    error: Mapped[str | None] = mapped_column(Text)  # the kind of the last failure, never what was sent
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    given_up_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
