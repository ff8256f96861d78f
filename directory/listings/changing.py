"""The one room that changes a listing: it locks, raises the revision by one, and writes who did it and why.

Whoever changes something that members see comes through here: a proposal, the console, an import, an undo. One
listing goes by `change_listing`, the many of a file by `ManyChanges`; both write by the same statements, and the
database puts what they raise into the outbox (docs/adr/0003-outbox-by-trigger.md). A guard keeps others from writing
a listing. Nothing is rendered or searched here: a transaction that holds a listing waits for no other engine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from directory import audit
from directory.actors import Actor
from directory.errors import ListingNotFound
from directory.listings import history
from directory.listings.facts import Facts, Known, differences, load_known, lock_known, named
from directory.listings.writing import Change, as_records, copy_rows, write_around
from directory.models import Agreement, Listing, ListingSpecialty, ListingStatus, Location, Provider, ProviderName

Editing = Callable[[Facts], Facts]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change made of a listing. `others` are listings that show the same provider or location, raised too."""

    before: Known
    after: Known
    others: dict[int, int]  # the revision that each has now, by id
    change_id: int  # by which it can be undone (history.py)


def _raising(which: str, *, facts: str = "", past: str = "l.revision") -> str:
    """The one statement that raises revisions. A listing's facts go with it, or the database refuses them.

    Its time is that of the change, not of the transaction's begin: one that began earlier and waited for the lock
    would turn the listing's time back.
    """
    at = "greatest(clock_timestamp(), l.updated_at + interval '1 microsecond')"
    return f"UPDATE listing l SET {facts} revision = {past} + 1, updated_at = {at} {which}"


_CHANGED = _raising(
    """
      FROM jsonb_to_recordset(%s::jsonb) AS f (id bigint, type text, status text, status_reason text,
           merged_into bigint, suspended_from date, suspended_until date, confirmed jsonb, languages text[],
           hours text, verified_on date, verified_by text, import_hash text)
     WHERE l.id = f.id
    """,
    facts="""
           type = f.type, status = f.status, status_reason = f.status_reason, merged_into = f.merged_into,
           suspended_from = f.suspended_from, suspended_until = f.suspended_until, confirmed = f.confirmed,
           languages = f.languages, hours = f.hours, verified_on = f.verified_on, verified_by = f.verified_by,
           import_hash = decode(f.import_hash, 'hex'),
    """,
)
_SHOWING = """
    SELECT id FROM listing WHERE provider_id = ANY(%(providers)s)
    UNION SELECT id FROM listing WHERE location_id = ANY(%(locations)s)
    EXCEPT SELECT unnest(%(done)s::bigint[])
"""
_SHOWING_RAISED = _raising(f"WHERE l.id IN ({_SHOWING}) RETURNING l.id, l.revision")
_MANY_SHOWING_RAISED = _raising(
    """
     WHERE l.id IN (SELECT l.id FROM listing l JOIN changed_provider c ON c.id = l.provider_id
                    UNION SELECT l.id FROM listing l JOIN changed_location c ON c.id = l.location_id
                    EXCEPT SELECT id FROM changed_listings)
    """
)
_RAISED_PAST = _raising(
    """
      FROM unnest(%s::bigint[], %s::bigint[]) AS seen (id, revision)
     WHERE l.id = seen.id AND l.revision <= seen.revision
    """,
    past="seen.revision",
)
# Read by the triggers that fill the outbox, until the end of the transaction (docs/adr/0033-lanes.md).
_GOES_BY_BULK = "SELECT set_config('directory.bulk', 'on', true)"
_REMEMBERED = """
UPDATE listing l SET import_hash = decode(f.hash, 'hex')
  FROM unnest(%s::bigint[], %s::text[]) AS f (id, hash) WHERE l.id = f.id
"""


