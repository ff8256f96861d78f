"""A listing's facts as one value: what an edit, an import and an undo compare, keep and put back.

Reading them is here too, many listings at a time; `writing.py` writes them, `changing.py` says when.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, cast

from psycopg import Connection

from geodata.text import latin_names, script_of, sort_key


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
    import_hash: str | None  # hexadecimal; what the last import said, no fact of the listing


@dataclass(frozen=True, slots=True)
class Known:
    """A listing as it stands."""

    listing_id: int
    provider_id: int
    location_id: int
    revision: int
    facts: Facts


# What a listing is before anything is said of it.
EMPTY_LOCATION: dict[str, Any] = {
    "address": None, "postal_code": None, "city": None, "region": None, "country": None, "place_id": None,
    "lat": None, "lon": None, "precision": None, "time_zone": None, "phones": [], "email": None, "website": None,
}  # fmt: skip
EMPTY_LISTING: dict[str, Any] = {
    "type": None, "status": "active", "status_reason": None, "merged_into": None,
    "suspended_from": None, "suspended_until": None, "confirmed": {},
    "languages": [], "hours": None, "verified_on": None, "verified_by": "source",
}  # fmt: skip
EMPTY_AGREEMENT: dict[str, Any] = {
    "id": None, "network": None, "from": None, "to": None, "status": "active",
    "outpatient": "none", "inpatient": "none", "tariff": False, "notice_days": None,
    "suspended_from": None, "suspended_until": None, "suspension_reason": None, "instead": None,
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
        'merged_into', l.merged_into, 'suspended_from', l.suspended_from, 'suspended_until', l.suspended_until,
        'confirmed', l.confirmed, 'languages', l.languages, 'hours', l.hours, 'verified_on', l.verified_on,
        'verified_by', l.verified_by),
    'specialties', ARRAY(SELECT s.specialty FROM listing_specialty s WHERE s.listing_id = l.id
                          ORDER BY s.position, s.specialty),
    'agreements', COALESCE((SELECT json_agg(json_build_object('id', a.id, 'network', a.network,
        'from', lower(a.period), 'to', upper(a.period), 'status', a.status, 'outpatient', a.outpatient,
        'inpatient', a.inpatient, 'tariff', a.tariff, 'notice_days', a.notice_days,
        'suspended_from', a.suspended_from, 'suspended_until', a.suspended_until,
        'suspension_reason', a.suspension_reason, 'instead', a.instead) ORDER BY a.id)
                              FROM agreement a WHERE a.listing_id = l.id), '[]'),
    'import_hash', encode(l.import_hash, 'hex'))
  FROM listing l
  JOIN provider p ON p.id = l.provider_id
  JOIN location c ON c.id = l.location_id
 WHERE l.id = ANY(%s)
"""


def load_known(connection: Connection, listing_ids: Sequence[int]) -> dict[int, Known]:
    """These listings by id; an id that does not exist gives none."""
    if not listing_ids:
        return {}
    return {row[0]: Known(*row) for row in connection.execute(_KNOWN, (list(listing_ids),))}


def lock_known(connection: Connection, listing_ids: Sequence[int]) -> dict[int, Known]:
    """The same, locked until the end of the transaction."""
    if not listing_ids:
        return {}
    # Locked by one statement and read by the next, which sees what others committed while the first one waited.
    connection.execute("SELECT FROM listing WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", (list(listing_ids),))
    return load_known(connection, listing_ids)


def facts_of_image(image: dict[str, Any]) -> Facts:
    """Facts as they were kept, perhaps before there were fields that a listing or an agreement has now."""
    agreements = [{**EMPTY_AGREEMENT, **agreement} for agreement in image["agreements"]]
    return cast("Facts", {**image, "listing": {**EMPTY_LISTING, **image["listing"]}, "agreements": agreements})


def fields_of(facts: Facts) -> dict[str, Any]:
    """Every fact by its own name, in one level: `name`, `address`, `status`, `agreements`, …"""
    lists = {"names": facts["names"], "specialties": facts["specialties"], "agreements": facts["agreements"]}
    return {**facts["provider"], **facts["location"], **facts["listing"], **lists}


def differences(before: Facts, after: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that are not the same, as they were and as they are."""
    was, now = fields_of(before), fields_of(after)
    names = [name for name in now if was[name] != now[name]]
    return {name: was[name] for name in names}, {name: now[name] for name in names}


def named(provider: dict[str, Any], name: str) -> dict[str, Any]:
    """The provider under another first name."""
    return {**provider, "name": name, "script": script_of(name), "sort_name": sort_key(name)}


def further_name(name: str, lang: str | None = None) -> dict[str, Any]:
    """One of its names beside the first."""
    return {"text": name, "lang": lang, "script": script_of(name)}


def latin_names_of(facts: Facts) -> str:
    """The provider's names as the database searches them."""
    return latin_names([facts["provider"]["name"], *(name["text"] for name in facts["names"])])


def latin_city(location: dict[str, Any]) -> str:
    """The city so."""
    return latin_names([location["city"] or ""])


def specialty_rows(listing_ids: Sequence[int], facts: Sequence[Facts]) -> Iterator[tuple[int, str, int]]:
    """Rows of `listing_specialty`."""
    return (
        (id_, specialty, position)
        for id_, each in zip(listing_ids, facts, strict=True)
        for position, specialty in enumerate(each["specialties"])
    )


def period_of(agreement: dict[str, Any]) -> str:
    """The agreement's period as PostgreSQL writes it."""
    return f"[{agreement['from'] or ''},{agreement['to'] or ''})"
