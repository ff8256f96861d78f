"""Providers: who gives care, with names in several scripts and identifiers."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.models.base import Base, Kind, created_at, one_of


class Provider(Base):
    """An organisation or a practitioner. `name` is the one shown first; other scripts are in `provider_name`."""

    __tablename__ = "provider"
    __table_args__ = (
        one_of("kind", Kind, "kind"),
        CheckConstraint("name <> '' AND length(name) <= 300", name="name"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    lang: Mapped[str | None] = mapped_column(Text)
    script: Mapped[str] = mapped_column(Text)
    # Latin, folded: orders names of every script in one list (geodata.text.sort_key).
    sort_name: Mapped[str] = mapped_column(Text(collation="C"))
    # All names so, for the search that PostGIS answers (geodata.text.latin_names).
    latin_names: Mapped[str] = mapped_column(Text, server_default="")
    created_at: Mapped[datetime] = created_at()

    other_names: Mapped[list["ProviderName"]] = relationship(
        order_by="ProviderName.position", cascade="all, delete-orphan"
    )


class ProviderName(Base):
    """A further name: in the local script, in another language, a former name."""

    __tablename__ = "provider_name"
    __table_args__ = (CheckConstraint("text <> '' AND length(text) <= 300", name="text"),)

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    lang: Mapped[str | None] = mapped_column(Text)
    script: Mapped[str] = mapped_column(Text)


class ProviderIdentifier(Base):
    """A provider's number in some register: a licence, a tax number, a national facility code."""

    __tablename__ = "provider_identifier"
    __table_args__ = (UniqueConstraint("system", "value"),)

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True)
    system: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text)
