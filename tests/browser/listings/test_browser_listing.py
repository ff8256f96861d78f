"""One listing in real Chromium: edited by keyboard, in conflict, undone, merged; four languages, desk and phone."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from directory.actors import Actor, Role
from directory.db import transaction
from directory.listings.agreements import Terms
from directory.listings.creating import create_listing
from directory.listings.curating import Curator
from directory.listings.reports import ReportDraft, record_report
from directory.models import Account, ReportKind
from directory.proposals.acting import Given
from directory.wording.catalogue import phrase
from geodata.gazetteer import get_gazetteer
from tests.worlds.proposal_people import People, act, propose
from tests.worlds.proposal_screens import PHONE, Street, Visit, look_over
from tests.worlds.small_directory import index_what_waits

DESK = {"width": 1440, "height": 900}
LIST = "/network/listings"
MERCY: dict[str, Any] = {
    "name": "Mercy Clinic",
    "names": ["Mercy Clinic", {"text": "عيادة الرحمة", "lang": "ar"}],
    "type": "clinic",
    "country": "KE",
    "city": "Nairobi",
    "lat": -1.29,
    "lon": 36.82,
    "phones": ["+254203662000"],
    "specialties": ["cardiology"],
    "hours": "Mo-Fr 08:00-17:00",
}

Open = Callable[..., Page]


def make(**said: Any) -> int:
    """A new listing with an agreement."""
    terms = Terms("worldwide", "card", "guarantee_letter", notice_days=12)
    with transaction() as session:
        curator = Curator(session, Actor(None, Role.network, None, "Nadia", "en"), dt.datetime.now(dt.UTC).date())
        facts = {name: value for name, value in MERCY.items() if name != "names" or "name" not in said}
        return create_listing(curator, {**facts, **said}, [terms], get_gazetteer()).listing_id


def speak(name: str, lang: str) -> None:
    with transaction() as session:
        session.execute(update(Account).where(Account.display_name == name).values(lang=lang))


@pytest.fixture
def open_page(people: People, visit: Visit, street: Street) -> Open:
    """A page below the listings, before one of the team."""

    def go(path: str, who: str = "nadia", size: dict[str, int] = DESK, **options: Any) -> Page:
        page = visit(who, size, **options)
        page.goto(f"{street.base}{path}")
        return page

    return go


@pytest.mark.parametrize("lang", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_of_a_listing_is_whole_in_every_language(open_page: Open, lang: str, size: dict[str, int]) -> None:
    speak("omar", lang)
    one, other = make(), make(name="Mercy Hospital", email="two@b.org")
    page = open_page(f"{LIST}/{one}", "omar", size)
    base = page.url.partition(LIST)[0]
    look_over(page, lang)
    for path in (
        *(f"{LIST}/{one}?edit={group}" for group in ("identity", "location", "contact", "care", "hours")),
        f"{LIST}/{one}?edit=agreements&do=new",
        f"{LIST}/{one}/history?on={dt.datetime.now(dt.UTC).date()}",
        f"{LIST}/{one}/merge",
        f"{LIST}/{one}/merge?with={other}",
        f"{LIST}/new",
        f"/network/changes/new?ids={one}&ids={other}",
        "/network/changes",
    ):
        page.goto(f"{base}{path}")
        look_over(page, lang)


def test_a_fact_is_edited_and_undone_with_keys_alone(open_page: Open) -> None:
    page = open_page(f"{LIST}/{make()}")
    page.locator("#contact [data-edit]").focus()
    page.keyboard.press("e")
    page.wait_for_url("**edit=contact")
    expect(page.locator("#phone-0")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("0712 345678")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".flash")).to_contain_text(phrase("en", "listing.did_edit"))
    expect(page.locator("#contact")).to_contain_text("+254712345678")
    page.keyboard.press("u")
    expect(page.locator(".flash")).to_contain_text(phrase("en", "listing.did_undo"))
    expect(page.locator("#contact")).to_contain_text("+254203662000")
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    expect(page.locator(".flash")).to_contain_text(phrase("en", "listing.did_verify"))


def test_escape_leaves_a_form_and_then_the_page(open_page: Open) -> None:
    page = open_page(f"{LIST}/{make()}?edit=hours")
    page.keyboard.press("Escape")
    expect(page.locator(".editing")).to_have_count(0)
    page.wait_for_load_state()  # keys are heard once its scripts are there
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{LIST}")


def test_control_enter_goes_on_to_the_next_of_the_list(open_page: Open) -> None:
    page = open_page(f"{LIST}?country=KE&sort=name&status=active")
    links = page.locator(".listings tbody .c-name a")
    following = links.nth(1).get_attribute("href")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator("#name-0")).to_be_focused()
    page.keyboard.type(" ")
    page.locator("#reason").fill("Looked at")
    page.locator("#kind").select_option("practitioner")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{following}?did=*")
    expect(page.locator(".flash a")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".flash")).to_contain_text(phrase("en", "listing.did_undo"))


def test_the_second_of_two_editors_sees_what_the_first_changed(open_page: Open) -> None:
    listing = make()
    first, second = (open_page(f"{LIST}/{listing}?edit=contact", who) for who in ("omar", "nadia"))
    for page, address in ((first, "first@b.org"), (second, "second@b.org")):
        page.locator("#email").fill(address)
        page.keyboard.press("Control+Enter")
    expect(second.locator("#email-now")).to_contain_text("first@b.org")
    expect(second.locator("#email")).to_be_focused()
    expect(second.locator("#email")).to_have_value("second@b.org")
    look_over(second, "en")
    second.keyboard.press("Control+Enter")
    expect(second.locator("#contact")).to_contain_text("second@b.org")


def test_what_is_wrong_has_the_focus(open_page: Open) -> None:
    page = open_page(f"{LIST}/{make()}?edit=contact")
    page.locator("#website").fill("no address")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#website-fault")).to_be_visible()
    expect(page.locator("#website")).to_be_focused()
    look_over(page, "en")


def test_names_are_added_and_a_specialty_is_found_by_typing(open_page: Open) -> None:
    listing = make()
    page = open_page(f"{LIST}/{listing}?edit=identity")
    page.locator("[data-add]").click()
    page.keyboard.type("Clinique de la Miséricorde")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#identity")).to_contain_text("Clinique de la Miséricorde")
    page.goto(page.url.partition("?")[0] + "?edit=care")
    page.keyboard.type("paedia")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#care")).to_contain_text("Paediatrics")


def test_a_day_is_copied_to_the_whole_week(open_page: Open) -> None:
    page = open_page(f"{LIST}/{make()}?edit=hours")
    page.locator("#mo_from").fill("7")
    page.locator("[data-copy=mo]").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#hours .facts dd").last).to_contain_text("07:00")


def test_the_pin_and_the_box_say_the_same_point(open_page: Open) -> None:
    page = open_page(f"{LIST}/{make()}?edit=location")
    pin, box = page.locator("staff-map .here"), page.locator("#point")
    expect(pin).to_be_visible()
    before = box.input_value()
    spot = pin.bounding_box()
    assert spot
    page.mouse.move(spot["x"] + 22, spot["y"] + 22)
    page.mouse.down()
    page.mouse.move(spot["x"] + 62, spot["y"] + 42, steps=5)
    page.mouse.up()
    assert box.input_value() not in ("", before)
    # What only the service can read is shown on the map too.
    box.fill("https://www.openstreetmap.org/#map=17/-4.0435/39.6682")
    with page.expect_response("**/where?*") as answered:
        box.press("Tab")
    assert answered.value.json()["point"] == {"lat": -4.0435, "lon": 39.6682}
    expect(pin).to_be_visible()


def test_look_alikes_come_while_a_new_one_is_typed(open_page: Open) -> None:
    page = open_page(f"{LIST}/new")
    page.locator("#country").select_option("KE")
    page.locator("#name-0").press_sequentially("Aga Khan", delay=20)
    expect(page.locator("#alike li").first).to_contain_text("Aga Khan")


def test_two_listings_are_merged_and_parted_again(open_page: Open) -> None:
    one, other = make(), make(name="Mercy Hospital", email="two@b.org")
    page = open_page(f"{LIST}/{one}/merge?with={other}")
    page.locator(f"[name=field_name][value='{other}']").check()
    page.locator("#reason").fill("One house")
    page.locator("form.known button.main").click()
    expect(page.locator(".flash")).to_contain_text(phrase("en", "listing.did_merge"))
    expect(page.locator("h1")).to_have_text("Mercy Hospital")
    look_over(page, "en")
    page.keyboard.press("u")
    expect(page.locator("h1")).to_have_text("Mercy Clinic")


def test_a_form_works_without_script(open_page: Open) -> None:
    page = open_page(f"{LIST}/{make()}?edit=care", java_script_enabled=False)
    page.locator("[name=specialties][value=paediatrics]").check()
    page.locator(".editing button.main").click()
    expect(page.locator("#care")).to_contain_text("Paediatrics")
    page.locator(".flash button").click()
    expect(page.locator("#care")).not_to_contain_text("Paediatrics")


def test_single_keys_can_be_turned_off(open_page: Open) -> None:
    page = open_page(f"{LIST}/{make()}")
    page.keyboard.press("?")
    look_over(page, "en")
    page.locator("#keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator(".editing")).to_have_count(0)


def test_beside_the_card_stand_owner_reports_proposals_and_look_alikes(open_page: Open, people: People) -> None:
    one, other = make(name="Kilimo Clinic"), make(name="Kilimo Clinik")
    index_what_waits()
    with transaction() as session:
        for number in range(2):
            record_report(session, one, ReportDraft(ReportKind.card_refused, f"Cash only, {number}", "a@b.org"))
    proposal = propose(people.amina)
    act(people.nadia, proposal, "start_review")
    act(people.nadia, proposal, "mark_duplicate", Given(listing_id=one))
    page = open_page(f"{LIST}/{one}")
    beside = page.locator(".beside")
    expect(beside).to_contain_text(phrase("en", "listing.reports", count=2))
    expect(beside.locator(".told").first).to_contain_text("Cash only, 1")
    expect(beside.locator(f"a[href$='/network/proposals/{proposal}']")).to_be_visible()
    expect(beside.locator(f"a[href$='/{one}/merge?with={other}']")).to_be_visible()
    expect(page.locator("#location staff-map .here")).to_be_visible()
    look_over(page, "en")
    page.keyboard.press("o")
    expect(page.locator(".owner")).to_contain_text("nadia")
    page.wait_for_load_state()
    page.keyboard.press("o")
    expect(page.locator(".owner")).to_contain_text(phrase("en", "listing.nobody"))
