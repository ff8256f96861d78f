"""The outbox: rows are claimed, their listings written to the index, and the rows settled, in one transaction.

A row that another worker holds is passed over; a worker that dies lets go of its rows with its connection. Rows of an
import or of any other mass change lie in the bulk lane, and those of single edits never wait behind them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, TextClause, text

from indexers.documents import load_documents
from indexers.indices import Indices
from indexers.stores import Stores
from indexers.writer import BulkWriter, Refusal

BATCH_ROWS = 2_000

# A worker that hangs inside a batch must not hold its rows for ever; longer than any bulk request with its retries.
_LONGEST_HOLD = "120s"

_CLAIM = text("""
SELECT DISTINCT listing_id
  FROM (SELECT listing_id FROM outbox WHERE set_aside_at IS NULL AND bulk = :bulk
         ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED) AS claimed
""")

# One document settles all that waits of its listing. Of a listing that an import changed and then a person, the urgent
# lane takes both rows; were the person's taken by the bulk lane, it would wait there. Written so that no index but that
# of listings can serve it.
_CLAIM_ALL_OF = text("""
SELECT o.id, o.listing_id
  FROM unnest(CAST(:listings AS bigint[])) AS claimed (listing_id)
  JOIN outbox o USING (listing_id)
 WHERE o.set_aside_at IS NULL AND (o.bulk OR NOT :bulk)
   FOR UPDATE OF o SKIP LOCKED
""")

# The outbox is empty most of the time, and so it is in the statistics and in plans made then. When 300,000 rows have
# come, those read all of them for each claim, an edit's too, until the table is analysed, up to a minute later.
_WAYS_TO_READ_ALL = ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin")


def _allow(switch: str) -> TextClause:
    return text("SELECT " + ", ".join(f"set_config('enable_{way}', '{switch}', true)" for way in _WAYS_TO_READ_ALL))


_BY_INDEX_ONLY, _BY_ANY_WAY = _allow("off"), _allow("on")

# "Today" decides which agreements are in force, and this transaction's today may have ended while it wrote: another
# worker may have written the new day's document first, at the same revision. Then nothing is settled, and the rows
# are done again.
_SETTLE = text("""
DELETE FROM outbox
 WHERE id = ANY(:rows) AND CURRENT_DATE = CAST(clock_timestamp() AT TIME ZONE 'UTC' AS date)
""")

# A listing that went in needs no earlier row that was set aside. A later one stays: it knows a later revision.
_CLEAR_EARLIER = text("""
DELETE FROM outbox o
 USING (SELECT * FROM unnest(CAST(:listings AS bigint[]), CAST(:rows AS bigint[])) AS t (listing_id, row_id)) done
 WHERE o.listing_id = done.listing_id AND o.id < done.row_id AND o.set_aside_at IS NOT NULL
""")

_SET_ASIDE = text("UPDATE outbox SET set_aside_at = now(), reason = :reason WHERE id = :row")


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some rows of the outbox."""

    rows: int = 0
    listings: int = 0
    set_aside: int = 0

    def __add__(self, other: "Batch") -> "Batch":
        return Batch(self.rows + other.rows, self.listings + other.listings, self.set_aside + other.set_aside)


def index_batch(stores: Stores, writer: BulkWriter, *, bulk: bool, limit: int = BATCH_ROWS) -> Batch:
    """Bring up to `limit` waiting rows of one lane into the index, and what else waits of their listings.

    An empty Batch when none waits. Raises NoIndex or EngineUnavailable, with the rows still waiting.
    """
    with stores.engine.begin() as connection:
        connection.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = '{_LONGEST_HOLD}'"))
        claimed = _claim(connection, bulk, limit)
        if not claimed:
            return Batch()
        newest_row: dict[int, int] = {listing_id: row for row, listing_id in sorted(claimed)}
        # The aliases are read after the claim. So a rebuild that begins after this moment reads these listings as
        # they are now or later, and one that began before it is written to: it can miss no change.
        aliases = Indices(stores).write_aliases()
        documents = load_documents(connection, newest_row, writer.romaniser(aliases[0]))
        refusals = {refusal.listing_id: refusal for alias in aliases for refusal in writer.write(alias, documents)}
        settle(connection, [row for row, _ in claimed], newest_row, refusals.values())
        return Batch(len(claimed), len(documents), len(refusals))


def _claim(connection: Connection, bulk: bool, limit: int) -> list[tuple[int, int]]:
    """The rows that this transaction now holds, with their listings."""
    connection.execute(_BY_INDEX_ONLY)
    listings = list(connection.execute(_CLAIM, {"bulk": bulk, "limit": limit}).scalars())
    claimed = connection.execute(_CLAIM_ALL_OF, {"bulk": bulk, "listings": listings}) if listings else ()
    rows = [(row, listing_id) for row, listing_id in claimed]
    connection.execute(_BY_ANY_WAY)
    return rows


