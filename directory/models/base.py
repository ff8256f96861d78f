"""What all tables share: the declarative base, names of constraints, the words that more than one table uses."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, MetaData, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Constraints get stable names, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Kind(StrEnum):
    """Who gives care."""

    organisation = "organisation"
    practitioner = "practitioner"


class Settlement(StrEnum):
    """How the insurer pays in one care setting."""

    card = "card"
    guarantee_letter = "guarantee_letter"
    none = "none"  # the member pays, then claims


class ListingStatus(StrEnum):
    """Only an active listing is found by a search."""

    active = "active"
    suspended = "suspended"
    retired = "retired"
    merged = "merged"


class AgreementStatus(StrEnum):
    """Only an active agreement, within its period, is shown and searched."""

    active = "active"
    suspended = "suspended"
    ended = "ended"


class Precision(StrEnum):
    """How well a location's point is known."""

    exact = "exact"
    place = "place"  # somewhere in its city


def one_of(column: str, words: type[StrEnum], name: str) -> CheckConstraint:
    """A check that `column` holds one of the enum's words.

    Text with a check rather than a PostgreSQL enum: a word can be added in a migration that runs in a transaction.
    """
    allowed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({allowed})", name=name)


def created_at() -> Mapped[datetime]:
    """A column that holds when the row was written, by the database's clock."""
    return mapped_column(DateTime(timezone=True), server_default=func.now(), nullable=False)
