"""The widget in other people's pages: with a key, under a strict policy, on an origin that may not ask; and on `/`."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.portal_page import PortalPage, page_with
from tests.browser.visit import DESK, PHONE, Visit
from tests.faults.service import Service
from tests.http.test_http_keys_workers import keys


@pytest.fixture
def portal() -> Iterator[PortalPage]:
    """A web server of somebody else's."""
    with PortalPage() as page:
        yield page


@pytest.fixture
def base(service: Service) -> str:
    """The origin of the service."""
    return f"http://127.0.0.1:{service.port}"


@pytest.fixture
def make_key(portal: PortalPage, demo_environment: dict[str, str], visit: Open) -> Iterator[Any]:
    """Makes a key by the command, for the portal's origin unless told otherwise."""
    made = []

    def make(*words: str, origin: str = portal.origin, revoked: bool = False) -> str:
        key = str(keys(demo_environment, "add", "--origin", origin, *words)["key"])
        made.append(key)
        if revoked:
            keys(demo_environment, "revoke", key)
        return key

    yield make
    with psycopg.connect(demo_environment["DATABASE_URL"]) as connection:
        connection.execute("DELETE FROM api_key WHERE key = ANY(%s)", (made,))


def come(visit: Open, portal: PortalPage, size: dict[str, int] = DESK, fragment: str = "", **more: Any) -> Visit:
    """A member opens the portal's page."""
    seen = visit("about:blank", size, hosts=(portal.origin,), **more)
    seen.page.goto(f"{portal.origin}/care{fragment}")
    return seen


def test_page_of_another_origin_with_a_key_finds_and_shows_the_map(
    visit: Open, portal: PortalPage, base: str, make_key: Any
) -> None:
    portal.html = page_with(base, f'lang="fr" country="CD" key="{make_key("--network", "worldwide")}"')
    seen = come(visit, portal).searched()
    expect(seen.heading).to_contain_text("Congo")
    expect(seen.page.locator("provider-search-map .marker").first).to_be_visible()
    with seen.page.expect_response("**/v1/providers?*") as waiting:
        seen.widget.get_by_role("button", name=re.compile("^Afficher 20")).click()
    assert {each["network"] for item in waiting.value.json()["items"] for each in item["agreements"]} == {"worldwide"}
    assert waiting.value.headers["ratelimit"].startswith('"key";r=')


def test_attributes_of_the_element_decide_place_network_language_and_theme(
    visit: Open, portal: PortalPage, base: str, make_key: Any
) -> None:
    portal.html = page_with(base, f'lang="ar" place="القاهرة" network="essential" theme="dark" key="{make_key()}"')
    seen = come(visit, portal, PHONE).searched()
    expect(seen.heading).to_contain_text("القاهرة")
    assert parse_qs(urlsplit(seen.asked("/v1/providers")[0]).query)["network"] == ["essential"]
    root = seen.widget.locator(".root")
    expect(root).to_have_attribute("dir", "rtl")
    expect(root).to_have_css("background-color", "rgb(18, 25, 32)")


def test_page_under_a_strict_policy_with_a_pinned_file_works_whole(
    visit: Open, portal: PortalPage, service: Service, base: str, make_key: Any
) -> None:
    pinned = service.get("/widget/v1/manifest.json")[1]["provider-search.js"]
    # As docs/widget.md says, and not a word more.
    portal.policy = (
        f"default-src 'none'; script-src {base}; connect-src {base}; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types lit-html 'allow-duplicates'"
    )
    portal.html = page_with(base, f'key="{make_key()}"', integrity=pinned["integrity"], file=pinned["file"])
    seen = come(visit, portal, fragment="#ps:where=Nairobi").searched()
    expect(seen.page.locator("provider-search-map .marker").first).to_be_visible()
    seen.first_card.get_by_role("heading").get_by_role("link").click()
    expect(seen.page.get_by_role("dialog")).to_contain_text("How you pay")


