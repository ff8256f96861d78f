"""The card for a provider's desk, and the page that its code leads to: what was agreed, in its language."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from config.languages import LANGUAGES
from directory.app import create_app
from directory.db import get_engine
from directory.pages.members import desk
from tests.http.test_http_pages import Page, check
from tests.worlds.small_directory import World, serving

HELPLINE = "+254 20 366 2000"


@pytest.fixture
def with_line(environment: dict[str, str], world: World) -> Iterator[FlaskClient]:
    """A service that has a number."""
    with serving({**environment, "HELPLINE": HELPLINE, "PUBLIC_URL": "https://directory.example"}):
        yield create_app().test_client()


def card(client: FlaskClient, world: World, name: str, query: str = "lang=en") -> tuple[Page, str]:
    answer = client.get(f"/search/{world.ids[name]}?{query}&desk")
    assert answer.status_code == 200
    check(answer)
    page = Page(answer)
    [code] = {found for each in page.all("a") for found in re.findall(r"/cards/check/([^?]+)", each.get("href", ""))}
    return page, code


@pytest.mark.parametrize("lang", LANGUAGES)
def test_card_speaks_the_providers_language_beside_the_readers(with_line: FlaskClient, world: World, lang: str) -> None:
    page, _ = card(with_line, world, "cairo", f"lang={lang}")
    sides = [(each["lang"], each["dir"]) for each in page.all("section") if "dir" in each]
    assert sides[0] == ("ar", "rtl")
    assert [side[0] for side in sides] == (["ar"] if lang == "ar" else ["ar", lang])
    assert page.text("section").count(HELPLINE) == len(sides)
    assert "ندفع لكم مباشرة بموجب خطاب ضمان" in page.text("section")


def test_card_tells_of_the_network_that_was_asked(with_line: FlaskClient, world: World) -> None:
    worldwide, _ = card(with_line, world, "aga-khan", "lang=en&network=worldwide")
    assert "Please accept the membership card." in worldwide.text("section")
    essential, _ = card(with_line, world, "aga-khan", "lang=en&network=essential")
    assert "Please accept the membership card." not in essential.text("section")
    assert "The patient pays, and claims from us afterwards." in essential.text("section")


def test_card_without_a_number_tells_nobody_to_call(client: FlaskClient, world: World) -> None:
    page, _ = card(client, world, "nairobi-pharmacy")
    assert "call us" not in page.text("section")
    assert "Please ask us before you ask for cash." in page.text("section")


def test_code_is_an_image_of_the_address_and_names_nobody(with_line: FlaskClient, world: World) -> None:
    page, code = card(with_line, world, "nairobi-pharmacy")
    assert page.all("svg", **{"class": "qr"})
    assert [
        each["href"] for each in page.all("a") if each.get("href") == f"https://directory.example/cards/check/{code}"
    ]
    assert len(code) < 120


def test_check_says_yes_and_no(with_line: FlaskClient, world: World) -> None:
    _, code = card(with_line, world, "nairobi-pharmacy")
    page = Page(with_line.get(f"/cards/check/{code}"))
    assert page.all("html")[0]["lang"] == "en"
    assert page.text("dd").split() == ["Yes", "No"]
    assert HELPLINE in page.text("p")


def test_check_is_in_the_providers_language_unless_another_is_asked(with_line: FlaskClient, world: World) -> None:
    _, code = card(with_line, world, "cairo")
    assert Page(with_line.get(f"/cards/check/{code}", headers={"Accept-Language": "fr"})).all("html")[0]["lang"] == "ar"
    assert Page(with_line.get(f"/cards/check/{code}?lang=fr")).all("html")[0]["lang"] == "fr"


def test_check_tells_of_a_suspension_since(with_line: FlaskClient, world: World) -> None:
    _, code = card(with_line, world, "nairobi-pharmacy")
    change = text("UPDATE agreement SET status = :status WHERE listing_id = :id")
    with get_engine().begin() as connection:
        connection.execute(change, {"status": "suspended", "id": world.ids["nairobi-pharmacy"]})
    try:
        page = Page(with_line.get(f"/cards/check/{code}"))
    finally:
        with get_engine().begin() as connection:
            connection.execute(change, {"status": "active", "id": world.ids["nairobi-pharmacy"]})
    assert page.text("dd").split() == ["No", "No"]
    assert "suspended at present" in page.text()


def test_code_of_a_listing_that_is_gone_says_so(with_line: FlaskClient, world: World) -> None:
    from directory.papers.codes import seal_for_a_time

    for number in (world.ids["retired"], 999_999_999):
        answer = with_line.get(f"/cards/check/{seal_for_a_time(desk.KIND, [number, []])}?lang=en")
        assert answer.status_code == 410
        assert "no longer in our directory" in answer.get_data(as_text=True)


def test_code_is_over_after_a_day_and_a_made_up_one_is_none(
    with_line: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, code = card(with_line, world, "nairobi-pharmacy")
    assert with_line.get("/cards/check/nothing?lang=en").status_code == 404
    monkeypatch.setattr(desk, "GOOD_FOR_S", -1)
    answer = with_line.get(f"/cards/check/{code}?lang=en")
    assert answer.status_code == 410
    assert "more than 24 hours" in answer.get_data(as_text=True)


def test_suspended_listing_has_a_card_that_says_so(with_line: FlaskClient, world: World) -> None:
    answer = with_line.get(f"/search/{world.ids['suspended']}?lang=en&desk")
    assert answer.status_code == 200
    assert "suspended at present" in Page(answer).text("section")
