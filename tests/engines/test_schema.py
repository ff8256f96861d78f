"""The schema: its migrations up and down, and the bad states that it makes impossible."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from directory.db import downgrade, driver_url, migration_config, upgrade
from directory.models import Base
from tests.engines.index_world import World

OURS = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(:tables)"
FUNCTIONS = """SELECT count(*) FROM pg_proc
 WHERE proname = ANY('{refuse,put_new_listings_into_outbox,refuse_overlapping_agreements,goes_by_bulk,
                       note_outbox_commit,time_outbox_commit}')"""


def count(url: str, statement: str, **values: object) -> int:
    engine = create_engine(driver_url(url))
    with engine.connect() as connection:
        found: int = connection.execute(text(statement), values).scalar_one()
    engine.dispose()
    return found


def test_migrations_go_up_down_and_up_again(make_database: Callable[[str], str]) -> None:
    url = make_database("template1")
    tables = sorted(Base.metadata.tables)
    upgrade(url)
    assert count(url, OURS, tables=tables) == len(tables)
    downgrade(url, "base")
    assert count(url, OURS, tables=tables) == 0
    assert count(url, FUNCTIONS) == 0
    upgrade(url)
    assert count(url, OURS, tables=tables) == len(tables)


def test_migrations_and_models_describe_the_same_tables(make_database: Callable[[str], str]) -> None:
    url = make_database("template1")
    upgrade(url)
    command.check(migration_config(url))


def refused(world: World, statement: str, **values: object) -> str:
    with pytest.raises(IntegrityError) as caught:
        world.sql(statement, **values)
    return str(caught.value.orig)


AGREEMENT = (
    "INSERT INTO agreement (listing_id, network, period, outpatient, inpatient) VALUES (:id, :net, :days, :o, :i)"
)


def agree(world: World, listing: int, days: str, *, network: str = "worldwide", outpatient: str = "card") -> None:
    world.sql(AGREEMENT, id=listing, net=network, days=days, o=outpatient, i="none")


def test_agreements_of_a_listing_in_one_network_may_not_overlap(world: World) -> None:
    listing = world.add_listing()
    agree(world, listing, "[2026-01-01,2026-07-01)")
    said = refused(world, AGREEMENT, id=listing, net="worldwide", days="[2026-06-30,)", o="card", i="none")
    assert "ex_agreement_overlap" in said


def test_agreements_may_follow_each_other_and_stand_side_by_side_in_networks(world: World) -> None:
    listing, other = world.add_listing(), world.add_listing("Another")
    agree(world, listing, "[2026-01-01,2026-07-01)")
    agree(world, listing, "[2026-07-01,)")
    agree(world, listing, "[2026-01-01,)", network="regional")
    agree(world, other, "[2026-01-01,)")
    assert world.value("SELECT count(*) FROM agreement") == 4


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"net": "nowhere"}, "fk_agreement_network"),
        ({"o": "cheque"}, "ck_agreement_outpatient"),
        ({"i": "direct"}, "ck_agreement_inpatient"),
        ({"days": "empty"}, "ck_agreement_period"),
        ({"id": 999_999}, "fk_agreement_listing_id"),
    ],
)
def test_an_impossible_agreement_is_refused(world: World, values: dict[str, object], constraint: str) -> None:
    good = {"id": world.add_listing(), "net": "worldwide", "days": "[2026-01-01,)", "o": "card", "i": "none"}
    assert constraint in refused(world, AGREEMENT, **{**good, **values})


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("type = 'castle'", "fk_listing_type"),
        ("status = 'asleep'", "ck_listing_status"),
        ("status = 'merged'", "ck_listing_merged_says_into"),
        ("status = 'merged', merged_into = id", "ck_listing_not_merged_into_itself"),
        ("merged_into = id", "ck_listing_merged_says_into"),
        ("source = 'a file'", "ck_listing_source_with_external_id"),
        ("provider_id = 999999", "fk_listing_provider_id"),
        ("location_id = 999999", "fk_listing_location_id"),
    ],
)
def test_an_impossible_listing_is_refused(world: World, change: str, constraint: str) -> None:
    listing = world.add_listing()
    said = refused(world, f"UPDATE listing SET revision = revision + 1, {change} WHERE id = :id", id=listing)
    assert constraint in said


