"""A synthetic world in a real database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from directory import db
from directory.synth import WorldRefused, make_world
from directory.synth.world import refuse_overlaps
from directory.vocabulary.rows import load_places, sync_codes
from geodata.gazetteer import Gazetteer

ROWS = 10_500  # more than one portion

_TABLES = ("provider", "provider_name", "location", "listing", "listing_specialty", "agreement")
_DEFINITIONS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = ANY(CAST(:tables AS regclass[]))
UNION ALL
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
 WHERE indrelid = ANY(CAST(:tables AS regclass[]))
UNION ALL
SELECT tgname, tgenabled::text FROM pg_trigger WHERE tgrelid = ANY(CAST(:tables AS regclass[])) AND NOT tgisinternal
ORDER BY 1, 2
"""


@pytest.fixture(scope="module")
def gazetteer(gazetteer_path: Path) -> Gazetteer:
    return Gazetteer(gazetteer_path)


@pytest.fixture(scope="module")
def make_ground_floor(
    make_database: Callable[[str], str], template_database: str, gazetteer: Gazetteer
) -> Callable[[], Engine]:
    def make() -> Engine:
        engine = db.make_engine(make_database(template_database))
        with db.transaction(engine) as session:
            sync_codes(session)
        load_places(engine, gazetteer)
        return engine

    return make


def _all(engine: Engine, statement: str, **values: object) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def _definitions(engine: Engine) -> list[tuple[object, ...]]:
    return _all(engine, _DEFINITIONS, tables=list(_TABLES))


def _digests(engine: Engine) -> list[tuple[object, ...]]:
    """Of each table how many rows it has and what they say, but for the moment at which they were written."""
    row = "(to_jsonb(t) - 'created_at' - 'updated_at')::text"
    statement = "SELECT count(*), sum(hashtextextended({row}, 0)) FROM {table} t"
    return [_all(engine, statement.format(row=row, table=table))[0] for table in _TABLES]


@pytest.fixture(scope="module")
def world(make_ground_floor: Callable[[], Engine], gazetteer: Gazetteer) -> Engine:
    engine = make_ground_floor()
    before = _definitions(engine)
    told: list[tuple[str, int, int]] = []
    report = make_world(engine, gazetteer, ROWS, seed=3, progress=lambda *step: told.append(step))
    assert report.listings == ROWS
    assert ("listings", ROWS, ROWS) in told
    assert _definitions(engine) == before, "indexes, constraints and triggers are as the migrations made them"
    return engine


def test_every_listing_is_there_and_says_where_it_is_from(world: Engine) -> None:
    assert _all(world, "SELECT source, count(*), min(id), max(id) FROM listing GROUP BY 1") == [
        ("synth", ROWS, 1, ROWS)
    ]


def test_nothing_waits_in_the_outbox_for_a_rebuild_must_follow(world: Engine) -> None:
    assert _all(world, "SELECT count(*) FROM outbox") == [(0,)]


def test_later_change_goes_to_the_outbox_and_next_ids_are_free(world: Engine) -> None:
    with world.begin() as connection:
        new = connection.execute(
            text(
                "WITH p AS (INSERT INTO provider (kind, name, script, sort_name)"
                " VALUES ('organisation', 'New', 'Latn', 'new') RETURNING id),"
                " c AS (INSERT INTO location (country) VALUES ('KE') RETURNING id)"
                " INSERT INTO listing (provider_id, location_id, type, source, external_id)"
                " SELECT p.id, c.id, 'clinic', 'synth', 'new' FROM p, c RETURNING id"
            )
        ).scalar_one()
        assert new == ROWS + 1
        assert connection.execute(text("SELECT array_agg(listing_id) FROM outbox")).scalar_one() == [new]
        connection.rollback()


@pytest.mark.parametrize("period", ["[2000-01-01,2090-01-01)", "(,)", "[2089-12-31,)"])
def test_overlap_that_no_trigger_saw_is_found_before_the_world_is_committed(world: Engine, period: str) -> None:
    with world.connect() as connection:
        driver: Any = connection.connection.driver_connection
        refuse_overlaps(driver)
        driver.execute("ALTER TABLE agreement DISABLE TRIGGER agreement_inserted")
        driver.execute(
            "INSERT INTO agreement (listing_id, network, period, outpatient, inpatient)"
            " SELECT listing_id, network, %s, 'card', 'none' FROM agreement"
            " WHERE lower(period) < '2026-01-01' AND upper_inf(period) ORDER BY id LIMIT 1",
            (period,),
        )
        with pytest.raises(RuntimeError, match="overlap"):
            refuse_overlaps(driver)
        driver.rollback()


def test_second_world_in_the_same_database_is_refused(world: Engine, gazetteer: Gazetteer) -> None:
    with pytest.raises(WorldRefused, match="already"):
        make_world(world, gazetteer, 10, seed=3)


def test_same_seed_makes_the_same_world(
    world: Engine, make_ground_floor: Callable[[], Engine], gazetteer: Gazetteer
) -> None:
    again = make_ground_floor()
    make_world(again, gazetteer, ROWS, seed=3)
    assert _digests(again) == _digests(world)


def test_listings_of_others_are_never_mixed_with(make_ground_floor: Callable[[], Engine], gazetteer: Gazetteer) -> None:
    engine = make_ground_floor()
    with engine.begin() as connection:
        connection.execute(
            text(
                "WITH p AS (INSERT INTO provider (kind, name, script, sort_name)"
                " VALUES ('organisation', 'Real', 'Latn', 'real') RETURNING id),"
                " c AS (INSERT INTO location (country) VALUES ('KE') RETURNING id)"
                " INSERT INTO listing (provider_id, location_id, type) SELECT p.id, c.id, 'clinic' FROM p, c"
            )
        )
    with pytest.raises(WorldRefused, match="1 listings of other sources"):
        make_world(engine, gazetteer, 10, seed=3)
    assert _all(engine, "SELECT count(*) FROM listing") == [(1,)]


def test_database_without_places_is_told_what_to_do(
    make_database: Callable[[str], str], template_database: str, gazetteer: Gazetteer
) -> None:
    with pytest.raises(WorldRefused, match="places load"):
        make_world(db.make_engine(make_database(template_database)), gazetteer, 10, seed=3)


def test_size_out_of_range_is_refused(world: Engine, gazetteer: Gazetteer) -> None:
    with pytest.raises(WorldRefused, match="from 1 to 20,000,000"):
        make_world(world, gazetteer, 0, seed=3)
