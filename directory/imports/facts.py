"""A listing's facts as one value, and how they are read from the tables and written to them, many listings at a time.

The same value is what an import compares, what it keeps as the image from before, and what an undo puts back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import orjson
from psycopg import Connection

from geodata.text import latin_names


class Facts(TypedDict):
    """A listing with its provider, location, specialties and agreements; keys are the tables' columns.

    The point is `lat`, `lon`; an agreement's period is `from`, `to` (ISO dates, `to` excluded, None is open).
    """

    provider: dict[str, Any]
    names: list[dict[str, Any]]
    location: dict[str, Any]
    listing: dict[str, Any]
    specialties: list[str]
    agreements: list[dict[str, Any]]
    import_hash: str | None  # hexadecimal


@dataclass(frozen=True, slots=True)
class Known:
    """A listing as it stands, locked."""

    listing_id: int
    provider_id: int
    location_id: int
    revision: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class Change:
    """A listing as it stands and as it shall be."""

    known: Known
    after: Facts


# What a listing is before anything is said of it.
EMPTY_LOCATION: dict[str, Any] = {
    "address": None, "postal_code": None, "city": None, "region": None, "country": None, "place_id": None,
    "lat": None, "lon": None, "precision": None, "time_zone": None, "phones": [], "email": None, "website": None,
}  # fmt: skip
EMPTY_LISTING: dict[str, Any] = {
    "type": None, "status": "active", "status_reason": None, "merged_into": None,
    "languages": [], "hours": None, "verified_on": None,
}  # fmt: skip
EMPTY_AGREEMENT: dict[str, Any] = {
    "id": None, "network": None, "from": None, "to": None, "status": "active",
    "outpatient": "none", "inpatient": "none", "tariff": False, "notice_days": None,
}  # fmt: skip

_KNOWN = """
SELECT l.id, l.provider_id, l.location_id, l.revision, json_build_object(
    'provider', json_build_object('kind', p.kind, 'name', p.name, 'lang', p.lang, 'script', p.script,
                                  'sort_name', p.sort_name),
    'names', COALESCE((SELECT json_agg(json_build_object('text', n.text, 'lang', n.lang, 'script', n.script)
                                       ORDER BY n.position)
                         FROM provider_name n WHERE n.provider_id = p.id), '[]'),
    'location', json_build_object('address', c.address, 'postal_code', c.postal_code, 'city', c.city,
        'region', c.region, 'country', c.country, 'place_id', c.place_id, 'lat', ST_Y(c.point::geometry),
        'lon', ST_X(c.point::geometry), 'precision', c.precision, 'time_zone', c.time_zone, 'phones', c.phones,
        'email', c.email, 'website', c.website),
    'listing', json_build_object('type', l.type, 'status', l.status, 'status_reason', l.status_reason,
        'merged_into', l.merged_into, 'languages', l.languages, 'hours', l.hours, 'verified_on', l.verified_on),
    'specialties', ARRAY(SELECT s.specialty FROM listing_specialty s WHERE s.listing_id = l.id
                          ORDER BY s.position, s.specialty),
    'agreements', COALESCE((SELECT json_agg(json_build_object('id', a.id, 'network', a.network,
        'from', lower(a.period), 'to', upper(a.period), 'status', a.status, 'outpatient', a.outpatient,
        'inpatient', a.inpatient, 'tariff', a.tariff, 'notice_days', a.notice_days) ORDER BY a.id)
                              FROM agreement a WHERE a.listing_id = l.id), '[]'),
    'import_hash', encode(l.import_hash, 'hex'))
  FROM listing l
  JOIN provider p ON p.id = l.provider_id
  JOIN location c ON c.id = l.location_id
 WHERE l.id = ANY(%s)
