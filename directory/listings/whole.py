"""A listing with all that the network team knows of it, as it stands or as it stood at a moment."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy.orm import Session

from directory.errors import ListingNotFound
from directory.listings.changing import driver_of
from directory.listings.curating import allowed_actions, group_facts
from directory.listings.facts import Facts, load_known
from directory.listings.history import facts_as_of, find_set_by_people
from directory.listings.shown import PublicListing, show_facts
from directory.models import ListingStatus
from geodata.gazetteer import Gazetteer

# What was merged into it, over any number of merges, brings its ids along.
_BESIDE = """
SELECT l.source, l.external_id, l.updated_at, (
       WITH RECURSIVE merged AS (
           SELECT id, source, external_id FROM listing WHERE merged_into = l.id
            UNION
           SELECT m.id, m.source, m.external_id FROM merged JOIN listing m ON m.merged_into = merged.id)
       SELECT COALESCE(json_agg(json_build_object('id', id, 'source', source, 'external_id', external_id)
                                ORDER BY id), '[]') FROM merged)
  FROM listing l WHERE l.id = %s
"""


@dataclass(frozen=True, slots=True)
class WholeListing:
    """`shown` is what members see on the day, None where they see nothing; `merged` are the listings merged into it.

    `groups` says of each group of facts where it comes from, and who confirmed it. `actions` are those that its status
    allows; none of a past state.
    """

    listing_id: int
    revision: int
    facts: Facts
    source: str | None
    external_id: str | None
    changed_at: dt.datetime
    merged: tuple[Mapping[str, Any], ...]
    groups: Mapping[str, Mapping[str, Any]]
    actions: tuple[str, ...]
    shown: PublicListing | None
    day: dt.date
    as_of: dt.datetime | None = None


def load_whole(
    session: Session, listing_id: int, gazetteer: Gazetteer, today: dt.date, as_of: dt.datetime | None = None
) -> WholeListing:
    """One listing. Raises ListingNotFound, also where there was none yet at that moment."""
    connection = driver_of(session)
    revision, facts = _facts(connection, listing_id, as_of)
    day = as_of.astimezone(dt.UTC).date() if as_of else today
    row = connection.execute(_BESIDE, (listing_id,)).fetchone()
    if row is None:
        raise ListingNotFound(f"There is no listing {listing_id}.")
    source, external_id, changed_at, merged = row
    set_by = {} if as_of else find_set_by_people(connection, [listing_id]).get(listing_id, {})
    return WholeListing(
        listing_id=listing_id,
        revision=revision,
        facts=facts,
        source=source,
        external_id=external_id,
        changed_at=changed_at,
        merged=tuple(merged),
        groups=group_facts(facts, source, set_by),
        actions=() if as_of else allowed_actions(facts),
        shown=_shown(listing_id, revision, facts, gazetteer, day),
        day=day,
        as_of=as_of,
    )


def _facts(connection: psycopg.Connection, listing_id: int, as_of: dt.datetime | None) -> tuple[int, Facts]:
    if as_of:
        return facts_as_of(connection, listing_id, as_of)
    known = load_known(connection, [listing_id]).get(listing_id)
    if known is None:
        raise ListingNotFound(f"There is no listing {listing_id}.")
    return known.revision, known.facts


def _shown(listing_id: int, revision: int, facts: Facts, gazetteer: Gazetteer, day: dt.date) -> PublicListing | None:
    if facts["listing"]["status"] in (ListingStatus.retired, ListingStatus.merged):
        return None
    place_id = facts["location"]["place_id"]
    place = gazetteer.place(place_id) if place_id is not None else None
    return show_facts(listing_id, revision, facts, place, day)