@pytest.mark.parametrize("why", ["another origin", "revoked", "no key"])
def test_page_that_may_not_ask_says_so_plainly_and_does_not_ask_for_ever(
    visit: Open, portal: PortalPage, base: str, make_key: Any, why: str
) -> None:
    origin = "https://other.example" if why == "another origin" else portal.origin
    key = "" if why == "no key" else make_key(origin=origin, revoked=why == "revoked")
    portal.html = page_with(base, f'lang="en" key="{key}"')
    seen = come(visit, portal, quarrels=("CORS", "ERR_FAILED", "40"))
    expect(seen.widget.get_by_role("alert")).to_contain_text("This page may not search the directory")
    asked = len(seen.asked("/v1/providers"))
    seen.page.wait_for_timeout(3_000)
    assert len(seen.asked("/v1/providers")) == asked <= 2
    seen.widget.get_by_role("combobox", name="Where", exact=True).fill("Nairobi")
    seen.widget.get_by_role("combobox", name="What kind of care", exact=True).fill("clínica & co")
    seen.widget.get_by_role("link", name="Search on the directory’s own page").click()
    expect(seen.page).to_have_url(re.compile(r"/search\?"))
    expect(seen.page.locator("#near")).to_have_value("Nairobi")
    expect(seen.page.locator("#which")).to_have_value("clínica & co")


def test_limit_of_a_key_is_said_and_waited_for_as_long_as_the_service_asks(
    visit: Open, portal: PortalPage, base: str, make_key: Any
) -> None:
    portal.html = page_with(base, f'lang="en" key="{make_key("--rate", "6/minute")}"')
    seen = come(visit, portal, PHONE, quarrels=("429",)).searched()
    for _ in range(8):
        if seen.widget.get_by_role("alert").count():
            break
        seen.widget.get_by_role("button", name=re.compile("^Show 20 more")).click()
        seen.page.wait_for_timeout(500)
    expect(seen.widget.get_by_role("alert")).to_contain_text("Too many searches at once")
    expect(seen.first_card).to_be_visible()
    asked = len(seen.asked("/v1/providers"))
    seen.page.wait_for_timeout(2_000)
    assert len(seen.asked("/v1/providers")) == asked


def test_portal_hears_of_searches_and_choices_and_may_take_them_over(
    visit: Open, portal: PortalPage, base: str, make_key: Any
) -> None:
    portal.html = page_with(base, f'lang="en" place="Nairobi" key="{make_key()}"')
    seen = visit("about:blank", DESK, hosts=(portal.origin,))
    seen.page.add_init_script("""
      window.heard = [];
      for (const type of ['search', 'select', 'error'])
        document.addEventListener(`provider-search:${type}`, (event) => {
          window.heard.push([type, event.detail, event.composed]);
          if (type === 'select') event.preventDefault();
        });
    """)
    seen.page.goto(portal.origin)
    seen.searched()
    seen.first_card.get_by_role("heading").get_by_role("link").click()
    seen.page.wait_for_timeout(300)
    heard = seen.page.evaluate("window.heard")
    assert [kind for kind, _, _ in heard] == ["search", "select"]
    assert all(composed for _, _, composed in heard)
    assert heard[0][1]["parameters"]["near"] == "Nairobi"
    assert heard[1][1]["id"]
    expect(seen.page.get_by_role("dialog")).to_have_count(0)


