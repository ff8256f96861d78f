"""The search that PostGIS answers looks at so many listings and no more, and says where that was not all."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, text

from directory.search.postgis.listings import find_providers_in_sql
from directory.search.request import Facet, SearchRequest
from directory.search.results import SearchResults
from tests.engines.search.search_world import SEED, SearchWorld
from tests.engines.search.test_search_filters import build_asked

PATIENCE_S = 10.0
FEW = 7
NAIROBI = {"lat": -1.2921, "lon": 36.8219, "radius_km": 500.0}


def look(world: SearchWorld, request: SearchRequest, most: int = FEW) -> SearchResults:
    return find_providers_in_sql(world.stores.engine, request, seconds=PATIENCE_S, most=most)


def walk(world: SearchWorld, request: SearchRequest, most: int) -> list[int]:
    page = look(world, request, most)
    found = [hit.shown["id"] for hit in page.hits]
    while page.next:
        page = look(world, replace(request, cursor=page.next), most)
        found += [hit.shown["id"] for hit in page.hits]
    return found


@contextmanager
def watched(world: SearchWorld) -> Iterator[list[dict[str, Any]]]:
    """The plans, as they ran, of every statement that looks for listings; with indexes only, as in a large table."""
    plans: list[dict[str, Any]] = []

    def explain(connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "findable" in statement and not statement.startswith("EXPLAIN"):
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            [(plan,)] = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values).all()
            plans.append(plan[0]["Plan"])

    event.listen(world.stores.engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(world.stores.engine, "before_cursor_execute", explain)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def indexes(plans: list[dict[str, Any]]) -> set[str]:
    return {node["Index Name"] for plan in plans for node in nodes(plan) if "Index Name" in node}


def test_a_total_beyond_what_is_looked_at_is_at_least_that(world: SearchWorld) -> None:
    found = look(world, world.request(q="clinic"))
    assert (found.total, found.at_least, found.facets) == (FEW, True, {})
    assert len(found.hits) == 20 or len(found.hits) <= FEW + 1


@pytest.mark.parametrize("number", range(4))
def test_what_is_said_is_true_however_little_is_looked_at(world: SearchWorld, number: int) -> None:
    rng = random.Random(f"{SEED} bounded {number}")
    for _ in range(60):
        most = rng.choice((0, 1, 5, 30))
        request = world.request(**{**build_asked(rng, world), "limit": 20})
        whole, seen = look(world, request, most=100_000), look(world, request, most)
        assert not whole.at_least
        if seen.at_least:
            assert whole.total >= seen.total, request
        else:
            assert whole.total == seen.total, request
            assert whole.hits == seen.hits, request
        for name, counts in seen.facets.items():
            assert counts == whole.facets[name], (request, name)
        known = {(change.parameter, change.value): change.total for change in whole.relaxations}
        for change in seen.relaxations:
            if change.parameter != "radius_km":  # of those the first that gives enough is offered
                total = known[change.parameter, change.value]
                assert total >= change.total if change.at_least else total == change.total, request


@pytest.mark.parametrize("asked", [{"sort": "name"}, {"sort": "name", "country": ["KE"]}, NAIROBI], ids=repr)
def test_pages_by_name_and_distance_are_the_same_however_little_is_looked_at(
    world: SearchWorld, asked: dict[str, object]
) -> None:
    request = world.request(**asked, facets=(), limit=37)
    whole = walk(world, request, most=100_000)
    assert len(whole) > 37
    assert walk(world, request, most=FEW) == whole


def test_pages_by_relevance_neither_skip_nor_repeat_what_was_looked_at(world: SearchWorld) -> None:
    request = world.request(q="clinic", facets=(), limit=10)
    found = walk(world, request, most=60)
    assert len(found) == len(set(found)) == 61


def test_a_facet_that_would_count_too_many_without_its_filter_is_left_out_and_the_others_are_not(
    world: SearchWorld,
) -> None:
    request = world.request(country=["KE"], type=["hospital"], facets=(Facet.country, Facet.type, Facet.city))
    total = look(world, request, most=100_000).total
    found = look(world, request, most=total)
    assert not found.at_least
    assert set(found.facets) == {"city"}


def test_the_whole_directory_is_counted_by_country_though_it_is_too_large_to_look_at(world: SearchWorld) -> None:
    request = world.request(facets=(Facet.country, Facet.city))
    found = look(world, request)
    assert found.facets == {"country": look(world, request, most=100_000).facets["country"]}


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"q": "harmony"}, "ix_findable_names"),
        ({"q": "zqx"}, "ix_findable_names"),
        ({"q": "cardiologist"}, "ix_listing_specialty_specialty"),
        ({"q": "the harmony clinic of nairobi west"}, "ix_findable_names"),
        (NAIROBI, "ix_findable_point"),
        ({"bbox": (36.0, -2.0, 37.0, -1.0)}, "ix_findable_point"),
        ({"country": ["KE"], "sort": "name"}, "ix_findable_country_sort_name"),
        ({"type": ["hospital"], "sort": "name"}, "ix_findable_sort_name"),
        ({"sort": "name"}, "ix_findable_sort_name"),
    ],
    ids=repr,
)
def test_no_search_reads_the_whole_table(world: SearchWorld, asked: dict[str, Any], index: str) -> None:
    with watched(world) as plans:
        look(world, world.request(**asked, facets=()))
    assert index in indexes(plans)
    scans = [node for plan in plans for node in nodes(plan) if node["Node Type"] == "Seq Scan"]
    # Where nothing is asked the first rows will do.
    read = [scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0) for scan in scans]
    assert max(read, default=0) <= FEW + 1


def test_looking_ends_at_the_bound(world: SearchWorld) -> None:
    with watched(world) as plans:
        look(world, world.request(sort="name", country=["KE"], facets=()))
    limits = [node["Actual Rows"] for plan in plans for node in nodes(plan) if node["Node Type"] == "Limit"]
    assert max(limits) <= 21
    assert FEW + 1 in limits


def test_page_comes_though_the_time_to_look_at_all_is_up(world: SearchWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if looking had used up its share.
    monkeypatch.setattr("directory.search.postgis.listings.FOR_A_PAGE", 1.0)
    for asked in ({"sort": "name"}, NAIROBI, {"q": "clinic"}):
        request = world.request(**asked, facets=())
        found = look(world, request, most=100_000)
        assert found.at_least
        assert len(found.hits) == 20
        assert 0 < found.total <= look(world, request, most=100_000).total


@pytest.fixture(autouse=True)
def _statistics(still_world: SearchWorld) -> None:
    with still_world.stores.engine.begin() as connection:
        connection.execute(text("ANALYZE findable, listing_specialty"))