def drain(stores: Stores, writer: BulkWriter) -> Batch:
    """Bring everything that waits into the index, the urgent rows first."""
    total = Batch()
    for bulk in (False, True):
        while (batch := index_batch(stores, writer, bulk=bulk)).rows:
            total += batch
    return total


def settle(
    connection: Connection, rows: Sequence[int], newest_row: dict[int, int], refusals: Iterable[Refusal]
) -> None:
    """Delete the claimed rows, but keep the newest row of each refused listing, set aside with its reason.

    `newest_row` gives the newest claimed row of each listing.
    """
    kept = {newest_row[refusal.listing_id]: refusal.reason for refusal in refusals}
    connection.execute(_SETTLE, {"rows": [row for row in rows if row not in kept]})
    connection.execute(_CLEAR_EARLIER, {"listings": list(newest_row), "rows": list(newest_row.values())})
    for row, reason in kept.items():
        connection.execute(_SET_ASIDE, {"row": row, "reason": reason})


def enqueue(connection: Connection, listing_ids: Sequence[int]) -> None:
    """Put listings into the outbox's bulk lane though they did not change, and wake a worker."""
    connection.execute(
        text("INSERT INTO outbox (listing_id, bulk) SELECT unnest(CAST(:ids AS bigint[])), true"),
        {"ids": list(listing_ids)},
    )
    wake(connection)


def wake(connection: Connection) -> None:
    """Tell the workers that something waits."""
    connection.execute(text("SELECT pg_notify('outbox', '')"))


def retry_set_aside(connection: Connection) -> int:
    """Let every row that was set aside wait again; returns how many there were."""
    count = connection.execute(
        text("""
        UPDATE outbox SET set_aside_at = NULL, reason = NULL
         WHERE id IN (SELECT id FROM outbox WHERE set_aside_at IS NOT NULL FOR UPDATE SKIP LOCKED)
        """)
    ).rowcount
    wake(connection)
    return count


def set_listing_aside(connection: Connection, refusals: Iterable[Refusal]) -> None:
    """Record listings that a rebuild could not index; an earlier such row of the listing is replaced."""
    for refusal in refusals:
        connection.execute(
            text("""
            WITH earlier AS (DELETE FROM outbox WHERE listing_id = :listing AND set_aside_at IS NOT NULL)
            INSERT INTO outbox (listing_id, set_aside_at, reason) VALUES (:listing, now(), :reason)
            """),
            {"listing": refusal.listing_id, "reason": refusal.reason},
        )


def sweep_agreements(connection: Connection) -> int:
    """Put the listings whose agreements began or ended by the calendar into the outbox; returns how many.

    Looks at the days since the last sweep, or, when the clock was ahead and has been put right, at the days that
    were taken for past. One sweep runs at a time; the day is UTC's.
    """
    through: date | None = connection.execute(
        text("SELECT through FROM agreement_sweep WHERE through <> CURRENT_DATE FOR UPDATE SKIP LOCKED")
    ).scalar()
    if through is None:
        # No row: no index was ever built, and the first rebuild shows every listing as of its day.
        return 0
    count = connection.execute(
        text("""
        WITH due AS (
            SELECT listing_id FROM agreement
             WHERE lower(period) > LEAST(:through, CURRENT_DATE) AND lower(period) <= GREATEST(:through, CURRENT_DATE)
             UNION
            SELECT listing_id FROM agreement
             WHERE upper(period) > LEAST(:through, CURRENT_DATE) AND upper(period) <= GREATEST(:through, CURRENT_DATE))
        INSERT INTO outbox (listing_id, bulk) SELECT listing_id, goes_by_bulk((SELECT count(*) FROM due)) FROM due
        """),
        {"through": through},
    ).rowcount
    connection.execute(text("UPDATE agreement_sweep SET through = CURRENT_DATE"))
    if count:
        wake(connection)
    return count


def forget_commits(connection: Connection) -> None:
    """Forget when transactions were committed of which nothing is left in the outbox."""
    connection.execute(
        text("""
        DELETE FROM outbox_commit c
         WHERE NOT EXISTS (SELECT FROM outbox o WHERE o.transaction_id = c.transaction_id)
        """)
    )


def note_all_shown_as_of(connection: Connection, day: date) -> None:
    """A rebuild showed every listing as of `day`: the next sweep starts there."""
    connection.execute(
        text("""
        INSERT INTO agreement_sweep (through) VALUES (:day)
        ON CONFLICT (singleton) DO UPDATE SET through = EXCLUDED.through
        """),
        {"day": day},
    )