def change_listing(
    session: Session,
    listing_id: int,
    edit: Editing,
    *,
    actor: Actor,
    action: str,
    reason: str | None = None,
    told: Mapping[str, Any] | None = None,
    change_id: int | None = None,
    check: Callable[[Known], None] | None = None,
) -> Changed:
    """Change a listing in the caller's transaction: one change, one revision, one entry in the audit.

    `edit` makes of the facts what they shall be; it is pure, and may be asked twice. A change that says what was said
    before is a change too: somebody confirmed it. `told` goes into the audit beside the fields, such as the proposal
    that it was done for; `change_id` is the change that this is a part of, else it is one of its own. `check` is asked
    of the locked listing before. Raises ListingNotFound, and what `edit` or `check` raises; then nothing is changed.
    """
    connection = driver_of(session)
    locked = _lock_with_others(connection, listing_id, edit)
    before = locked[listing_id]
    if check:
        check(before)
    change = Change(before, edit(before.facts))
    providers, locations = write_around(connection, [change])
    _write_rows(connection, [change])
    others = _raise_showing(connection, providers, locations, [listing_id])
    after = load_known(connection, [listing_id, *others])
    part_of = change_id or history.add_change(connection, actor, action, reason=reason)
    history.keep_befores(connection, part_of, _kept(listing_id, locked, after))
    changed = Changed(before, after[listing_id], others, part_of)
    _forget(session)
    _tell(session, changed, actor, action, {**(told or {}), **({"reason": reason} if reason else {})})
    return changed


def set_status(
    session: Session,
    listing_id: int,
    status: ListingStatus,
    *,
    actor: Actor,
    reason: str | None = None,
    merged_into: int | None = None,
) -> Changed:
    """Suspend, resume, retire or merge a listing. `merged_into` goes with `merged`, and only with it."""
    decision = {"status": status.value, "status_reason": reason, "merged_into": merged_into}

    def edit(facts: Facts) -> Facts:
        return {**facts, "listing": {**facts["listing"], **decision}}

    return change_listing(session, listing_id, edit, actor=actor, action=status.value, reason=reason)


def rename_provider(session: Session, provider_id: int, name: str, *, actor: Actor) -> list[int]:
    """Give a provider another first name. Every listing that shows it is raised; returns their ids.

    Raises ListingNotFound where none does.
    """
    connection = driver_of(session)
    showing = connection.execute("SELECT id FROM listing WHERE provider_id = %s", (provider_id,)).fetchall()
    known = lock_known(connection, sorted(row[0] for row in showing))
    if not known:
        raise ListingNotFound(f"No listing shows a provider {provider_id}.")
    before = next(iter(known.values()))
    after: Facts = {**before.facts, "provider": named(before.facts["provider"], name)}
    write_around(connection, [Change(before, after)])
    raised = _raise_showing(connection, [provider_id], [], [])
    change_id = history.add_change(connection, actor, "rename")
    now_known = load_known(connection, list(raised))
    history.keep_befores(connection, change_id, ((known[id_], each, None) for id_, each in now_known.items()))
    _forget(session)
    was, now = differences(before.facts, after)
    audit.record(session, actor, "rename", f"provider:{provider_id}", was, {**now, "listings": raised})
    return sorted(raised)


class ManyChanges:
    """The changes of a file or of its undo, within one transaction; what they were for has one entry in the audit.

    Which providers and locations changed is kept in temporary tables, so that memory does not grow with the file.
    From here on all that the transaction writes of listings goes into the index by the bulk lane, beside the edits of
    people. Call `finish` once at the end. `change_id` is the change that keeps what each was; an import does so itself.
    """

    def __init__(self, connection: psycopg.Connection, change_id: int | None = None) -> None:
        self._connection = connection
        self._change_id = change_id
        connection.execute(_GOES_BY_BULK)
        connection.execute(
            "CREATE TEMP TABLE changed_provider (id bigint) ON COMMIT DROP;"
            "CREATE TEMP TABLE changed_location (id bigint) ON COMMIT DROP;"
            "CREATE TEMP TABLE changed_listings (id bigint PRIMARY KEY) ON COMMIT DROP"
        )

    def change(self, changes: Sequence[Change]) -> None:
        """Write what differs, and raise the revision of each of these locked listings by one."""
        if not changes:
            return
        providers, locations = write_around(self._connection, changes)
        _write_rows(self._connection, changes)
        copy_rows(self._connection, "changed_provider", ((id_,) for id_ in providers))
        copy_rows(self._connection, "changed_location", ((id_,) for id_ in locations))
        copy_rows(self._connection, "changed_listings", ((change.known.listing_id,) for change in changes))
        if self._change_id:
            history.keep_befores(self._connection, self._change_id, ((c.known, c.after, None) for c in changes))

    def remember(self, hashes: Sequence[tuple[int, str | None]]) -> None:
        """Note what the last row of each listing said (hexadecimal); no fact changes, so no revision does."""
        if hashes:
            listing_ids, digests = zip(*hashes, strict=True)
            self._connection.execute(_REMEMBERED, (list(listing_ids), list(digests)))

    def finish(self) -> int:
        """Raise the revision of the other listings that show a changed provider or location; returns how many."""
        return self._connection.execute(_MANY_SHOWING_RAISED).rowcount


