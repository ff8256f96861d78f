"""A change of many in real Chromium: preview, second person, progress, what was left and why, undo as one."""

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from directory.actors import Actor, Role
from directory.changes.working import work_on_changes
from directory.db import get_engine, transaction
from directory.listings import curating
from directory.listings.agreements import Terms
from directory.listings.creating import create_listing
from directory.listings.curating import Curator
from directory.models import Account
from directory.wording.catalogue import phrase
from geodata.gazetteer import get_gazetteer
from tests.worlds.proposal_people import People
from tests.worlds.proposal_screens import PHONE, Street, Visit, look_over

DESK = {"width": 1440, "height": 900}
CHANGES = "/network/changes"
# What is nobody's words: names of listings and people, networks of the demonstration.
ENGLISH = re.compile(r"\b(changed|cannot|meanwhile|since|listing|revision|agreement)\b", re.IGNORECASE)


def curate(work: Any) -> Any:
    with transaction() as session:
        return work(Curator(session, Actor(None, Role.network, None, "Nadia", "en"), dt.datetime.now(dt.UTC).date()))


def make(number: int) -> int:
    facts = {
        "name": f"Maison {number}",
        "type": "clinic",
        "country": "KE",
        "city": "Nairobi",
        "lat": -1.29,
        "lon": 36.8,
    }
    terms = [Terms("worldwide", "card", "guarantee_letter", notice_days=12)]
    return int(curate(lambda curator: create_listing(curator, facts, terms, get_gazetteer())).listing_id)


def touch(listing: int, **said: Any) -> None:
    curate(lambda curator: curating.edit_listing(curator, listing, said, get_gazetteer(), None))


def work() -> None:
    while work_on_changes(get_engine(), get_gazetteer(), lambda search: []):
        pass


def speak(lang: str) -> None:
    with transaction() as session:
        session.execute(update(Account).where(Account.display_name.in_(("nadia", "omar"))).values(lang=lang))


@pytest.fixture(autouse=True)
def own_languages(people: People) -> Any:
    yield
    with transaction() as session:
        for name, lang in (("nadia", "en"), ("omar", "es")):
            session.execute(update(Account).where(Account.display_name == name).values(lang=lang))


def state_is(page: Page, lang: str, state: str) -> None:
    expect(page.locator("h1 + .state")).to_have_text(phrase(lang, f"listing.many_{state}"))
    look_over(page, lang)


def press(page: Page, lang: str, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=phrase(lang, f"listing.{name}"), exact=True).click()


@pytest.mark.parametrize("lang", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_terms_of_many_go_from_preview_to_a_second_person_to_undone(
    people: People, visit: Visit, street: Street, lang: str, size: dict[str, int]
) -> None:
    speak(lang)
    ids = [make(number) for number in range(4)]
    nadia, omar = visit("nadia", size), visit("omar", size)
    nadia.goto(f"{street.base}{CHANGES}/new?" + "&".join(f"ids={each}" for each in ids))
    nadia.locator("details.part").filter(has=nadia.locator("#network")).locator("summary").click()
    nadia.locator("[name=terms_as][value=terms]").check()
    nadia.locator("#network").select_option("worldwide")
    nadia.locator("#notice_days").fill("7")
    nadia.locator("#reason").fill("2026")
    look_over(nadia, lang)
    nadia.locator("form[data-save] button.main").click()
    state_is(nadia, lang, "previewed")
    expect(nadia.locator("ol.steps > li")).to_have_count(4)
    assert curate_terms(ids[0]) == 12
    press(nadia, lang, "many_ask_second")
    state_is(nadia, lang, "waiting")
    expect(nadia.get_by_role("button", name=phrase(lang, "listing.many_do_approve"))).to_have_count(0)

    omar.goto(nadia.url.partition("?")[0])
    state_is(omar, lang, "waiting")
    touch(ids[1], email="meanwhile@b.org")
    curate(lambda curator: curating.retire_listing(curator, ids[2], "Fermée"))
    press(omar, lang, "many_do_approve")
    state_is(omar, lang, "applying")
    expect(omar.locator("progress")).to_have_attribute("value", "0")
    work()
    # It shows by itself when it is done, at the other's screen too.
    state_is(omar, lang, "applied")
    nadia.reload()
    state_is(nadia, lang, "applied")
    expect(nadia.locator("progress")).to_have_attribute("value", "2")
    left = nadia.locator("ul.left li")
    expect(left).to_have_count(2)
    expect(left.first).to_contain_text(phrase(lang, "listing.left_meanwhile"))
    assert curate_terms(ids[0]) == 7

    touch(ids[3], email="later@b.org")
    curate(lambda curator: curating.suspend_listing(curator, ids[0], "2026"))
    press(nadia, lang, "many_do_undo")
    work()
    state_is(nadia, lang, "undone")
    assert [curate_terms(each) for each in ids] == [12] * 4
    if lang != "en":
        assert not ENGLISH.search(nadia.locator("#change").inner_text()), nadia.locator("#change").inner_text()


def test_what_rests_on_later_changes_is_left_by_the_undo_and_named(
    people: People, visit: Visit, street: Street
) -> None:
    speak("fr")
    ids = [make(number) for number in range(2)]
    page = visit("nadia", DESK)
    page.goto(f"{street.base}{CHANGES}/new?ids={ids[0]}&ids={ids[1]}")
    page.locator("details.part").first.locator("summary").click()
    page.locator("[name=hours_as][value=always]").check()
    page.locator("form[data-save] button.main").click()
    state_is(page, "fr", "previewed")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    work()
    state_is(page, "fr", "applied")
    touch(ids[1], hours="Mo 08:00-09:00")
    press(page, "fr", "many_do_undo")
    work()
    state_is(page, "fr", "undone")
    [left] = page.locator("ul.left li").all()
    said = phrase("fr", "listing.left_touched", about=0).partition("0")[0]
    assert said in left.inner_text()
    assert str(ids[1]) in left.inner_text()
    look_over(page, "fr")


def curate_terms(listing: int) -> int:
    """The notice that stands in a listing's terms."""
    with transaction() as session:
        facts = curating.load_seen(
            Curator(session, Actor(None, Role.network, None, "Nadia", "en"), dt.datetime.now(dt.UTC).date()), listing
        )
    return int(facts["agreements"][0]["notice_days"])


def test_the_list_keeps_its_filters_after_a_change_of_many(people: People, visit: Visit, street: Street) -> None:
    speak("en")
    page = visit("nadia", DESK)
    page.goto(f"{street.base}/network/listings?country=CD&type=clinic&columns=city")
    chosen = page.locator(".listings tbody tr")
    ids = [each.get_attribute("data-id") for each in chosen.all()[:2]]
    for each in chosen.all()[:2]:
        each.locator("td.tick label").click()
    page.locator("#many .main").click()
    page.locator("details.part").first.locator("summary").click()
    page.locator("[name=hours_as][value=always]").check()
    page.locator("form[data-save] button.main").click()
    state_is(page, "en", "previewed")
    press(page, "en", "many_do_apply")
    work()
    state_is(page, "en", "applied")
    page.get_by_role("link", name=phrase("en", "listing.many_back")).click()
    page.wait_for_url("**/network/listings?*country=CD*")
    assert "type=clinic" in page.url
    assert [each.get_attribute("data-id") for each in chosen.all()[:2]] == ids
