"""Facts written into the tables, many listings in a statement: what stands around the row of a listing.

The row itself is written by `changing.py`, together with its revision; nobody else calls what is here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from psycopg import Connection

from directory.listings.facts import Facts, Known, latin_city, latin_names_of, period_of, specialty_rows

_PROVIDERS = """
UPDATE provider p
   SET kind = f.kind, name = f.name, lang = f.lang, script = f.script, sort_name = f.sort_name,
       latin_names = f.latin_names
  FROM jsonb_to_recordset(%s::jsonb)
       AS f (id bigint, kind text, name text, lang text, script text, sort_name text, latin_names text)
 WHERE p.id = f.id
"""
_LOCATIONS = """
UPDATE location c
   SET address = f.address, postal_code = f.postal_code, city = f.city, latin_city = f.latin_city,
       region = f.region,
       country = f.country, place_id = f.place_id, precision = f.precision, time_zone = f.time_zone,
       point = ST_SetSRID(ST_MakePoint(f.lon, f.lat), 4326)::geography,
       phones = f.phones, email = f.email, website = f.website
  FROM jsonb_to_recordset(%s::jsonb)
       AS f (id bigint, address text, postal_code text, city text, latin_city text, region text,
             country text, place_id integer, lat float8, lon float8, precision text,
             time_zone text, phones text[], email text, website text)
 WHERE c.id = f.id
"""
_AGREEMENTS = """
INSERT INTO agreement (id, listing_id, network, period, status, outpatient, inpatient, tariff, notice_days,
                       suspended_from, suspended_until, suspension_reason, instead)
SELECT COALESCE(f.id, nextval(pg_get_serial_sequence('agreement', 'id'))), f.listing_id, f.network,
       f.period, f.status, f.outpatient, f.inpatient, f.tariff, f.notice_days,
       f.suspended_from, f.suspended_until, f.suspension_reason, f.instead
  FROM jsonb_to_recordset(%s::jsonb)
       AS f (id bigint, listing_id bigint, network text, period daterange, status text, outpatient text,
             inpatient text, tariff boolean, notice_days smallint,
             suspended_from date, suspended_until date, suspension_reason text, instead text)
"""


@dataclass(frozen=True, slots=True)
class Change:
    """A listing as it stands, locked, and as it shall be."""

    known: Known
    after: Facts

    def differs(self, *parts: str) -> bool:
        """Whether one of these parts of the facts is not as it stands."""
        return any(self.known.facts[part] != self.after[part] for part in parts)  # type: ignore[literal-required]


def write_around(connection: Connection, changes: Sequence[Change]) -> tuple[list[int], list[int]]:
    """Write what differs outside of the listings' own rows. Gives the ids of changed providers and locations.

    Of two listings of one provider the one that comes last decides, as it would in two changes.
    """
    providers = {c.known.provider_id: c.after for c in changes if c.differs("provider", "names")}
    locations = {c.known.location_id: c.after["location"] for c in changes if c.differs("location")}
    if providers:
        _write_providers(connection, providers)
    if locations:
        records = ({"id": id_, **location, "latin_city": latin_city(location)} for id_, location in locations.items())
        connection.execute(_LOCATIONS, (as_records(records),))
    _replace_specialties(connection, [change for change in changes if change.differs("specialties")])
    _replace_agreements(connection, [change for change in changes if change.differs("agreements")])
    return list(providers), list(locations)


def _write_providers(connection: Connection, facts: dict[int, Facts]) -> None:
    records = (
        {"id": id_, **listing_facts["provider"], "latin_names": latin_names_of(listing_facts)}
        for id_, listing_facts in facts.items()
    )
    connection.execute(_PROVIDERS, (as_records(records),))
    connection.execute("DELETE FROM provider_name WHERE provider_id = ANY(%s)", (list(facts),))
    copy_rows(
        connection,
        "provider_name (provider_id, position, text, lang, script)",
        (
            (id_, position, name["text"], name["lang"], name["script"])
            for id_, listing_facts in facts.items()
            for position, name in enumerate(listing_facts["names"])
        ),
    )


def _replace_specialties(connection: Connection, changes: Sequence[Change]) -> None:
    if not changes:
        return
    listing_ids = [change.known.listing_id for change in changes]
    connection.execute("DELETE FROM listing_specialty WHERE listing_id = ANY(%s)", (listing_ids,))
    rows = specialty_rows(listing_ids, [change.after for change in changes])
    copy_rows(connection, "listing_specialty (listing_id, specialty, position)", rows)


def _replace_agreements(connection: Connection, changes: Sequence[Change]) -> None:
    if not changes:
        return
    # Deleted and written again under the same ids: the periods of a listing's agreements may move past each
    # other, and in between they would overlap, which the table refuses.
    connection.execute(
        "DELETE FROM agreement WHERE listing_id = ANY(%s)", ([change.known.listing_id for change in changes],)
    )
    records = (
        {**agreement, "listing_id": change.known.listing_id, "period": period_of(agreement)}
        for change in changes
        for agreement in change.after["agreements"]
    )
    connection.execute(_AGREEMENTS, (as_records(records),))


def as_records(records: Iterable[dict[str, Any]]) -> str:
    """What jsonb_to_recordset reads."""
    return orjson.dumps(list(records)).decode()


def copy_rows(connection: Connection, target: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows into a table by COPY."""
    with connection.cursor().copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
