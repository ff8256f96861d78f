"""Places in answers are called as the reader calls them, and told apart where they are called alike."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from directory.web.places import city_label, render_places
from geodata.gazetteer import get_gazetteer
from tests.worlds.small_directory import World


@pytest.mark.parametrize(("lang", "nairobi"), [("en", "Nairobi"), ("fr", "Nairobi"), ("ar", "نيروبي")])
def test_city_of_an_item_and_of_its_facet_is_the_readers(
    client: FlaskClient, world: World, lang: str, nairobi: str
) -> None:
    asked = {"q": "Aga Khan University Hospital", "facets": "city", "lang": lang}
    body: Any = client.get("/v1/providers", query_string=asked).get_json()
    item = body["items"][0]
    assert (item["city"], item["city_label"]) == ("Nairobi", nairobi)
    assert [each["label"] for each in body["facets"]["city"] if each["value"] == item["place"]] == [nairobi]


def test_city_that_is_not_the_nearest_place_stays_as_it_was_written(world: World) -> None:
    cairo = get_gazetteer().resolve_place("Cairo").place
    assert city_label("Le Caire", cairo.id, "es") == "El Cairo"
    assert city_label("Heliopolis Gardens", cairo.id, "ar") == "Heliopolis Gardens"
    assert city_label("Anywhere", None, "fr") == "Anywhere"
    assert city_label(None, cairo.id, "fr") is None


@pytest.mark.parametrize("lang", ["en", "fr", "es", "ar"])
def test_two_places_of_one_name_are_told_apart_in_every_language(client: FlaskClient, lang: str) -> None:
    resolution = get_gazetteer().resolve_place("Cairo")
    shown = render_places([resolution.place, *resolution.alternatives], lang)
    assert len(shown) > 2
    assert len({each["label"] for each in shown}) == len(shown)
    typed: Any = client.get("/v1/places", query_string={"q": "San José", "lang": lang}).get_json()
    labels = [each["label"] for each in typed["items"]]
    assert len(set(labels)) == len(labels)
