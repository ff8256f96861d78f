"""Changes of a listing: locked, revision raised, outbox and audit written, in one transaction."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.actors import command
from directory.errors import ListingNotFound
from directory.listings.changing import change_listing, rename_provider, set_status
from directory.models import ListingStatus
from tests.engines.index_world import World


def test_a_status_is_changed_with_its_revision_its_outbox_row_and_its_audit(world: World) -> None:
    listing = world.add_listing()
    world.sql("DELETE FROM outbox")
    with Session(world.stores.engine) as session, session.begin():
        set_status(session, listing, ListingStatus.suspended, actor=command("amina"), reason="card refused twice")
    assert world.sql("SELECT status, status_reason, revision FROM listing") == [("suspended", "card refused twice", 2)]
    assert world.sql("SELECT listing_id FROM outbox") == [(listing,)]
    actor, action, before, after = world.sql(
        "SELECT actor, action, before, after FROM audit_entry WHERE subject = 'listing:' || :id"
        " ORDER BY id DESC LIMIT 1",
        id=listing,
    )[0]
    assert (actor, action, before["status"], after["status"]) == ("amina", "suspended", "active", "suspended")


def test_a_change_that_fails_leaves_nothing_behind(world: World) -> None:
    listing = world.add_listing()
    world.sql("DELETE FROM outbox")
    audits = world.value("SELECT count(*) FROM audit_entry")
    with Session(world.stores.engine) as session:
        set_status(session, listing, ListingStatus.retired, actor=command("amina"))
        session.flush()
        session.rollback()
    assert world.sql("SELECT status, revision FROM listing") == [("active", 1)]
    assert world.value("SELECT count(*) FROM outbox") == 0
    assert world.value("SELECT count(*) FROM audit_entry") == audits


def test_a_merged_listing_says_which_took_its_place(world: World) -> None:
    listing, heir = world.add_listing(), world.add_listing("Heir")
    with Session(world.stores.engine) as session, session.begin():
        set_status(session, listing, ListingStatus.merged, actor=command("amina"), merged_into=heir)
    assert world.sql("SELECT status, merged_into FROM listing WHERE id = :id", id=listing) == [("merged", heir)]


def test_a_providers_new_name_raises_every_listing_that_shows_it_and_no_other(world: World) -> None:
    first = world.add_listing("Old Name")
    provider = world.value("SELECT provider_id FROM listing WHERE id = :id", id=first)
    second, stranger = world.add_listing_of(provider), world.add_listing("Stranger")
    world.sql("DELETE FROM outbox")
    with Session(world.stores.engine) as session, session.begin():
        assert rename_provider(session, provider, "مستشفى جديد", actor=command("amina")) == [first, second]
    revisions = dict(world.sql("SELECT id, revision FROM listing"))
    assert revisions == {first: 2, second: 2, stranger: 1}
    assert world.sql("SELECT name, script FROM provider WHERE id = :id", id=provider) == [("مستشفى جديد", "Arab")]
    assert {row.listing_id for row in world.sql("SELECT listing_id FROM outbox")} == {first, second}


def test_two_changes_at_once_come_one_after_the_other(world: World) -> None:
    listing = world.add_listing()

    def suspend(actor: str) -> None:
        with Session(world.stores.engine) as session, session.begin():
            set_status(session, listing, ListingStatus.suspended, actor=command(actor))

    threads = [threading.Thread(target=suspend, args=(actor,)) for actor in ("amina", "bruno", "chen", "dalia")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.value("SELECT revision FROM listing WHERE id = :id", id=listing) == 5


def test_a_listing_that_does_not_exist_cannot_be_changed(world: World) -> None:
    with Session(world.stores.engine) as session, pytest.raises(ListingNotFound):
        change_listing(session, 987_654, lambda facts: facts, actor=command("amina"), action="edit")


def test_a_transaction_that_began_earlier_does_not_turn_the_time_of_a_listing_back(world: World) -> None:
    listing = world.add_listing()
    with Session(world.stores.engine) as older:
        older.execute(text("SELECT now()"))
        with Session(world.stores.engine) as session, session.begin():
            set_status(session, listing, ListingStatus.suspended, actor=command("amina"))
        between = world.value("SELECT updated_at FROM listing")
        set_status(older, listing, ListingStatus.active, actor=command("nadia"))
        older.commit()
    assert world.value("SELECT updated_at FROM listing") > between
