"""The list of listings by keyboard, by script and without it, in four languages, at a desk and on a phone."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from directory.db import transaction
from directory.models import Account
from directory.wording.catalogue import phrase
from tests.worlds.proposal_people import People
from tests.worlds.proposal_screens import PHONE, Street, Visit, look_over
from tests.worlds.small_directory import HIDDEN, LISTINGS, World

DESK = {"width": 1440, "height": 900}
LIST = "/network/listings"


def open_list(visit: Visit, street: Street, asked: str = "", who: str = "nadia", **options: object) -> Page:
    page = visit(who, options.pop("size", DESK), **options)
    page.goto(f"{street.base}{LIST}{asked}")
    return page


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def names(page: Page) -> list[str]:
    return page.locator(".listings tbody .c-name a").all_text_contents()


def speak(name: str, lang: str) -> None:
    with transaction() as session:
        session.execute(update(Account).where(Account.display_name == name).values(lang=lang))


def test_twenty_rows_stand_above_the_fold(people: People, visit: Visit, street: Street) -> None:
    page = open_list(visit, street)
    rows = page.locator(".listings tbody tr")
    heights = {round(row.bounding_box()["height"]) for row in rows.all()[:5]}  # type: ignore[index]
    assert heights == {32}
    boxes = [row.bounding_box() for row in rows.all()]
    above = sum(box is not None and box["y"] + box["height"] <= DESK["height"] for box in boxes)
    assert above >= 20
    assert page.locator(".masthead .bar").bounding_box()["height"] == 44  # type: ignore[index]


@pytest.mark.parametrize("lang", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_list_is_whole_in_every_language(
    people: People, visit: Visit, street: Street, lang: str, size: dict[str, int]
) -> None:
    speak("omar", lang)
    page = open_list(visit, street, "?country=KE", "omar", size=size)
    look_over(page, lang)
    page.locator("td.tick label").first.click()
    expect(page.locator("#many")).to_be_visible()
    if size is DESK:
        page.keyboard.press("Escape")
        page.locator(".listings tbody .c-name a").first.focus()
        page.keyboard.press(" ")
        expect(page.locator("#preview-name")).to_be_visible()
    look_over(page, lang)


def test_rows_are_walked_looked_at_and_chosen_by_keyboard(people: People, visit: Visit, street: Street) -> None:
    page = open_list(visit, street)
    press, order, preview = page.keyboard.press, names(page), page.locator("#preview")
    press("k")
    assert focused(page) == order[0]
    press("j")
    press("j")
    assert focused(page) == order[2]
    press(" ")
    expect(preview.locator("h2")).to_have_text(order[2])
    # The list stays, and so does the focus; the look follows it.
    assert focused(page) == order[2]
    press("j")
    expect(preview.locator("h2")).to_have_text(order[3])
    press("Escape")
    expect(preview).to_be_hidden()
    assert focused(page) == order[3]
    press("x")
    press("j")
    press("j")
    press("Shift+X")
    expect(page.locator("#ticked")).to_have_text("3")
    press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    # What is typed is typed.
    press("x")
    expect(page.locator("#ticked")).to_have_text("3")


def test_e_leads_to_the_form_of_the_listing(people: People, visit: Visit, street: Street) -> None:
    page = open_list(visit, street)
    page.keyboard.press("j")
    address = page.locator(".listings tbody .c-name a").first.get_attribute("href")
    page.keyboard.press("e")
    page.wait_for_url(f"**{address}?edit=1")


def test_keys_can_be_turned_off_on_their_sheet(people: People, visit: Visit, street: Street) -> None:
    page = open_list(visit, street)
    page.keyboard.press("?")
    sheet = page.locator("#help")
    expect(sheet).to_be_visible()
    look_over(page, "en")
    page.get_by_label(phrase("en", "listings.keys_on")).uncheck()
    sheet.locator("button.main").click()
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("?")
    page.keyboard.press("/")
    expect(sheet).to_be_hidden()
    assert page.evaluate("document.activeElement === document.body")
    page.locator("#help-open").click()
    expect(page.get_by_label(phrase("en", "listings.keys_on"))).not_to_be_checked()
    page.get_by_label(phrase("en", "listings.keys_on")).check()


def test_back_leads_to_the_same_row_with_focus_and_ticks(people: People, visit: Visit, street: Street) -> None:
    page = open_list(visit, street)
    for key in ("j", "x", "j", "j", "j"):
        page.keyboard.press(key)
    left = page.evaluate("document.activeElement.id")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{LIST}/*")
    page.go_back()
    expect(page.locator(f"#{left}")).to_be_focused()
    expect(page.locator("#ticked")).to_have_text("1")


def test_all_that_is_found_is_sent_as_its_search(people: People, visit: Visit, street: Street) -> None:
    page = open_list(visit, street, "?type=clinic&columns=city")
    # Nothing takes it here: the page stays.
    page.route("**/network/changes/new", lambda route: route.fulfill(status=204))
    page.locator("#all").check()
    total = page.locator(".listings tbody tr").count()
    expect(page.locator("#ticked")).to_have_text(str(total))
    page.locator("#everything").click()
    expect(page.locator("#ticked")).to_have_text(phrase("en", "listings.ticked_all"))
    whole = sent_by(page)
    assert "search=type%3Dclinic" in whole
    assert "ids=" not in whole
    # One tick less, and it is these again.
    page.locator(".listings td.tick input").first.uncheck()
    these = sent_by(page)
    assert "search=" not in these
    assert these.count("ids=") == total - 1


def sent_by(page: Page) -> str:
    """What the bar sends."""
    with page.expect_request("**/network/changes/new") as sent:
        page.locator("#many .main").click()
    return sent.value.post_data or ""


def test_the_map_shows_the_listings_of_the_page(people: People, visit: Visit, street: Street) -> None:
    page = open_list(visit, street, "?country=CD&columns=city")
    page.get_by_role("link", name=phrase("en", "listings.map_toggle"), exact=True).click()
    # Pins that would lie on each other are one, until one comes near enough.
    many = page.locator("staff-map .cluster").first
    expect(many).to_be_visible()
    look_over(page, "en")
    before = page.locator("staff-map .cluster").count()
    for _ in range(6):
        if not page.locator("staff-map .cluster").count():
            break
        page.locator("staff-map .cluster").first.press("Enter")
    assert page.locator("staff-map .pin").count() + page.locator("staff-map .cluster").count() > before
    look_over(page, "en")
    page.locator("staff-map .pin").first.press("Enter")
    assert page.evaluate("document.activeElement.id").startswith("spot-")


def test_without_script_every_filter_choice_and_change_is_a_link_or_a_form(
    people: People, visit: Visit, street: Street, world: World
) -> None:
    page = open_list(visit, street, java_script_enabled=False)
    assert len(names(page)) == LISTINGS + HIDDEN
    page.get_by_role("link", name="Suspended 1").click()
    assert names(page) == ["Suspended House"]
    expect(page.locator("#many")).to_be_visible()
    expect(page.locator("#everything")).to_be_visible()
    page.locator("#find").fill("aga-khan")
    page.locator("#find").press("Enter")
    page.wait_for_url(f"**{LIST}/{world.ids['aga-khan']}")


def test_on_a_phone_each_listing_is_a_card(people: People, visit: Visit, street: Street) -> None:
    page = open_list(visit, street, size=PHONE)
    first = page.locator(".listings tbody tr").first.bounding_box()
    assert first
    assert first["width"] <= PHONE["width"]
    assert first["height"] > 60
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