def test_one_source_names_an_external_id_once(world: World) -> None:
    first, second = world.add_listing(), world.add_listing("Another")
    name = "UPDATE listing SET revision = revision + 1, source = 'a', external_id = '1' WHERE id = :id"
    world.sql(name, id=first)
    assert "uq_listing_source_external_id" in refused(world, name, id=second)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("country = 'ZZ'", "fk_location_country"),
        ("place_id = 1", "fk_location_place_id"),
        ("precision = NULL", "ck_location_precision_tells_of_point"),
        ("precision = 'roughly'", "ck_location_precision"),
    ],
)
def test_an_impossible_location_is_refused(world: World, change: str, constraint: str) -> None:
    world.add_listing()
    assert constraint in refused(world, f"UPDATE location SET {change}")


def test_a_changed_listing_without_a_higher_revision_is_refused(world: World) -> None:
    listing = world.add_listing()
    assert "raise its revision" in refused(world, "UPDATE listing SET hours = '24/7' WHERE id = :id", id=listing)


def test_what_an_import_said_is_remembered_without_a_revision_and_without_the_outbox(world: World) -> None:
    listing = world.add_listing()
    world.sql("DELETE FROM outbox")
    world.sql("UPDATE listing SET import_hash = 'abc' WHERE id = :id", id=listing)
    assert world.value("SELECT revision FROM listing") == 1
    assert world.value("SELECT count(*) FROM outbox") == 0


def test_every_inserted_and_changed_listing_is_in_the_outbox_of_the_same_transaction(world: World) -> None:
    listings = [world.add_listing(name) for name in ("One", "Two", "Three")]
    assert world.sql("SELECT listing_id FROM outbox ORDER BY id") == [(id_,) for id_ in listings]
    world.sql("DELETE FROM outbox")
    world.sql("UPDATE listing SET revision = revision + 1 WHERE id <> :id", id=listings[0])
    assert world.sql("SELECT listing_id FROM outbox ORDER BY listing_id") == [(id_,) for id_ in listings[1:]]


def test_a_listing_is_never_deleted(world: World) -> None:
    world.add_listing()
    assert "never deleted" in refused(world, "DELETE FROM listing")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry CASCADE",
        "UPDATE audit_seal SET hash = ''",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
    ],
)
def test_the_audit_is_only_added_to(world: World, statement: str) -> None:
    world.sql("INSERT INTO audit_entry (actor, role, action, subject) VALUES ('a', 'admin', 'test', 'listing:1')")
    assert "only added to" in refused(world, statement)


def test_agreement_that_is_moved_onto_another_is_refused_and_where_it_was_is_free(world: World) -> None:
    listing = world.add_listing()
    agree(world, listing, "[2026-01-01,2026-07-01)")
    agree(world, listing, "[2026-07-01,)")
    moved = "UPDATE agreement SET period = '[2026-08-01,)' WHERE lower(period) = '2026-01-01'"
    assert "ex_agreement_overlap" in refused(world, moved)
    world.sql("UPDATE agreement SET period = '[2026-09-01,)' WHERE lower(period) = '2026-07-01'")
    world.sql("UPDATE agreement SET period = '[2026-02-01,2026-09-01)' WHERE lower(period) = '2026-01-01'")
    assert world.value("SELECT count(*) FROM agreement") == 2


def test_of_two_transactions_that_agree_on_overlapping_periods_the_second_waits_and_is_refused(world: World) -> None:
    listing = world.add_listing()
    values = {"id": listing, "net": "worldwide", "days": "[2026-01-01,)", "o": "card", "i": "none"}
    second_began = threading.Event()

    def agree_too() -> str:
        with world.stores.engine.connect() as connection:
            connection.execute(text("SELECT 1"))  # its transaction is older than the other's end
            second_began.set()
            with pytest.raises(IntegrityError) as caught:
                connection.execute(text(AGREEMENT), values)
            return str(caught.value.orig)

    with ThreadPoolExecutor(1) as thread, world.stores.engine.connect() as first:
        first.execute(text(AGREEMENT), values)
        second = thread.submit(agree_too)
        second_began.wait(10)
        with pytest.raises(TimeoutError):
            second.result(0.5)
        first.commit()
        assert "ex_agreement_overlap" in second.result(10)
    assert world.value("SELECT count(*) FROM agreement") == 1


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_agreements_are_written_where_each_statement_sees_what_was_committed(world: World, level: str) -> None:
    values = {"id": world.add_listing(), "net": "worldwide", "days": "[2026-01-01,)", "o": "card", "i": "none"}
    with (
        world.stores.engine.connect().execution_options(isolation_level=level) as connection,
        pytest.raises(DBAPIError, match="READ COMMITTED"),
    ):
        connection.execute(text(AGREEMENT), values)
