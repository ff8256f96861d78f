"""Reconcile: compare both stores listing by listing, say what differs, and mend it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Literal

from sqlalchemy import text

from directory.listings.changing import raise_past
from indexers.differences import find_differences
from indexers.outbox import drain, enqueue, retry_set_aside
from indexers.stores import Stores
from indexers.writer import BulkWriter

Kind = Literal["missing", "stale", "ahead", "extra"]

_BATCH = 1_000
_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One listing that differs for certain.

    missing: not in the index; stale: older there; ahead: newer there, as after the database was restored from a
    backup; extra: not in the database. What waits in the outbox or is set aside does not differ: it is under way.
    """

    listing_id: int
    kind: Kind
    database: int | None
    index: int | None


@dataclass(frozen=True, slots=True)
class ReconcileReport:
    """What differed, the first of them, and what is still set aside after another try."""

    compared_index: str
    missing: int
    stale: int
    ahead: int
    extra: int
    examples: tuple[Finding, ...]
    retried: int
    set_aside: int
    mended: bool

    @property
    def differences(self) -> int:
        """How many listings differed."""
        return self.missing + self.stale + self.ahead + self.extra

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def reconcile(stores: Stores, *, dry_run: bool = False) -> ReconcileReport:
    """Compare, and unless `dry_run` mend; returns once what was found is in the index, or set aside with its reason.

    Raises NoIndex when there is nothing to compare with.
    """
    writer = BulkWriter(stores.client)
    stores.client.indices.refresh(index=stores.alias)
    counts: Counter[Kind] = Counter()
    examples: list[Finding] = []
    for findings in _find_certain(stores):
        counts.update(finding.kind for finding in findings)
        examples += findings[: _EXAMPLES - len(examples)]
        if not dry_run:
            _mend(stores, writer, findings)
    retried = 0
    if not dry_run:
        with stores.engine.begin() as connection:
            retried = retry_set_aside(connection)
        drain(stores, writer)
        stores.client.indices.refresh(index=stores.alias)
    with stores.engine.connect() as connection:
        set_aside = connection.execute(
            text("SELECT count(DISTINCT listing_id) FROM outbox WHERE set_aside_at IS NOT NULL")
        ).scalar_one()
    return ReconcileReport(
        compared_index=stores.alias,
        missing=counts["missing"],
        stale=counts["stale"],
        ahead=counts["ahead"],
        extra=counts["extra"],
        examples=tuple(examples),
        retried=retried,
        set_aside=set_aside,
        mended=not dry_run,
    )


def _find_certain(stores: Stores) -> Iterator[list[Finding]]:
    with stores.autocommit() as connection:
        suspects = (difference.listing_id for difference in find_differences(connection, stores.client, stores.alias))
        while ids := list(islice(suspects, _BATCH)):
            yield _look_again(stores, ids)


def _look_again(stores: Stores, ids: list[int]) -> list[Finding]:
    """The pages of both stores were read at different moments: look at the suspects again, the index first.

    So a change made in between shows as one that the database has and that waits in the outbox.
    """
    answer = stores.client.mget(
        index=stores.alias,
        body={"ids": [str(listing_id) for listing_id in ids]},
        params={"_source": "false", "filter_path": "docs._id,docs._version,docs.found"},
    )
    in_index = {int(document["_id"]): document["_version"] for document in answer["docs"] if document["found"]}
    with stores.engine.connect() as connection:
        rows = connection.execute(
            text("""
            SELECT l.id, l.revision, o.listing_id IS NOT NULL AS under_way
              FROM listing l
              LEFT JOIN (SELECT DISTINCT listing_id FROM outbox) o ON o.listing_id = l.id
             WHERE l.id = ANY(:ids)
            """),
            {"ids": ids},
        ).all()
    in_database = {row.id: row for row in rows}
    findings = []
    for listing_id in ids:
        row, index = in_database.get(listing_id), in_index.get(listing_id)
        if (row and row.under_way) or (row is None and index is None):
            continue
        if kind := _kind(row.revision if row else None, index):
            findings.append(Finding(listing_id, kind, row.revision if row else None, index))
    return findings


def _kind(database: int | None, index: int | None) -> Kind | None:
    if database is None:
        return "extra"
    if index is None:
        return "missing"
    if index == database:
        return None
    return "stale" if index < database else "ahead"


def _mend(stores: Stores, writer: BulkWriter, findings: Iterable[Finding]) -> None:
    by_kind: dict[Kind, list[Finding]] = {"missing": [], "stale": [], "ahead": [], "extra": []}
    for finding in findings:
        by_kind[finding.kind].append(finding)
    with stores.engine.begin() as connection:
        enqueue(connection, [finding.listing_id for finding in by_kind["missing"] + by_kind["stale"]])
        # A revision that the index has seen must not be given out again for something else, so the listing's
        # grows past it; the trigger puts it into the outbox.
        raise_past(connection, {finding.listing_id: finding.index or 0 for finding in by_kind["ahead"]})
    writer.delete(stores.alias, [(finding.listing_id, finding.index or 0) for finding in by_kind["extra"]])
