"""Listings: one provider at one location, the unit of search, curation and revision; and their agreements.

Two triggers of the schema keep search true whoever writes (see docs/adr/0003-outbox-by-trigger.md): a changed listing
must have a higher revision, and every inserted or changed listing gets a row in the outbox, in the same transaction.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.models.base import AgreementStatus, Base, ListingStatus, Settlement, one_of
from directory.models.location import Location
from directory.models.provider import Provider


def _suspension_index(table: str) -> Index:
    dated = text("suspended_from IS NOT NULL OR suspended_until IS NOT NULL")
    return Index(f"ix_{table}_suspension", "suspended_from", "suspended_until", postgresql_where=dated)


class Listing(Base):
    """One provider at one location offering certain specialties."""

    __tablename__ = "listing"
    __table_args__ = (
        one_of("status", ListingStatus, "status"),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("(status = 'merged') = (merged_into IS NOT NULL)", name="merged_says_into"),
        CheckConstraint("merged_into <> id", name="not_merged_into_itself"),
        CheckConstraint("(source IS NULL) = (external_id IS NULL)", name="source_with_external_id"),
        UniqueConstraint("source", "external_id"),
        Index("ix_listing_provider_id", "provider_id"),
        Index("ix_listing_location_id", "location_id"),
        Index("ix_listing_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        _suspension_index("listing"),
        # The network team's box (directory/listings/known.py).
        Index("ix_listing_external_id", "external_id", postgresql_where=text("external_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    type: Mapped[str] = mapped_column(ForeignKey("provider_type.code"))
    status: Mapped[str] = mapped_column(Text, server_default=ListingStatus.active)
    status_reason: Mapped[str | None] = mapped_column(Text)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    # A suspension that is planned, or that ends by itself: the calendar sees to it (directory.listings.calendar).
    suspended_from: Mapped[date | None] = mapped_column(Date)
    suspended_until: Mapped[date | None] = mapped_column(Date)
    revision: Mapped[int] = mapped_column(BigInteger, server_default="1")
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")  # BCP 47
    hours: Mapped[str | None] = mapped_column(Text)  # OpenStreetMap's opening_hours syntax
    verified_on: Mapped[date | None] = mapped_column(Date)
    # Who did; of no meaning without the day.
    verified_by: Mapped[str] = mapped_column(Text, server_default="source")
    # By group of facts: the day, who and how, where somebody confirmed it.
    confirmed: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    source: Mapped[str | None] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text)
    # What the last import row said, hashed: the same row again changes nothing and reads nothing more.
    import_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    provider: Mapped[Provider] = relationship(lazy="joined")
    location: Mapped[Location] = relationship(lazy="joined")
    specialties: Mapped[list["ListingSpecialty"]] = relationship(
        order_by="ListingSpecialty.position", cascade="all, delete-orphan"
    )
    agreements: Mapped[list["Agreement"]] = relationship(order_by="Agreement.network", cascade="all, delete-orphan")


class ListingSpecialty(Base):
    """A specialty that a listing offers; `position` keeps the order in which they were given."""

    __tablename__ = "listing_specialty"
    __table_args__ = (Index("ix_listing_specialty_specialty", "specialty"),)

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    specialty: Mapped[str] = mapped_column(ForeignKey("specialty.code"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, server_default="0")


class Agreement(Base):
    """A listing's place in a network. No two agreements of a listing in one network overlap in time.

    Triggers see to that, `ex_agreement_overlap` by name (docs/adr/0015-overlap-by-trigger.md).
    """

    __tablename__ = "agreement"
    __table_args__ = (
        one_of("status", AgreementStatus, "status"),
        one_of("outpatient", Settlement, "outpatient"),
        one_of("inpatient", Settlement, "inpatient"),
        CheckConstraint("notice_days BETWEEN 0 AND 90", name="notice_days"),
        CheckConstraint("NOT isempty(period)", name="period"),
        Index("ix_agreement_listing_id", "listing_id"),
        Index("ix_agreement_starts", text("lower(period)")),
        Index("ix_agreement_ends", text("upper(period)")),
        _suspension_index("agreement"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"))
    network: Mapped[str] = mapped_column(ForeignKey("network.code"))
    # Days; lower bound included, upper excluded, as PostgreSQL writes date ranges.
    period: Mapped[Range[date]] = mapped_column(DATERANGE, server_default="[,)")
    status: Mapped[str] = mapped_column(Text, server_default=AgreementStatus.active)
    outpatient: Mapped[str] = mapped_column(Text)
    inpatient: Mapped[str] = mapped_column(Text)
    tariff: Mapped[bool] = mapped_column(server_default="false")
    notice_days: Mapped[int | None] = mapped_column(SmallInteger)
    suspended_from: Mapped[date | None] = mapped_column(Date)
    suspended_until: Mapped[date | None] = mapped_column(Date)
    suspension_reason: Mapped[str | None] = mapped_column(Text)  # the network team's own
    instead: Mapped[str | None] = mapped_column(Text)  # what members read meanwhile
