"""For everybody: axe in every view and language, the keyboard alone, large text, small screens, no motion, the dark."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.visit import DESK, NARROW, PHONE, Visit

LANGUAGES = ("en", "fr", "es", "ar")
Answer = Callable[[str], Any]


def focused(page: Page) -> str:
    """The accessible element that has the focus, inside shadow roots too."""
    text: str = page.evaluate("""() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      const said = at && (at.getAttribute('aria-label') || at.labels?.[0]?.innerText || at.innerText || at.tagName);
      return (said ?? '').trim();
    }""")
    return text


def tab_to(page: Page, name: str, most: int = 80, key: str = "Tab") -> int:
    """Tab until what has the focus is called so; how many steps it took."""
    for steps in range(most):
        if re.search(name, focused(page)):
            return steps
        page.keyboard.press(key)
    raise AssertionError(f"no {name!r} within {most} steps; the last was {focused(page)!r}")


def show_results(seen: Visit) -> None:
    seen.searched()


def show_details(seen: Visit) -> None:
    seen.searched()
    seen.first_card.get_by_role("heading").get_by_role("link").click()
    expect(seen.page.get_by_role("dialog").locator("h2")).to_be_visible()
    for each in seen.page.get_by_role("dialog").locator("summary").all():
        each.click()


def show_desk_card(seen: Visit) -> None:
    show_details(seen)
    seen.page.get_by_role("dialog").locator("button.desk").click()


def show_filters(seen: Visit) -> None:
    seen.searched()
    seen.widget.locator(".bar button").last.click()
    expect(seen.widget.locator("dialog.filter-sheet")).to_be_visible()


def show_map(seen: Visit) -> None:
    if seen.widget.locator(".bar").count():
        seen.widget.locator(".bar button").nth(1).click()
    expect(seen.page.locator("provider-search-map .marker").first).to_be_visible()


def show_suggestions(seen: Visit) -> None:
    seen.searched()
    seen.widget.get_by_role("combobox").first.fill("Kin")
    expect(seen.widget.locator("li[role=option]").first).to_be_visible()


def show_nothing_found(seen: Visit) -> None:
    seen.page.evaluate("location.hash = '#ps:where=Niort&km=1&type=dentist'")
    seen.searched_nothing()


VIEWS = {
    "results on a phone": (PHONE, show_results),
    "results at a desk": (DESK, show_results),
    "details": (PHONE, show_details),
    "card for the driver": (PHONE, show_desk_card),
    "filters": (PHONE, show_filters),
    "map on a phone": (PHONE, show_map),
    "map at a desk": (DESK, show_map),
    "suggestions": (DESK, show_suggestions),
    "nothing found": (PHONE, show_nothing_found),
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing(visit: Open, lang: str, view: str) -> None:
    size, show = VIEWS[view]
    seen = visit(f"/?lang={lang}#ps:where=Nairobi", size)
    show(seen)
    assert seen.axe() == []


@pytest.mark.parametrize("view", ["results at a desk", "details", "map on a phone"])
def test_axe_finds_nothing_in_the_dark(visit: Open, view: str) -> None:
    size, show = VIEWS[view]
    seen = visit("/?lang=fr#ps:where=Nairobi", size, color_scheme="dark")
    show(seen)
    expect(seen.widget.locator(".root")).to_have_css("background-color", "rgb(18, 25, 32)")
    assert seen.axe() == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_on_the_plain_pages(visit: Open, answer: Answer, lang: str) -> None:
    found = answer("/v1/providers?near=Nairobi&limit=1")["items"][0]["id"]
    seen = visit(f"/search?lang={lang}", PHONE, quarrels=("400", "404"))
    for path in (
        "/search?",
        "/search?near=Nairobi&type=hospital&",
        "/search?near=Niort&radius_km=1&type=dentist&",
        "/search?near=Xqzwvkj&",
        f"/search/{found}?",
        "/search/999999999?",
    ):
        seen.page.goto(f"{seen.base}{path}lang={lang}")
        for each in seen.page.locator("details").all():
            each.evaluate("(e) => (e.open = true)")
        assert seen.axe() == [], path


def test_whole_journey_by_keyboard_alone(visit: Open) -> None:
    seen = visit("/?lang=en", DESK).searched()
    page = seen.page
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    tab_to(page, "^Where")
    page.keyboard.type("Kinsh", delay=30)
    expect(seen.widget.locator("li[role=option]").first).to_contain_text("Kinshasa")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(seen.heading).to_contain_text("near Kinshasa")
    nearest = seen.first_card.get_by_role("heading").get_by_role("link").inner_text()
    assert tab_to(page, f"^{re.escape(nearest)}") < 12
    tab_to(page, "^Filters", key="Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(page, "^Hospital")
    page.keyboard.press("Space")
    expect(seen.widget.get_by_role("button", name="Remove Hospital")).to_be_visible()
    # The chip is there at once, the answer a moment later.
    expect(seen.first_card).to_contain_text("Hospital")
    name = seen.first_card.get_by_role("heading").get_by_role("link").inner_text()
    tab_to(page, "^Results")
    page.keyboard.press("Enter")
    assert focused(page) == name
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text(name)
    tab_to(page, "^Report something wrong")
    page.keyboard.press("Enter")
    tab_to(page, "^A detail is wrong")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert name in focused(page)
    tab_to(page, "^Map of the results")
    page.keyboard.press("+")
    page.keyboard.press("Tab")
    assert focused(page)


def test_suggestions_follow_the_pattern_of_comboboxes(visit: Open) -> None:
    seen = visit("/?lang=en", DESK).searched()
    field = seen.widget.get_by_role("combobox", name="Where", exact=True)
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_attribute("aria-autocomplete", "list")
    # The last answer is there, so that no option goes while others are counted.
    with seen.page.expect_response(lambda answer: "q=Kin" in answer.url):
        field.press_sequentially("Kin", delay=30)
    seen.page.wait_for_timeout(300)
    expect(field).to_have_attribute("aria-expanded", "true")
    owned = field.get_attribute("aria-controls")
    expect(seen.widget.locator(f"#{owned}")).to_have_attribute("role", "listbox")
    options = seen.widget.locator("li[role=option]")
    count = options.count()
    for key, place in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        field.press(key)
        expect(options.nth(place)).to_have_attribute("aria-selected", "true")
    # Beyond the first is the field itself, and beyond that the last.
    field.press("ArrowUp")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    field.press("ArrowUp")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("Kin")
    field.press("Escape")
    expect(field).to_have_value("")


@pytest.mark.parametrize("size", [NARROW, PHONE, DESK], ids=["narrow", "phone", "desk"])
def test_every_target_is_large_enough(visit: Open, size: dict[str, int]) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi&type=hospital", size).searched()
    if size is DESK:
        expect(seen.page.locator("provider-search-map .marker").first).to_be_visible()
    small = seen.page.evaluate("""() => {
      const found = [];
      const look = (root) => {
        for (const each of root.querySelectorAll('*')) {
          if (each.shadowRoot) look(each.shadowRoot);
          if (!each.matches('a[href], button, select, input, summary, [role=button], [role=option]')) continue;
          if (!each.checkVisibility({visibilityProperty: true})) continue;
          const box = (each.closest('label') ?? each).getBoundingClientRect();
          // Links inside a sentence are as large as its words may be.
          const inline = each.matches('a') && getComputedStyle(each).display === 'inline' && each.closest('p, li');
          if (box.width && (box.width < 24 || box.height < 24) && !inline && box.top >= -50)
            found.push(`${each.outerHTML.slice(0, 100)} ${box.width}x${box.height}`);
        }
      };
      look(document);
      return found;
    }""")
    assert small == []


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("path", ["/", "/search"])
def test_text_of_twice_the_size_loses_nothing(visit: Open, lang: str, path: str) -> None:
    asked = "#ps:where=Nairobi" if path == "/" else "&near=Nairobi"
    seen = visit(f"{path}?lang={lang}{asked}", {"width": 1280, "height": 900})
    if path == "/":
        seen.searched()
    # What a browser does when its reader sets the size of letters to 200 %.
    seen.page.context.new_cdp_session(seen.page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    seen.page.wait_for_timeout(500)
    assert seen.overflow() <= 0
    size = seen.page.evaluate("parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)")
    assert size >= 48
    cut = seen.page.evaluate("""() => {
      const root = document.querySelector('provider-search')?.shadowRoot ?? document;
      return [...root.querySelectorAll('.pay-box dd, .hits p, button, .check-label')]
        .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 2 && each.clientWidth > 4)
        .map((each) => each.outerHTML.slice(0, 120));
    }""")
    assert cut == []


def test_nothing_moves_for_those_who_want_calm(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi", DESK, reduced_motion="reduce").searched()
    expect(seen.page.locator("provider-search-map .marker").first).to_be_visible()
    seen.page.locator("provider-search-map").get_by_role("button", name="Zoom in", exact=True).click()
    seen.page.wait_for_timeout(50)
    moving = seen.page.evaluate("document.getAnimations().filter((each) => each.playState === 'running').length")
    assert moving == 0


def test_focus_is_always_to_be_seen(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi", PHONE).searched()
    unseen = []
    for _ in range(40):
        seen.page.keyboard.press("Tab")
        shown = seen.page.evaluate("""() => {
          let at = document.activeElement;
          while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
          if (!at || at === document.body) return true;
          const style = getComputedStyle(at);
          const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
          const ring = outlined || style.boxShadow !== 'none';
          const box = at.getBoundingClientRect();
          return ring && box.bottom > 0 && box.top < innerHeight || at.outerHTML.slice(0, 120);
        }""")
        if shown is not True:
            unseen.append(shown)
    assert unseen == []


@pytest.mark.parametrize("path", ["/?lang=ar#ps:where=القاهرة", "/search?lang=ar&near=القاهرة"])
def test_in_arabic_everything_runs_from_right_to_left_and_foreign_names_are_set_apart(visit: Open, path: str) -> None:
    seen = visit(path, PHONE)
    card = seen.page.locator("[part~=card], .hits .card").first
    expect(card).to_be_visible()
    expect(card).to_have_css("direction", "rtl")
    assert card.locator("h3 bdi").count() == 1
    heading, actions = card.locator("h3").bounding_box(), card.locator(".distance, .vague").first.bounding_box()
    assert heading
    assert actions
    assert heading["x"] > actions["x"]
