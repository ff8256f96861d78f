"""Locations: where care is given, and how to reach it."""

from typing import Any

from geoalchemy2 import Geography
from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, Precision, one_of


class Location(Base):
    """An address with its point (WGS 84). `city` is as it was written, `place_id` as it was understood."""

    __tablename__ = "location"
    __table_args__ = (
        one_of("precision", Precision, "precision"),
        CheckConstraint("(point IS NULL) = (precision IS NULL)", name="precision_tells_of_point"),
        CheckConstraint(
            "point IS NULL OR (ST_X(point::geometry) BETWEEN -180 AND 180 "
            "AND ST_Y(point::geometry) BETWEEN -90 AND 90)",
            name="point_on_earth",
        ),
        Index("ix_location_point", "point", postgresql_using="gist"),
        Index("ix_location_place_id", "place_id"),
        Index("ix_location_country", "country"),
        Index("ix_location_phone_endings", text("phone_endings(phones)"), postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    address: Mapped[str | None] = mapped_column(Text)
    postal_code: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    # The city's Latin words, for the search that PostGIS answers (geodata.text.latin_names).
    latin_city: Mapped[str] = mapped_column(Text, server_default="")
    region: Mapped[str | None] = mapped_column(Text)
    country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    point: Mapped[Any | None] = mapped_column(Geography("POINT", srid=4326, spatial_index=False))
    precision: Mapped[str | None] = mapped_column(Text)
    time_zone: Mapped[str | None] = mapped_column(Text)
    phones: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")  # E.164, perhaps with ;ext=136
    email: Mapped[str | None] = mapped_column(Text)
    website: Mapped[str | None] = mapped_column(Text)
