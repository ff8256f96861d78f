"""How the two stores differ: ids and revisions of both, read side by side in pages, so that memory stays flat."""

from collections.abc import Iterator
from dataclasses import dataclass

from opensearchpy import OpenSearch
from sqlalchemy import Connection, text

PAGE = 10_000

_PAGE_OF_LISTINGS = text("SELECT id, revision FROM listing WHERE id > :after ORDER BY id LIMIT :limit")


@dataclass(frozen=True, slots=True)
class Difference:
    """One listing whose revision is not the same in both stores; None where a store does not have it."""

    listing_id: int
    database: int | None
    index: int | None


def find_differences(connection: Connection, client: OpenSearch, index: str) -> Iterator[Difference]:
    """Every difference as it was when its page was read, by rising id; what changes meanwhile may be among them.

    `index` must have been refreshed.
    """
    in_database, in_index = _listings(connection), _documents(client, index)
    listing, document = next(in_database, None), next(in_index, None)
    while listing or document:
        if listing and (document is None or listing[0] < document[0]):
            yield Difference(listing[0], listing[1], None)
            listing = next(in_database, None)
        elif document and (listing is None or document[0] < listing[0]):
            yield Difference(document[0], None, document[1])
            document = next(in_index, None)
        elif listing and document:
            if listing[1] != document[1]:
                yield Difference(listing[0], listing[1], document[1])
            listing, document = next(in_database, None), next(in_index, None)


def _listings(connection: Connection) -> Iterator[tuple[int, int]]:
    after = 0
    while rows := connection.execute(_PAGE_OF_LISTINGS, {"after": after, "limit": PAGE}).all():
        yield from ((row.id, row.revision) for row in rows)
        after = rows[-1].id


def _documents(client: OpenSearch, index: str) -> Iterator[tuple[int, int]]:
    after = -1
    while True:
        answer = client.search(
            index=index,
            body={
                # A range rather than `search_after`: what was read is not even counted again.
                "query": {"range": {"id": {"gt": after}}},
                "sort": [{"id": "asc"}],
                "size": PAGE,
                # Of the columns alone: `_id` and `_version` of a hit come with what is shown, and a million take
                # minutes to unpack.
                "stored_fields": "_none_",
                "docvalue_fields": ["revision"],
                "track_total_hits": False,
            },
            params={"filter_path": "hits.hits.sort,hits.hits.fields", "request_timeout": 60},
        )
        hits = answer.get("hits", {}).get("hits", [])
        # A document that says no revision is none of ours, and differs.
        yield from ((hit["sort"][0], hit.get("fields", {"revision": [0]})["revision"][0]) for hit in hits)
        if len(hits) < PAGE:
            return
        after = hits[-1]["sort"][0]
