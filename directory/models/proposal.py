"""Proposals: an HR officer asks that a provider join the network."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.models.base import Base, Kind, created_at, one_of
from directory.models.case import CaseFile


class NeedReason(StrEnum):
    """Why the provider is needed."""

    none_nearby = "none_nearby"
    refuses_card = "refuses_card"
    closed = "closed"
    already_used = "already_used"
    other = "other"


class Urgency(StrEnum):
    """How soon."""

    low = "low"
    normal = "normal"
    high = "high"


class CareSetting(StrEnum):
    """Where care is given."""

    outpatient = "outpatient"
    inpatient = "inpatient"


class Proposal(Base):
    """What is proposed and why. Where it stands is in its case."""

    __tablename__ = "proposal"
    __table_args__ = (
        one_of("kind", Kind, "kind"),
        one_of("reason", NeedReason, "reason"),
        one_of("urgency", Urgency, "urgency"),
        CheckConstraint("name <> '' AND length(name) <= 300", name="name"),
        CheckConstraint("duplicate_of <> id", name="not_its_own_duplicate"),
        CheckConstraint("people BETWEEN 0 AND 1000000", name="people"),
        CheckConstraint("visits BETWEEN 0 AND 1000000", name="visits"),
        CheckConstraint("length(reason_words) <= 500", name="reason_words"),
        Index("ix_proposal_country", "country"),
        Index("ix_proposal_point", "point", postgresql_using="gist"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    name_local: Mapped[str | None] = mapped_column(Text)
    latin_names: Mapped[str] = mapped_column(Text)  # of both, as a provider's (geodata.text.latin_names)
    kind: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(ForeignKey("provider_type.code"))
    specialties: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    address: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    point: Mapped[Any | None] = mapped_column(Geography("POINT", srid=4326, spatial_index=False))
    lat: Mapped[float | None] = mapped_column()
    lon: Mapped[float | None] = mapped_column()
    phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    website: Mapped[str | None] = mapped_column(Text)
    contact_person: Mapped[str | None] = mapped_column(Text)
    licence: Mapped[str | None] = mapped_column(Text)
    asked: Mapped[bool | None] = mapped_column()  # whether the provider was asked, and what it said
    willing: Mapped[bool | None] = mapped_column()
    reason: Mapped[str] = mapped_column(Text)
    reason_words: Mapped[str | None] = mapped_column(Text)  # why, where no reason of the list says it
    reason_listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))  # which one refuses the card
    people: Mapped[int | None] = mapped_column(Integer)
    visits: Mapped[int | None] = mapped_column(Integer)  # expected in a year
    urgency: Mapped[str] = mapped_column(Text, server_default=Urgency.normal)
    settings: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    consent_named: Mapped[bool] = mapped_column(server_default="false")
    # Look-alikes of which the team said that they are another: `listing:12`, `proposal:…`.
    not_same: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    # What came of it.
    agreement: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # as agreed, read by the network team only
    end_reason: Mapped[str | None] = mapped_column(Text)
    end_message: Mapped[str | None] = mapped_column(Text)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    duplicate_of: Mapped[UUID | None] = mapped_column(ForeignKey("proposal.id"))

    case: Mapped[CaseFile] = relationship(lazy="joined")


class ProposalSupporter(Base):
    """An officer backs a proposal. Others learn how many do, never who."""

    __tablename__ = "proposal_supporter"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    at: Mapped[datetime] = created_at()
