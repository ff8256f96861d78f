"""The widget as a guest: what the page around it does to text ends at its door, and its colours can be read."""

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.portal_page import PortalPage, page_with
from tests.browser.test_browser_portals import base, come, make_key, portal  # noqa: F401 (fixtures)
from tests.browser.visit import DESK, PHONE, Visit

# Whatever CSS hands down, set to what nobody expects, on every element of the page. The size of the letters of
# <html> alone
# is the reader's, and taken over.
HOSTILE = """<style>
  body, body * {
    text-transform: uppercase; letter-spacing: 0.4em; word-spacing: 2em; text-align: right; text-indent: 3em;
    line-height: 3;
    font: italic small-caps 900 30px/3 fantasy; color: rgb(1, 2, 3); cursor: wait; visibility: visible;
    white-space: pre;
    list-style: square inside; direction: rtl; text-shadow: 2px 2px red; border-collapse: collapse; border-spacing: 9px;
    word-break: break-all; overflow-wrap: normal; hyphens: none; quotes: "<" ">"; tab-size: 1; font-variant: small-caps;
    font-stretch: expanded; font-feature-settings: "smcp"; font-kerning: none;
    text-underline-offset: 9px; text-emphasis: circle; -webkit-text-stroke: 1px red; pointer-events: auto;
    caret-color: red;
    accent-color: red; empty-cells: hide; caption-side: bottom; orphans: 9; widows: 9; text-orientation: upright;
    user-select: none; font-size-adjust: 0.9; text-rendering: geometricPrecision; image-rendering: pixelated;
    --ink: red; --paper: yellow; --brand: red; --line: 9;
  }
</style>"""
# Of every element in the widget and its map, each computed value but those of place and size.
LOOK = """() => {
  const told = [];
  const look = (root, path) => {
    for (const each of root.querySelectorAll('*')) {
      const style = getComputedStyle(each);
      const name = `${path} ${each.localName}.${each.className?.baseVal ?? each.className}`;
      if (/leaflet|marker|name-of/.test(name)) continue;
      const place = new RegExp('^(--|(inline|block)-size|width|height|inset|top|left|right|bottom|transform|perspective'
        + '|.*-origin|margin|padding)');
      const kept = [...style].filter((property) => !place.test(property));
      told.push([name, Object.fromEntries(kept.map((property) => [property, style.getPropertyValue(property)]))]);
      if (each.shadowRoot) look(each.shadowRoot, name);
    }
  };
  look(document.querySelector('provider-search').shadowRoot, '');
  return told;
}"""
CONTRASTS = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const parts = (text) => {
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (colour) => parts(colour)
    .map((part) => part / 255)
    .map((share) => share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)
    .reduce((sum, share, at) => sum + share * [0.2126, 0.7152, 0.0722][at], 0);
  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const root = document.querySelector('provider-search').shadowRoot;
  const style = (selector) => getComputedStyle(root.querySelector(selector));
  return {
    link: ratio(style('.name a').color, style('.root').backgroundColor),
    button: ratio(style('.primary').color, style('.primary').backgroundColor),
    colour: style('.name a').color,
  };
}"""


@pytest.fixture
def guest(visit: Open, portal: PortalPage, base: str, make_key: Any) -> Iterator[Any]:  # noqa: F811
    key = make_key()

    def open_page(style: str = "", attributes: str = "", size: dict[str, int] = DESK, **options: Any) -> Visit:
        portal.html = page_with(base, f'lang="en" place="Nairobi" key="{key}" {attributes}', style)
        return come(visit, portal, size, **options).searched()

    return open_page  # type: ignore[return-value]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_page_that_styles_everything_changes_nothing_in_the_widget(guest: Any, size: dict[str, int]) -> None:
    looks = []
    for style in ("", HOSTILE):
        seen = guest(style, size=size)
        seen.page.mouse.move(0, 0)
        seen.page.wait_for_timeout(500)
        looks.append(seen.page.evaluate(LOOK))
    alone, guarded = looks
    assert [name for name, _ in alone] == [name for name, _ in guarded]
    changed = {
        (name, prop, value, there[prop])
        for (name, here), (_, there) in zip(alone, guarded, strict=True)
        for prop, value in here.items()
        if there[prop] != value
    }
    assert changed == set()
    assert len(alone) > 100


BRANDS = ["#ffff00", "#5a2a82", "white", "black", "rgb(0 0 255)", "oklch(0.7 0.2 30)", "#0b6b66", "hsl(60 100% 50%)"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_brand_colour_of_a_portal_can_be_read_in_the_light_and_in_the_dark(guest: Any, theme: str) -> None:
    seen = guest(attributes=f'theme="{theme}"')
    for brand in BRANDS:
        seen.widget.evaluate(
            "(e, brand) => { e.style.setProperty('--provider-search-brand', brand); e.requestUpdate();"
            " return e.updateComplete; }",
            brand,
        )
        found = seen.page.evaluate(CONTRASTS)
        assert found["link"] >= 4.5, (brand, found)
        assert found["button"] >= 4.5, (brand, found)


def test_brand_colour_that_can_be_read_stays_as_it_is_and_follows_the_readers_theme(guest: Any) -> None:
    style = "<style>provider-search { --provider-search-brand: rgb(90, 42, 130); }</style>"
    seen = guest(style, color_scheme="light")
    link = seen.first_card.get_by_role("heading").get_by_role("link")
    expect(link).to_have_css("color", "rgb(90, 42, 130)")
    seen.page.emulate_media(color_scheme="dark")
    expect(link).not_to_have_css("color", "rgb(90, 42, 130)")
    assert seen.page.evaluate(CONTRASTS)["link"] >= 4.5
    seen.page.emulate_media(color_scheme="light")
    expect(link).to_have_css("color", "rgb(90, 42, 130)")


def test_text_colour_of_a_portal_that_cannot_be_read_on_its_brand_is_not_taken(guest: Any) -> None:
    style = "<style>provider-search { --provider-search-brand: #5a2a82; --provider-search-on-brand: #6a3a92; }</style>"
    assert guest(style).page.evaluate(CONTRASTS)["button"] >= 4.5


def test_list_is_printed_on_one_sheet(guest: Any) -> None:
    seen = guest()
    expect(seen.cards).to_have_count(20)
    assert sheets(seen) == 1


def test_open_listing_is_printed_on_one_sheet_without_the_list_behind_it(guest: Any) -> None:
    seen = guest()
    seen.first_card.get_by_role("heading").get_by_role("link").click()
    expect(seen.page.get_by_role("dialog")).to_contain_text("How you pay")
    assert sheets(seen) == 1
    seen.page.emulate_media(media="print")
    expect(seen.first_card).to_be_hidden()
    expect(seen.page.get_by_role("dialog")).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_pages_without_scripts_are_printed_on_one_sheet_each(visit: Open, lang: str) -> None:
    seen = visit(f"/search?lang={lang}&near=Nairobi", DESK)
    expect(seen.page.locator(".card")).to_have_count(20)
    assert sheets(seen) == 1
    seen.page.locator(".card h3 a").first.click()
    expect(seen.page.locator(".listing h1")).to_be_visible()
    assert sheets(seen) == 1


def test_portal_prints_what_was_found_on_one_sheet(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi").searched()
    expect(seen.cards).to_have_count(20)
    assert sheets(seen) == 1


def sheets(seen: Visit) -> int:
    """How many sheets of A4 the page prints."""
    client = seen.page.context.new_cdp_session(seen.page)
    told = client.send("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": False})
    return len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(told["data"])))
