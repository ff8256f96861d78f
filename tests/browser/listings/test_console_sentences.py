"""Sentences of the console that hold from the page of the team to what members find, on the service as it runs."""

import datetime as dt
from typing import Any

from playwright.sync_api import expect
from sqlalchemy import text

from directory.actors import Actor, Role
from directory.db import transaction
from directory.listings.agreements import Terms
from directory.listings.creating import create_listing
from directory.listings.curating import Curator
from geodata.gazetteer import get_gazetteer
from tests.engines.index_world import wait_until
from tests.worlds.proposal_people import People
from tests.worlds.proposal_screens import Street, Visit

DESK = {"width": 1440, "height": 900}
LIST = "/network/listings"
TODAY = dt.datetime.now(dt.UTC).date()


def make(name: str, **terms: Any) -> int:
    """A listing that has been there for ten days."""
    facts = {"name": name, "type": "clinic", "country": "KE", "city": "Nairobi", "lat": -1.29, "lon": 36.82}
    agreed = Terms("worldwide", "card", "guarantee_letter", effective_from=TODAY - dt.timedelta(days=30), **terms)
    with transaction() as session:
        curator = Curator(session, Actor(None, Role.network, None, "Nadia", "en"), TODAY)
        listing = int(create_listing(curator, facts, [agreed], get_gazetteer()).listing_id)
    with transaction() as session:
        session.execute(
            text("UPDATE change SET at = at - interval '10 days' WHERE id IN "
                 "(SELECT change_id FROM changed_listing WHERE listing_id = :id)"), {"id": listing},
        )  # fmt: skip
    return listing


def found(street: Street, words: str) -> list[Any]:
    items: list[Any] = street.ask(f"/v1/providers?q={words}&country=KE")["items"]
    return items


def agreements(street: Street, words: str) -> list[Any]:
    return [each for item in found(street, words) for each in item["agreements"]]


def test_a_notice_that_is_changed_shows_to_members_within_two_seconds_and_the_day_before_replays(
    people: People, visit: Visit, street: Street
) -> None:
    listing = make("Noticeable", notice_days=12)
    wait_until(lambda: [each["notice_days"] for each in agreements(street, "Noticeable")] == [12], 10, "it is found")
    page = visit("nadia", DESK)
    page.goto(f"{street.base}{LIST}/{listing}")
    page.locator("#agreements .do summary").click()
    page.locator("#agreements .do a[href*='do=edit']").click()
    page.locator("#notice_days").fill("7")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".flash")).to_be_visible()
    wait_until(lambda: [each["notice_days"] for each in agreements(street, "Noticeable")] == [7], 2, "members see it")
    page.goto(f"{street.base}{LIST}/{listing}/history?on={TODAY - dt.timedelta(days=1)}")
    expect(page.locator(".member-card")).to_contain_text("12")
    expect(page.locator(".member-card")).not_to_contain_text("7 days")


def test_what_is_suspended_is_gone_from_the_search_of_members_and_found_by_the_team(
    people: People, visit: Visit, street: Street
) -> None:
    listing = make("Interruptible", notice_days=3)
    wait_until(lambda: len(found(street, "Interruptible")) == 1, 10, "it is found")
    page = visit("nadia", DESK)
    page.goto(f"{street.base}{LIST}/{listing}")
    page.wait_for_load_state("load")
    page.keyboard.press("s")
    page.keyboard.type("Flooded")
    page.keyboard.press("Enter")
    expect(page.locator(".flash")).to_be_visible()
    assert street.ask(f"/v1/providers/{listing}")["status"] == "suspended"
    wait_until(lambda: all(each["status"] == "suspended" for each in found(street, "Interruptible")), 2, "members know")
    page.locator("#find").fill("Interruptible")
    page.locator("#find").press("Enter")
    page.wait_for_url(f"**{LIST}/{listing}")
