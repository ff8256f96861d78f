"""What the network team's search asks beside what members ask: listings of every status, whose they are, how stale.

A request with it never serves a member: `filters` then leaves out that the listing is live.
"""

import datetime as dt
from dataclasses import dataclass

# Asked for, and counted: a listing that no file brought, or that nobody looks after.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Curated:
    """Empty tuples and None ask for nothing; within one tuple any value will do.

    `sources` and `owners` (ids of accounts) may hold NONE. `verified_before`: last confirmed before that day, or never.
    `ids`: these listings and no others, as a number, a telephone or an external id names them.
    """

    statuses: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    verified_before: dt.date | None = None
    ids: tuple[int, ...] | None = None
