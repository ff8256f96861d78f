"""Small worlds: an index of its own in which each test puts its two or three listings."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

import orjson
import pytest

from config.settings import settings_from
from directory.listings.shown import Name, PublicListing, PublicLocation
from directory.search import engine as search_engine
from directory.search.find import find_providers
from directory.search.mapping import build_index_body
from directory.search.request import Circle, SearchRequest, default_sort
from directory.search.words import parse_words
from directory.vocabulary.codes import load_codes
from geodata.points import Point
from geodata.text import script_of, sort_key
from indexers.documents import Document, build_body
from indexers.writer import BulkWriter
from tests.worlds.engines import EngineUrls

CENTER = Point(36.8219, -1.2921)
KM = 1 / 111.2  # degrees of latitude


class SmallWorld:
    """An index that holds what the test last put in."""

    def __init__(self, engines: EngineUrls, alias: str) -> None:
        self.client = search_engine.connect(engines.opensearch_url)
        self.alias = alias
        body = build_index_body(shards=1, replicas=0) | {"aliases": {alias: {}}}
        self.client.indices.create(index=f"{alias}-1", body=body)
        # Revisions go on rising over the tests: ids are used again.
        self.revisions = count(1)

    def put(self, *listings: PublicListing) -> None:
        """These listings and no others, with rising ids from 1."""
        self.client.delete_by_query(index=self.alias, body={"query": {"match_all": {}}}, refresh=True)
        documents = [
            Document(listing["id"], next(self.revisions), orjson.dumps(build_body(listing))) for listing in listings
        ]
        assert BulkWriter(self.client).write(self.alias, documents) == []
        self.client.indices.refresh(index=self.alias)

    def ranked(self, words: str, *, near: Point | None = None, radius_km: float = 25) -> list[str]:
        """The names that a search by relevance finds, best first."""
        circle = Circle(near, radius_km * 1000) if near else None
        request = SearchRequest(
            units=parse_words(words, load_codes()),
            circle=circle,
            sort=default_sort(has_words=True, has_point=circle is not None),
            facets=(),
        )
        return [hit.shown["name"] for hit in find_providers(request).hits]


def listing(id_: int, *names: str, km_north: float | None = None, **facts: Any) -> PublicListing:
    """A listing with little on it; `km_north` of the centre of the map where it has a point."""
    location = None
    if km_north is not None:
        location = PublicLocation(lat=CENTER.lat + km_north * KM, lon=CENTER.lon, precision="exact")
    plain = PublicListing(
        id=id_,
        revision=1,
        name=names[0],
        names=[Name(text=name, lang=None, script=script_of(name)) for name in names],
        type="clinic",
        specialties=[],
        address=None,
        postal_code=None,
        city=None,
        region=None,
        country="KE",
        place=None,
        location=location,
        time_zone=None,
        phones=[],
        email=None,
        website=None,
        languages=[],
        hours=None,
        agreements=[],
        suspended=[],
        status="active",
        status_reason=None,
        merged_into=None,
        verified_on=None,
        verified_by=None,
        visits=None,
        sort_name=sort_key(names[0]),
        place_name=None,
        source=None,
        owner=None,
    )
    return {**plain, **facts}  # type: ignore[typeddict-item]


@pytest.fixture(scope="session")
def small_world(engines: EngineUrls, index_prefix: str) -> SmallWorld:
    """The index; it goes with the others of this worker."""
    return SmallWorld(engines, f"{index_prefix}-small")


@pytest.fixture
def ranked(small_world: SmallWorld, engines: EngineUrls) -> Iterator[Callable[..., list[str]]]:
    """`ranked(words, listings, near=…)`: the names found in a world of these listings, best first."""

    def rank(words: str, listings: Sequence[PublicListing], **where: Any) -> list[str]:
        small_world.put(*listings)
        return small_world.ranked(words, **where)

    with settings_from({"OPENSEARCH_URL": engines.opensearch_url, "INDEX_PREFIX": small_world.alias}):
        yield rank
