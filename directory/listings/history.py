"""What was done to listings: kept with each change, read as differences, and gone back to as of a moment.

A change keeps of each listing what it was before (models/change.py); a file keeps the same with its import. What a
change made of a listing is what the next one found.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg

from directory.actors import Actor
from directory.errors import ListingNotFound
from directory.listings.facts import Facts, Known, facts_of_image, load_known, named
from directory.listings.writing import copy_rows

# What of the facts is told apart by itself: lists of agreements are told one by one.
AGREEMENT = "agreement:{}".format


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one listing. `before` is None where it made the listing; `after` is what it made of it."""

    change_id: int
    listing_id: int
    at: dt.datetime
    actor: str
    role: str
    action: str
    reason: str | None
    revision: int  # the one that the change gave it
    import_id: int | None
    undoes: int | None
    undone_by: int | None
    through: int | None
    found: int  # the revision before, 0 where there was none
    before: Facts | None
    after: Facts

    @property
    def fields(self) -> dict[str, tuple[Any, Any]]:
        """What differs, by name: as it was and as it became."""
        return changed_fields(self.before, self.after)


_ADD = """
INSERT INTO change (actor_id, actor, role, action, reason, undoes, import_id)
VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
_KEPT = "changed_listing (change_id, listing_id, revision, fields, before, through)"
_STEPS = """
SELECT c.id, k.listing_id, c.at, c.actor, c.role, c.action, c.reason, k.revision, c.import_id, c.undoes,
       (SELECT u.id FROM change u WHERE u.undoes = c.id), k.through, k.before
  FROM (SELECT change_id, listing_id, revision, through, before FROM changed_listing WHERE listing_id = %(listing)s
        UNION ALL
        SELECT i.id, f.listing_id, COALESCE(f.made, f.revision), NULL, f.before
          FROM import_change f JOIN change i ON i.import_id = f.import_id AND i.undoes IS NULL
         WHERE f.listing_id = %(listing)s) AS k
  JOIN change c ON c.id = k.change_id
 ORDER BY k.revision DESC, c.id DESC
"""

# The index on (listing_id, revision) makes this cost nothing for listings that nobody ever edited.
_SET_BY_PEOPLE = """
SELECT k.listing_id, f.name, (array_agg(c.actor ORDER BY k.revision DESC))[1]
  FROM changed_listing k
  JOIN change c ON c.id = k.change_id
 CROSS JOIN LATERAL unnest(k.fields) AS f (name)
 WHERE k.listing_id = ANY(%s) AND c.role <> 'system' AND c.undoes IS NULL
   AND NOT EXISTS (SELECT FROM change u WHERE u.undoes = c.id
                      AND NOT EXISTS (SELECT FROM change again WHERE again.undoes = u.id))
 GROUP BY k.listing_id, f.name
