"""What the network team keeps beside listings: who looks after which, and the views that somebody comes back to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, UniqueConstraint, Uuid
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
