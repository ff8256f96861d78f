"""The network team's queue by keyboard, and its bar for many at once, in real Chromium."""

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from directory.wording.catalogue import phrase
from tests.worlds.proposal_people import People, called, look, propose, settle_people
from tests.worlds.proposal_screens import DESK, Street, Visit, look_over

NAMES = ("Clinique Un", "Clinique Deux", "Clinique Trois")


@pytest.fixture
def waiting(street: Street) -> People:
    """Three proposals wait."""
    people = settle_people()
    for name in NAMES:
        propose(people.amina, called(name))
    return people


def open_queue(visit: Visit, street: Street, who: str = "nadia", **options: object) -> Page:
    page = visit(who, options.pop("size", DESK), **options)
    page.goto(f"{street.base}/network/proposals?sort=newest")
    return page


def comes_to(page: Page, name: str) -> None:
    """The page of that proposal is there, and hears keys."""
    expect(page.locator("h1")).to_have_text(name)
    page.wait_for_load_state()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def test_rows_are_walked_opened_and_ticked_by_keyboard(waiting: People, visit: Visit, street: Street) -> None:
    page = open_queue(visit, street)
    press, bar = page.keyboard.press, page.locator(".many")
    order = page.locator(".queue tbody a").all_text_contents()
    press("k")
    assert focused(page) == order[0]
    press("j")
    press("j")
    press("j")
    assert focused(page) == order[2]
    press("k")
    assert focused(page) == order[1]
    expect(bar).to_be_hidden()
    press("x")
    expect(bar).to_be_visible()
    expect(bar.locator("output")).to_have_text("1")
    look_over(page, "en")
    # Enter on a tick sends nothing.
    page.locator(".queue tbody input").nth(1).focus()
    press("Enter")
    page.get_by_label(phrase("en", "proposals.sort"), exact=True).focus()
    press("j")
    press("x")
    expect(bar.locator("output")).to_have_text("1")
    page.locator(".queue tbody a").nth(1).focus()
    press("Enter")
    expect(page.locator("h1")).to_have_text(order[1])


def test_keys_can_be_turned_off_and_stay_so(waiting: People, visit: Visit, street: Street) -> None:
    page = open_queue(visit, street)
    page.keyboard.press("?")
    page.locator("#keys").uncheck()
    page.get_by_role("button", name=phrase("en", "listings.close")).click()
    page.reload()
    expect(page.locator("#keys")).not_to_be_checked()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")


def test_keys_go_by_their_place_where_they_write_no_latin_letter(waiting: People, visit: Visit, street: Street) -> None:
    page = open_queue(visit, street)
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ت', code: 'KeyJ', bubbles: true}))")
    assert focused(page) in NAMES


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "plain"])
def test_all_that_are_ticked_are_handed_over(waiting: People, visit: Visit, street: Street, with_script: bool) -> None:
    page = open_queue(visit, street, "omar", size={"width": 320, "height": 640}, java_script_enabled=with_script)
    bar = page.locator(".many")
    if with_script:  # without it, nothing could show it later
        expect(bar).to_be_hidden()
    for tick in page.locator(".queue tbody input").all():
        tick.check()
    if with_script:
        expect(bar.locator("output")).to_have_text("3")
        look_over(page, "es")
    bar.get_by_label(phrase("es", "proposals.owner")).select_option("nadia")
    bar.get_by_role("button", name=phrase("es", "proposals.hand")).click()
    expect(page.get_by_role("status").first).to_contain_text(phrase("es", "proposals.handed", count=3))
    with_owner = page.locator(".queue tbody tr", has_text="nadia")
    expect(with_owner).to_have_count(3)
    proposal = str(page.locator(".queue tbody a").first.get_attribute("href")).partition("?")[0].rpartition("/")[2]
    assert look(waiting.nadia, UUID(proposal)).case.owner_id == waiting.nadia.account_id


def test_the_queue_shows_twenty_rows_on_a_desk_and_cards_on_a_phone(
    people: People, visit: Visit, street: Street
) -> None:
    for number in range(24):
        propose(people.amina, called(f"Clinique {number}"))
    page = visit("nadia", {"width": 1440, "height": 900})
    page.goto(f"{street.base}/network/proposals")
    above_the_fold = """[...document.querySelectorAll('.queue tbody tr')]
        .filter(row => row.getBoundingClientRect().bottom <= innerHeight).length"""
    assert page.evaluate(above_the_fold) >= 20
    state = page.get_by_label(phrase("en", "proposals.state"), exact=True)
    assert state.evaluate("select => select.scrollWidth <= select.clientWidth")
    phone = visit("nadia", {"width": 390, "height": 844})
    phone.goto(f"{street.base}/network/proposals")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert phone.locator(".masthead").bounding_box()["height"] <= 56  # type: ignore[index]
    look_over(phone, "en")


def test_after_back_the_same_row_has_the_focus_and_n_goes_on_to_the_next(
    waiting: People, visit: Visit, street: Street
) -> None:
    page = open_queue(visit, street)
    order = page.locator(".queue tbody a").all_text_contents()
    for key in ("j", "j", "Enter"):
        page.keyboard.press(key)
    comes_to(page, order[1])
    page.go_back()
    expect(page.locator(".queue tbody tr").nth(1).locator("a")).to_be_focused()
    page.keyboard.press("Enter")
    comes_to(page, order[1])
    page.keyboard.press("n")
    comes_to(page, order[2])
    page.keyboard.press("n")
    comes_to(page, order[0])


def test_the_queue_is_searched_by_name_city_client_and_reference(waiting: People, visit: Visit, street: Street) -> None:
    page = open_queue(visit, street)
    for words, found in (("deux", 1), ("goma refugee", 3), ("nowhere", 0)):
        page.get_by_label(phrase("en", "proposals.search"), exact=True).fill(words)
        page.keyboard.press("Enter")
        expect(page.locator(".queue tbody tr")).to_have_count(found)
