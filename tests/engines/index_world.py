"""A small world for the tests of the indexers: both stores, a few listings, and ways to look at what became of them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from indexers.indices import Indices
from indexers.outbox import Batch, drain
from indexers.rebuild import rebuild
from indexers.stores import Stores
from indexers.worker import Worker
from indexers.writer import BulkWriter
from tests.worlds.clock import SLOWEST_MACHINE

# One word longer than the engine's longest term: the database takes it, the engine never will.
UNINDEXABLE_LANGUAGE = "x" * 40_000


def wait_until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Return as soon as `true` gives true; fail with `what` when it does not, though `seconds` would do here."""
    ends = time.monotonic() + seconds * SLOWEST_MACHINE
    while not true():
        assert time.monotonic() < ends, f"not even long after {seconds} s: {what}"
        time.sleep(0.05)


class World:
    """Tables and index of one test."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores
        self.writer = BulkWriter(stores.client, patience_s=1.0)
        self.indices = Indices(stores)

    def sql(self, statement: str, **values: Any) -> Any:
        """Run one statement in a transaction of its own; gives its rows, if it has any."""
        with self.stores.engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return result.all() if result.returns_rows else []

    def value(self, statement: str, **values: Any) -> Any:
        """The one value that a statement gives."""
        return self.sql(statement, **values)[0][0]

    def lay_ground(self) -> None:
        """Empty tables with the few codes that listings refer to."""
        self.sql(
            "TRUNCATE listing, provider, location, agreement_sweep, outbox, outbox_commit RESTART IDENTITY CASCADE"
        )
        for table, codes in (
            ("country", ("KE", "CD", "EG")),
            ("provider_type", ("hospital", "pharmacy")),
            ("specialty", ("cardiology", "paediatrics")),
            ("network", ("worldwide", "regional")),
        ):
            self.sql(f"INSERT INTO {table} SELECT unnest(CAST(:c AS text[])) ON CONFLICT DO NOTHING", c=[*codes])

    def add_listing(self, name: str = "Nairobi Hospital", **columns: Any) -> int:
        """A new provider at a new location of its own, and its listing's id."""
        provider = self.value(
            "INSERT INTO provider (kind, name, script, sort_name)"
            " VALUES ('organisation', :name, 'Latn', lower(:name)) RETURNING id",
            name=name,
        )
        return self.add_listing_of(provider, **columns)

    def add_listing_of(self, provider: int, *, languages: tuple[str, ...] = (), status: str = "active") -> int:
        """One more listing of a provider."""
        location: int = self.value(
            "INSERT INTO location (city, country, point, precision)"
            " VALUES ('Nairobi', 'KE', ST_MakePoint(36.8, -1.3)::geography, 'exact') RETURNING id"
        )
        listing: int = self.value(
            "INSERT INTO listing (provider_id, location_id, type, languages, status)"
            " VALUES (:provider, :location, 'hospital', :languages, :status) RETURNING id",
            provider=provider,
            location=location,
            languages=[*languages],
            status=status,
        )
        return listing

    def add_listings(self, count: int) -> None:
        """Many plain listings at once."""
        self.sql(
            """
            WITH p AS (INSERT INTO provider (kind, name, script, sort_name)
                       SELECT 'organisation', 'Clinic ' || g, 'Latn', 'clinic ' || g FROM generate_series(1, :count) g
                       RETURNING id),
                 c AS (INSERT INTO location (country) VALUES ('KE') RETURNING id)
            INSERT INTO listing (provider_id, location_id, type) SELECT p.id, c.id, 'hospital' FROM p, c
            """,
            count=count,
        )

    def change(self, listing: int, **columns: Any) -> int:
        """Change columns of a listing; gives its new revision."""
        sets = "".join(f", {column} = :{column}" for column in columns)
        revision: int = self.value(
            f"UPDATE listing SET revision = revision + 1{sets} WHERE id = :listing RETURNING revision",
            listing=listing,
            **columns,
        )
        return revision

    def agree(self, listing: int, network: str, period: str) -> None:
        """An agreement by card, with a tariff, in force in `period` (a date range)."""
        self.sql(
            "INSERT INTO agreement (listing_id, network, period, outpatient, inpatient, tariff)"
            " VALUES (:listing, :network, CAST(:period AS daterange), 'card', 'guarantee_letter', true)",
            listing=listing,
            network=network,
            period=period,
        )

    def drain(self) -> Batch:
        """Bring all that waits into the index."""
        return drain(self.stores, self.writer)

    def rebuild(self) -> None:
        """An index, filled and empty of surprises."""
        rebuild(self.stores, grace_s=0)

    @property
    def waiting(self) -> int:
        """Rows of the outbox that wait."""
        count: int = self.value("SELECT count(*) FROM outbox WHERE set_aside_at IS NULL")
        return count

    @property
    def reasons(self) -> dict[int, str]:
        """The reason of each listing that was set aside."""
        return dict(tuple(row) for row in self.sql("SELECT listing_id, reason FROM outbox WHERE reason IS NOT NULL"))

    def revision_in_index(self, listing: int) -> int | None:
        """What the index has of a listing; None where it has nothing."""
        answer = self.stores.client.get(index=self.stores.alias, id=str(listing), ignore=404)
        return answer["_version"] if answer.get("found") else None

    def revisions_in_index(self) -> dict[int, int]:
        """Every document's revision."""
        self.stores.client.indices.refresh(index=self.stores.alias)
        answer = self.stores.client.search(index=self.stores.alias, body={"size": 10_000, "version": True})
        return {int(hit["_id"]): hit["_version"] for hit in answer["hits"]["hits"]}

    def revisions_in_database(self) -> dict[int, int]:
        """Every listing's revision."""
        return dict(tuple(row) for row in self.sql("SELECT id, revision FROM listing"))

    def found(self, query: dict[str, Any]) -> list[int]:
        """Ids of the live listings that a query finds."""
        body = {"size": 100, "query": {"bool": {"filter": [{"term": {"live": True}}, query]}}}
        hits = self.stores.client.search(index=self.stores.alias, body=body)["hits"]["hits"]
        return sorted(int(hit["_id"]) for hit in hits)

    def found_by_name(self, words: str) -> list[int]:
        """Ids of the live listings with all these words in a name."""
        return self.found({"match": {"name": {"query": words, "operator": "and"}}})

    def found_by(self, field: str, value: Any) -> list[int]:
        """Ids of the live listings with this value; what was written before is searchable."""
        self.stores.client.indices.refresh(index=self.stores.alias)
        return self.found({"term": {field: value}})

    @contextmanager
    def worker_running(self, **options: Any) -> Iterator[threading.Event]:
        """A worker in a thread of its own; the event stops it."""
        stop = threading.Event()
        thread = threading.Thread(target=Worker(self.stores, stop=stop, **options).run, name="worker")
        thread.start()
        try:
            yield stop
        finally:
            stop.set()
            thread.join(30)
            assert not thread.is_alive()
