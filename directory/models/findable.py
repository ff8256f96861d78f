"""What the search of the database looks in: each active listing in one row, with the indexes that its questions want.

Triggers keep it, in the transaction of each change (docs/adr/0035-findable.md); nothing else writes it, and all that is
in it is said elsewhere.
"""

from typing import Any

from geoalchemy2 import Geography
from sqlalchemy import ARRAY, BigInteger, Boolean, Index, Integer, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class Findable(Base):
    """An active listing, as far as a search asks for it. Specialties and agreements stay in their own tables."""

    __tablename__ = "findable"
    __table_args__ = (
        Index("ix_findable_sort_name", "sort_name", "listing_id"),
        Index("ix_findable_country_sort_name", "country", "sort_name", "listing_id"),
        Index("ix_findable_type", "type"),
        Index("ix_findable_place_id", "place_id"),
        Index("ix_findable_point", "point", postgresql_using="gist"),
        # The nearest of those that are known by their city alone come last, and are looked for by themselves.
        Index("ix_findable_point_by_city", "point", postgresql_using="gist", postgresql_where=text("by_city")),
        Index("ix_findable_names", "names", postgresql_using="gin", postgresql_ops={"names": "gin_trgm_ops"}),
        Index("ix_findable_cities", "cities", postgresql_using="gin"),
    )

    # The listing's id; without a foreign key: nothing but triggers writes the row (migration 0021).
    listing_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    country: Mapped[str] = mapped_column(Text)
    place_id: Mapped[int | None] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(Text)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sort_name: Mapped[str] = mapped_column(Text(collation="C"))
    # As geodata.text.latin_names writes them.
    names: Mapped[str] = mapped_column(Text)
    # Words of the city as it is written, and of the place that it is known as.
    cities: Mapped[list[str]] = mapped_column(ARRAY(Text))
    point: Mapped[Any | None] = mapped_column(Geography("POINT", srid=4326, spatial_index=False))
    # Whether the point is only its city's.
    by_city: Mapped[bool] = mapped_column(Boolean, server_default=false())
