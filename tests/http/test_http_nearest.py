"""What only its city places, and what is answered where nothing is within the radius: interface, map, plain page."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from config.languages import LANGUAGES
from directory.app import create_app
from indexers.rebuild import rebuild
from indexers.stores import open_stores
from tests.http.test_http_running import AWAY
from tests.worlds.small_directory import World, serving

Found = Callable[..., Any]
# In the Indian Ocean, some 500 km from Mombasa.
AT_SEA = {"lat": -4.0, "lon": 44.0}
# Far west of Nairobi, where no pharmacy is.
WEST = {"lat": -1.3, "lon": 30.5}
KISUMU = "34.6,-0.3,35.0,0.0"


def test_what_only_its_city_places_comes_last_without_a_distance(found: Found, world: World) -> None:
    items = found(near="Kisumu")["items"]
    assert [item["id"] for item in items] == [str(world.ids["kisumu-street"]), str(world.ids["kisumu-somewhere"])]
    assert items[0]["distance_km"] > 1
    assert items[1]["distance_km"] is None
    assert items[1]["location"]["precision"] == "place"


def test_map_has_it_in_a_list_and_not_as_a_pin(client: FlaskClient, world: World) -> None:
    body = client.get("/v1/map", query_string={"bbox": KISUMU, "zoom": 11}).get_json()
    assert body["total"]["value"] == 1
    assert [feature["id"] for feature in body["features"]] == [str(world.ids["kisumu-street"])]
    assert body["somewhere"]["total"] == 1
    [city] = body["somewhere"]["cities"]
    assert "Kisumu" in city["city"]
    assert city["count"] == 1
    assert [each["id"] for each in city["listings"]] == [str(world.ids["kisumu-somewhere"])]


def test_nothing_within_the_radius_names_the_nearest_and_the_nearest_with_the_card(found: Found, world: World) -> None:
    page = found(**WEST, type="dentist,pharmacy", facets="none")
    assert page["total"]["value"] == 0
    assert page["nearest"]["any"]["id"] == str(world.ids["no-agreement"])
    assert page["nearest"]["card"]["id"] == str(world.ids["nairobi-pharmacy"])
    assert 600 < page["nearest"]["any"]["distance_km"] < page["nearest"]["card"]["distance_km"] < 800
    assert page["nearest"]["card"]["payment"]["outpatient"]


def test_filters_hold_for_the_nearest(found: Found, world: World) -> None:
    page = found(**AT_SEA, type="hospital", facets="none")
    assert page["nearest"]["any"]["id"] == str(world.ids["aga-khan"])
    nearest = found(**AT_SEA, type="midwife", facets="none")["nearest"]
    assert nearest is None
    assert found(**AT_SEA, type="physiotherapist", network="essential", facets="none")["nearest"] is None


@pytest.mark.parametrize("asked", [{"near": "Kisumu"}, {"country": "FJ"}, {"q": "zzzzqqq"}], ids=repr)
def test_nearest_is_told_only_where_nothing_is_within_a_radius(found: Found, asked: dict[str, Any]) -> None:
    assert found(**asked, facets="none")["nearest"] is None


def test_helpline_is_told_where_nothing_is_found(environment: dict[str, str], built_world: World) -> None:
    with serving({**environment, "HELPLINE": "+254 20 366 2000"}):
        client = create_app().test_client()
        assert client.get("/v1/providers?q=zzzzqqq").get_json()["helpline"] == "+254 20 366 2000"
        assert client.get("/v1/providers?near=Kisumu").get_json()["helpline"] is None
        page = client.get("/search?lat=-4&lon=44&lang=fr").get_data(as_text=True)
        assert 'href="tel:+254203662000"' in page


def test_without_the_engine_the_nearest_is_the_same(
    environment: dict[str, str], built_world: World, found: Found
) -> None:
    asked = {"lat": "-4.0", "lon": "44.0", "facets": "none"}
    # What other tests did to a listing is in both stores then.
    stores = open_stores()
    rebuild(stores, grace_s=0)
    stores.client.close()
    stores.engine.dispose()
    usual = found(**asked)["nearest"]
    with serving({**environment, **AWAY["search"]}):
        page = create_app().test_client().get("/v1/providers", query_string=asked).get_json()
    assert page["degraded"] is True
    assert page["nearest"] == usual


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plain_page_shows_the_nearest_with_phone_and_way_to_pay(client: FlaskClient, world: World, lang: str) -> None:
    asked = {"lat": -0.1, "lon": 38.5, "which": "physiotherapist", "lang": lang, "as_typed": ""}
    page = client.get("/search", query_string=asked).get_data(as_text=True)
    assert "Milimani Physiotherapy" in page
    assert "Lakeside Physiotherapy" not in page
    assert 'href="tel:+254572020802"' in page
    assert "pay-card" in page


def test_plain_page_has_what_only_its_city_places_under_a_heading(client: FlaskClient, world: World) -> None:
    page = client.get("/search", query_string={"near": "Kisumu", "lang": "en"}).get_data(as_text=True)
    street, heading, somewhere = map(page.index, ("Milimani", "Of these, only the city is known", "Lakeside"))
    assert street < heading < somewhere
    assert "Somewhere in" in page
    assert "Of these, only" not in client.get("/search?country=FJ&lang=en").get_data(as_text=True)


def test_plain_page_of_a_country_begins_with_what_is_known_best(client: FlaskClient, world: World) -> None:
    page = client.get("/search?country=KE&lang=en").get_data(as_text=True)
    assert page.index("Aga Khan University Hospital") < page.index("Karen Dental Rooms")
    assert page.index("Aga Khan University Hospital") < page.index("Somewhere Midwives")
