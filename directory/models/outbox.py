"""The outbox: which listings the search engine has yet to hear of."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, Identity, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, created_at


class Outbox(Base):
    """One row a changed listing, written in the transaction of the change, deleted once the engine has it.

    A row that cannot be indexed is set aside with its reason; it blocks nothing and is retried by `reconcile`.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("(set_aside_at IS NULL) = (reason IS NULL)", name="set_aside_has_reason"),
        Index("ix_outbox_waiting", "id", postgresql_where=text("set_aside_at IS NULL")),
        Index("ix_outbox_set_aside", "listing_id", postgresql_where=text("set_aside_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"))
    queued_at: Mapped[datetime] = created_at()
    set_aside_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None] = mapped_column(Text)


class AgreementSweep(Base):
    """The day up to which agreements that began or ended by the calendar were put into the outbox. One row."""

    __tablename__ = "agreement_sweep"
    __table_args__ = (CheckConstraint("singleton", name="one_row"),)

    singleton: Mapped[bool] = mapped_column(primary_key=True, server_default="true")
    through: Mapped[date] = mapped_column(Date)
