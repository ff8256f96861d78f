"""The end of every test here: both stores hold the same, and nothing that was acknowledged is lost or doubled."""

from collections.abc import Callable, Collection
from typing import Any

import orjson
from sqlalchemy import text

from indexers.documents import load_documents
from indexers.indices import Indices
from indexers.stores import Stores
from tests.engines.index_world import wait_until
from tests.faults.ledger import Ledger

_PAGE = 2_000


def check_whole(stores: Stores, *ledgers: Ledger, within_s: float = 30, set_aside: Collection[int] = ()) -> None:
    """Fail unless the outbox empties `within_s`, and then all is as it was committed.

    - the outbox holds the listings of `set_aside` alone, each with its reason;
    - one index is behind the alias, and there is no other;
    - every other listing is in the index once, with its revision and its content, and nothing else is;
    - what the `ledgers` saw acknowledged is in the database, once.
    """
    wait_until(lambda: _waiting(stores) == 0, within_s, "the outbox is empty")
    wait_until(_quiet(lambda: _stray_indices(stores) == []), within_s, "there is one index and no leftover")
    for ledger in ledgers:
        ledger.check(stores.engine)
    with stores.engine.connect() as connection:
        reasons = connection.execute(text("SELECT listing_id, reason FROM outbox")).all()
        assert {row.listing_id for row in reasons} == set(set_aside)
        assert all(row.reason for row in reasons)
        rows = connection.execute(text("SELECT id, revision FROM listing")).all()
        committed: dict[int, int] = {row.id: row.revision for row in rows}
        shown = _shown_due(connection, list(committed))
    found = _documents(stores)
    due = {listing: revision for listing, revision in committed.items() if listing not in set_aside}
    # A listing may have been indexed before the change that was set aside: an old revision of it may be there.
    in_index = {listing: document["_version"] for listing, document in found.items() if listing not in set_aside}
    assert _differences(due, in_index) == {}, "listing: (revision in the database, in the index)"
    wrong = [listing for listing in due if found[listing].get("_source", {}).get("shown") != shown[listing]]
    assert wrong == [], "listings whose content in the index is not that of the database"
    live = sum(each is not None for listing, each in shown.items() if listing in due)
    count = stores.client.count(index=stores.alias, body={"query": {"term": {"live": True}}})["count"]
    assert live <= count <= live + len(set_aside)


def _waiting(stores: Stores) -> int:
    with stores.engine.connect() as connection:
        count: int = connection.execute(text("SELECT count(*) FROM outbox WHERE set_aside_at IS NULL")).scalar_one()
    return count


def _stray_indices(stores: Stores) -> list[str]:
    """What is there besides the one searched index; all of it where that one is missing or double."""
    present = list(stores.client.indices.get_alias(index=f"{stores.alias}*"))
    live = Indices(stores).live()
    return [name for name in present if name not in live] if len(live) == 1 else ["no one index", *present]


def _quiet(look: Callable[[], bool]) -> Callable[[], bool]:
    """An engine that is still on its way up has not failed the test."""

    def looked() -> bool:
        try:
            return look()
        except Exception:
            return False

    return looked


def _shown_due(connection: Any, listings: list[int]) -> dict[int, Any]:
    """What the index should hold to show of each listing; None where members see nothing of it."""
    shown: dict[int, Any] = {}
    for begin in range(0, len(listings), _PAGE):
        for document in load_documents(connection, listings[begin : begin + _PAGE]):
            shown[document.listing_id] = orjson.loads(document.body).get("shown")
    return shown


def _documents(stores: Stores) -> dict[int, dict[str, Any]]:
    """Every document of the index, read page by page; one that comes twice fails."""
    stores.client.indices.refresh(index=stores.alias)
    found: dict[int, dict[str, Any]] = {}
    after: list[Any] = []
    while True:
        body: dict[str, Any] = {"size": _PAGE, "version": True, "sort": [{"id": "asc"}], "query": {"match_all": {}}}
        answer = stores.client.search(index=stores.alias, body=body | ({"search_after": after} if after else {}))
        assert answer["_shards"]["failed"] == 0
        hits = answer["hits"]["hits"]
        for hit in hits:
            assert int(hit["_id"]) not in found, f"listing {hit['_id']} is in the index twice"
            found[int(hit["_id"])] = hit
        if len(hits) < _PAGE:
            return found
        after = hits[-1]["sort"]


def _differences(due: dict[int, int], found: dict[int, int]) -> dict[int, tuple[int | None, int | None]]:
    return {
        listing: (due.get(listing), found.get(listing))
        for listing in sorted(due.keys() | found.keys())
        if due.get(listing) != found.get(listing)
    }
