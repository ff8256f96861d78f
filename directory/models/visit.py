"""Visits: what members say, with one tap, of whether a provider took their card."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class VisitDay(Base):
    """How many said yes and no on one day. A trigger tells the search engine of each change (migration 0025)."""

    __tablename__ = "visit_day"
    __table_args__ = (CheckConstraint("accepted >= 0 AND refused >= 0", name="counts"),)

    listing_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    accepted: Mapped[int] = mapped_column(Integer, server_default="0")
    refused: Mapped[int] = mapped_column(Integer, server_default="0")


class VisitSender(Base):
    """Who has said so today, by a name that means nothing tomorrow: so that one counts once. Gone when the day is."""

    __tablename__ = "visit_sender"
    __table_args__ = (Index("ix_visit_sender_day", "day"),)

    listing_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    sender: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
