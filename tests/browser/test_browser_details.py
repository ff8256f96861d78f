"""One provider: how to pay, contacts, hours, a card for the driver, a report, a link to share; the list on paper."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Open
from tests.browser.visit import DESK, PHONE, Visit

Answer = Callable[[str], Any]

# "Your card" and "You pay, then claim" as cards say them, and both care settings.
PAYING = {
    "en": ("Outpatient", "Inpatient", "Your card", "You pay, then claim"),
    "fr": ("Consultation", "Hospitalisation", "Votre carte", "Vous avancez les frais"),
    "es": ("Consulta", "Hospitalización", "Su tarjeta", "Usted paga y pide reembolso"),
    "ar": ("العيادات الخارجية", "الإقامة في المستشفى", "بطاقتك", "تدفع ثم تسترد"),
}


@pytest.fixture
def in_cairo(answer: Answer) -> Any:
    """A listing of Cairo with a phone and a point of its own."""
    found = answer(f"/v1/providers?near={quote('القاهرة')}&q={quote('مستشفى')}&limit=100&facets=none")["items"]
    return next(item for item in found if item["location"]["precision"] == "exact")


def open_listing(visit: Open, listing_id: str, lang: str = "en", size: dict[str, int] = DESK, **more: Any) -> Visit:
    seen = visit(f"/?lang={lang}#ps:where=Nairobi&open={listing_id}", size, **more)
    expect(seen.page.get_by_role("dialog")).to_be_visible()
    return seen


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("lang", PAYING)
def test_every_card_says_in_words_how_to_pay_for_both_kinds_of_care(
    visit: Open, answer: Answer, lang: str, size: dict[str, int]
) -> None:
    outpatient, inpatient, card, claim = PAYING[lang]
    seen = visit(f"/?lang={lang}#ps:where=Nairobi&network=worldwide", size).searched()
    items = answer(f"/v1/providers?near=Nairobi&radius_km=25&network=worldwide&lang={lang}&limit=20")["items"]
    for shown, item in zip(seen.cards.all(), items, strict=True):
        boxes = shown.locator("[part~=payment] > div")
        expect(boxes).to_have_count(2)
        for place, (setting, word) in enumerate((("outpatient", outpatient), ("inpatient", inpatient))):
            said = boxes.nth(place).inner_text()
            assert word in said
            ways = {agreement[setting] for agreement in item["agreements"]}
            assert ("card" in ways) == (card in said)
            assert ("none" in ways or not ways) == (claim in said)


def test_card_says_name_in_local_script_kind_distance_and_when_it_was_confirmed(visit: Open, answer: Answer) -> None:
    found = answer("/v1/providers?near=Seoul&radius_km=25&limit=1")["items"][0]
    seen = visit("/?lang=en#ps:where=Seoul", PHONE).searched()
    expect(seen.first_card).to_contain_text(found["name"])
    expect(seen.first_card).to_contain_text(found["type_label"])
    expect(seen.first_card).to_contain_text(re.compile(r"\d+(\.\d)? ?k?m"))
    expect(seen.first_card).to_contain_text(re.compile("onfirmed"))


def test_listing_whose_city_alone_is_known_says_so_instead_of_a_distance(visit: Open, answer: Answer) -> None:
    found = answer("/v1/providers?near=Goma&q=&limit=100&facets=none&radius_km=500")["items"]
    vague = [item for item in found if item["location"]["precision"] == "place"]
    if not vague:
        vague = [
            item
            for near in ("Hong Kong", "Kyiv", "Paris", "Geneva")
            for item in answer(f"/v1/providers?near={quote(near)}&limit=100&facets=none&radius_km=300")["items"]
            if item["location"]["precision"] == "place"
        ]
    seen = visit(f"/?lang=en#ps:who={quote(vague[0]['name'])}", PHONE).searched()
    expect(seen.cards.filter(has_text=vague[0]["name"]).first).to_contain_text(f"Somewhere in {vague[0]['city']}")


def test_contacts_are_links_that_a_phone_can_use(visit: Open, answer: Answer) -> None:
    items = answer("/v1/providers?near=Seoul&radius_km=50&limit=100&facets=none")["items"]
    item = next(each for each in items if each["phones"])
    seen = open_listing(visit, item["id"], size=PHONE)
    sheet = seen.page.get_by_role("dialog")
    expect(sheet.get_by_role("link", name=item["phones"][0])).to_have_attribute("href", f"tel:{item['phones'][0]}")
    directions = sheet.get_by_role("link", name=re.compile("Directions"))
    expect(directions).to_have_attribute("href", re.compile(str(item["location"]["lat"])[:6]))
    # Followed in a tab that cannot reach back.
    expect(directions).to_have_attribute("rel", re.compile("noopener"))
    expect(sheet).to_contain_text("How you pay")
    expect(
        sheet.get_by_text(re.compile("^(Confirmed on .+ by the (list it comes from|network team)|Not confirmed)"))
    ).to_be_visible()


def test_hours_are_said_in_the_zone_of_the_place(visit: Open, answer: Answer) -> None:
    items = [
        item
        for near in ("Dakar", "Rabat", quote("القاهرة"), "Nairobi")
        for item in answer(f"/v1/providers?near={near}&radius_km=100&limit=100&facets=none")["items"]
    ]
    item = next(each for each in items if each["hours"] == "24/7")
    seen = open_listing(visit, item["id"])
    expect(seen.page.get_by_role("dialog")).to_contain_text("Open day and night")


def test_open_now_goes_by_the_clock_on_the_providers_wall(visit: Open, answer: Answer) -> None:
    item = answer("/v1/providers?near=Seoul&radius_km=50&limit=1&facets=none")["items"][0]
    seen = visit("/?lang=en", timezone_id="America/New_York").searched()
    # Half past seven in the evening in New York is half past eight in the morning in Seoul (winter).
    seen.page.clock.set_fixed_time("2026-01-15T00:30:00Z")

    def with_hours(route: Route) -> None:
        body = route.fetch().json()
        body.update(hours="Mo-Fr 08:00-20:00", time_zone="Asia/Seoul")
        route.fulfill(body=json.dumps(body), content_type="application/json")

    seen.page.route("**/v1/providers/*", with_hours)
    seen.page.evaluate(f"location.hash = '#ps:open={item['id']}'")
    sheet = seen.page.get_by_role("dialog")
    expect(sheet).to_contain_text(re.compile(r"Open now until 0?8:00 PM|Open now until 20:00"))
    expect(sheet).to_contain_text("Times of the place: it is")


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_card_for_the_driver_shows_name_and_address_large_in_local_script(
    visit: Open, in_cairo: Any, lang: str
) -> None:
    seen = open_listing(visit, in_cairo["id"], lang, PHONE)
    sheet = seen.page.get_by_role("dialog")
    sheet.get_by_role("button", name={"fr": "Montrer au chauffeur", "ar": "عرض للسائق"}[lang]).click()
    name = sheet.locator(".desk-name")
    local = next((each["text"] for each in in_cairo["names"] if each["script"] == "Arab"), in_cairo["name"])
    expect(name).to_contain_text(local)
    assert float(name.evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)")) >= 28
    sheet.get_by_role("button", name={"fr": "Terminé", "ar": "تم"}[lang]).click()
    expect(sheet.locator(".desk-name")).to_have_count(0)


def test_report_is_received_and_kept(visit: Open, in_cairo: Any, demo_environment: dict[str, str]) -> None:
    seen = open_listing(visit, in_cairo["id"], "en", PHONE)
    sheet = seen.page.get_by_role("dialog")
    sheet.get_by_text("Report something wrong").click()
    sheet.get_by_role("button", name="Send report").click()
    expect(sheet.get_by_text("Choose what is wrong.")).to_be_visible()
    sheet.get_by_role("radio", name="My card was refused").check()
    words = f"They asked for cash, {in_cairo['id']}."
    sheet.get_by_label("What should we know?").fill(words)
    sheet.get_by_role("button", name="Send report").click()
    expect(sheet.get_by_text("Thank you. Your report was received.")).to_be_visible()
    with psycopg.connect(demo_environment["DATABASE_URL"]) as connection:
        rows = connection.execute("DELETE FROM report WHERE text = %s RETURNING kind, listing_id", (words,)).fetchall()
    assert rows == [("card_refused", int(in_cairo["id"]))]


def test_report_that_did_not_arrive_is_kept_and_sent_once(
    visit: Open, in_cairo: Any, demo_environment: dict[str, str]
) -> None:
    seen = open_listing(visit, in_cairo["id"], quarrels=("ERR_FAILED", "ERR_INTERNET"))
    words = f"Closed for good, {in_cairo['id']}."
    sheet = seen.page.get_by_role("dialog")
    sheet.get_by_text("Report something wrong").click()
    sheet.get_by_role("radio", name="It has closed or moved").check()
    sheet.get_by_label("What should we know?").fill(words)

    def answer_is_lost(route: Route) -> None:
        route.fetch()
        route.abort()

    seen.page.route("**/reports*", answer_is_lost, times=1)
    sheet.get_by_role("button", name="Send report").click()
    expect(sheet.get_by_text("could not be sent")).to_be_visible()
    expect(sheet.get_by_label("What should we know?")).to_have_value(words)
    sheet.get_by_role("button", name="Send report").click()
    expect(sheet.get_by_text("Thank you.")).to_be_visible()
    with psycopg.connect(demo_environment["DATABASE_URL"]) as connection:
        rows = connection.execute("DELETE FROM report WHERE text = %s RETURNING kind", (words,)).fetchall()
    assert rows == [("closed",)]


def test_shared_link_opens_the_same_provider_on_another_device(visit: Open, in_cairo: Any) -> None:
    seen = open_listing(visit, in_cairo["id"], permissions=["clipboard-read", "clipboard-write"])
    seen.page.evaluate("delete Navigator.prototype.share")
    seen.page.get_by_role("dialog").get_by_role("button", name="Share").click()
    link = seen.page.evaluate("navigator.clipboard.readText()")
    assert urlsplit(link).netloc == urlsplit(seen.base).netloc
    other = visit(link.removeprefix(seen.base), PHONE)
    expect(other.page.get_by_role("dialog")).to_contain_text(in_cairo["name"])


def test_link_that_is_shared_near_me_does_not_say_where_i_stand(visit: Open) -> None:
    seen = visit(
        "/?lang=en",
        geolocation={"latitude": -1.28333, "longitude": 36.81667},
        permissions=["geolocation", "clipboard-read", "clipboard-write"],
    ).searched()
    seen.page.evaluate("delete Navigator.prototype.share")
    seen.widget.get_by_role("button", name="Near me").click()
    expect(seen.heading).to_contain_text("near you")
    seen.widget.get_by_role("button", name="Share this list").click()
    expect(seen.widget.locator("[role=status].hidden").first).to_contain_text("Link copied")
    link = seen.page.evaluate("navigator.clipboard.readText()")
    assert "at=-1.28%2C36.82" in link


def test_closing_gives_the_focus_back_to_the_card_and_the_address_its_list(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Dakar").searched()
    link = seen.first_card.get_by_role("heading").get_by_role("link")
    link.click()
    dialog = seen.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(seen.page).to_have_url(re.compile("open="))
    seen.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(seen.page).not_to_have_url(re.compile("open="))
    expect(link).to_be_focused()
    link.click()
    expect(dialog).to_be_visible()
    seen.page.go_back()
    expect(dialog).to_be_hidden()


def test_listing_that_is_gone_is_said_to_be_gone(visit: Open) -> None:
    seen = visit("/?lang=fr#ps:where=Dakar&open=999999999", quarrels=("404",))
    expect(seen.page.get_by_role("dialog")).to_contain_text("n’est plus dans l’annuaire")


def test_on_paper_there_is_the_list_and_nothing_else(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Dakar").searched()
    seen.page.emulate_media(media="print")
    expect(seen.first_card).to_be_visible()
    expect(seen.first_card.locator("[part~=payment]")).to_be_visible()
    expect(seen.widget.get_by_text(re.compile("^Printed on"))).to_be_visible()
    for gone in ("form", "aside", ".map", ".bar"):
        for each in seen.widget.locator(gone).all():
            expect(each).to_be_hidden()
    assert len(seen.page.pdf(format="A4")) > 10_000
