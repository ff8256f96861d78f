"""Status: how far the index is behind the database, and whether it is whole."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from opensearchpy import OpenSearchException
from sqlalchemy import text

from directory.models.outbox import QUEUE
from directory.search.mapping import MAPPING_VERSION
from indexers.indices import Indices
from indexers.stores import Stores

_REASONS_SHOWN = 20
_LOOK_AGAIN_S = 0.1


@dataclass(frozen=True, slots=True)
class SetAside:
    """A listing that could not be indexed."""

    listing_id: int
    reason: str
    since: str  # RFC 3339


@dataclass(frozen=True, slots=True)
class Queue:
    """The outbox. `oldest_seconds`: how long since the commit of the longest waiting row; the same of urgent rows."""

    waiting: int
    oldest_seconds: float
    set_aside: int
    urgent: int
    urgent_oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Status:
    """Both stores side by side. `problems` says in words what is wrong; empty when nothing is."""

    waiting: int
    oldest_seconds: float
    set_aside: int
    urgent: int
    urgent_oldest_seconds: float
    set_aside_first: tuple[SetAside, ...]
    listings: int
    index: str | None
    documents: int | None
    live_documents: int | None
    mapping_version: int | None
    mapping_version_due: int
    problems: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def load_queue(stores: Stores) -> Queue:
    """The state of the outbox now."""
    with stores.engine.connect() as connection:
        row = connection.execute(QUEUE).one()
    oldest_s, oldest_urgent_s = (round(max(float(s), 0.0), 1) for s in (row.oldest_s, row.oldest_urgent_s))
    return Queue(row.waiting, oldest_s, row.set_aside, row.urgent, oldest_urgent_s)


def load_status(stores: Stores) -> Status:
    """The state of both stores now; what the search engine cannot tell is None, and a problem says why."""
    queue = load_queue(stores)
    with stores.engine.connect() as connection:
        rows = connection.execute(
            text("""
            SELECT listing_id, reason, to_char(set_aside_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
              FROM outbox WHERE set_aside_at IS NOT NULL ORDER BY set_aside_at, id LIMIT :limit
            """),
            {"limit": _REASONS_SHOWN},
        ).all()
        listings = connection.execute(text("SELECT count(*) FROM listing")).scalar_one()
    index, documents, live, version, problems = _look_at_index(stores)
    if queue.set_aside:
        problems.append(f"{queue.set_aside} rows are set aside: mend what their reasons say, then reconcile")
    return Status(
        **asdict(queue),
        set_aside_first=tuple(SetAside(row.listing_id, row.reason, row.since) for row in rows),
        listings=listings,
        index=index,
        documents=documents,
        live_documents=live,
        mapping_version=version,
        mapping_version_due=MAPPING_VERSION,
        problems=tuple(problems),
    )


def _look_at_index(stores: Stores) -> tuple[str | None, int | None, int | None, int | None, list[str]]:
    indices = Indices(stores)
    try:
        names, building = indices.live(), indices.building()
        problems = [f"{name} is being filled by a rebuild, or was left by one that died" for name in building]
        if len(names) != 1:
            problems.append(f"{stores.alias} names {len(names)} indices instead of one: rebuild")
            return None, None, None, None, problems
        (index,) = names
        version = indices.mapping_version(index)
        documents = stores.client.count(index=index)["count"]
        live = stores.client.count(index=index, body={"query": {"term": {"live": True}}})["count"]
    except OpenSearchException as error:
        return None, None, None, None, [f"the search engine does not answer: {type(error).__name__}"]
    if version != MAPPING_VERSION:
        problems.append(f"a rebuild is due: the index has mapping {version}, the code has {MAPPING_VERSION}")
    return index, documents, live, version, problems


def wait_until_searchable(stores: Stores, seconds: float) -> bool:
    """Wait until everything committed before this call can be found by a search; False when time ran out first.

    What is set aside is not waited for.
    """
    ends = time.monotonic() + seconds
    waits = text("SELECT EXISTS (SELECT FROM outbox WHERE id <= :newest AND set_aside_at IS NULL)")
    with stores.autocommit() as connection:
        newest = connection.execute(text("SELECT max(id) FROM outbox")).scalar()
        while True:
            if not connection.execute(waits, {"newest": newest}).scalar() and _refresh(stores):
                return True
            if time.monotonic() >= ends:
                return False
            time.sleep(_LOOK_AGAIN_S)


def _refresh(stores: Stores) -> bool:
    try:
        stores.client.indices.refresh(index=stores.alias)
    except OpenSearchException:
        return False
    return True
