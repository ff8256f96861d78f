"""On a journey without a link: what was kept is there, with numbers and desk cards, though the service is away."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.ways_on.conftest import HELPLINE
from tests.faults.service import Service

PHONE = {"width": 375, "height": 720}
WORDS = {
    "en": ("Save for when there is no link", "Saved on this device", "You are offline.", "Remove", "Saved on"),
    "ar": ("حفظ للاستخدام دون اتصال", "حُفظ على هذا الجهاز", "أنت غير متصل.", "إزالة", "حُفظ في"),
}


@pytest.fixture
def line(demo_environment: dict[str, str], tmp_path: Any) -> Iterator[Service]:
    """A service whose line the test cuts."""
    environment = {**demo_environment, "HELPLINE": HELPLINE, "WEB_WORKERS": "1"}
    with Service(environment, tmp_path / "gunicorn.log") as running:
        yield running


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A browser that keeps what it is asked to keep, for one test."""
    context = chromium.new_context(viewport=PHONE)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("lang", WORDS)
def test_a_saved_place_is_read_without_a_link(page: Page, line: Service, lang: str) -> None:
    save, saved, offline, remove, when = WORDS[lang]
    base = f"http://127.0.0.1:{line.port}"
    page.goto(f"{base}/search?near=Niort&lang={lang}")
    page.get_by_role("button", name=save).click()
    expect(page.get_by_text(saved)).to_be_visible(timeout=20_000)
    first = page.locator(".card h3 a").first.inner_text()

    # A page may be kept for half a minute by any browser; a journey is longer.
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.context.set_offline(True)
    line.__exit__(None, None, None)
    page.goto(f"{base}/search?near=Niort&lang={lang}")
    expect(page.get_by_text(first).first).to_be_visible()
    expect(page.locator(".best a[href^='tel:']")).to_have_count(3)
    expect(page.get_by_text(HELPLINE).first).to_be_visible()
    assert 20 <= page.locator(".hits > .card").count() <= 50
    page.locator(".card details summary").first.click()
    expect(page.locator(".pack-desk").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).display") == "grid"

    page.goto(f"{base}/search?near=Kigali&lang={lang}")
    expect(page.get_by_text(offline)).to_be_visible()
    entry = page.locator("#kept li")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text(when)
    expect(entry).to_contain_text(re.compile("20[0-9]{2}"))
    entry.get_by_role("link").click()
    expect(page.get_by_text(first).first).to_be_visible()
    page.go_back()
    page.get_by_role("button", name=re.compile(remove)).click()
    expect(page.locator("#nothing-kept")).to_be_visible()
    assert page.evaluate("caches.open('kept-1').then((kept) => kept.keys()).then((keys) => keys.length)") == 0


def test_a_desk_card_that_was_opened_is_shown_without_a_link(page: Page, line: Service) -> None:
    base = f"http://127.0.0.1:{line.port}"
    page.goto(f"{base}/search?near=Nairobi&type=hospital&lang=en")
    page.locator(".card h3 a").first.click()
    page.get_by_role("link", name="Card for the desk").click()
    name = page.locator(".desk-name").last.inner_text()
    page.wait_for_function("caches.open('opened-1').then((kept) => kept.keys()).then((keys) => keys.length === 1)")
    card = page.url

    page.context.set_offline(True)
    line.__exit__(None, None, None)
    page.goto("about:blank")
    page.goto(card)
    expect(page.locator(".desk-name").last).to_have_text(name)
    expect(page.locator("svg.qr")).to_be_visible()
    expect(page.get_by_text(HELPLINE).first).to_be_visible()


def test_searching_keeps_nothing_that_nobody_asked_to_keep(page: Page, line: Service) -> None:
    page.goto(f"http://127.0.0.1:{line.port}/search?near=Nairobi&lang=en")
    expect(page.locator(".keep")).to_be_visible()
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    assert page.context.cookies() == []
