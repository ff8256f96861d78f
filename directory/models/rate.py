"""Rates: how much of its limit each asker has used, counted once for all processes and machines."""

from datetime import datetime

from sqlalchemy import DateTime, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class Rate(Base):
    """One bucket. Not logged to disk: after a crash everybody begins with a full allowance."""

    __tablename__ = "rate"
    # Every use changes the row: room on its page lets it stay there, without touching the index.
    __table_args__ = {"prefixes": ["UNLOGGED"], "postgresql_with": {"fillfactor": 50}}  # noqa: RUF012

    bucket: Mapped[str] = mapped_column(Text, primary_key=True)
    # When everything that was taken will have been given back; a row of the past says nothing any more.
    restored_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
