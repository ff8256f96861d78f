"""Changes: one edit of one listing, or of many at once, kept so that it can be read, gone back to, and undone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, ForeignKey, Identity, Index, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class Change(Base):
    """Who did what, when, and why. The audit says the same, sealed; this is what undoing works with.

    `undoes` names the change that this one took back, `import_id` the file that it was.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_undoes", "undoes", unique=True, postgresql_where=text("undoes IS NOT NULL")),
        Index("ix_change_import_id", "import_id", postgresql_where=text("import_id IS NOT NULL")),
        Index("ix_change_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    actor_id: Mapped[UUID | None] = mapped_column(Uuid)  # an account; NULL: a command, a file, the calendar
    actor: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    undoes: Mapped[int | None] = mapped_column(ForeignKey("change.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"))


class ChangedListing(Base):
    """What a change did to one listing: `before` is the listing as it was, nothing where the change made it.

    What it was made into is the next one's `before`, or the listing as it stands. `through` names the listing by
    which another was changed that shows the same provider or location.
    """

    __tablename__ = "changed_listing"
    __table_args__ = (Index("ix_changed_listing_listing_id", "listing_id", "revision"),)

    change_id: Mapped[int] = mapped_column(ForeignKey("change.id", ondelete="CASCADE"), primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    # The one that the change gave it; of two listings of one provider, a change of many may raise one twice.
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))  # the names of those that differ
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    through: Mapped[int | None] = mapped_column(BigInteger)
