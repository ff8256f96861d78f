"""A listing as members see it, read from the tables in one statement.

The index stores the same that `GET /v1/providers/{id}` shows: one reader serves both, so they cannot disagree.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from sqlalchemy import Connection, text

from directory.db import get_engine
from directory.errors import ListingGone, ListingNotFound
from directory.listings.facts import Facts
from directory.models import ListingStatus
from geodata.places import Place


class Name(TypedDict):
    """A name in one script; `lang` where it is known."""

    text: str
    lang: str | None
    script: str


class PublicLocation(TypedDict):
    """A point (degrees, WGS 84) and how well it is known: `exact` or `place`."""

    lat: float
    lon: float
    precision: str


class PublicAgreement(TypedDict):
    """An agreement in force today."""

    network: str
    outpatient: str
    inpatient: str
    tariff: bool
    notice_days: int | None


class SuspendedAgreement(PublicAgreement):
    """One that would be in force, were it not suspended: until which day (None: not known), and what to do instead."""

    suspended_until: str | None
    instead: str | None


class Visits(TypedDict):
    """What members said of the last twelve months: whether the card was taken, and when last (ISO 8601)."""

    accepted: int
    refused: int
    last_accepted: str | None
    last_refused: str | None


class PublicListing(TypedDict):
    """A listing as members see it; `names` holds all names, the one shown first included."""

    id: int
    revision: int
    name: str
    names: list[Name]
    type: str
    specialties: list[str]
    address: str | None
    postal_code: str | None
    city: str | None
    region: str | None
    country: str
    place: int | None
    location: PublicLocation | None
    time_zone: str | None
    phones: list[str]
    email: str | None
    website: str | None
    languages: list[str]
    hours: str | None
    agreements: list[PublicAgreement]
    suspended: list[SuspendedAgreement]
    status: str
    status_reason: str | None
    merged_into: int | None
    verified_on: str | None
    verified_by: str | None  # "source" or "network_team"
    visits: Visits | None
    sort_name: str
    place_name: str | None
    # The network team's alone: which file brought it, and which account (its id) looks after it.
    source: str | None
    owner: str | None


# One statement, so one snapshot: what is read belongs to the revision that is read with it.
_LISTINGS = text("""
SELECT l.id, l.revision, p.name, p.sort_name, l.type, l.status, l.status_reason, l.merged_into,
       json_build_object('text', p.name, 'lang', p.lang, 'script', p.script) AS first_name,
       (SELECT json_agg(json_build_object('text', n.text, 'lang', n.lang, 'script', n.script) ORDER BY n.position)
          FROM provider_name n WHERE n.provider_id = p.id) AS other_names,
       ARRAY(SELECT s.specialty FROM listing_specialty s WHERE s.listing_id = l.id ORDER BY s.position, s.specialty)
           AS specialties,
       c.address, c.postal_code, c.city, c.region, c.country, c.place_id AS place, c.time_zone,
       c.phones, c.email, c.website, c.precision, ST_Y(c.point::geometry) AS lat, ST_X(c.point::geometry) AS lon,
       l.languages, l.hours, l.verified_on, l.verified_by, pl.name AS place_name,
       l.source, o.account_id::text AS owner,
       (SELECT json_agg(json_build_object('network', a.network, 'outpatient', a.outpatient,
                                          'inpatient', a.inpatient, 'tariff', a.tariff,
                                          'notice_days', a.notice_days) ORDER BY a.network, a.id)
          FROM agreement a
         WHERE a.listing_id = l.id AND a.status = 'active' AND a.period @> CURRENT_DATE) AS agreements,
       (SELECT json_agg(json_build_object('network', a.network, 'outpatient', a.outpatient,
                                          'inpatient', a.inpatient, 'tariff', a.tariff, 'notice_days', a.notice_days,
                                          'suspended_until', a.suspended_until, 'instead', a.instead)
                        ORDER BY a.network, a.id)
          FROM agreement a
         WHERE a.listing_id = l.id AND a.status = 'suspended' AND a.period @> CURRENT_DATE) AS suspended,
       (SELECT json_build_object('accepted', sum(v.accepted), 'refused', sum(v.refused),
                                 'last_accepted', max(v.day) FILTER (WHERE v.accepted > 0),
                                 'last_refused', max(v.day) FILTER (WHERE v.refused > 0))
          FROM visit_day v WHERE v.listing_id = l.id AND v.day > CURRENT_DATE - 365 HAVING count(*) > 0) AS visits
  FROM listing l
  JOIN provider p ON p.id = l.provider_id
  JOIN location c ON c.id = l.location_id
  LEFT JOIN place pl ON pl.id = c.place_id
  LEFT JOIN listing_owner o ON o.listing_id = l.id
 WHERE l.id = ANY(:ids)
 ORDER BY l.id
