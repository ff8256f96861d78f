"""The search without scripts, as the oldest phones have it: the whole journey, on every screen and on paper."""

import re

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.visit import DESK, NARROW, PHONE

WORDS = {
    "en": ("Where", "Search", "Nairobi", "providers near", "Report something wrong", "Send report"),
    "fr": ("Où", "Rechercher", "Kinshasa", "prestataires près de", "Signaler une erreur", "Envoyer le signalement"),
    "es": ("Dónde", "Buscar", "El Cairo", "proveedores cerca de", "Informar de un error", "Enviar aviso"),
    "ar": ("أين", "بحث", "القاهرة", "قرب", "الإبلاغ عن خطأ", "إرسال البلاغ"),
}


@pytest.mark.parametrize("lang", WORDS)
def test_whole_journey_without_a_script(visit: Open, lang: str, demo_environment: dict[str, str]) -> None:
    where, search, place, found, report, send = WORDS[lang]
    seen = visit(f"/search?lang={lang}", PHONE, scripts=False)
    page = seen.page
    # One line first; the place has a field of its own for who wants it.
    page.locator(".apart summary").click()
    page.get_by_label(where, exact=True).fill(place)
    page.get_by_role("button", name=search, exact=True).first.click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text(found)
    name = page.locator(".card h3 a").first.inner_text()
    page.locator(".card h3 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.locator("summary", has_text=report).click()
    page.locator("input[value=other]").check()
    page.locator("textarea").fill(f"Nothing but a test, {lang}.")
    page.get_by_role("button", name=send).click()
    expect(page.get_by_role("status")).to_be_visible()
    page.locator("a.back").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text(found)
    with psycopg.connect(demo_environment["DATABASE_URL"]) as connection:
        rows = connection.execute(
            "DELETE FROM report WHERE text = %s RETURNING kind", (f"Nothing but a test, {lang}.",)
        ).fetchall()
    assert rows == [("other",)]


def test_filters_are_boxes_and_choices_and_chips_take_them_off(visit: Open) -> None:
    seen = visit("/search?lang=en&near=Nairobi", DESK, scripts=False)
    page = seen.page
    page.get_by_role("checkbox", name=re.compile("^Pharmacy")).check()
    page.get_by_role("group", name=re.compile("Outpatient")).get_by_role(
        "radio", name=re.compile("^card accepted")
    ).check()
    page.locator(".facets button").click()
    expect(page.locator(".chip")).to_have_count(2)
    for card in page.locator(".card").all()[:5]:
        expect(card).to_contain_text("Pharmacy")
        expect(card).to_contain_text("Your card is accepted here.")
    page.get_by_role("link", name="Remove Pharmacy").click()
    expect(page.locator(".chip")).to_have_count(1)


def test_next_page_goes_on_and_the_way_back_is_short(visit: Open) -> None:
    seen = visit("/search?lang=en&near=Nairobi", PHONE, scripts=False)
    page = seen.page
    first = page.locator(".card h3").first.inner_text()
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".card h3").first).not_to_have_text(first)
    page.get_by_role("link", name="First page").click()
    expect(page.locator(".card h3").first).to_have_text(first)


@pytest.mark.parametrize("size", [NARROW, PHONE, DESK], ids=["narrow", "phone", "desk"])
@pytest.mark.parametrize("lang", WORDS)
def test_no_page_is_wider_than_its_window(visit: Open, lang: str, size: dict[str, int]) -> None:
    seen = visit(f"/search?lang={lang}", size)
    place = WORDS[lang][2]
    for path in (f"/search?near={place}&type=hospital&lang={lang}", "/search/1?lang=" + lang, f"/?lang={lang}"):
        seen.page.goto(seen.base + path)
        assert seen.overflow() <= 0, path


def test_on_paper_there_are_the_providers_and_nothing_else(visit: Open) -> None:
    seen = visit("/search?lang=en&near=Dakar", DESK)
    seen.page.emulate_media(media="print")
    expect(seen.page.locator(".card").first).to_be_visible()
    for gone in (".fields", ".filters", ".languages", ".pages", ".actions"):
        for each in seen.page.locator(gone).all():
            expect(each).to_be_hidden()


def test_card_for_the_driver_opens_without_a_script(visit: Open) -> None:
    seen = visit("/search?lang=en&near=Seoul", PHONE, scripts=False)
    seen.page.locator(".card h3 a").first.click()
    seen.page.get_by_text("Show to a driver or at the desk").click()
    expect(seen.page.locator(".desk-name").first).to_be_visible()
