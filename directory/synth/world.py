"""Writes a synthetic world into an empty database by COPY, in one transaction: all of it is there, or nothing.

Within the transaction the tables have no index but their primary keys, no foreign keys, and no trigger that fills the
outbox or looks for overlapping agreements: at 1.5 million listings these cost several times the rows themselves.
Indexes and foreign keys are put back, and so checked over all rows, and overlaps are looked for, before the commit. The
outbox stays empty because a rebuild must follow anyway, and reads every listing: 1.5 million rows would wait in it for
nothing. The tables are locked meanwhile.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from typing import Any

from psycopg import Connection
from sqlalchemy import Engine

from directory.runtime import child_processes
from directory.synth.errors import WorldRefused
from directory.synth.ground import Ground, make_ground
from directory.synth.rows import PORTION, SOURCE, TABLES, draw_portion
from geodata.gazetteer import Gazetteer

# Told as it goes: what is being done, listings written, listings in all.
Progress = Callable[[str, int, int], None]
MOST_ROWS = 20_000_000
_AHEAD = 4
_TRIGGERS = {"listing": "listing_inserted", "agreement": "agreement_inserted"}
# What the trigger of agreements would have refused; there is none of it, and the database says so.
_OVERLAPS = """
SELECT listing_id, network
  FROM (SELECT listing_id, network, begins,
               lag(ends, 1, '-infinity') OVER (PARTITION BY listing_id, network ORDER BY begins) AS before
          FROM (SELECT listing_id, network, COALESCE(lower(period), '-infinity') AS begins,
                       COALESCE(upper(period), 'infinity') AS ends FROM agreement) a) b
 WHERE begins < before
 LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class SynthReport:
    """What was written, and how fast."""

    listings: int
    providers: int
    agreements: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The counts, and listings a second."""
        return {**asdict(self), "listings_per_second": round(self.listings / self.seconds)}


def make_world(
    engine: Engine, gazetteer: Gazetteer, rows: int, seed: int, progress: Progress | None = None
) -> SynthReport:
    """Write `rows` listings of source `synth`; the same seed gives the same rows with the same ids.

    Raises WorldRefused unless the database has the schema's codes and places and no listing at all.
    """
    tell = progress or (lambda step, done, total: None)
    if not 1 <= rows <= MOST_ROWS:
        raise WorldRefused(f"A synthetic world has from 1 to {MOST_ROWS:,} listings, not {rows:,}.")
    started = time.monotonic()
    with engine.connect() as held:
        connection: Connection[Any] = held.connection.driver_connection  # type: ignore[assignment]
        _refuse_unless_empty(connection)
        connection.rollback()
        tell("places", 0, rows)
        ground = make_ground(gazetteer, seed)
        with connection.transaction():
            put_back = _strip(connection)
            for done, portion in _portions(ground, rows, seed):
                for table, columns in TABLES.items():
                    with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                        copy.write(portion[table])
                tell("listings", done, rows)
            for number, statement in enumerate(put_back):
                tell(f"indexes {number + 1} of {len(put_back)}", rows, rows)
                connection.execute(statement)
            refuse_overlaps(connection)
            _set_sequences(connection)
        tell("statistics", rows, rows)
        connection.execute("ANALYZE findable, hidden_listing, " + ", ".join(TABLES))
        connection.commit()
        listings, providers, agreements = _count(connection)
        connection.commit()
    return SynthReport(listings, providers, agreements, time.monotonic() - started)


def _refuse_unless_empty(connection: Connection[Any]) -> None:
    row = connection.execute(
        "SELECT (SELECT count(*) FROM listing WHERE source IS DISTINCT FROM %s),"
        " (SELECT count(*) FROM listing WHERE source = %s), (SELECT count(*) FROM place)",
        (SOURCE, SOURCE),
    ).fetchone()
    others, synthetic, places = row or (0, 0, 0)
    if others:
        raise WorldRefused(
            f"The database holds {others:,} listings of other sources: a synthetic world is never mixed with them. "
            "Set DATABASE_URL to an empty database."
        )
    if synthetic:
        raise WorldRefused(
            f"The database holds a synthetic world of {synthetic:,} listings already: make a new one in a new database."
        )
    if not places:
        raise WorldRefused("The database has no places: run `provider-directory places load` first.")


def _portions(ground: Ground, rows: int, seed: int) -> Iterator[tuple[int, dict[str, bytes]]]:
    """(listings so far, rows of each table), in order; drawn by other processes, a few portions ahead."""
    sizes = [min(PORTION, rows - start) for start in range(0, rows, PORTION)]
    waiting: deque[Future[dict[str, bytes]]] = deque()
    with child_processes.start_pool(_receive, ground) as pool:
        for number, size in enumerate(sizes):
            waiting.append(pool.submit(_draw, seed, number, size))
            if len(waiting) > _AHEAD:
                yield (number - _AHEAD + 1) * PORTION, waiting.popleft().result()
        while waiting:
            portion = waiting.popleft().result()
            yield rows - sum(sizes[len(sizes) - len(waiting) :]), portion


_ground: list[Ground] = []


def _receive(ground: Ground) -> None:
    _ground.append(ground)


def _draw(seed: int, number: int, count: int) -> dict[str, bytes]:
    return draw_portion(_ground[0], seed, number, count)


def _strip(connection: Connection[Any]) -> list[str]:
    """Take away what slows writing down; returns the statements that put it back, in their order."""
    # What the database writes of each listing, too.
    tables = [*TABLES, "findable", "hidden_listing"]
    constraints = connection.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        # Unique constraints stay where a foreign key points at them: there are none such beside the primary keys.
        " WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u', 'x') ORDER BY contype DESC, conname",
        (tables,),
    ).fetchall()
    indexes = connection.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = ANY(%s::regclass[])"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1",
        (tables,),
    ).fetchall()
    for table, name, _ in constraints:
        connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    for table, trigger in _TRIGGERS.items():
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
    return [
        *(definition for _, definition in indexes),
        *(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}' for table, name, definition in constraints),
        *(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}" for table, trigger in _TRIGGERS.items()),
    ]


def refuse_overlaps(connection: Connection[Any]) -> None:
    """Raises RuntimeError where agreements overlap: the generator has a fault."""
    if overlap := connection.execute(_OVERLAPS).fetchone():
        raise RuntimeError("Listing {} has agreements in network {} that overlap.".format(*overlap))


def _set_sequences(connection: Connection[Any]) -> None:
    """The next row that anybody writes gets the next number."""
    for table in ("provider", "location", "listing"):
        connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def _count(connection: Connection[Any]) -> tuple[int, int, int]:
    row = connection.execute(
        "SELECT (SELECT count(*) FROM listing), (SELECT count(*) FROM provider), (SELECT count(*) FROM agreement)"
    ).fetchone()
    return row or (0, 0, 0)
