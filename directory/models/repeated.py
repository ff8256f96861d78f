"""Answers to requests that may come again under the same Idempotency-Key."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, created_at


class RepeatableRequest(Base):
    """What one account was answered under one key. Without an answer the request is still under way."""

    __tablename__ = "repeatable_request"
    __table_args__ = (Index("ix_repeatable_request_at", "at"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = created_at()
