"""What members bring to customer service: a card that was refused, a call that is wished for, a question; and hooks."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.models.base import Base, created_at
from directory.models.case import CaseFile

_LANG = CheckConstraint("lang IN ('en', 'fr', 'es', 'ar')", name="lang")


class Refusal(Base):
    """A provider refused the card. What its sender wrote, and how to reach the person, is in the case's secret."""

    __tablename__ = "refusal"
    __table_args__ = (
        _LANG,
        CheckConstraint("(paid_amount IS NULL) = (paid_currency IS NULL)", name="amount_with_currency"),
        CheckConstraint("paid_amount > 0", name="paid_amount"),
        CheckConstraint("cardinality(alternatives) <= 3", name="alternatives"),
        Index("ix_refusal_listing_id", "listing_id"),
        Index("ix_refusal_received_at", "received_at"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    network: Mapped[str | None] = mapped_column(ForeignKey("network.code"))
    at_desk: Mapped[bool] = mapped_column()
    happened_on: Mapped[date] = mapped_column(Date)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    care: Mapped[str | None] = mapped_column(Text)
    asked_cash: Mapped[bool | None] = mapped_column()
    paid_amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    paid_currency: Mapped[str | None] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(Text)
    # A name for the sender that tells nobody who it is; two are two people, or one on two days.
    sender: Mapped[str] = mapped_column(Text)
    # The day on which the listing was last confirmed when this came: a later one ends the caution.
    verified_on: Mapped[date | None] = mapped_column(Date)
    # The desk spoke to the provider, and it is so.
    confirmed: Mapped[bool] = mapped_column(server_default="false")
    # What came of it.
    reason: Mapped[str | None] = mapped_column(Text)
    alternatives: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    telehealth: Mapped[bool] = mapped_column(server_default="false")

    case: Mapped[CaseFile] = relationship(lazy="joined")


class Call(Base):
    """Somebody wishes to be called. The number is in the case's secret; here is only what finds it again."""

    __tablename__ = "call_back"
    __table_args__ = (
        _LANG,
        Index(
            "ix_call_back_open", "number_hash", unique=True,
            postgresql_where=text("closed_at IS NULL AND number_hash IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True)
    country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    lang: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(Text)
    urgent: Mapped[bool] = mapped_column(server_default="false")
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    about: Mapped[str | None] = mapped_column(Text)  # the reference of another case
    number_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    sender: Mapped[str] = mapped_column(Text)
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    case: Mapped[CaseFile] = relationship(lazy="joined")


class Contact(Base):
    """A question to customer service. Its words, and how to reach who asks, are in the case's secret."""

    __tablename__ = "contact"
    __table_args__ = (_LANG,)

    id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(Text)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))

    case: Mapped[CaseFile] = relationship(lazy="joined")


class HookMessage(Base):
    """Something that a program elsewhere is told. What it says is put together as it is sent, and kept nowhere."""

    __tablename__ = "hook_message"
    __table_args__ = (
        CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="one_end"),
        Index("ix_hook_message_waiting", "due_at", postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event: Mapped[str] = mapped_column(Text)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = created_at()
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    error: Mapped[str | None] = mapped_column(Text)  # the kind of the last failure, never what was sent
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    given_up_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