def raise_past(connection: Connection, seen: Mapping[int, int]) -> None:
    """Raise listings past a revision that was seen of them elsewhere: in an index newer than a restored database.

    The transaction's changes go into the index by the bulk lane.
    """
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    driver.execute(_GOES_BY_BULK)
    driver.execute(_RAISED_PAST, (list(seen), list(seen.values())))


def driver_of(session: Session) -> psycopg.Connection:
    """The driver's connection of the session's transaction; what the session holds is written first."""
    session.flush()
    return cast("psycopg.Connection", session.connection().connection.driver_connection)


def _lock_with_others(connection: psycopg.Connection, listing_id: int, edit: Editing) -> dict[int, Known]:
    """The listing, locked, by its id; before it others that the change will raise, where they have lower ids.

    Two edits that each held their own listing and wanted the other's would wait for each other in a ring; locked by
    rising id they come one after the other. Which they are is known only of facts that were read before the lock.
    """
    foreseen = load_known(connection, [listing_id]).get(listing_id)
    if foreseen is None:
        raise ListingNotFound(f"There is no listing {listing_id}.")
    change = Change(foreseen, edit(foreseen.facts))
    concerned = {
        "providers": [foreseen.provider_id] if change.differs("provider", "names") else [],
        "locations": [foreseen.location_id] if change.differs("location") else [],
        "done": [listing_id],
    }
    others = [row[0] for row in connection.execute(_SHOWING, concerned)] if change.differs(*_SHARED) else []
    return lock_known(connection, [*others, listing_id])


_SHARED = ("provider", "names", "location")


def _kept(
    listing_id: int, before: Mapping[int, Known], after: Mapping[int, Known]
) -> Iterator[tuple[Known, Known, int | None]]:
    for id_, now in after.items():
        if id_ in before:
            yield before[id_], now, None if id_ == listing_id else listing_id


def _write_rows(connection: psycopg.Connection, changes: Sequence[Change]) -> None:
    records = (
        {"id": change.known.listing_id, "import_hash": change.after["import_hash"], **change.after["listing"]}
        for change in changes
    )
    connection.execute(_CHANGED, (as_records(records),))


def _raise_showing(
    connection: psycopg.Connection, providers: list[int], locations: list[int], done: list[int]
) -> dict[int, int]:
    if not providers and not locations:
        return {}
    concerned = {"providers": providers, "locations": locations, "done": done}
    return dict(connection.execute(_SHOWING_RAISED, concerned).fetchall())


def _tell(session: Session, changed: Changed, actor: Actor, action: str, told: Mapping[str, Any]) -> None:
    was, now = differences(changed.before.facts, changed.after.facts)
    before = {"revision": changed.before.revision, **was}
    after = {"revision": changed.after.revision, **now, **told}
    if changed.others:
        after["listings"] = changed.others
    audit.record(session, actor, action, f"listing:{changed.after.listing_id}", before, after)


def _forget(session: Session) -> None:
    """Let the session read again what it holds of listings: it was written past it."""
    ours = (Listing, ListingSpecialty, Agreement, Provider, ProviderName, Location)
    for held in list(session.identity_map.values()):
        if isinstance(held, ours):
            session.expire(held)
