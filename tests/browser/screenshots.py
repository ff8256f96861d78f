"""`make screenshots`: the pictures of docs/screenshots/, of the real service with the demonstration's data.

No test by its name: it runs only when it is named.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from config.settings import PROJECT_ROOT
from tests.browser.conftest import Open
from tests.browser.visit import DESK, PHONE, Visit

PICTURES = PROJECT_ROOT / "docs" / "screenshots"


def list_shown(seen: Visit) -> None:
    seen.searched()


def map_shown(seen: Visit) -> None:
    seen.searched()
    expect(seen.page.locator("provider-search-map .marker").first).to_be_visible()
    seen.first_card.hover()


def details_shown(seen: Visit) -> None:
    map_shown(seen)
    seen.first_card.get_by_role("heading").get_by_role("link").click()
    expect(seen.page.get_by_role("dialog").locator("h2")).to_be_visible()


def plain_shown(seen: Visit) -> None:
    expect(seen.page.get_by_role("heading", level=2).first).to_be_visible()


SHOTS: dict[str, tuple[str, dict[str, int], Callable[[Visit], None], dict[str, Any]]] = {
    "phone-fr": ("/?lang=fr#ps:where=Kinshasa&which=pharmacie", PHONE, list_shown, {}),
    "phone-ar": ("/?lang=ar#ps:where=القاهرة&type=hospital", PHONE, list_shown, {}),
    "desk-map": ("/?lang=en#ps:where=Nairobi&settlement=inpatient:direct", DESK, map_shown, {}),
    "details": ("/?lang=en#ps:where=Nairobi&settlement=inpatient:direct,outpatient:card", DESK, details_shown, {}),
    "plain": ("/search?lang=es&near=Nairobi&which=farmacia", DESK, plain_shown, {"scripts": False}),
    "dark": ("/?lang=en#ps:where=Dakar", DESK, map_shown, {"color_scheme": "dark"}),
}


@pytest.mark.parametrize("name", SHOTS)
def test_picture(visit: Open, name: str) -> None:
    path, size, show, options = SHOTS[name]
    seen = visit(path, size, **options)
    show(seen)
    if size is PHONE:
        # What a member looks at: the list, with the form just above it.
        seen.page.evaluate("document.querySelector('provider-search').scrollIntoView()")
    seen.page.wait_for_timeout(1_500)
    assert not re.search("undefined|null", seen.page.locator("body").inner_text())
    seen.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")
