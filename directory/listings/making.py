"""A new listing: from its own facts to its rows, whoever found it. Proposals translate what an officer said into these.

One goes through `make_listing`; an import puts the blocks of thousands together itself and hands them to `write_new`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from directory import audit
from directory.actors import Actor
from directory.listings import history
from directory.listings.agreements import Terms, agreement_of
from directory.listings.blocks import TABLES, Ids, build_blocks
from directory.listings.changing import driver_of
from directory.listings.facts import (
    EMPTY_LISTING,
    EMPTY_LOCATION,
    Facts,
    Known,
    fields_of,
    further_name,
    load_known,
    named,
)
from directory.models import Precision, ProviderIdentifier
from geodata.places import Place
from geodata.points import Point

_IDS = """
SELECT nextval(pg_get_serial_sequence('provider', 'id')), nextval(pg_get_serial_sequence('location', 'id')),
       nextval(pg_get_serial_sequence('listing', 'id'))
  FROM generate_series(1, %s)
"""


@dataclass(frozen=True, slots=True)
class NewListing:
    """What is known of a provider at a location before it has a listing; all of it checked by whoever says it.

    `point` with its `precision`, or neither; `place` is its city among the places. `identifiers` are (system, value):
    one that another provider has stays with that one. `source` and `external_id` go together, and exist once.
    """

    name: str
    kind: str
    type: str
    country: str
    other_names: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    address: str | None = None
    postal_code: str | None = None
    city: str | None = None
    place: Place | None = None
    point: Point | None = None
    precision: Precision | None = None
    phones: tuple[str, ...] = ()
    email: str | None = None
    website: str | None = None
    languages: tuple[str, ...] = ()
    hours: str | None = None
    agreements: tuple[Terms, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    verified_on: dt.date | None = None
    verified_by: str = "source"
    source: str | None = None
    external_id: str | None = None


def make_listing(
    session: Session,
    new: NewListing,
    *,
    actor: Actor,
    reason: str | None = None,
    told: Mapping[str, Any] | None = None,
) -> Known:
    """Make a listing with its provider and location, in the caller's transaction; the audit and the index hear of it.

    `told` goes into the audit beside the facts.
    """
    [ids] = draw_ids(driver_of(session), 1)
    made = _make(session, ids, facts_of(new), Making(actor, reason, told, new.source, new.external_id))
    for system, value in new.identifiers:
        row = insert(ProviderIdentifier).values(provider_id=made.provider_id, system=system, value=value)
        session.execute(row.on_conflict_do_nothing(index_elements=["system", "value"]))
    return made


def make_of_facts(session: Session, facts: Facts, *, actor: Actor, reason: str | None = None) -> Known:
    """The same of facts that were put together and checked elsewhere; it comes from no source."""
    [ids] = draw_ids(driver_of(session), 1)
    return _make(session, ids, facts, Making(actor, reason))


@dataclass(frozen=True, slots=True)
class Making:
    """Who makes a listing, why, and of what source."""

    actor: Actor
    reason: str | None = None
    told: Mapping[str, Any] | None = None
    source: str | None = None
    external_id: str | None = None


def _make(session: Session, ids: Ids, facts: Facts, making: Making) -> Known:
    connection = driver_of(session)
    write_new(connection, build_blocks(making.source, [(ids, making.external_id, facts)]))
    _, _, listing_id = ids
    made = load_known(connection, [listing_id])[listing_id]
    history.keep_made(
        connection, history.add_change(connection, making.actor, "create", reason=making.reason), listing_id
    )
    after = {
        "revision": made.revision,
        **fields_of(made.facts),
        **(making.told or {}),
        **({"reason": making.reason} if making.reason else {}),
    }
    audit.record(session, making.actor, "create", f"listing:{listing_id}", None, after)
    return made


def facts_of(new: NewListing) -> Facts:
    """The facts that the new listing will have."""
    listing = {"type": new.type, "languages": list(new.languages), "hours": new.hours, "verified_by": new.verified_by}
    verified_on = new.verified_on.isoformat() if new.verified_on else None
    return Facts(
        provider=named({"kind": new.kind, "lang": None}, new.name),
        names=[further_name(name) for name in new.other_names],
        location=_location(new),
        listing={**EMPTY_LISTING, **listing, "verified_on": verified_on},
        specialties=list(new.specialties),
        agreements=[agreement_of(terms) for terms in new.agreements],
        import_hash=None,
    )


def _location(new: NewListing) -> dict[str, Any]:
    written = {name: getattr(new, name) for name in ("address", "postal_code", "city", "country", "email", "website")}
    where: dict[str, Any] = {"phones": list(new.phones)}
    if new.place:
        where |= {"place_id": new.place.id, "region": new.place.region, "time_zone": new.place.time_zone}
    if new.point and new.precision:
        where |= {"lat": new.point.lat, "lon": new.point.lon, "precision": new.precision.value}
    return {**EMPTY_LOCATION, **written, **where}


def draw_ids(connection: psycopg.Connection, count: int) -> list[Ids]:
    """Ids for so many new listings, each with its provider and location."""
    return connection.execute(_IDS, (count,)).fetchall()


def write_new(connection: psycopg.Connection, blocks: Mapping[str, bytes]) -> None:
    """Copy the blocks of new listings (blocks.py) into their tables."""
    for table, block in blocks.items():
        if block:
            with connection.cursor().copy(f"COPY {table} ({TABLES[table]}) FROM STDIN") as copy:
                copy.write(block)
