"""Care by video or telephone beside a search: offered where there is no nearer way on, never where hands are needed."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from config.languages import LANGUAGES
from directory.app import create_app
from tests.http.test_http_pages import Page, check
from tests.http.test_http_running import AWAY
from tests.worlds.small_directory import World, serving


@pytest.fixture(params=["engine", "postgis"])
def shown(request: pytest.FixtureRequest, environment: dict[str, str], world: World) -> Iterator[FlaskClient]:
    """A demonstration, in which the invented address is offered; with the engine, and without."""
    away = AWAY["search"] if request.param == "postgis" else {}
    with serving({**environment, **away, "DEMONSTRATION": "true"}):
        yield create_app().test_client()


def offer(client: FlaskClient, **asked: str) -> Any:
    answer = client.get("/v1/providers", query_string={**asked, "facets": "none"})
    assert answer.status_code == 200
    return answer.get_json()["telehealth"]


def test_dialysis_near_goma_offers_none(shown: FlaskClient) -> None:
    assert offer(shown, q="dialysis near Goma", lang="en") is None
    assert offer(shown, specialty="dialysis", near="Goma") is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_child_doctor_who_is_not_near_is_offered_by_video(shown: FlaskClient, lang: str) -> None:
    found = offer(shown, specialty="paediatrics", near="Goma", lang=lang)
    assert found["reason"] == "none"
    assert found["label"]
    assert "72" in found["sentence"]
    assert found["url"].startswith("https://")
    assert found["languages"] == ["en", "fr", "es", "ar"]


def test_nearest_more_than_fifty_kilometres_away(shown: FlaskClient) -> None:
    assert offer(shown, specialty="paediatrics", lat="-1.2636", lon="37.6", radius_km="200")["reason"] == "far"
    assert offer(shown, specialty="paediatrics", lat="-1.2636", lon="36.9", radius_km="200") is None


def test_closed_now(shown: FlaskClient) -> None:
    assert offer(shown, specialty="paediatrics", near="Nairobi", open_now="true")["reason"] == "closed"


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "emergency", "near": "Goma"},
        {"type": "hospital", "near": "Gulu"},
        {"type": "pharmacy", "near": "Gulu"},
        {"type": "hospital", "specialty": "paediatrics", "near": "Gulu"},
        {"near": "Gulu"},
        {"q": "Hope House", "near": "Gulu"},
        {"type": "clinic", "near": "Goma"},
    ],
    ids=repr,
)
def test_never_for_what_needs_hands_or_is_a_name(shown: FlaskClient, asked: dict[str, str]) -> None:
    assert offer(shown, **asked) is None


def test_an_invented_address_is_offered_by_no_real_service(client: FlaskClient) -> None:
    assert offer(client, specialty="paediatrics", near="Goma") is None


def test_page_hands_over_by_a_link_without_a_word_of_the_search(shown: FlaskClient) -> None:
    answer = shown.get("/search?which=paediatrician&near=Goma&lang=en")
    check(answer)
    page = Page(answer)
    [link] = [each for each in page.all("a") if "telehealth.example/book" in each.get("href", "")]
    assert link["href"] == "https://telehealth.example/book"
    assert "noreferrer" in link["rel"]
    assert "Not for emergencies." in page.text()
