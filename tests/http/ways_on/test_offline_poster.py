"""What is kept for a journey, and what hangs on a wall: one page each, in every language, that needs nothing else."""

from collections.abc import Iterator
from urllib.parse import unquote

import pypdfium2
import pytest
from flask.testing import FlaskClient

from config.languages import LANGUAGES
from directory.app import create_app
from geodata.gazetteer import get_gazetteer
from tests.http.test_http_pages import Page, check
from tests.worlds.small_directory import CLINICS, World, serving

HELPLINE = "+254 20 366 2000"


@pytest.fixture
def with_line(environment: dict[str, str], world: World) -> Iterator[FlaskClient]:
    """A service that has a number."""
    with serving({**environment, "HELPLINE": HELPLINE, "PUBLIC_URL": "https://directory.example"}):
        yield create_app().test_client()


def place_id(words: str) -> int:
    return get_gazetteer().resolve_place(words).place.id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pack_has_every_provider_with_number_and_desk_card(with_line: FlaskClient, lang: str) -> None:
    answer = with_line.get(f"/search/pack?near=Goma&lang={lang}")
    check(answer)
    page = Page(answer)
    assert unquote(answer.headers["X-Kept-Title"]) == page.text("h1")
    assert len([each for each in page.all("li") if each.get("class") == "card"]) == CLINICS
    # In the Congo a desk reads French.
    assert len(page.all("section", lang="fr")) == CLINICS
    assert HELPLINE in page.text()
    # Nothing of it needs another page but its styles and its one script.
    assert not page.all("img")


def test_pack_begins_with_three_to_call(with_line: FlaskClient) -> None:
    page = Page(with_line.get("/search/pack?near=Kisumu&lang=en"))
    calls = [each["href"] for each in page.all("a", **{"class": "button primary"})]
    assert calls == ["tel:+254572020802", "tel:+254572020801"]


def test_pack_of_a_place_that_is_none_is_refused(with_line: FlaskClient) -> None:
    assert with_line.get("/search/pack?near=Qqqqzzz&lang=en").status_code == 400


def test_search_offers_to_keep_what_was_found(client: FlaskClient) -> None:
    page = Page(client.get("/search?near=Goma&lang=en"))
    [offer] = [attributes for _, attributes in page.elements if "data-keep" in attributes]
    assert offer["data-keep"] == "/search/pack?near=Goma&lang=en"
    # Only a script can keep it: without one nothing is promised.
    assert "hidden" in offer
    assert not [each for _, each in Page(client.get("/search?lang=en")).elements if "data-keep" in each]


def test_worker_is_ours_alone_and_of_the_searchs_pages(client: FlaskClient) -> None:
    answer = client.get("/search/worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/search"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "/search/saved?lang=ar" in answer.get_data(as_text=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_list_of_what_is_kept_says_what_a_browser_without_scripts_cannot(client: FlaskClient, lang: str) -> None:
    answer = client.get(f"/search/saved?lang={lang}")
    check(answer)
    page = Page(answer)
    assert page.all("ul", id="kept")
    assert [each for each in page.all("p", id="cannot") if "hidden" not in each]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_poster_names_the_nearest_and_the_number(with_line: FlaskClient, world: World, lang: str) -> None:
    answer = with_line.get(f"/poster?place={place_id('Nairobi')}&lang={lang}")
    check(answer)
    page = Page(answer)
    assert "Aga Khan University Hospital" in page.text()
    assert "Uhuru Pharmacy" in page.text()
    assert HELPLINE in page.text()
    assert page.all("svg", **{"class": "qr"})
    [pdf] = [each["href"] for each in page.all("a") if each.get("href", "").startswith("/poster.pdf")]
    file = with_line.get(pdf)
    assert file.mimetype == "application/pdf"
    document = pypdfium2.PdfDocument(file.get_data())
    assert len(document) == 1
    said = document[0].get_textpage().get_text_bounded()
    document.close()
    assert "Aga Khan University Hospital" in said
    assert HELPLINE in said


def test_poster_of_a_place_with_nobody_says_so_and_still_has_the_number(with_line: FlaskClient) -> None:
    page = Page(with_line.get(f"/poster?place={place_id('Gulu')}&lang=en"))
    assert page.text().count("None within 50 km is in our directory.") == 2
    assert HELPLINE in page.text()


@pytest.mark.parametrize("query", ["", "place=x", "place=0", "place=184745&network=nothing", "place=99999999999"])
def test_poster_of_nothing_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/poster?{query}&lang=en").status_code == 400
    assert client.get(f"/poster.pdf?{query}&lang=en").status_code == 400
