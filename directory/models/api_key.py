"""Publishable keys: which portals may ask from a browser, in which network, how often."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, created_at


class ApiKey(Base):
    """A publishable key. It stands in the source of a portal's pages, so it is no secret and is kept as it is."""

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint("cardinality(origins) > 0", name="has_an_origin"),
        CheckConstraint("rate_per_minute > 0", name="rate_per_minute"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text, server_default="")
    origins: Mapped[list[str]] = mapped_column(ARRAY(Text))  # as browsers write them: https://portal.example
    network: Mapped[str | None] = mapped_column(ForeignKey("network.code"))
    rate_per_minute: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = created_at()
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
