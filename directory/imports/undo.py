"""Undoing an import: each listing gets back what it was, unless something else changed it since."""

import datetime as dt
from typing import cast

import orjson
import psycopg
from sqlalchemy import Engine

from directory import audit
from directory.actors import Actor
from directory.imports.errors import ImportAlreadyUndone, ImportNotFound
from directory.imports.merge import UNDONE
from directory.imports.report import UndoReport
from directory.listings import history
from directory.listings.changing import ManyChanges
from directory.listings.facts import Facts, facts_of_image, lock_known
from directory.listings.writing import Change

CHUNK = 2_000
UNDO = "undo"

_NEXT = """
SELECT c.listing_id, c.revision, c.before, l.external_id
  FROM import_change c JOIN listing l ON l.id = c.listing_id
 WHERE c.import_id = %s AND c.listing_id > %s
 ORDER BY c.listing_id LIMIT %s
"""


def undo_import(engine: Engine, import_id: int, actor: Actor) -> UndoReport:
    """Take an import back: what it changed is restored, what it created is retired (a listing is never deleted).

    Listings that changed after the import are left and named. ImportNotFound; ImportAlreadyUndone the second time.
    """
    with engine.begin() as connection:
        driver = cast("psycopg.Connection", connection.connection.driver_connection)
        _claim(driver, import_id)
        writer = ManyChanges(driver, _begin(driver, import_id, actor))
        restored = retired = 0
        left: list[tuple[int, str | None]] = []
        last = 0
        while rows := driver.execute(_NEXT, (import_id, last, CHUNK)).fetchall():
            last = rows[-1][0]
            known = lock_known(driver, [row[0] for row in rows])
            changes: list[Change] = []
            revisions: dict[int, tuple[int, int]] = {}
            for listing_id, revision, before, external_id in rows:
                listing = known[listing_id]
                if listing.revision != revision:
                    left.append((listing_id, external_id))
                elif before is None:
                    retired += 1
                    changes.append(Change(listing, _retired(listing.facts)))
                else:
                    restored += 1
                    revisions[listing_id] = (before.pop("revision"), revision + 1)
                    changes.append(Change(listing, facts_of_image(before)))
            writer.change(changes)
            _hand_down(driver, import_id, revisions)
        writer.finish()
        report = UndoReport(import_id, restored, retired, tuple(left))
        _keep(driver, report)
        audit.record(connection, actor, "undo", f"import:{import_id}", None, report.as_json())
    return report


def _begin(connection: psycopg.Connection, import_id: int, actor: Actor) -> int:
    row = connection.execute("SELECT id FROM change WHERE import_id = %s FOR UPDATE", (import_id,)).fetchone()
    return history.add_change(connection, actor, UNDO, undoes=row[0] if row else None)


def _claim(connection: psycopg.Connection, import_id: int) -> None:
    row = connection.execute("SELECT source, status FROM import WHERE id = %s FOR UPDATE", (import_id,)).fetchone()
    if row is None:
        raise ImportNotFound(import_id)
    source, status = row
    if status not in ("applied", "undoing"):
        raise ImportAlreadyUndone(import_id)
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('import ' || %s, 0))", (source,))


def _hand_down(connection: psycopg.Connection, import_id: int, revisions: dict[int, tuple[int, int]]) -> None:
    """Let the import before this one count listings as left by it: they are again what it made of them.

    `revisions` has, by listing, the revision that this import found and the one that the undo gives. So several imports
    can be undone, the latest first.
    """
    connection.execute(
        """
        UPDATE import_change c SET made = COALESCE(c.made, c.revision), revision = f.given
          FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS f (listing_id, found, given)
         WHERE c.listing_id = f.listing_id AND c.revision = f.found AND c.import_id < %s
        """,
        (
            list(revisions),
            [each for each, _ in revisions.values()],
            [given for _, given in revisions.values()],
            import_id,
        ),
    )


def _retired(facts: Facts) -> Facts:
    listing = {**facts["listing"], "status": "retired", "status_reason": UNDONE}
    # Without its hash the same file, imported again, is read anew and brings the listing back.
    return {**facts, "listing": listing, "import_hash": None}


def _keep(connection: psycopg.Connection, report: UndoReport) -> None:
    connection.execute(
        "UPDATE import SET status = 'undone', undone_at = %s, undo = %s WHERE id = %s",
        (dt.datetime.now(dt.UTC), orjson.dumps(report.as_json()).decode(), report.import_id),
    )
