"""The outbox: which listings the search engine has yet to hear of."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, Identity, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, created_at

# How much waits, and how long since its commit (seconds). Where the commit is not known, in rows of before there was a
# note of it, `queued_at` stands in, the beginning of the transaction.
QUEUE = text("""
SELECT count(*) FILTER (WHERE set_aside_at IS NULL) AS waiting,
       count(*) FILTER (WHERE set_aside_at IS NULL AND NOT bulk) AS urgent,
       count(*) FILTER (WHERE set_aside_at IS NOT NULL) AS set_aside,
       COALESCE(EXTRACT(epoch FROM clock_timestamp() - min(since) FILTER (WHERE set_aside_at IS NULL)), 0) AS oldest_s,
       COALESCE(EXTRACT(epoch FROM clock_timestamp() - min(since) FILTER (WHERE set_aside_at IS NULL AND NOT bulk)), 0)
           AS oldest_urgent_s
  FROM (SELECT set_aside_at, bulk, COALESCE(committed_at, queued_at) AS since
          FROM outbox LEFT JOIN outbox_commit USING (transaction_id)) AS held
""")


class Outbox(Base):
    """One row a changed listing, written in the transaction of the change, deleted once the engine has it.

    A row that cannot be indexed is set aside with its reason; it blocks nothing and is retried by `reconcile`.
    Rows of one that wrote many are `bulk`, and nobody waits behind them (docs/adr/0033-lanes.md).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("(set_aside_at IS NULL) = (reason IS NULL)", name="set_aside_has_reason"),
        Index("ix_outbox_waiting", "bulk", "id", postgresql_where=text("set_aside_at IS NULL")),
        Index("ix_outbox_waiting_of", "listing_id", postgresql_where=text("set_aside_at IS NULL")),
        Index("ix_outbox_set_aside", "listing_id", postgresql_where=text("set_aside_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"))
    bulk: Mapped[bool] = mapped_column(server_default="false")
    queued_at: Mapped[datetime] = created_at()
    transaction_id: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("pg_current_xact_id()::text::bigint")
    )
    set_aside_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None] = mapped_column(Text)


class OutboxCommit(Base):
    """When each transaction that wrote into the outbox was committed; kept while rows of it wait."""

    __tablename__ = "outbox_commit"

    transaction_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    committed_at: Mapped[datetime] = created_at()


class AgreementSweep(Base):
    """The day up to which agreements that began or ended by the calendar were put into the outbox. One row."""

    __tablename__ = "agreement_sweep"
    __table_args__ = (CheckConstraint("singleton", name="one_row"),)

    singleton: Mapped[bool] = mapped_column(primary_key=True, server_default="true")
    through: Mapped[date] = mapped_column(Date)
