"""Reference rows that others point to: codes from config/codes/, countries and places from geodata."""

from collections.abc import Callable

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from directory.models import Base, Country, Network, ProviderType, Specialty
from directory.vocabulary.codes import load_codes
from geodata.countries import load_countries
from geodata.gazetteer import Gazetteer
from geodata.text import latin_names


def sync_codes(session: Session) -> None:
    """Give every code of config/codes/ its row. A code that left the files keeps its row: listings may refer to it."""
    codes = load_codes()
    for table, known in (
        (ProviderType, codes.types),
        (Specialty, codes.specialties),
        (Network, codes.networks),
        (Country, load_countries()),
    ):
        _insert_codes(session, table, list(known))


def _insert_codes(session: Session, table: type[Base], codes: list[str]) -> None:
    session.execute(
        text(f"INSERT INTO {table.__tablename__} (code) SELECT unnest(CAST(:codes AS text[])) ON CONFLICT DO NOTHING"),
        {"codes": codes},
    )


def load_places(engine: Engine, gazetteer: Gazetteer, progress: Callable[[int], None] | None = None) -> int:
    """Copy the gazetteer's cities into `place`; returns how many there are. Again is harmless: rows are updated."""
    with engine.begin() as connection:
        count = _copy_places(connection, gazetteer, progress)
        connection.execute(
            text("""
            INSERT INTO place (id, name, latin_name, country, region, population, time_zone, point)
            SELECT id, name, latin_name, country, region, population, time_zone,
                   ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography
              FROM new_place
            ON CONFLICT (id) DO UPDATE
               SET (name, latin_name, country, region, population, time_zone, point)
                 = (EXCLUDED.name, EXCLUDED.latin_name, EXCLUDED.country, EXCLUDED.region, EXCLUDED.population,
                    EXCLUDED.time_zone, EXCLUDED.point)
             WHERE (place.name, place.latin_name, place.country, place.region, place.population, place.time_zone)
                   IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.latin_name, EXCLUDED.country, EXCLUDED.region,
                                     EXCLUDED.population, EXCLUDED.time_zone)
                OR NOT ST_Equals(place.point::geometry, EXCLUDED.point::geometry)
            """)
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE place"))
    return count


def _copy_places(connection: Connection, gazetteer: Gazetteer, progress: Callable[[int], None] | None) -> int:
    connection.execute(
        text(
            "CREATE TEMP TABLE new_place (id integer, name text, latin_name text, country text, region text,"
            " population integer, time_zone text, lon double precision, lat double precision) ON COMMIT DROP"
        )
    )
    count = 0
    cursor = connection.connection.cursor()
    with cursor.copy("COPY new_place FROM STDIN") as copy:
        for place in gazetteer.all_places():
            if place.kind != "city":
                continue
            copy.write_row(
                (
                    place.id,
                    place.name,
                    latin_names([place.name]),
                    place.country,
                    place.region,
                    place.population,
                    place.time_zone,
                    place.lon,
                    place.lat,
                )
            )
            count += 1
            if progress and count % 5_000 == 0:
                progress(count)
    return count
