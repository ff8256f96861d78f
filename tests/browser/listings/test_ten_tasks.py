"""What a curator does all day, with keys alone in real Chromium: how many presses and pages each task takes.

The bounds are what a task may cost. `docs/console.md` has the table of what was seen.
"""

import datetime as dt
import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from directory.actors import Actor, Role
from directory.changes.working import work_on_changes
from directory.db import get_engine, transaction
from directory.listings import curating
from directory.listings.agreements import Terms
from directory.listings.creating import create_listing
from directory.listings.curating import Curator
from directory.wording.catalogue import phrase
from geodata.gazetteer import get_gazetteer
from tests.engines.index_world import wait_until
from tests.worlds.keyboard import Cost, Keyboard
from tests.worlds.proposal_people import People, look, propose, walk
from tests.worlds.proposal_screens import Street, Visit

DESK = {"width": 1440, "height": 900}
LIST = "/network/listings"
TODAY = dt.datetime.now(dt.UTC).date()
Tell = Callable[[str, Cost], None]


def curate(work: Callable[[Curator], Any]) -> Any:
    with transaction() as session:
        return work(Curator(session, Actor(None, Role.network, None, "Nadia", "en"), TODAY))


def make(name: str = "Mercy Clinic", terms: Terms | None = None, **said: Any) -> int:
    facts = {
        "name": name, "type": "clinic", "country": "KE", "city": "Nairobi", "lat": -1.29, "lon": 36.82,
        "phones": ["+254203662000"], **said,
    }  # fmt: skip
    agreed = [terms or Terms("worldwide", "card", "guarantee_letter", notice_days=12)]
    return int(curate(lambda curator: create_listing(curator, facts, agreed, get_gazetteer())).listing_id)


@pytest.fixture
def keys(people: People, visit: Visit) -> Keyboard:
    """Nadia at her desk."""
    return Keyboard(visit("nadia", DESK))


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """What a task took, in the report of the tests and on the screen (-s)."""

    def say(task: str, cost: Cost) -> None:
        record_property(task, f"{cost.presses} presses, {cost.typed} typed, {cost.pages} pages, {cost.seconds:.1f} s")
        sys.stdout.write(f"| {task} | {cost.presses} | {cost.typed} | {cost.pages} | {cost.seconds:.1f} |\n")

    return say


def at(keys: Keyboard, street: Street, path: str) -> Page:
    keys.page.goto(f"{street.base}{path}")
    return keys.page


def did(page: Page, what: str) -> None:
    expect(page.locator(".flash")).to_contain_text(phrase("en", f"listing.did_{what}"))


def holds(cost: Cost, presses: int, pages: int) -> None:
    assert (cost.presses <= presses, cost.pages <= pages) == (True, True), cost


def test_a_listing_is_found_by_its_phone(keys: Keyboard, street: Street, tell: Tell) -> None:
    number = f"07{uuid4().int % 10**8:08}"
    listing = make("House of Numbers", phones=[f"+254{number[1:]}"])
    page = at(keys, street, "/network/proposals")
    with keys.task() as cost:
        keys.press("/")
        keys.type(number)
        keys.go("Enter")
    assert page.url.endswith(f"{LIST}/{listing}")
    tell("find a listing by phone", cost)
    holds(cost, presses=2, pages=1)


def test_its_phone_is_changed(keys: Keyboard, street: Street, tell: Tell) -> None:
    page = at(keys, street, f"{LIST}/{make()}")
    with keys.task() as cost:
        keys.go("3")
        keys.press("ControlOrMeta+a")
        keys.type("0712 345678")
        keys.go("Control+Enter")
        did(page, "edit")
    expect(page.locator("#contact")).to_contain_text("+254712345678")
    tell("change its phone", cost)
    holds(cost, presses=3, pages=2)


def test_its_hours_are_put(keys: Keyboard, street: Street, tell: Tell) -> None:
    page = at(keys, street, f"{LIST}/{make()}")
    with keys.task() as cost:
        keys.go("5")
        keys.type("8")
        keys.press("Tab")
        keys.type("17")
        keys.press("Tab", "Tab", "Tab", "Tab", "Enter")
        keys.go("Control+Enter")
        did(page, "edit")
    expect(page.locator("#hours .facts dd").last).to_contain_text("17:00")
    tell("put its hours", cost)
    holds(cost, presses=8, pages=2)


def test_it_is_suspended_until_a_day_and_resumed(keys: Keyboard, street: Street, tell: Tell) -> None:
    page = at(keys, street, f"{LIST}/{make()}")
    until = TODAY + dt.timedelta(days=30)
    with keys.task() as cost:
        keys.press("s")
        keys.type("Floods on the ground floor")
        keys.press("Tab", "Tab", "Tab", "Tab", "Tab")
        keys.type(f"{until:%m%d%Y}")
        keys.go("Enter")
        did(page, "suspend")
    expect(page.locator(".notice.suspended")).to_contain_text("Floods on the ground floor")
    expect(page.locator(".notice.suspended")).to_contain_text(f"{until.day}")
    tell("suspend it with a reason until a day", cost)
    holds(cost, presses=7, pages=1)
    with keys.task() as cost:
        keys.press("s")
        keys.go("Enter")
        did(page, "resume")
    expect(page.locator(".title .status")).to_have_text(phrase("en", "listings.status_active"))
    tell("resume it", cost)
    holds(cost, presses=2, pages=1)


