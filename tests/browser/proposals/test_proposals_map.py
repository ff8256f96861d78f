"""The map of the pages: an officer sets the point on it by finger, key or device; the team sees what is around."""

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from directory.pages.staff import provider_map
from directory.wording.catalogue import phrase
from tests.engines.index_world import wait_until
from tests.worlds.proposal_pages import Enter
from tests.worlds.proposal_people import People, called, propose, settle_people
from tests.worlds.proposal_screens import DESK, Street, Visit, look_over

SMALL = {"width": 320, "height": 640}
GOMA = {"latitude": -1.6792, "longitude": 29.2356}


class Form:
    """An officer's form with its map."""

    def __init__(self, page: Page, street: Street, lang: str, country: str = "CD", city: str = "Goma") -> None:
        self.page, self.lang = page, lang
        page.goto(f"{street.base}/hr/proposals/new?country={country}&city={city}")
        page.get_by_text(phrase(lang, "proposals.more"), exact=True).click()
        self.map = page.locator("staff-map")
        self.map.scroll_into_view_if_needed()
        self.canvas = self.map.get_by_role("application")
        expect(self.canvas).to_be_visible()

    @property
    def point(self) -> tuple[float, float]:
        """What the fields hold."""
        return float(self.page.input_value("#lat")), float(self.page.input_value("#lon"))

    @property
    def mark(self) -> Locator:
        """The point on the map."""
        return self.map.get_by_role("img", name=phrase(self.lang, "map.here"))

    def button(self, name: str) -> Locator:
        return self.map.get_by_role("button", name=phrase(self.lang, f"map.{name}"))

    def wait_for_city(self, name: str) -> None:
        """Until the map shows the city that was typed."""
        expect(self.map.locator(".name", has_text=name).first).to_be_attached()


def test_one_tap_sets_the_point_a_second_moves_it_and_a_button_removes_it(visit: Visit, street: Street) -> None:
    settle_people()
    form = Form(visit("amina", SMALL, has_touch=True), street, "fr")
    form.wait_for_city("Goma")
    form.canvas.tap(position={"x": 100, "y": 100})
    expect(form.mark).to_be_visible()
    first, typed = form.point, form.page.input_value("#lat")
    assert abs(first[0] - GOMA["latitude"]) < 0.1
    assert abs(first[1] - GOMA["longitude"]) < 0.1
    form.canvas.tap(position={"x": 160, "y": 60})
    expect(form.page.locator("#lat")).not_to_have_value(typed)
    expect(form.map.get_by_role("status")).to_contain_text(form.page.input_value("#lat"))
    assert form.point[0] > first[0]
    assert form.point[1] > first[1]
    expect(form.mark).to_have_count(1)
    look_over(form.page, "fr")
    form.button("remove").click()
    expect(form.mark).to_have_count(0)
    assert form.page.input_value("#lat") == form.page.input_value("#lon") == ""
    expect(form.button("remove")).to_have_count(0)


def test_the_point_is_set_by_keyboard_alone(visit: Visit, street: Street) -> None:
    settle_people()
    form = Form(visit("chen", DESK, color_scheme="dark"), street, "ar")
    form.wait_for_city("غوما")
    form.page.get_by_label(re.compile("^" + phrase("ar", "proposals.address"))).focus()
    form.page.keyboard.press("Tab")
    expect(form.canvas).to_be_focused()
    form.page.keyboard.press("Enter")
    middle = form.point
    for key in ("ArrowUp", "ArrowRight"):
        form.page.keyboard.press(key)
        form.page.wait_for_timeout(400)
    form.page.keyboard.press("Enter")
    assert form.point[0] > middle[0]
    assert form.point[1] > middle[1]
    look_over(form.page, "ar")


def test_map_and_fields_follow_each_other(visit: Visit, street: Street) -> None:
    settle_people()
    form = Form(visit("bruno", DESK), street, "en", city="")
    expect(form.mark).to_have_count(0)
    form.page.fill("#lat", "٤٫٣٢٧٦")
    form.page.fill("#lon", "15,3136")
    expect(form.mark).to_be_visible()
    form.page.fill("#lon", "east")
    expect(form.mark).to_have_count(0)
    form.page.fill("#lon", "")
    form.page.get_by_label(re.compile("^" + phrase("en", "proposals.country"))).select_option("KE")
    form.page.get_by_label(re.compile("^" + phrase("en", "proposals.city"))).fill("Nairobi")
    form.page.keyboard.press("Tab")
    form.wait_for_city("Nairobi")


