"""What people set of listings, which no file takes away.

The network team puts a phone right; the next file of the ministry has the old one again. The team's stays, and the
import says where the file says otherwise. Who set what is read from the audit: what a network or admin account changed
of a listing and did not take back. An agreement is kept by its fields, so that a file still brings another tariff for
one that the team suspended.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg

from directory.listings.facts import EMPTY_AGREEMENT, EMPTY_LISTING, EMPTY_LOCATION, Facts

# The listings of a source of which people set something: few, so they are found once, and read whatever the file says.
FIND_TOUCHED = """
CREATE TEMP TABLE set_by_people ON COMMIT DROP AS
SELECT DISTINCT l.id AS listing_id
  FROM audit_entry e JOIN listing l ON l.id = substr(e.subject, length('listing:') + 1)::bigint
 WHERE e.role IN ('network', 'admin') AND e.subject LIKE 'listing:%%' AND l.source = %s
"""
_SET = """
SELECT substr(e.subject, length('listing:') + 1)::bigint, e.action = 'undo', e.before, e.after
  FROM audit_entry e
 WHERE e.role IN ('network', 'admin') AND e.subject LIKE 'listing:%%'
   AND e.subject IN (SELECT 'listing:' || listing_id FROM set_by_people WHERE listing_id = ANY(%s))
 ORDER BY e.id
"""
# Fields that are one thing: who puts a point right has said both of its numbers.
_TOGETHER = (
    frozenset(("name", "script", "sort_name", "lang")),
    frozenset(("lat", "lon", "precision")),
    frozenset(("country", "city", "place_id", "time_zone")),
    frozenset(("verified_on", "verified_by")),
)
_LISTS = ("names", "specialties")
# Of an import; the states of a listing and of an agreement no file says anyway.
_FIELDS = frozenset((*EMPTY_LOCATION, *EMPTY_LISTING, *_LISTS, "kind", "name", "lang"))
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

    def learn(self, before: Mapping[str, Any], after: Mapping[str, Any], *, taken_back: bool) -> None:
        """Take in one change, in the order in which they were made."""
        change: Callable[[set[str], Iterable[str]], None] = set.difference_update if taken_back else set.update
        change(self.fields, _with_others(after.keys() & _FIELDS))
        earlier = {each["id"]: each for each in before.get("agreements") or ()}
        for each in after.get("agreements") or ():
            known = earlier.get(each["id"], {})
            said = [name for name in EMPTY_AGREEMENT if name != "id" and each.get(name) != known.get(name)]
            change(self.agreements.setdefault(each["id"], set()), said)


def load_kept(connection: psycopg.Connection, listing_ids: Sequence[int]) -> dict[int, Kept]:
    """Of these listings those of which people set something. FIND_TOUCHED comes before it, in the same transaction."""
    kept: dict[int, Kept] = {}
    for listing_id, taken_back, before, after in connection.execute(_SET, (list(listing_ids),)):
        kept.setdefault(listing_id, Kept()).learn(before or {}, after or {}, taken_back=taken_back)
    return kept


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
    said = set(names)
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