"""


def load_known(connection: Connection, listing_ids: Sequence[int]) -> dict[int, Known]:
    """These listings by id, locked until the end of the transaction."""
    if not listing_ids:
        return {}
    # Locked by one statement and read by the next, which sees what others committed while the first one waited.
    connection.execute("SELECT FROM listing WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", (list(listing_ids),))
    rows = connection.execute(_KNOWN, (list(listing_ids),))
    return {row[0]: Known(*row) for row in rows}


class FactsWriter:
    """Writes facts within one transaction. Call `finish` once at its end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        connection.execute(
            "CREATE TEMP TABLE changed_provider (id bigint) ON COMMIT DROP;"
            "CREATE TEMP TABLE changed_location (id bigint) ON COMMIT DROP;"
            "CREATE TEMP TABLE changed_listing (id bigint PRIMARY KEY) ON COMMIT DROP"
        )

    def update(self, changes: Sequence[Change]) -> None:
        """Write what differs, and raise the revision of each of these listings by one."""
        if not changes:
            return
        self._update_providers(_differing(changes, "provider", "names"))
        self._update_locations(_differing(changes, "location"))
        self._replace_specialties(_differing(changes, "specialties"))
        self._replace_agreements(_differing(changes, "agreements"))
        self._connection.execute(
            """
            UPDATE listing l
               SET type = f.type, status = f.status, status_reason = f.status_reason, merged_into = f.merged_into,
                   languages = f.languages, hours = f.hours, verified_on = f.verified_on,
                   verified_by = CASE WHEN l.verified_on IS DISTINCT FROM f.verified_on THEN 'source'
                                      ELSE l.verified_by END,
                   import_hash = decode(f.import_hash, 'hex'), revision = l.revision + 1, updated_at = now()
              FROM jsonb_to_recordset(%s::jsonb) AS f (id bigint, type text, status text, status_reason text,
                   merged_into bigint, languages text[], hours text, verified_on date, import_hash text)
             WHERE l.id = f.id
            """,
            (
                _records(
                    {"id": c.known.listing_id, "import_hash": c.after["import_hash"], **c.after["listing"]}
                    for c in changes
                ),
            ),
        )
        self._copy("changed_listing", ((change.known.listing_id,) for change in changes))

    def remember(self, hashes: Sequence[tuple[int, str | None]]) -> None:
        """Note what the last row of each listing said (hexadecimal); no fact changes, so no revision does."""
        if not hashes:
            return
        self._connection.execute(
            """
            UPDATE listing l SET import_hash = decode(f.hash, 'hex')
              FROM unnest(%s::bigint[], %s::text[]) AS f (id, hash) WHERE l.id = f.id
            """,
            ([listing_id for listing_id, _ in hashes], [digest for _, digest in hashes]),
        )

    def finish(self) -> int:
        """Raise the revision of the other listings that show a changed provider or location; returns how many."""
        cursor = self._connection.execute(
            """
            UPDATE listing SET revision = revision + 1, updated_at = now()
             WHERE id IN (SELECT l.id FROM listing l JOIN changed_provider c ON c.id = l.provider_id
                          UNION SELECT l.id FROM listing l JOIN changed_location c ON c.id = l.location_id
                          EXCEPT SELECT id FROM changed_listing)
            """
        )
        return cursor.rowcount

    def _update_providers(self, changes: Sequence[Change]) -> None:
        if not changes:
            return
        # Two listings of one provider may both be here; the one written last decides, as it would in two imports.
        last = {change.known.provider_id: change.after for change in changes}
        self._connection.execute(
            """
            UPDATE provider p
               SET kind = f.kind, name = f.name, lang = f.lang, script = f.script, sort_name = f.sort_name,
                   latin_names = f.latin_names
              FROM jsonb_to_recordset(%s::jsonb)
                   AS f (id bigint, kind text, name text, lang text, script text, sort_name text, latin_names text)
             WHERE p.id = f.id
            """,
            (
                _records(
                    {"id": id_, **facts["provider"], "latin_names": latin_names_of(facts)}
                    for id_, facts in last.items()
                ),
            ),
        )
        self._connection.execute("DELETE FROM provider_name WHERE provider_id = ANY(%s)", (list(last),))
        self._copy(
            "provider_name (provider_id, position, text, lang, script)",
            (
                (id_, position, name["text"], name["lang"], name["script"])
                for id_, facts in last.items()
                for position, name in enumerate(facts["names"])
            ),
        )
        self._copy("changed_provider", ((id_,) for id_ in last))

    def _update_locations(self, changes: Sequence[Change]) -> None:
        if not changes:
            return
        last = {change.known.location_id: change.after["location"] for change in changes}
        self._connection.execute(
            """
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
            """,
            (_records({"id": id_, **facts, "latin_city": latin_city(facts)} for id_, facts in last.items()),),
        )
        self._copy("changed_location", ((id_,) for id_ in last))

    def _replace_specialties(self, changes: Sequence[Change]) -> None:
        listing_ids = [change.known.listing_id for change in changes]
        self._connection.execute("DELETE FROM listing_specialty WHERE listing_id = ANY(%s)", (listing_ids,))
        self._copy(
            "listing_specialty (listing_id, specialty, position)",
            _specialty_rows(listing_ids, [change.after for change in changes]),
        )

    def _replace_agreements(self, changes: Sequence[Change]) -> None:
        # Deleted and written again under the same ids: the periods of a listing's agreements may move past each
        # other, and in between they would overlap, which the table refuses.
        listing_ids = [change.known.listing_id for change in changes]
        self._connection.execute("DELETE FROM agreement WHERE listing_id = ANY(%s)", (listing_ids,))
        self._connection.execute(
            """
            INSERT INTO agreement (id, listing_id, network, period, status, outpatient, inpatient, tariff, notice_days)
            SELECT COALESCE(f.id, nextval(pg_get_serial_sequence('agreement', 'id'))), f.listing_id, f.network,
                   f.period, f.status, f.outpatient, f.inpatient, f.tariff, f.notice_days
              FROM jsonb_to_recordset(%s::jsonb)
                   AS f (id bigint, listing_id bigint, network text, period daterange, status text, outpatient text,
                         inpatient text, tariff boolean, notice_days smallint)
            """,
            (
                _records(
                    {**agreement, "listing_id": change.known.listing_id, "period": period_of(agreement)}
                    for change in changes
                    for agreement in change.after["agreements"]
                ),
            ),
        )

    def _copy(self, target: str, rows: Iterable[tuple[Any, ...]]) -> None:
        with self._connection.cursor().copy(f"COPY {target} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _differing(changes: Sequence[Change], *parts: str) -> list[Change]:
    return [
        change
        for change in changes
        if any(change.known.facts[part] != change.after[part] for part in parts)  # type: ignore[literal-required]
    ]


def latin_names_of(facts: Facts) -> str:
    """The provider's names as the database searches them."""
    return latin_names([facts["provider"]["name"], *(name["text"] for name in facts["names"])])


def latin_city(location: dict[str, Any]) -> str:
    """The city so."""
    return latin_names([location["city"] or ""])


def _specialty_rows(listing_ids: Sequence[int], facts: Sequence[Facts]) -> Iterable[tuple[int, str, int]]:
    return (
        (id_, specialty, position)
        for id_, each in zip(listing_ids, facts, strict=True)
        for position, specialty in enumerate(each["specialties"])
    )


def _records(records: Iterable[dict[str, Any]]) -> str:
    return orjson.dumps(list(records)).decode()


def period_of(agreement: dict[str, Any]) -> str:
    """The agreement's period as PostgreSQL writes it."""
    return f"[{agreement['from'] or ''},{agreement['to'] or ''})"