def test_the_device_is_asked_where_it_is_only_at_a_press(visit: Visit, street: Street) -> None:
    settle_people()
    device = """navigator.geolocation.getCurrentPosition = (tell) => {
        window.asked = (window.asked ?? 0) + 1;
        tell({coords: {latitude: -1.6792, longitude: 29.2356}});
    }"""
    page = visit("bruno", DESK)
    page.add_init_script(device)
    form = Form(page, street, "en", city="")
    assert page.evaluate("window.asked") is None
    form.button("locate").click()
    assert form.point == (GOMA["latitude"], GOMA["longitude"])
    expect(form.mark).to_be_visible()


def test_where_the_device_says_nothing_the_page_says_so(visit: Visit, street: Street) -> None:
    settle_people()
    form = Form(visit("bruno", DESK, permissions=[]), street, "en")
    form.button("locate").click()
    expect(form.map.get_by_role("status")).to_have_text(phrase("en", "map.nowhere"))
    assert form.page.input_value("#lat") == ""


@pytest.mark.parametrize(("who", "lang"), [("nadia", "en"), ("omar", "es")])
def test_the_team_sees_the_provider_among_the_listings_around(
    visit: Visit, street: Street, who: str, lang: str
) -> None:
    people = settle_people()
    evil = "<img src=x onerror=alert(1)>"
    proposal = propose(people.amina, called(evil))
    page = visit(who, DESK)
    listed = page.locator(".around-list li")

    def look() -> bool:
        # A page waits a fifth of a second for what is around; the first search of a worker takes longer.
        page.goto(f"{street.base}/network/proposals/{proposal}")
        return listed.count() > 5

    wait_until(look, 20, "the listings around it are shown")
    around = page.locator("staff-map")
    around.scroll_into_view_if_needed()
    expect(around.get_by_role("img", name=phrase(lang, "map.here"))).to_be_visible()
    # Each is named by a pin of its own, or by the one that stands for those too near to each other.
    pins = around.get_by_role("button", name=re.compile(r"\d+\. "))
    said = [str(pin.get_attribute("aria-label")) for pin in pins.all()]
    assert len(re.findall(r"\b\d+\. ", " ".join(said))) == listed.count()
    # Other tests list providers there as well.
    assert " ".join(said).count("Goma Walk-in Clinic") > 5
    look_over(page, lang)
    alone = around.get_by_role("button", name=re.compile(r"^\d+\. "))
    if alone.count():
        number = str(alone.first.get_attribute("aria-label")).partition(".")[0]
        alone.first.focus()
        page.keyboard.press("Enter")
        expect(page.locator(f".around-list li[value='{number}'] a")).to_be_focused()


def test_without_script_the_plain_map_and_the_typed_point_remain(visit: Visit, street: Street) -> None:
    people = settle_people()
    proposal = propose(people.amina)
    page = visit("nadia", DESK, java_script_enabled=False)
    page.goto(f"{street.base}/network/proposals/{proposal}")
    expect(page.locator("svg.around")).to_be_visible()
    page = visit("bruno", SMALL, java_script_enabled=False)
    page.goto(f"{street.base}/hr/proposals/new")
    page.locator("main summary").click()
    expect(page.locator("staff-map")).to_be_hidden()
    expect(page.locator("#lat")).to_be_visible()


@pytest.mark.parametrize(
    ("asked", "box"),
    [
        ("country=CD&city=Goma", [29.1, -1.8, 29.3, -1.6]),
        ("country=CD&city=Nowhere at all", [12, -14, 32, 6]),
        ("country=FR", [-6, 41, 9, 52]),
        ("country=XX&city=Goma", None),
        ("", None),
    ],
)
def test_the_form_is_told_where_to_look(enter: Enter, asked: str, box: list[float] | None) -> None:
    told: Any = enter("amina")._client.get(f"/hr/where?{asked}").get_json()["bbox"]
    if box is None:
        assert told is None
    else:
        assert box[0] < told[0] < told[2] < box[2]
        assert box[1] < told[1] < told[3] < box[3]


def test_pages_without_a_built_map_have_none(
    enter: Enter, app: Flask, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_map, "pinned_copy", lambda _name: None)
    proposal = propose(people.amina)
    for page in (
        enter("amina").get("/hr/proposals/new"),
        shown := enter("nadia").get(f"/network/proposals/{proposal}"),
    ):
        assert "staff-map" not in page
    assert 'class="around"' in shown