""")

# Who took its place may have been merged itself since. UNION ends where two point at each other.
_LAST_OF_CHAIN = text("""
WITH RECURSIVE chain AS (
    SELECT id, merged_into, 0 AS step FROM listing WHERE id = :id
     UNION
    SELECT l.id, l.merged_into, step + 1 FROM chain c JOIN listing l ON l.id = c.merged_into WHERE step < 50)
SELECT id FROM chain ORDER BY step DESC LIMIT 1
""")


def load_public_listings(connection: Connection, listing_ids: Iterable[int]) -> list[PublicListing]:
    """These listings, by rising id; an id that does not exist gives none."""
    # All at once: fetched one by one, two thousand rows took a third of the time of reading them.
    rows = connection.execute(_LISTINGS, {"ids": list(listing_ids)}).all()
    return [_build(row._mapping) for row in rows]


def load_public_listing(listing_id: int, connection: Connection | None = None) -> PublicListing:
    """One listing as members see it, from the truth. Raises ListingNotFound, or ListingGone when merged or retired."""
    if connection is None:
        with get_engine().connect() as opened:
            return load_public_listing(listing_id, opened)
    listings = load_public_listings(connection, [listing_id])
    if not listings:
        raise ListingNotFound(f"There is no listing {listing_id}.")
    shown = listings[0]
    if shown["status"] in (ListingStatus.merged, ListingStatus.retired):
        replaced_by = connection.scalar(_LAST_OF_CHAIN, {"id": listing_id}) if shown["merged_into"] else None
        raise ListingGone(listing_id, shown["status"], shown["status_reason"], replaced_by)
    return shown


def show_facts(listing_id: int, revision: int, facts: Facts, place: Place | None, day: dt.date) -> PublicListing:
    """The same of facts that were or will be: what members read on a day. `place` is the city that they name."""
    location, listing, provider = facts["location"], facts["listing"], facts["provider"]
    today = day.isoformat()
    agreements = [{name: each[name] for name in _TERMS} for each in facts["agreements"] if holds_on(each, today)]
    suspended = [
        {name: each[name] for name in _SUSPENDED} for each in facts["agreements"] if _is_suspended_on(each, today)
    ]
    row = {
        **location,
        **listing,
        "id": listing_id,
        "revision": revision,
        "name": provider["name"],
        "sort_name": provider["sort_name"],
        "first_name": {"text": provider["name"], "lang": provider["lang"], "script": provider["script"]},
        "other_names": facts["names"],
        "specialties": facts["specialties"],
        "place": location["place_id"],
        "place_name": place.name if place else None,
        "verified_on": dt.date.fromisoformat(listing["verified_on"]) if listing["verified_on"] else None,
        "agreements": sorted(agreements, key=lambda each: each["network"]),
        "suspended": sorted(suspended, key=lambda each: each["network"]),
    }
    return _build(row)


_TERMS = ("network", "outpatient", "inpatient", "tariff", "notice_days")
_SUSPENDED = (*_TERMS, "suspended_until", "instead")


def holds_on(agreement: Mapping[str, Any], today: str) -> bool:
    """Whether an agreement among facts is in force on a day (ISO 8601)."""
    return agreement["status"] == "active" and _runs_on(agreement, today)


def _is_suspended_on(agreement: Mapping[str, Any], today: str) -> bool:
    return agreement["status"] == "suspended" and _runs_on(agreement, today)


def _runs_on(agreement: Mapping[str, Any], today: str) -> bool:
    begins, ends = agreement["from"], agreement["to"]
    return (begins is None or begins <= today) and (ends is None or today < ends)


def _build(row: Any) -> PublicListing:
    location = None
    if row["lat"] is not None:
        location = PublicLocation(lat=row["lat"], lon=row["lon"], precision=row["precision"])
    return PublicListing(
        id=row["id"],
        revision=row["revision"],
        name=row["name"],
        names=[row["first_name"], *(row["other_names"] or ())],
        type=row["type"],
        specialties=row["specialties"],
        address=row["address"],
        postal_code=row["postal_code"],
        city=row["city"] or row["place_name"],
        region=row["region"],
        country=row["country"],
        place=row["place"],
        location=location,
        time_zone=row["time_zone"],
        phones=row["phones"],
        email=row["email"],
        website=row["website"],
        languages=row["languages"],
        hours=row["hours"],
        agreements=row["agreements"] or [],
        suspended=row["suspended"] or [],
        status=row["status"],
        status_reason=row["status_reason"],
        merged_into=row["merged_into"],
        verified_on=row["verified_on"].isoformat() if row["verified_on"] else None,
        verified_by=row["verified_by"] if row["verified_on"] else None,
        visits=row.get("visits"),
        sort_name=row["sort_name"],
        place_name=row["place_name"],
        source=row.get("source"),
        owner=row.get("owner"),
    )
