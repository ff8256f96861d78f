"""What people set of listings, which no file takes away.

The network team puts a phone right; the next file of the ministry has the old one again. The team's stays, and the
import says where the file says otherwise. Who set what is told by the history of changes: what a person changed, and
nobody undid. An agreement is kept by its terms, so that a file still brings the tariff of one that the team suspended.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg

from directory.listings.facts import EMPTY_AGREEMENT, EMPTY_LOCATION, Facts, Known
from directory.listings.history import AGREEMENT, find_set_by_people

# The listings of a source that people changed: few, so they are found once, and read whatever the file says.
FIND_TOUCHED = """
CREATE TEMP TABLE set_by_people ON COMMIT DROP AS
SELECT DISTINCT k.listing_id
  FROM change c
  JOIN changed_listing k ON k.change_id = c.id
  JOIN listing l ON l.id = k.listing_id
 WHERE c.role <> 'system' AND c.undoes IS NULL AND l.source = %s
"""
_TOUCHED = "SELECT listing_id FROM set_by_people WHERE listing_id = ANY(%s)"
# Agreements before each change of a listing, in order, and whether a person made it that nobody undid
# (as history.find_set_by_people has it).
_AGREEMENTS = """
SELECT k.listing_id, k.agreements, k.of_people
  FROM (SELECT listing_id, revision, before -> 'agreements' AS agreements,
               c.role <> 'system' AND c.undoes IS NULL
               AND NOT EXISTS (SELECT FROM change u WHERE u.undoes = c.id
                                  AND NOT EXISTS (SELECT FROM change again WHERE again.undoes = u.id)) AS of_people
          FROM changed_listing JOIN change c ON c.id = change_id WHERE listing_id = ANY(%(ids)s)
        UNION ALL
        SELECT listing_id, COALESCE(made, revision), before -> 'agreements', false
          FROM import_change WHERE listing_id = ANY(%(ids)s)) AS k
 ORDER BY k.listing_id, k.revision
