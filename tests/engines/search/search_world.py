"""A made-up world in both stores, loaded the way real files are, with the oracle over its rows."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import text

from config.settings import settings_from
from directory.actors import command
from directory.db import transaction
from directory.imports import import_file
from directory.listings.changing import set_status
from directory.models import ListingStatus
from directory.search.cursor import encode_cursor
from directory.search.find import find_providers
from directory.search.request import MEMBER_FACETS, Facet, SearchRequest, Sort
from directory.search.results import SearchResults
from directory.search.understand import understand
from directory.vocabulary.codes import load_codes
from geodata.gazetteer import Gazetteer
from geodata.points import Point
from indexers.rebuild import rebuild
from indexers.stores import Stores
from tests.engines.search.search_oracle import InForce, Listed, Oracle
from tests.engines.search.search_rows import DRIFTING, Row, build_rows, build_told_rows, hours_of

SEED = 20_240_611
SOURCE = "made-up world"
# Where care lies to a member's area is counted with a plan alone (tests/http/insured).
ALL_FACETS = tuple(facet for facet in MEMBER_FACETS if facet is not Facet.coverage)


@dataclass(slots=True)
class SearchWorld:
    """Both stores, the rows that were loaded into them, and the listing that each became, by external id."""

    stores: Stores
    gazetteer: Gazetteer
    today: date
    rows: dict[str, Row]
    ids: dict[str, int]
    oracle: Oracle

    def found(self, **asked: Any) -> list[str]:
        """External ids of what a search finds, in its order, over all pages."""
        names = {id_: external_id for external_id, id_ in self.ids.items()}
        return [names[hit.shown["id"]] for page in self.walk(**asked, limit=100) for hit in page.hits]

    def request(self, **asked: Any) -> SearchRequest:
        """The request that the parameters of GET /v1/providers make; every facet unless others are named."""
        asked.setdefault("facets", ALL_FACETS)
        if "sort" in asked:
            asked["sort"] = Sort(asked["sort"])
        return understand(asked, load_codes(), self.gazetteer).request

    def search(self, **asked: Any) -> SearchResults:
        """One search."""
        return find_providers(self.request(**asked))

    def walk(self, **asked: Any) -> Iterator[SearchResults]:
        """Every page of a search, by the cursors that each gives for the next."""
        asked["facets"] = ()
        request = self.request(**asked)
        page = find_providers(request)
        yield page
        while page.next:
            page = self.search(**asked, cursor=encode_cursor(request, page.next))
            yield page

    def sql(self, statement: str, **values: Any) -> list[Any]:
        """The rows that a statement gives."""
        with self.stores.engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return list(result.all()) if result.returns_rows else []

    def load(self, directory: Path, rows: Iterable[Row]) -> None:
        """Import rows as a file; every one of them must be usable."""
        path = directory / "rows.ndjson"
        lines = (json.dumps(line, ensure_ascii=False) for row in rows for line in row.as_import())
        path.write_text("\n".join(lines), encoding="utf-8")
        report = import_file(path, source=SOURCE, engine=self.stores.engine, gazetteer=self.gazetteer)
        assert report.set_aside == 0, report.first_rejects


@contextmanager
def searched(stores: Stores, opensearch_url: str) -> Iterator[None]:
    """Searches of this process ask these stores."""
    variables = {
        "DATABASE_URL": stores.engine.url.render_as_string(hide_password=False),
        "OPENSEARCH_URL": opensearch_url,
        "INDEX_PREFIX": stores.alias,
    }
    with settings_from(variables):
        yield


def make_world(stores: Stores, gazetteer: Gazetteer, directory: Path) -> SearchWorld:
    """Load the world: the import, what the network team decided since, and a rebuild."""
    world = SearchWorld(stores, gazetteer, date.min, {}, {}, Oracle(()))
    [(world.today,)] = world.sql("SELECT CURRENT_DATE")
    large = [row.id for row in world.sql("SELECT id FROM place WHERE population > 300000 ORDER BY id")]
    cities = gazetteer.places(random.Random(SEED).sample(large, 130))
    rows = build_rows(SEED, list(cities.values()), world.today)
    drifting = rows[-DRIFTING:]
    rows += build_told_rows()
    world.rows = {row.external_id: row for row in rows}
    world.load(directory, rows)
    world.ids = dict(tuple(row) for row in world.sql("SELECT external_id, id FROM listing"))
    _decide(world)
    _drift(world, drifting)
    world.oracle = Oracle(_read_listed(world))
    rebuild(stores, grace_s=0)
    return world


def _decide(world: SearchWorld) -> None:
    """Suspend, retire and merge listings; suspend and end agreements."""
    kept = next(id_ for external_id, id_ in world.ids.items() if world.rows[external_id].status == "active")
    with transaction(world.stores.engine) as session:
        for external_id, row in world.rows.items():
            if row.status != "active":
                status = ListingStatus(row.status)
                into = kept if status is ListingStatus.merged else None
                set_status(session, world.ids[external_id], status, actor=command("test"), merged_into=into)
    stopped = [
        {"listing": world.ids[external_id], "network": terms.network, "status": terms.status}
        for external_id, row in world.rows.items()
        for terms in row.agreements
        if terms.status != "active"
    ]
    with world.stores.engine.begin() as connection:
        connection.execute(
            text("UPDATE agreement SET status = :status WHERE listing_id = :listing AND network = :network"), stopped
        )


def _drift(world: SearchWorld, rows: Sequence[Row]) -> None:
    """Carry listings to the north pole: one onto it, the others around it."""
    for number, row in enumerate(rows):
        row.point = Point(-180.0 + 30 * number, 90.0 - number / 100)
        world.sql(
            "UPDATE location SET point = ST_MakePoint(:lon, :lat)::geography, precision = 'exact'"
            " WHERE id = (SELECT location_id FROM listing WHERE id = :id)",
            lon=row.point.lon,
            lat=row.point.lat,
            id=world.ids[row.external_id],
        )


def _read_listed(world: SearchWorld) -> Iterator[Listed]:
    # What the gazetteer adds to a row (its city's id, and its city's point where it has none) is read back; what the
    # row says is not.
    placed = {
        row.external_id: row
        for row in world.sql(
            "SELECT l.external_id, c.place_id, ST_X(c.point::geometry) AS lon, ST_Y(c.point::geometry) AS lat"
            "  FROM listing l JOIN location c ON c.id = l.location_id"
        )
    }
    for external_id, row in world.rows.items():
        where = placed[external_id]
        point = row.point or (Point(where.lon, where.lat) if where.lon is not None else None)
        if row.status == "active":
            yield Listed(
                id=world.ids[external_id],
                name=row.name,
                type=row.type,
                country=row.country,
                place=str(where.place_id) if where.place_id else None,
                point=point,
                specialties=tuple(row.specialties),
                languages=tuple(row.languages),
                agreements=tuple(agreements := list(_in_force(row, world.today))),
                by_city=not row.point and point is not None,
                standing=_standing(row, agreements),
            )


def _standing(row: Row, agreements: Sequence[InForce]) -> int:
    """What config/ranking.toml counts of what these rows can say."""
    settled = {way for each in agreements for way in (each.outpatient, each.inpatient)}
    points = 4 * bool(row.point) + (3 if "card" in settled else 2 if "guarantee_letter" in settled else 0)
    return 100_000 * (points + bool(hours_of(row)) + bool(row.specialties))


def _in_force(row: Row, today: date) -> Iterator[InForce]:
    for terms in row.agreements:
        begun = terms.begins is None or terms.begins <= today
        over = terms.ends is not None and terms.ends < today
        if terms.status == "active" and begun and not over:
            yield InForce(terms.network, terms.outpatient, terms.inpatient, terms.tariff)
