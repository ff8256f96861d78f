"""Changes: one edit of one listing, or of many at once, kept so that it can be read, gone back to, and undone."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, ForeignKey, Identity, Index, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, one_of


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


class ManyStatus(StrEnum):
    """Where a change of many stands."""

    choosing = "choosing"  # the listings that a search finds are being frozen
    previewed = "previewed"
    waiting = "waiting"  # for a second person
    applying = "applying"
    applied = "applied"
    undoing = "undoing"
    undone = "undone"  # perhaps in part: what was touched since was left
    dropped = "dropped"


class ManyChange(Base):
    """A change of many listings: what shall be said of them, who asked, who agreed, and how far it is.

    `wanted` is what is set, `search` what chose them, None where they were named one by one.
    """

    __tablename__ = "many_change"
    __table_args__ = (
        one_of("status", ManyStatus, "status"),
        Index(
            "ix_many_change_waiting",
            "asked_at",
            postgresql_where=text("status IN ('choosing', 'applying', 'undoing')"),
        ),
    )

    change_id: Mapped[int] = mapped_column(ForeignKey("change.id", ondelete="CASCADE"), primary_key=True)
    status: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(BigInteger, server_default="1")  # grows with what people say of it
    search: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str | None] = mapped_column(Text)
    total: Mapped[int] = mapped_column(server_default="0")
    asked_by: Mapped[UUID | None] = mapped_column(Uuid)
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    approved_by: Mapped[UUID | None] = mapped_column(Uuid)
    approver: Mapped[str | None] = mapped_column(Text)
    undo_id: Mapped[int | None] = mapped_column(ForeignKey("change.id"))


class ChosenListing(Base):
    """A listing of a change of many, frozen by its revision, and what became of it: `done`, or `left` and why."""

    __tablename__ = "chosen_listing"
    __table_args__ = (
        Index("ix_chosen_listing_waiting", "change_id", "listing_id", postgresql_where=text("outcome IS NULL")),
        Index("ix_chosen_listing_left", "change_id", "listing_id", postgresql_where=text("outcome = 'left'")),
    )

    change_id: Mapped[int] = mapped_column(ForeignKey("many_change.change_id", ondelete="CASCADE"), primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[str | None] = mapped_column(Text)
    why_code: Mapped[str | None] = mapped_column(Text)  # changes/leaving.py
    why: Mapped[str | None] = mapped_column(Text)  # what it is about
