"""Listings as the network team's list shows them: of every status, with what members never see."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from directory.db import get_engine
from directory.listings.shown import PublicListing, load_public_listings


class Owner(NamedTuple):
    """Who looks after a listing: an account's id, and what its person is called."""

    id: str
    name: str


class ListingRow(NamedTuple):
    """A listing, as members would see it were it active, and what stands beside it.

    `suspended`, `coming`: agreements that are suspended, and that begin after today.
    """

    shown: PublicListing
    external_id: str | None
    updated_at: dt.datetime
    owner: Owner | None
    suspended: int
    coming: int


_BESIDE = text("""
SELECT l.id, l.external_id, l.updated_at, o.account_id::text AS owner_id,
       COALESCE(NULLIF(a.display_name, ''), a.email) AS owner_name, t.suspended, t.coming
  FROM listing l
  LEFT JOIN listing_owner o ON o.listing_id = l.id
  LEFT JOIN account a ON a.id = o.account_id
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE g.status = 'suspended') AS suspended,
                            count(*) FILTER (WHERE g.status = 'active' AND lower(g.period) > CURRENT_DATE) AS coming
                       FROM agreement g WHERE g.listing_id = l.id) t
 WHERE l.id = ANY(:ids)
""")


def load_rows(listing_ids: Sequence[int], connection: Connection | None = None) -> list[ListingRow]:
    """These listings in the order of their ids as given; an id that does not exist gives none."""
    if connection is None:
        with get_engine().connect() as opened:
            return load_rows(listing_ids, opened)
    shown = {each["id"]: each for each in load_public_listings(connection, listing_ids)}
    beside = {row.id: row for row in connection.execute(_BESIDE, {"ids": list(listing_ids)})}
    return [
        ListingRow(
            shown[listing],
            row.external_id,
            row.updated_at,
            Owner(row.owner_id, row.owner_name) if row.owner_id else None,
            row.suspended,
            row.coming,
        )
        for listing in listing_ids
        if listing in shown and (row := beside.get(listing))
    ]
