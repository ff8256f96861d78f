"""Accounts: who may sign in, as what; their sessions, tokens and one-time links. Secrets are kept as hashes only."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, created_at, one_of


class Role(StrEnum):
    """What an account is for. An admin may do all that the network team may, and nothing of the other desks."""

    hr = "hr"
    network = "network"
    admin = "admin"
    care = "care"  # customer service: calls, contact, refusals
    medical = "medical"  # letters
    complaints = "complaints"


class AccountStatus(StrEnum):
    """Only an active account can sign in; an invited one becomes active with its first password."""

    invited = "invited"
    active = "active"
    disabled = "disabled"


class Awaits(StrEnum):
    """What a session still waits for before it opens any page."""

    code = "code"  # the password was right; now the code of the authenticator
    authenticator = "authenticator"  # none is set up yet, and the role needs one


class Purpose(StrEnum):
    """What a one-time link is for."""

    invitation = "invitation"
    reset = "reset"


class Client(Base):
    """An organisation whose people are insured; its HR officers belong to it."""

    __tablename__ = "client"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)


class Account(Base):
    """One person, or one machine's owner, who may sign in. The e-mail address is kept in lower case."""

    __tablename__ = "account"
    __table_args__ = (
        one_of("role", Role, "role"),
        one_of("status", AccountStatus, "status"),
        CheckConstraint("lang IN ('en', 'fr', 'es', 'ar')", name="lang"),
        CheckConstraint("email = lower(email)", name="email"),
        CheckConstraint("(role = 'hr') = (client_id IS NOT NULL)", name="hr_has_a_client"),
        CheckConstraint("(oidc_issuer IS NULL) = (oidc_subject IS NULL)", name="issuer_with_subject"),
        UniqueConstraint("oidc_issuer", "oidc_subject"),
        Index("ix_account_client_id", "client_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    email: Mapped[str] = mapped_column(Text, unique=True)
    role: Mapped[str] = mapped_column(Text)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    lang: Mapped[str] = mapped_column(Text, server_default="en")
    display_name: Mapped[str] = mapped_column(Text, server_default="")
    password_hash: Mapped[str | None] = mapped_column(Text)
    totp_secret: Mapped[str | None] = mapped_column(Text)
    # The step of the last code that was taken: no code is taken twice.
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    # Of codes for the day on which the authenticator is lost.
    recovery_hashes: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary), server_default="{}")
    oidc_issuer: Mapped[str | None] = mapped_column(Text)
    oidc_subject: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=AccountStatus.invited)
    created_at: Mapped[datetime] = created_at()


class AccountSession(Base):
    """One signed-in browser. Its cookie holds the secret of which this row has the hash."""

    __tablename__ = "account_session"
    __table_args__ = (one_of("awaits", Awaits, "awaits"), Index("ix_account_session_account_id", "account_id"))

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    awaits: Mapped[str | None] = mapped_column(Text)  # Awaits; NULL: it opens pages
    agent: Mapped[str] = mapped_column(Text, server_default="")  # what the browser calls itself, for its owner's list
    created_at: Mapped[datetime] = created_at()
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class AccessToken(Base):
    """A bearer token of a machine that acts for an account, within its scopes."""

    __tablename__ = "access_token"
    __table_args__ = (Index("ix_access_token_account_id", "account_id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(Text, server_default="")
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = created_at()
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class OneTimeLink(Base):
    """An invitation or a way back in after a forgotten password: sent by e-mail, good once and for a short time."""

    __tablename__ = "one_time_link"
    __table_args__ = (one_of("purpose", Purpose, "purpose"), Index("ix_one_time_link_account_id", "account_id"))

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    purpose: Mapped[str] = mapped_column(Text)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime] = created_at()
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