def test_terms_are_added(keys: Keyboard, street: Street, tell: Tell) -> None:
    page = at(keys, street, f"{LIST}/{make()}")
    with keys.task() as cost:
        keys.go("6")
        keys.type("ess")
        keys.press("Tab")
        keys.type("card")
        keys.press("Tab")
        keys.type("gua")
        keys.press("Tab")
        keys.type("7")
        keys.go("Control+Enter")
        did(page, "add_agreement")
    expect(page.locator("#agreements tbody tr")).to_have_count(2)
    tell("add terms of an agreement", cost)
    holds(cost, presses=5, pages=2)


def test_two_are_merged(keys: Keyboard, street: Street, tell: Tell) -> None:
    one, other = make(), make("Mercy Hospital")
    page = at(keys, street, f"{LIST}/{one}")
    with keys.task() as cost:
        keys.go("m")
        keys.type(str(other))
        keys.go("Enter")
        keys.press("Control+Enter")
        expect(page.locator("#reason")).to_be_focused()
        keys.type("One house")
        keys.go("Control+Enter")
        did(page, "merge")
    tell("merge two", cost)
    holds(cost, presses=4, pages=3)
    page.goto(f"{street.base}{LIST}/{other}")
    expect(page.locator(".notice")).to_contain_text(str(one))


def test_the_last_change_is_undone(keys: Keyboard, street: Street, tell: Tell) -> None:
    listing = make()
    curate(lambda curator: curating.edit_listing(curator, listing, {"email": "one@b.org"}, get_gazetteer(), None))
    page = at(keys, street, f"{LIST}/{listing}")
    with keys.task() as cost:
        keys.go("u")
        did(page, "undo")
    expect(page.locator("#contact")).not_to_contain_text("one@b.org")
    tell("undo the last change", cost)
    holds(cost, presses=1, pages=1)


def test_it_is_seen_as_it_was_on_a_day(keys: Keyboard, street: Street, tell: Tell) -> None:
    listing = make(email="before@b.org")
    with transaction() as session:
        session.execute(
            text("UPDATE change SET at = at - interval '10 days' WHERE id IN "
                 "(SELECT change_id FROM changed_listing WHERE listing_id = :id)"), {"id": listing},
        )  # fmt: skip
    curate(lambda curator: curating.edit_listing(curator, listing, {"email": "since@b.org"}, get_gazetteer(), None))
    page = at(keys, street, f"{LIST}/{listing}")
    with keys.task() as cost:
        keys.go("d")
        expect(page.locator("#on")).to_be_focused()
        keys.type(f"{TODAY - dt.timedelta(days=3):%m%d%Y}")
        keys.go("Enter")
        expect(page.locator(".was")).to_contain_text("before@b.org")
    expect(page.locator(".was")).not_to_contain_text("since@b.org")
    expect(page.locator(".member-card")).to_be_visible()
    tell("see it as it was on a day", cost)
    holds(cost, presses=2, pages=2)


def test_thirty_are_chosen_and_their_language_is_changed(keys: Keyboard, street: Street, tell: Tell) -> None:
    ids = [make(f"Lakeside Thirty {number}", phones=[]) for number in range(30)]
    page = at(keys, street, f"{LIST}?q=Lakeside+Thirty")

    def all_found() -> bool:
        page.reload()
        return page.locator(".listings tbody tr").count() == 30

    wait_until(all_found, 20, "they are found")
    with keys.task() as cost:
        keys.press("a")
        keys.go("b")
        keys.press("3")
        keys.type("swahili")
        keys.press("Enter")
        keys.go("Control+Enter")
        expect(page.locator("h1 + .state")).to_have_text(phrase("en", "listing.many_previewed"))
        keys.go("Enter")
        while work_on_changes(get_engine(), get_gazetteer(), lambda search: ids):
            pass
        expect(page.locator("h1 + .state")).to_have_text(phrase("en", "listing.many_applied"))
    tell("choose 30 and change their language", cost)
    holds(cost, presses=6, pages=3)
    page.goto(f"{street.base}{LIST}/{ids[-1]}")
    expect(page.locator("#care")).to_contain_text("Swahili")


def test_a_proposal_of_the_queue_is_listed(keys: Keyboard, people: People, street: Street, tell: Tell) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "start_review", "contact", "agree")
    page = at(keys, street, "/network/proposals")
    with keys.task() as cost:
        keys.press("j")
        keys.go("Enter")
        keys.go("Control+Enter")
        expect(page.locator(".progress").first).to_contain_text(phrase("en", "proposals.state.listed"))
    tell("list a proposal of the queue", cost)
    holds(cost, presses=3, pages=2)
    assert look(people.nadia, proposal).case.state == "listed"
