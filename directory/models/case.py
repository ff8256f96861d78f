"""Cases: what somebody brings and a desk settles; its events, its messages, what was attached."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, created_at, one_of

LONGEST_MESSAGE = 4000
LONGEST_FILE_NAME = 120


class MessageKind(StrEnum):
    """Who reads it: a message both sides, a note and a contact with somebody outside only the desk."""

    message = "message"
    note = "note"
    contact = "contact"


class Channel(StrEnum):
    """How somebody was contacted."""

    call = "call"
    letter = "letter"
    email = "email"
    visit = "visit"
    other = "other"


class CaseFile(Base):
    """One case. `case` alone is a word of SQL."""

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("num_nulls(due_what, due_on, due_at) IN (0, 3)", name="due_says_what"),
        CheckConstraint("num_nonnulls(opened_by, member_id) <= 1", name="one_opener"),
        Index("ix_case_file_client_id", "client_id"),
        Index("ix_case_file_queue", "kind", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    kind: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text, unique=True)  # for people: on the telephone, in a subject line
    # Who brought it: an account, a member, or somebody who is neither.
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    # Who has no account follows by a secret link, of which only this is kept.
    follow_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # of the desk that works on it
    state: Mapped[str] = mapped_column(Text)
    asked_in: Mapped[str | None] = mapped_column(Text)  # the state that asked for information
    revision: Mapped[int] = mapped_column(BigInteger, server_default="1")
    clocks: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    due_what: Mapped[str | None] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)  # the day, where the clock's calendar is
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # from this moment on it is overdue
    opened_at: Mapped[datetime] = created_at()
    # When it came to us: a letter that somebody enters came before.
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class CaseEvent(Base):
    """One step of a case. Rows are only added."""

    __tablename__ = "case_event"
    __table_args__ = (Index("ix_case_event_case_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    actor_role: Mapped[str] = mapped_column(Text)
    actor_name: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    from_state: Mapped[str | None] = mapped_column(Text)
    to_state: Mapped[str] = mapped_column(Text)
    internal: Mapped[bool] = mapped_column(server_default="false")  # only the desk reads it


class CaseMessage(Base):
    """Words on a case: between both sides, of the desk alone, or with somebody outside."""

    __tablename__ = "case_message"
    __table_args__ = (
        one_of("kind", MessageKind, "kind"),
        one_of("channel", Channel, "channel"),
        CheckConstraint("channel IS NULL OR kind = 'contact'", name="channel_of_a_contact"),
        CheckConstraint(f"text <> '' AND length(text) <= {LONGEST_MESSAGE}", name="text"),
        Index("ix_case_message_case_id", "case_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    author_role: Mapped[str] = mapped_column(Text)
    author_name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    channel: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class CaseAttachment(Base):
    """A file of a case. Its bytes lie outside of the web root under the name of its id, never under a sender's name."""

    __tablename__ = "case_attachment"
    __table_args__ = (
        CheckConstraint("media_type IN ('application/pdf', 'image/jpeg', 'image/png')", name="media_type"),
        CheckConstraint(f"name <> '' AND length(name) <= {LONGEST_FILE_NAME}", name="name"),
        Index("ix_case_attachment_case_id", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    author_role: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)


class CaseSecret(Base):
    """What a person said in a case, sealed under a key of its own, which HEALTH_KEYS wraps (cases/vault.py)."""

    __tablename__ = "case_secret"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True)
    key_id: Mapped[str] = mapped_column(Text)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
