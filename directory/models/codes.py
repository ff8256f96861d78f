"""The codes that rows refer to, so that no row can name one that does not exist.

Labels and synonyms stay in config/codes/; `directory.vocabulary.rows` copies the codes here at every upgrade.
"""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class Country(Base):
    """ISO 3166-1 alpha-2."""

    __tablename__ = "country"

    code: Mapped[str] = mapped_column(Text, primary_key=True)


class ProviderType(Base):
    """What kind of provider: hospital, clinic, pharmacy, …"""

    __tablename__ = "provider_type"

    code: Mapped[str] = mapped_column(Text, primary_key=True)


class Specialty(Base):
    """A medical specialty or service."""

    __tablename__ = "specialty"

    code: Mapped[str] = mapped_column(Text, primary_key=True)


class Network(Base):
    """A set of agreements that a plan gives access to."""

    __tablename__ = "network"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
