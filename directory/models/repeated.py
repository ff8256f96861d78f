"""Requests that may come again, each under a key of its sender's; what they made, and what was answered."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, created_at


class RepeatableRequest(Base):
    """What one sender's request made. Where nothing is answered yet, whoever comes again is answered from that."""

    __tablename__ = "repeatable_request"
    __table_args__ = (Index("ix_repeatable_request_at", "at"),)

    sender: Mapped[str] = mapped_column(Text, primary_key=True)  # an account's id, or `anyone`
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    made: Mapped[str] = mapped_column(Text)  # the id of what was made or changed
    status: Mapped[int | None] = mapped_column(SmallInteger)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = created_at()
