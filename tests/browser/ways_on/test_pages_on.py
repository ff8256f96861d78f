"""List, desk card, poster and the one tap after a visit, in a real browser: on every screen, and on paper."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.visit import Visit
from tests.browser.ways_on.conftest import HELPLINE

PHONE = {"width": 375, "height": 720}
DESK = {"width": 1280, "height": 900}
LANGUAGES = ("en", "fr", "es", "ar")
See = Callable[..., Visit]


def first_listing(see: See, query: str, lang: str = "en") -> str:
    """The address of the first provider that is found."""
    seen = see(f"/search?{query}&lang={lang}", DESK)
    href = seen.page.locator(".card h3 a").first.get_attribute("href")
    assert href
    return urlsplit(href).path


def on_paper(seen: Visit, file: Path) -> int:
    """How many sheets it takes."""
    seen.page.pdf(path=str(file), format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "10mm"))  # type: ignore[arg-type]
    document = pypdfium2.PdfDocument(file)
    sheets = len(document)
    document.close()
    return sheets


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_list_is_for_everybody(see: See, lang: str, size: dict[str, int]) -> None:
    seen = see(f"/list?country=KE&lang={lang}", size)
    expect(seen.page.locator("table.listed tbody tr .tick").first).to_be_visible()
    assert seen.overflow() == 0
    assert seen.axe() == []


def test_list_is_saved_as_a_file(see: See, tmp_path: Path) -> None:
    seen = see("/list?country=SN&lang=ar", DESK)
    with seen.page.expect_download() as waiting:
        seen.page.get_by_role("link", name="PDF").click()
    file = tmp_path / "list.pdf"
    waiting.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF")


def test_list_of_another_country_and_city_is_chosen_without_a_script(see: See) -> None:
    seen = see("/list?lang=es", PHONE, scripts=False)
    seen.page.get_by_label("País", exact=True).select_option("SN")
    seen.page.get_by_role("button", name="Mostrar la lista").click()
    expect(seen.page.get_by_role("columnheader", name="NOMBRE")).to_be_visible()
    expect(seen.page.get_by_role("columnheader", name="UBICACIÓN")).to_be_visible()
    seen.page.get_by_label("Ciudad").select_option(index=1)
    seen.page.get_by_role("button", name="Mostrar la lista").click()
    expect(seen.page.locator("th.town")).to_have_count(1)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_desk_card_is_for_everybody_and_one_sheet(see: See, lang: str, size: dict[str, int], tmp_path: Path) -> None:
    where = first_listing(see, "near=Nairobi&type=hospital")
    # Without scripts nothing is kept, and all of it is there.
    seen = see(f"{where}?lang={lang}&desk", size, scripts=False)
    expect(seen.page.locator("svg.qr")).to_be_visible()
    expect(seen.page.get_by_text(HELPLINE).first).to_be_visible()
    assert on_paper(seen, tmp_path / "card.pdf") == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_poster_is_one_sheet(see: See, lang: str, tmp_path: Path) -> None:
    seen = see(f"/search?near=Nairobi&lang={lang}", PHONE)
    poster = seen.page.locator('a[href^="/poster"]').first
    poster.click()
    expect(seen.page.locator(".poster h1")).to_be_visible()
    assert seen.overflow() == 0
    assert seen.axe() == []
    assert on_paper(seen, tmp_path / "poster.pdf") == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_tap_on_a_listings_page(see: See, lang: str, demo_environment: dict[str, str]) -> None:
    where = first_listing(see, "near=Nairobi&type=pharmacy")
    seen = see(f"{where}?lang={lang}", PHONE)
    assert seen.axe() == []
    assert seen.overflow() == 0
    seen.page.locator(".visit button[value=no]").click()
    expect(seen.page.locator(".visit [role=status]")).to_be_visible()
    with psycopg.connect(demo_environment["DATABASE_URL"], autocommit=True) as connection:
        rows = connection.execute("DELETE FROM visit_day RETURNING accepted, refused").fetchall()
        connection.execute("DELETE FROM visit_sender")
    assert rows == [(0, 1)]
    if lang == "en":
        seen.page.get_by_role("link", name="Tell us about the refusal").click()
        expect(seen.page.locator("input[value=card_refused]")).to_be_checked()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_one_tap_in_the_widget(visit: Open, lang: str, demo_environment: dict[str, str]) -> None:
    seen = visit(f"/?lang={lang}", PHONE).searched()
    expect(seen.first_card.locator(".trust")).to_be_visible()
    seen.first_card.get_by_role("heading").get_by_role("link").click()
    asked = seen.page.get_by_role("dialog").locator("provider-search-visit")
    asked.locator("button").first.click()
    expect(asked.get_by_role("status")).to_be_visible()
    assert seen.axe() == []
    with psycopg.connect(demo_environment["DATABASE_URL"], autocommit=True) as connection:
        rows = connection.execute("DELETE FROM visit_day RETURNING accepted, refused").fetchall()
        connection.execute("DELETE FROM visit_sender")
    assert rows == [(1, 0)]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_telehealth_in_the_widget_is_a_plain_link(visit: Open, lang: str) -> None:
    seen = visit(f"/?lang={lang}#ps:where=Bangassou&which=psychiatrist", PHONE)
    offer = seen.widget.locator(".telehealth")
    expect(offer.get_by_role("link").first).to_have_attribute("href", re.compile(r"^https://telehealth\.example/book$"))
    assert seen.axe() == []


@pytest.mark.parametrize(
    "path", ["/search/pack?near=Niort", "/search/saved?", "/search?which=psychiatrist&near=Bangassou"]
)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_is_kept_and_offered_is_for_everybody(see: See, lang: str, path: str) -> None:
    seen = see(f"{path}&lang={lang}", PHONE)
    assert seen.overflow() == 0
    assert seen.axe() == []


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_page_behind_a_desk_cards_code_is_for_everybody(see: See, lang: str) -> None:
    where = first_listing(see, "near=Nairobi&type=hospital")
    card = see(f"{where}?lang={lang}&desk", PHONE, scripts=False)
    code = card.page.locator("a[href*='/cards/check/']").get_attribute("href")
    assert code
    seen = see(f"{urlsplit(code).path}?lang={lang}", PHONE)
    assert seen.overflow() == 0
    assert seen.axe() == []