"""
# Fields that are one thing: who puts a point right has said both of its numbers.
_TOGETHER = (
    frozenset(("name", "script", "sort_name", "lang")),
    frozenset(("lat", "lon", "precision")),
    frozenset(("country", "city", "place_id", "time_zone")),
    frozenset(("verified_on", "verified_by")),
)
# What a file can say. Of the states of a listing it says nothing: one that an undo retired comes back with its row.
_FIELDS = frozenset((*EMPTY_LOCATION, "kind", "name", "lang", "names", "specialties")) | frozenset(
    ("type", "languages", "hours", "verified_on", "verified_by")
)
_AGREEMENT = AGREEMENT("")
_TERMS = tuple(name for name in EMPTY_AGREEMENT if name != "id")
# Follow from other fields, and are no news of their own.
DERIVED = frozenset(("script", "sort_name", "lang", "place_id", "time_zone", "verified_by"))


class Otherwise(NamedTuple):
    """What a file says of a field that somebody set."""

    field: str
    said: Any

    def __str__(self) -> str:
        value = ", ".join(map(str, self.said)) if isinstance(self.said, list) else self.said
        return f"{self.field}: {'–' if value is None else value}"[:200]


@dataclass(slots=True)
class Kept:
    """The fields of a listing that people set; of its agreements, by their ids."""

    fields: set[str] = field(default_factory=set)
    agreements: dict[int, set[str]] = field(default_factory=dict)


def load_kept(connection: psycopg.Connection, known: dict[int, Known]) -> dict[int, Kept]:
    """Of these listings those of which people set something. FIND_TOUCHED comes before it, in the same transaction."""
    touched = [row[0] for row in connection.execute(_TOUCHED, (list(known),))]
    found = find_set_by_people(connection, touched) if touched else {}
    kept = {listing_id: Kept(_with_others(found[listing_id])) for listing_id in found}
    of_terms = [each for each, names in found.items() if any(name.startswith(_AGREEMENT) for name in names)]
    for listing_id, terms in _find_terms(connection, of_terms, known).items():
        kept[listing_id].agreements = terms
    return kept


def _find_terms(
    connection: psycopg.Connection, listing_ids: Sequence[int], known: dict[int, Known]
) -> dict[int, dict[int, set[str]]]:
    """Which terms of which agreements people set, by listing."""
    if not listing_ids:
        return {}
    steps: dict[int, list[tuple[list[dict[str, Any]], bool]]] = defaultdict(list)
    for listing_id, agreements, of_people in connection.execute(_AGREEMENTS, {"ids": list(listing_ids)}):
        steps[listing_id].append((agreements or [], of_people))
    found: dict[int, dict[int, set[str]]] = {}
    for listing_id, befores in steps.items():
        afters = [*(before for before, _ in befores[1:]), known[listing_id].facts["agreements"]]
        terms = found.setdefault(listing_id, defaultdict(set))
        for (before, of_people), after in zip(befores, afters, strict=True):
            if of_people:
                _learn(terms, before, after)
    return found


def _learn(terms: dict[int, set[str]], before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    earlier = {each["id"]: each for each in before}
    for each in after:
        # Of a new one all; terms that there were not yet when it was kept are none that somebody set.
        was = earlier.get(each["id"])
        terms[each["id"]].update(
            name for name in _TERMS if was is None or each.get(name) != was.get(name, EMPTY_AGREEMENT[name])
        )


def leave_set(known: Facts, merged: Facts, kept: Kept) -> tuple[Facts, list[Otherwise]]:
    """The facts that a row gives, but for what people set; and what the row says of that."""
    otherwise: list[Otherwise] = []
    left: Facts = {**merged}
    left["provider"] = _leave(known["provider"], merged["provider"], kept.fields, otherwise)
    left["location"] = _leave(known["location"], merged["location"], kept.fields, otherwise)
    left["listing"] = _leave(known["listing"], merged["listing"], kept.fields, otherwise)
    if "names" in kept.fields and merged["names"] != known["names"]:
        otherwise.append(Otherwise("names", [each["text"] for each in merged["names"]]))
        left["names"] = known["names"]
    if "specialties" in kept.fields and merged["specialties"] != known["specialties"]:
        otherwise.append(Otherwise("specialties", merged["specialties"]))
        left["specialties"] = known["specialties"]
    left["agreements"] = _leave_agreements(known["agreements"], merged["agreements"], kept, otherwise)
    return left, otherwise


def _with_others(names: Iterable[str]) -> set[str]:
    said = set(names) & _FIELDS
    return said.union(*(group for group in _TOGETHER if group & said))


def _leave(known: dict[str, Any], merged: dict[str, Any], kept: set[str], otherwise: list[Otherwise]) -> dict[str, Any]:
    differing = [name for name in merged if name in kept and merged[name] != known[name]]
    otherwise += [Otherwise(name, merged[name]) for name in differing if name not in DERIVED]
    return {**merged, **{name: known[name] for name in differing}} if differing else merged


def _leave_agreements(
    known: list[dict[str, Any]], merged: list[dict[str, Any]], kept: Kept, otherwise: list[Otherwise]
) -> list[dict[str, Any]]:
    before = {each["id"]: each for each in known}
    return [_leave_terms(before.get(each["id"]), each, kept, otherwise) for each in merged]


def _leave_terms(
    known: dict[str, Any] | None, merged: dict[str, Any], kept: Kept, otherwise: list[Otherwise]
) -> dict[str, Any]:
    if known is None or not (fields := kept.agreements.get(known["id"])):
        return merged
    differing = [name for name in merged if name in fields and merged[name] != known[name]]
    otherwise += [Otherwise(f"{known['network']}.{name}", merged[name]) for name in differing]
    return {**merged, **{name: known[name] for name in differing}}