"""


def add_change(
    connection: psycopg.Connection,
    actor: Actor,
    action: str,
    *,
    reason: str | None = None,
    undoes: int | None = None,
    import_id: int | None = None,
) -> int:
    """Begin a change; gives its id. What it does to listings is kept by `keep_befores`."""
    values = (actor.account_id, actor.name, actor.audited_role, action, reason, undoes, import_id)
    row = connection.execute(_ADD, values).fetchone()
    return int(row[0]) if row else 0


def keep_befores(
    connection: psycopg.Connection, change_id: int, kept: Iterable[tuple[Known, Known | Facts, int | None]]
) -> None:
    """Keep what listings were before a change: each as it was, as it is, and the one by which it was changed."""
    rows = (
        (
            change_id,
            was.listing_id,
            now.revision if isinstance(now, Known) else was.revision + 1,
            sorted(changed_fields(was.facts, now.facts if isinstance(now, Known) else now)),
            orjson.dumps({"revision": was.revision, **was.facts}).decode(),
            through,
        )
        for was, now, through in kept
    )
    copy_rows(connection, _KEPT, rows)


def keep_made(connection: psycopg.Connection, change_id: int, listing_id: int) -> None:
    """Keep that a change made a listing."""
    copy_rows(connection, _KEPT, [(change_id, listing_id, 1, [], None, None)])


def load_history(connection: psycopg.Connection, listing_id: int) -> list[Step]:
    """All that was done to a listing, the latest first. Raises ListingNotFound."""
    known = load_known(connection, [listing_id]).get(listing_id)
    if known is None:
        raise ListingNotFound(f"There is no listing {listing_id}.")
    steps: list[Step] = []
    after = known.facts
    for *told, image in connection.execute(_STEPS, {"listing": listing_id}):
        found = image.pop("revision") if image else 0
        before = facts_of_image(image) if image else None
        steps.append(Step(*[*told, found, before, after]))
        if before is not None:
            after = before
    return steps


def facts_as_of(connection: psycopg.Connection, listing_id: int, moment: dt.datetime) -> tuple[int, Facts]:
    """Revision and facts of a listing as it stood at a moment. Raises ListingNotFound where there was none yet."""
    known = load_known(connection, [listing_id]).get(listing_id)
    revision, facts = (known.revision, known.facts) if known else (0, None)
    for step in load_history(connection, listing_id):
        if step.at <= moment:
            break
        revision, facts = step.found, step.before
    if facts is None:
        raise ListingNotFound(f"There was no listing {listing_id} at that time.")
    return revision, facts


def find_set_by_people(connection: psycopg.Connection, listing_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Which fields of listings people set, and who did last; by id. What was undone does not count."""
    found: dict[int, dict[str, str]] = {}
    for listing_id, name, actor in connection.execute(_SET_BY_PEOPLE, (list(listing_ids),)):
        found.setdefault(listing_id, {})[name] = actor
    return found


def facts_at_revision(connection: psycopg.Connection, listing_id: int, revision: int) -> Facts | None:
    """The facts that a reader of this revision saw; None where that is not kept any more."""
    known = load_known(connection, [listing_id]).get(listing_id)
    if known is None or revision > known.revision:
        return None
    facts: Facts | None = known.facts
    for step in load_history(connection, listing_id):
        if step.revision <= revision:
            break
        facts = step.before
    return facts


def changed_fields(before: Facts | None, after: Facts) -> dict[str, tuple[Any, Any]]:
    """What differs between two states, by name. All that is said counts as new where there was nothing."""
    was, now = flat_fields(before) if before else {}, flat_fields(after)
    names = [*was, *(name for name in now if name not in was)]
    return {name: (was.get(name), now.get(name)) for name in names if was.get(name) != now.get(name)}


def flat_fields(facts: Facts) -> dict[str, Any]:
    """Every fact by its own name, each agreement by its id. What follows from others (`script`) is left out."""
    return {
        **{name: value for name, value in facts["provider"].items() if name not in _FOLLOWS},
        "names": facts["names"],
        **facts["location"],
        **facts["listing"],
        "specialties": facts["specialties"],
        **{AGREEMENT(each["id"]): each for each in facts["agreements"]},
    }


# Written from the name, by geodata.text.
_FOLLOWS = frozenset({"script", "sort_name"})


def with_fields(facts: Facts, fields: Mapping[str, Any], names: Sequence[str]) -> Facts:
    """The facts with these of another state's fields; an agreement that the other state has not goes."""
    given: dict[str, Any] = {name: fields.get(name) for name in names if not name.startswith("agreement:")}
    provider = {**facts["provider"], **{n: v for n, v in given.items() if n in facts["provider"]}}
    agreements = {AGREEMENT(each["id"]): each for each in facts["agreements"]}
    for name in names:
        if name.startswith("agreement:"):
            agreements.pop(name, None)
            if fields.get(name):
                agreements[name] = fields[name]
    return Facts(
        provider=named(provider, provider["name"]),
        names=given.get("names", facts["names"]),
        location={**facts["location"], **{n: v for n, v in given.items() if n in facts["location"]}},
        listing={**facts["listing"], **{n: v for n, v in given.items() if n in facts["listing"]}},
        specialties=given.get("specialties", facts["specialties"]),
        agreements=sorted(agreements.values(), key=lambda each: each["id"] or 0),
        import_hash=facts["import_hash"],
    )
