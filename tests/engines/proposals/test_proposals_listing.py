"""What an agreement becomes: a new listing, or one that was there; all of it or nothing."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select, text

from directory.actors import command
from directory.db import get_engine, transaction
from directory.errors import InvalidRequest, TransitionNotAllowed
from directory.listings.changing import set_status
from directory.listings.shown import load_public_listing
from directory.models import Agreement, AuditEntry, Listing, ListingStatus, Outbox
from directory.proposals.acting import Given
from directory.proposals.draft import Need
from tests.worlds.proposal_people import CARD, DRAFT, HEAL_AFRICA, People, act, called, look, propose, walk
from tests.worlds.small_directory import World

TODAY = dt.date(2026, 9, 7)


def agreed(people: People, draft: object = DRAFT, terms: object = CARD) -> UUID:
    proposal = propose(people.amina, draft)  # type: ignore[arg-type]
    walk(people, proposal, "start_review", "contact")
    act(people.nadia, proposal, "agree", Given(agreement=terms))  # type: ignore[arg-type]
    return proposal


def count(table: str) -> int:
    with get_engine().connect() as connection:
        found: int = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    return found


def test_a_new_listing_says_all_that_the_proposal_said(people: People) -> None:
    named = replace(HEAL_AFRICA, name="Clinique Lumière", name_local="عيادة النور", licence="NK-77", phone="0998765431")
    proposal = agreed(people, replace(DRAFT, provider=named))
    assert act(people.nadia, proposal, "list") == "listed"
    listing_id = look(people.amina, proposal).listing_id
    shown = load_public_listing(listing_id)
    assert [name["text"] for name in shown["names"]] == ["Clinique Lumière", "عيادة النور"]
    assert (shown["type"], shown["specialties"], shown["country"], shown["city"]) == (
        "hospital", ["cardiology"], "CD", "Goma",
    )  # fmt: skip
    assert shown["location"] == {"lat": -1.6735, "lon": 29.2261, "precision": "exact"}
    assert (shown["phones"], shown["website"]) == (["+243998765431"], "https://heal.example.org")
    assert shown["time_zone"] == "Africa/Lubumbashi"
    assert (shown["verified_on"], shown["verified_by"]) == ("2026-09-07", "network_team")
    with transaction() as session:
        listing = session.get_one(Listing, listing_id)
        assert (listing.source, listing.external_id) == ("proposals", look(people.amina, proposal).case.reference)
        assert session.scalar(select(Outbox.id).where(Outbox.listing_id == listing_id))
        entry = session.scalar(select(AuditEntry).where(AuditEntry.subject == f"listing:{listing_id}"))
        assert entry
        assert entry.actor_id == people.nadia.account_id


def test_without_a_point_the_listing_lies_somewhere_in_its_city(people: People) -> None:
    proposal = agreed(people, called("Clinique du Lac", lat=None, lon=None))
    act(people.nadia, proposal, "list")
    shown = load_public_listing(look(people.amina, proposal).listing_id)
    assert shown["location"]
    assert shown["location"]["precision"] == "place"


def test_a_listing_that_is_there_is_extended_and_resumed(people: People, world: World) -> None:
    listing_id = world.ids["suspended"]
    with transaction() as session:
        set_status(session, listing_id, ListingStatus.suspended, actor=command("test"), reason="refused the card")
        before = session.get_one(Listing, listing_id).revision
    providers = count("provider")
    proposal = agreed(people, replace(DRAFT, need=Need("refuses_card")))
    act(people.nadia, proposal, "list", Given(listing_id=listing_id))
    shown = load_public_listing(listing_id)
    assert (shown["status"], shown["status_reason"], shown["revision"]) == ("active", None, before + 1)
    assert "cardiology" in shown["specialties"]
    assert shown["verified_by"] == "network_team"
    assert count("provider") == providers
    assert look(people.amina, proposal).listing_id == listing_id
    with transaction() as session:
        set_status(session, listing_id, ListingStatus.suspended, actor=command("test"))


def test_an_earlier_agreement_in_the_same_network_ends_where_the_new_one_begins(people: People, world: World) -> None:
    listing_id = world.ids["nairobi-pharmacy"]
    terms = replace(CARD, outpatient="none", inpatient="none", effective_from=dt.date(2026, 10, 1))
    act(people.nadia, proposal := agreed(people, terms=terms), "list", Given(listing_id=listing_id))
    with transaction() as session:
        rows = session.scalars(select(Agreement).where(Agreement.listing_id == listing_id).order_by(Agreement.id)).all()
        assert [(row.outpatient, row.period.lower, row.period.upper) for row in rows] == [
            ("card", None, dt.date(2026, 10, 1)),
            ("none", dt.date(2026, 10, 1), None),
        ]
    # Once more from the same day: the one that it replaces goes.
    act(people.nadia, agreed(people, terms=replace(terms, outpatient="card")), "list", Given(listing_id=listing_id))
    with transaction() as session:
        rows = session.scalars(select(Agreement).where(Agreement.listing_id == listing_id).order_by(Agreement.id)).all()
        assert [(row.outpatient, row.period.lower) for row in rows] == [
            ("card", None),
            ("card", dt.date(2026, 10, 1)),
        ]
    assert look(people.amina, proposal).case.state == "listed"


@pytest.mark.parametrize("external", ["retired", "merged", None])
def test_what_is_no_listing_any_more_is_not_extended_and_nothing_is_left(
    people: People, world: World, external: str | None
) -> None:
    proposal = agreed(people)
    listing_id = world.ids[external] if external else 987_654
    agreements = count("agreement")
    with pytest.raises(InvalidRequest) as refused:
        act(people.nadia, proposal, "list", Given(listing_id=listing_id))
    assert [fault.where for fault in refused.value.faults] == ["/listing_id"]
    assert look(people.nadia, proposal).case.state == "agreed"
    assert count("agreement") == agreements


def test_a_licence_that_another_provider_has_stays_with_it(people: People) -> None:
    first = agreed(people, replace(DRAFT, provider=replace(HEAL_AFRICA, licence="NK-SAME")))
    second = agreed(people, replace(DRAFT, provider=replace(HEAL_AFRICA, licence="NK-SAME", name="Other")))
    act(people.nadia, first, "list")
    act(people.nadia, second, "list")
    with get_engine().connect() as connection:
        held = connection.execute(text("SELECT count(*) FROM provider_identifier WHERE value = 'NK-SAME'")).scalar()
    assert held == 1


def test_what_is_listed_is_not_listed_again(people: People) -> None:
    proposal = agreed(people)
    act(people.nadia, proposal, "list")
    listings = count("listing")
    with pytest.raises(TransitionNotAllowed):
        act(people.nadia, proposal, "list")
    assert count("listing") == listings
