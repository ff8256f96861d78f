"""The pages in real Chromium, on the service as it runs: sound by axe, and usable without script or mouse."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from config.settings import PROJECT_ROOT, get_settings
from directory.accounts.links import make_link
from directory.accounts.people import get_account
from directory.actors import Role
from directory.app import create_app
from directory.db import transaction
from directory.models import Purpose
from embedded.ports import free_port
from tests.worlds.account_people import PASSWORD, Crew, Person, forget_codes
from tests.worlds.small_directory import serving

AXE = (PROJECT_ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
# WCAG 2.2 AA, and what axe's authors hold to be good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE: ViewportSize = {"width": 320, "height": 640}
DESK: ViewportSize = {"width": 1200, "height": 800}
LANGUAGES = ("en", "fr", "es", "ar")
Open = Callable[..., Page]
_NO_FORM_OF_SIGNING_IN = re.compile(r"^https?://[^/]+/(?!sign-in)")


@pytest.fixture(scope="module")
def address(environment: dict[str, str]) -> Iterator[str]:
    """The address of the running service."""
    port = free_port(35701, 36700)
    address = f"http://127.0.0.1:{port}"
    mine = {**environment, "PUBLIC_URL": address, "HOST": "127.0.0.1", "PORT": str(port), "LOG_LEVEL": "WARNING"}
    program = Path(sys.executable).parent / "provider-directory"
    with serving(mine), subprocess.Popen([program, "serve"], env={**os.environ, **mine}) as service:
        until = time.monotonic() + 60
        while not _answers(f"{address}/healthz"):
            assert service.poll() is None
            assert time.monotonic() < until
            time.sleep(0.2)
        yield address
        service.terminate()


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture
def crew(address: str) -> Crew:
    """People with accounts on the running service."""
    get_settings.cache_clear()
    return Crew(create_app())


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Open]:
    """A function that opens a path in a new browser; what its console complains of fails the test."""
    opened, said = [], []

    def open_(path: str, **context: object) -> Page:
        page = chromium.new_page(base_url=address, **context)  # type: ignore[arg-type]
        # That a wrong password is answered with 401 is no complaint.
        page.on("console", lambda line: said.append(line.text) if "status of 4" not in line.text else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.set_default_timeout(10_000)
        opened.append(page)
        page.goto(path)
        return page

    yield open_
    for page in opened:
        page.close()
    assert said == []


def sign_in(page: Page, person: Person) -> None:
    page.goto("/sign-in")
    page.fill("#email", person.email)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    if person.secret:
        forget_codes(person)
        page.fill("#code", person.code())
        page.click("button.main")
    page.wait_for_url(_NO_FORM_OF_SIGNING_IN)
    page.goto("/account")


def check(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the window."""
    page.wait_for_load_state()
    # axe comes by the debugger, which the page's policy does not forbid; a script element it would.
    page.evaluate(f"() => {{ {AXE} }}")
    found = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)
    told = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]]
    assert told == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone", "desk"])
def test_every_page_is_sound_in_every_language(
    crew: Crew, open_page: Open, lang: str, size: ViewportSize, scheme: str
) -> None:
    page = open_page("/sign-in", locale=lang, viewport=size, color_scheme=scheme)
    assert page.locator("html").get_attribute("dir") == ("rtl" if lang == "ar" else "ltr")
    check(page)
    page.fill("#email", "nobody@insurer.example")
    page.fill("#password", "wrong")
    page.click("button.main")
    assert page.locator("[role=alert]").is_visible()
    check(page)
    for path in ("/forgotten", "/welcome?link=none", "/nothing-of-ours"):
        page.goto(path)
        if path != "/nothing-of-ours":
            check(page)
    person = crew.add(Role.network, lang=lang)
    with transaction() as session:
        link = make_link(session, get_account(session, person.email), Purpose.reset)
    page.goto(urlsplit(link)._replace(scheme="", netloc="").geturl())
    check(page)
    page.goto("/sign-in")
    page.fill("#email", person.email)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.locator("#code").wait_for()
    check(page)
    page.fill("#code", person.code())
    page.click("button.main")
    page.wait_for_url(_NO_FORM_OF_SIGNING_IN)
    page.goto("/account")
    page.check("#scope-1")
    page.fill("#name", "nightly")
    page.locator("form[action='/account/tokens'] button").click()
    assert page.locator(".secret code").inner_text().startswith("pdt_")
    check(page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_setting_up_an_authenticator_is_sound(crew: Crew, open_page: Open, lang: str) -> None:
    person = crew.add(Role.admin, lang=lang)
    with transaction() as session:
        get_account(session, person.email).totp_secret = None
    page = open_page("/sign-in", locale=lang, viewport=PHONE)
    page.fill("#email", person.email)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    expect(page.locator(".qr svg")).to_be_visible()
    check(page)


def test_all_of_it_works_without_script(crew: Crew, open_page: Open) -> None:
    page = open_page("/sign-in", java_script_enabled=False)
    officer = crew.add(Role.hr)
    sign_in(page, officer)
    page.locator(".person summary").click()
    page.get_by_role("button", name="العربية").click()
    page.wait_for_selector("html[dir=rtl]", state="attached")
    assert urlsplit(page.url).path == "/account"
    page.locator(".person summary").click()
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[dir=ltr]", state="attached")
    page.locator(".person summary").click()
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_url(re.compile(r"/sign-in$"))


def test_signing_in_by_keyboard_alone(crew: Crew, open_page: Open) -> None:
    officer = crew.add(Role.hr)
    page = open_page("/sign-in")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(officer.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(_NO_FORM_OF_SIGNING_IN)
    page.goto("/account")
    # Where the focus is can be seen, at every stop.
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", page.evaluate("document.activeElement.outerHTML")


def test_what_is_to_be_touched_is_large_enough_and_text_may_be_twice_as_large(crew: Crew, open_page: Open) -> None:
    page = open_page("/sign-in", viewport=PHONE)
    sign_in(page, crew.add(Role.hr))
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, input:not([type=hidden], .unseen), select')]
            .filter(each => each.type !== 'checkbox')
            .map(each => each.getBoundingClientRect()).filter(box => box.width < 24 || box.height < 24).length"""
    )
    assert small == 0
    # As a browser shows it that zooms to twice the size on a desk.
    page.set_viewport_size({"width": 640, "height": 480})
    page.evaluate("document.body.style.fontSize = '32px'")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


def test_the_way_back_after_signing_out_shows_nothing(crew: Crew, open_page: Open) -> None:
    page = open_page("/sign-in")
    officer = crew.add(Role.hr)
    sign_in(page, officer)
    page.locator(".person summary").click()
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_url(re.compile(r"/sign-in$"))
    page.go_back()
    page.reload()
    assert officer.email not in page.content()


def test_htmx_is_there_and_obeys_the_policy(open_page: Open) -> None:
    page = open_page("/sign-in")
    assert page.evaluate("htmx.version") == "2.0.11"
    assert page.evaluate("htmx.config.allowEval") is False
