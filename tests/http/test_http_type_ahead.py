"""GET /v1/places and GET /v1/suggest: what may follow what was typed."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from directory.api.schemas import PlacesAnswer, SuggestAnswer
from directory.app import create_app
from tests.worlds.small_directory import World, serving

# Nobody listens on the port that is set aside for discarding.
NOBODY = "http://127.0.0.1:9"


def _items(client: FlaskClient, address: str, **asked: Any) -> list[dict[str, Any]]:
    answer = client.get(address, query_string=asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    schema = PlacesAnswer if address == "/v1/places" else SuggestAnswer
    assert not schema(unknown="raise").validate(answer.get_json())
    return list(answer.get_json()["items"])


@pytest.mark.parametrize(
    ("typed", "country", "name"),
    [
        ("Nairob", "KE", "Nairobi"),
        ("القاهر", "EG", "Cairo"),
        ("Le Caire", "EG", "Cairo"),
        ("Київ", "UA", "Kyiv"),
        ("서울", "KR", "Seoul"),
        ("Paris, TX", "US", "Paris"),
        ("San José, Costa Rica", "CR", "San José"),
    ],
)
def test_places_are_completed_in_any_script_best_first(
    client: FlaskClient, typed: str, country: str, name: str
) -> None:
    first = _items(client, "/v1/places", q=typed)[0]
    assert (first["country"], first["name"]) == (country, name)
    assert first["id"].isdigit()


def test_places_stay_in_the_countries_that_were_asked_for(client: FlaskClient) -> None:
    assert {place["country"] for place in _items(client, "/v1/places", q="San", country="PH,MX", limit=50)} == {
        "PH",
        "MX",
    }


def test_places_are_no_more_than_asked_for(client: FlaskClient) -> None:
    assert len(_items(client, "/v1/places", q="San", limit=3)) == 3
    assert len(_items(client, "/v1/places", q="San")) == 10


def test_countries_of_places_are_labelled_for_the_reader(client: FlaskClient) -> None:
    assert _items(client, "/v1/places", q="Nairobi", lang="ar")[0]["country_label"] == "كينيا"


def test_places_are_named_for_the_reader_and_in_their_own_script(client: FlaskClient) -> None:
    cairo = _items(client, "/v1/places", q="Cairo", lang="fr")[0]
    assert (cairo["name"], cairo["local_name"]) == ("Le Caire", "القاهرة")
    assert cairo["label"].endswith("Égypte")
    arabic = _items(client, "/v1/places", q="Cairo", lang="ar")[0]
    assert (arabic["label"], arabic["local_name"]) == ("القاهرة، مصر", None)


def test_place_that_was_completed_can_be_searched(client: FlaskClient, world: World) -> None:
    place = _items(client, "/v1/places", q="Goma", country="CD")[0]
    page = client.get(f"/v1/providers?place={place['id']}").get_json()
    assert page["total"]["value"] > 0
    assert {item["place"] for item in page["items"]} == {place["id"]}


def test_places_may_be_kept_for_an_hour(client: FlaskClient) -> None:
    answer = client.get("/v1/places?q=Goma")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert client.get("/v1/places?q=Goma", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("typed", "kind", "what"),
    [
        ("cardio", "specialty", {"code": "cardiology"}),
        ("pharm", "type", {"code": "pharmacy"}),
        ("Nairo", "place", {"id": "184745"}),
        ("Uhuru Ph", "provider", {"label": "Uhuru Pharmacy"}),
    ],
)
def test_each_kind_is_suggested(client: FlaskClient, typed: str, kind: str, what: dict[str, str]) -> None:
    suggested = _items(client, "/v1/suggest", q=typed)
    assert any(item["kind"] == kind and what.items() <= item.items() for item in suggested)


@pytest.mark.parametrize(
    ("typed", "lang", "label"),
    [
        ("pédiat", "fr", "Pédiatrie"),
        ("dentis", "es", "Dentista"),
        ("صيدل", "ar", "صيدلية"),
        ("heart", "en", "Cardiology"),
    ],
)
def test_everyday_words_are_suggested_in_the_readers_language(
    client: FlaskClient, typed: str, lang: str, label: str
) -> None:
    assert label in {item["label"] for item in _items(client, "/v1/suggest", q=typed, lang=lang)}


def test_providers_near_the_member_are_suggested_first(client: FlaskClient) -> None:
    def first_name(lat: float, lon: float) -> str:
        suggested = _items(client, "/v1/suggest", q="hospital", lat=lat, lon=lon, limit=20)
        return next(str(item["label"]) for item in suggested if item["kind"] == "provider")

    assert first_name(-1.26, 36.81) == "Aga Khan University Hospital"
    assert first_name(-16.4, 179.3) == "Labasa Hospital"


def test_suggested_places_and_providers_stay_in_the_country(client: FlaskClient) -> None:
    suggested = _items(client, "/v1/suggest", q="hos", country="FJ", limit=20)
    assert {item["country"] for item in suggested if "country" in item} == {"FJ"}


def test_suggestions_are_no_more_than_asked_for(client: FlaskClient) -> None:
    assert len(_items(client, "/v1/suggest", q="a", limit=4)) == 4


def test_without_the_search_engine_all_but_names_is_suggested(environment: dict[str, str], built_world: World) -> None:
    with serving({**environment, "OPENSEARCH_URL": NOBODY}):
        body = create_app().test_client().get("/v1/suggest?q=card").get_json()
    assert body["degraded"] is True
    assert "cardiology" in {item.get("code") for item in body["items"]}
    assert "provider" not in {item["kind"] for item in body["items"]}
