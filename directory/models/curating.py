"""What the network team has beside listings: who looks after which, views that are kept, what members do not find."""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, created_at


class ListingOwner(Base):
    """Who of the network team looks after a listing. A trigger tells the search engine of each that comes or goes."""

    __tablename__ = "listing_owner"
    __table_args__ = (Index("ix_listing_owner_account_id", "account_id"),)

    listing_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    account_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    taken_at: Mapped[datetime] = created_at()


class HiddenListing(Base):
    """A listing that is not active, as `Findable` has one that is; the same triggers keep both (migration 0013)."""

    __tablename__ = "hidden_listing"
    __table_args__ = (Index("ix_hidden_listing_sort_name", "sort_name", "listing_id"),)

    listing_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    country: Mapped[str] = mapped_column(Text)
    place_id: Mapped[int | None] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(Text)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sort_name: Mapped[str] = mapped_column(Text(collation="C"))
    names: Mapped[str] = mapped_column(Text)
    cities: Mapped[list[str]] = mapped_column(ARRAY(Text))
    point: Mapped[Any | None] = mapped_column(Geography("POINT", srid=4326, spatial_index=False))
    status: Mapped[str] = mapped_column(Text)
    by_city: Mapped[bool] = mapped_column(Boolean, server_default=false())


class SavedView(Base):
    """A search of listings under a name, of one account. `query` is what stands behind `?` in its address."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("account_id", "name"),
        CheckConstraint("name <> '' AND length(name) <= 60", name="name"),
        CheckConstraint("length(query) <= 2000", name="query"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = created_at()
