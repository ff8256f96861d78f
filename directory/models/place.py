"""Places of the gazetteer, as far as rows refer to them and SQL asks about them.

Their names in every language stay in the gazetteer file (`geodata.gazetteer`).
"""

from typing import Any

from geoalchemy2 import Geography
from sqlalchemy import ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class Place(Base):
    """A city or town; the id is its GeoNames id."""

    __tablename__ = "place"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    latin_name: Mapped[str] = mapped_column(Text, server_default="")
    country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    region: Mapped[str | None] = mapped_column(Text)
    population: Mapped[int] = mapped_column(Integer)
    time_zone: Mapped[str | None] = mapped_column(Text)
    point: Mapped[Any] = mapped_column(Geography("POINT", srid=4326, spatial_index=False))