def test_portal_sets_colours_and_parts_and_changes_attributes_while_it_is_shown(
    visit: Open, portal: PortalPage, base: str, make_key: Any
) -> None:
    style = """<style>
      provider-search { --provider-search-brand: rgb(90, 42, 130); }
      provider-search::part(card) { border-radius: 0px; }
    </style>"""
    portal.html = page_with(base, f'lang="en" place="Nairobi" api-base="{base}" key="{make_key()}"', style)
    seen = come(visit, portal).searched()
    expect(seen.first_card).to_have_css("border-radius", "0px")
    expect(seen.first_card.get_by_role("heading").get_by_role("link")).to_have_css("color", "rgb(90, 42, 130)")
    seen.widget.evaluate("(e) => { e.lang = 'es'; }")
    expect(seen.heading).to_contain_text("cerca de Nairobi")
    seen.widget.evaluate("(e) => { e.network = 'essential'; }")
    expect(seen.first_card).to_be_visible()
    seen.page.wait_for_timeout(500)
    assert parse_qs(urlsplit(seen.asked("/v1/providers")[-1]).query)["network"] == ["essential"]


def test_tile_server_of_the_portal_draws_the_ground_where_one_is_named(
    visit: Open, portal: PortalPage, base: str, make_key: Any
) -> None:
    tiles = f'tiles="{portal.origin}/tiles/{{z}}/{{x}}/{{y}}.png" tiles-attribution="Our own survey"'
    portal.html = page_with(base, f'lang="en" place="Nairobi" {tiles} key="{make_key()}"')
    seen = come(visit, portal).searched()
    expect(seen.page.locator("provider-search-map")).to_contain_text("Our own survey")
    expect(seen.page.locator("provider-search-map .marker").first).to_be_visible()
    seen.page.wait_for_timeout(500)
    assert any(re.fullmatch(r"/tiles/\d+/\d+/\d+\.png", path) for path in portal.seen)


def test_two_widgets_on_a_page_keep_apart(visit: Open, portal: PortalPage, base: str, make_key: Any) -> None:
    key = make_key()
    more = f'<provider-search id="second" lang="fr" place="Dakar" key="{key}"></provider-search>'
    portal.html = page_with(base, f'id="first" lang="en" place="Nairobi" key="{key}"', more)
    seen = come(visit, portal)
    first, second = seen.page.locator("#first"), seen.page.locator("#second")
    expect(first.locator(".results h2")).to_contain_text("near Nairobi")
    expect(second.locator(".results h2")).to_contain_text("Dakar")
    second.get_by_role("combobox", name="Où", exact=True).fill("Kinshasa")
    second.get_by_role("button", name="Rechercher", exact=True).click()
    expect(second.locator(".results h2")).to_contain_text("Kinshasa")
    expect(first.locator(".results h2")).to_contain_text("near Nairobi")
    seen.page.reload()
    expect(second.locator(".results h2")).to_contain_text("Kinshasa")
    expect(first.locator(".results h2")).to_contain_text("near Nairobi")


@pytest.mark.parametrize(
    ("lang", "direction", "found"),
    [("en", "ltr", "near Nairobi"), ("fr", "ltr", "près de"), ("es", "ltr", "cerca de"), ("ar", "rtl", "قرب")],
)
def test_portal_changes_its_language_and_the_search_goes_on(visit: Open, lang: str, direction: str, found: str) -> None:
    start = "fr" if lang == "en" else "en"
    seen = visit(f"/?lang={start}#ps:where=Nairobi").searched()
    seen.page.locator(f".languages a[hreflang={lang}]").click()
    expect(seen.page.locator("html")).to_have_attribute("dir", direction)
    expect(seen.heading).to_contain_text(found)
    expect(seen.page.locator("html")).to_have_attribute("lang", lang)


def test_portal_without_scripts_leads_to_the_plain_search(visit: Open) -> None:
    seen = visit("/?lang=fr", PHONE, scripts=False)
    seen.page.locator("noscript a, provider-search a").first.click()
    expect(seen.page).to_have_url(re.compile(r"/search\?lang=fr$"))


def test_script_of_the_portal_is_pinned_by_its_hash(visit: Open) -> None:
    seen = visit("/?lang=en").searched()
    script = seen.page.locator("script[src*=provider-search]")
    expect(script).to_have_attribute("integrity", re.compile("^sha384-"))
    assert "script-src 'self'" in (seen.page.request.get(seen.base).headers["content-security-policy"])
