"""The page of a search: its members, its other form, its labels, its pages, and how long it may be kept."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from directory.api.schemas import FeatureCollection, Item, SearchAnswer
from directory.app import create_app
from tests.worlds.small_directory import CLINICS, GOMA, LISTINGS, World, serving

GEOJSON = {"Accept": "application/geo+json"}
Found = Callable[..., Any]


def test_items_have_exactly_the_members_that_are_described(found: Found) -> None:
    # Only the network team is told why; verdict and area are of who says their plan.
    described = set(Item().fields) - {"explained", "verdict", "coverage", "depends_on_plan"}
    for item in found(limit=100)["items"]:
        assert set(item) == described
        assert not {"_id", "_source", "_score", "sort", "card", "sort_name", "live"} & set(item)


def test_page_has_exactly_the_members_that_are_described(found: Found) -> None:
    page = found(near="Nairobi")
    assert set(page) == set(SearchAnswer().fields) - {"notice"}
    assert not SearchAnswer(unknown="raise").validate(page)


def test_empty_facts_are_null_or_empty_lists(found: Found) -> None:
    [item] = found(q="Somewhere Midwives")["items"]
    assert item["location"] is item["address"] is item["email"] is item["distance_km"] is item["verified_on"] is None
    assert item["verified_by"] is item["verified_by_label"] is None
    assert item["phones"] == item["languages"] == item["specialties"] == item["agreements"] == []


def test_item_tells_all_that_the_file_said(found: Found, world: World) -> None:
    [item] = found(q="Aga Khan", near="Nairobi", type="hospital")["items"]
    assert item["id"] == str(world.ids["aga-khan"])
    assert [name["script"] for name in item["names"]] == ["Latn", "Arab"]
    assert item["phones"] == ["+254203662000"]
    assert (item["country"], item["city"], item["place"]) == ("KE", "Nairobi", "184745")
    assert item["location"] == {"lat": -1.2636, "lon": 36.8167, "precision": "exact"}
    assert item["languages"] == ["en", "sw", "ar"]
    assert item["verified_on"] == "2026-01-15"
    assert (item["verified_by"], item["verified_by_label"]) == ("source", "the list it comes from")
    assert item["distance_km"] == pytest.approx(2.3, abs=1)


def test_where_says_how_words_were_understood(found: Found) -> None:
    where = found(near="Le Caire", radius_km=10)["where"]
    assert where["place"]["country"] == "EG"
    assert where["radius_km"] == 10
    assert where["lat"] == where["place"]["location"]["lat"]
    assert found(lat=1, lon=2)["where"] == {"lat": 1, "lon": 2, "radius_km": 25, "place": None, "alternatives": []}
    assert found()["where"] is None
    assert found(near="Nairobbi")["where"]["corrected"] is True


def test_geojson_is_the_same_page(client: FlaskClient, found: Found) -> None:
    asked = {"country": "KE,FJ", "sort": "name"}
    answer = client.get("/v1/providers", query_string=asked, headers=GEOJSON)
    assert answer.mimetype == "application/geo+json"
    page, plain = answer.get_json(), found(**asked)
    assert not FeatureCollection(unknown="raise").validate(page)
    assert page["type"] == "FeatureCollection"
    assert [feature["properties"] for feature in page["features"]] == plain["items"]
    assert {key: page[key] for key in ("total", "facets", "links")} == {
        key: plain[key] for key in ("total", "facets", "links")
    }
    for feature in page["features"]:
        location = feature["properties"]["location"]
        assert feature["id"] == feature["properties"]["id"]
        assert feature["geometry"] == (
            location and {"type": "Point", "coordinates": [location["lon"], location["lat"]]}
        )
    assert any(feature["geometry"] is None for feature in page["features"])


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("*/*", "application/json"),
        ("text/html", "application/json"),
        ("application/json", "application/json"),
        ("application/geo+json;q=0.4, application/json", "application/json"),
        ("application/geo+json, application/json;q=0.9", "application/geo+json"),
        ("application/vnd.unknown, application/geo+json;q=0.1", "application/geo+json"),
    ],
)
def test_the_form_that_the_reader_prefers_is_given(client: FlaskClient, accept: str, given: str) -> None:
    assert client.get("/v1/providers?limit=1", headers={"Accept": accept}).mimetype == given


def test_unchanged_page_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/v1/providers?country=KE")
    again = client.get("/v1/providers?country=KE", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]
    assert client.get("/v1/providers?country=EG", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_other_language_or_form_has_another_etag(client: FlaskClient) -> None:
    forms: tuple[dict[str, str], ...] = ({}, {"Accept-Language": "fr"}, GEOJSON)
    assert len({client.get("/v1/providers", headers=headers).headers["ETag"] for headers in forms}) == len(forms)


def test_page_says_how_long_it_may_be_kept_and_what_it_varies_with(client: FlaskClient) -> None:
    headers = client.get("/v1/providers?country=KE").headers
    assert headers["Cache-Control"] == "public, max-age=30"
    assert {word.strip() for word in headers["Vary"].split(",")} == {"Accept", "Accept-Encoding", "Accept-Language"}
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("lang", "accept_language", "given"),
    [
        (None, None, "en"),
        ("fr", None, "fr"),
        ("es-MX", "fr", "es"),
        (None, "ar-EG, en;q=0.5", "ar"),
        (None, "de, fr;q=0.8, en;q=0.7", "fr"),
        (None, "en;q=0.1, es", "es"),
        (None, "fr;q=0, de", "en"),
        ("ja", "fr", "en"),
        (None, "*", "en"),
        (None, ";;;", "en"),
    ],
)
def test_labels_come_in_the_readers_language(
    client: FlaskClient, lang: str | None, accept_language: str | None, given: str
) -> None:
    headers = {"Accept-Language": accept_language} if accept_language else {}
    asked = {"country": "KE", "type": "hospital", **({"lang": lang} if lang else {})}
    answer = client.get("/v1/providers", query_string=asked, headers=headers)
    assert answer.headers["Content-Language"] == given
    labels = {"en": "Hospital", "fr": "Hôpital", "es": "Hospital", "ar": "مستشفى"}
    countries = {"en": "Kenya", "fr": "Kenya", "es": "Kenia", "ar": "كينيا"}
    page = answer.get_json()
    assert page["items"][0]["type_label"] == labels[given]
    assert page["items"][0]["country_label"] == countries[given]
    assert {value["value"]: value["label"] for value in page["facets"]["country"]}["KE"] == countries[given]


def test_every_facet_value_has_a_label_in_every_language(found: Found) -> None:
    every = "country,city,type,specialty,settlement,tariff,language,network"
    for lang in ("en", "fr", "es", "ar"):
        facets = found(facets=every, lang=lang)["facets"]
        assert list(facets) == every.split(",")
        for name, values in facets.items():
            assert values, name
            for value in values:
                assert value["label"]
                assert value["label"] != value["value"], (name, lang)


def test_facets_are_those_asked_for_and_mark_what_is_selected(found: Found) -> None:
    assert list(found()["facets"]) == ["country", "city", "type", "specialty", "settlement"]
    assert found(facets="none")["facets"] == {}
    countries = found(facets="country", country="EG,BR")["facets"]["country"]
    assert {value["value"]: (value["count"], value["selected"]) for value in countries} == {
        "CD": (CLINICS, False),
        "KE": (6, False),
        "FJ": (2, False),
        "EG": (1, True),
        "BR": (0, True),
    }


PAYMENT = {
    "en": "Essential network: You pay, then claim. Worldwide network: Guarantee letter: ask 7 days before.",
    "fr": "Réseau essentiel: Vous payez, puis demandez le remboursement. "
    "Réseau mondial: Lettre de garantie : à demander 7 jours avant.",
    "es": "Red esencial: Usted paga y luego pide el reembolso. Red mundial: Carta de garantía: pídala 7 días antes.",
    "ar": "الشبكة الأساسية: تدفع أنت ثم تطلب استرداد المبلغ. الشبكة العالمية: خطاب ضمان: اطلبه قبل 7 أيام.",
}


@pytest.mark.parametrize(("lang", "sentence"), PAYMENT.items())
def test_payment_names_the_networks_where_they_differ(found: Found, lang: str, sentence: str) -> None:
    [item] = found(q="aga khan", lang=lang)["items"]
    assert item["payment"]["inpatient"] == sentence


def test_with_a_network_only_its_agreements_are_told(found: Found) -> None:
    [item] = found(q="aga khan", network="worldwide")["items"]
    assert [agreement["network"] for agreement in item["agreements"]] == ["worldwide"]
    assert item["payment"] == {
        "outpatient": "Your card is accepted here.",
        "inpatient": "Guarantee letter: ask 7 days before.",
    }


def test_provider_without_an_agreement_is_paid_and_claimed(found: Found) -> None:
    [item] = found(q="Karen Dental")["items"]
    assert item["agreements"] == []
    assert set(item["payment"].values()) == {"You pay, then claim."}


def _pages(client: FlaskClient, link: str) -> Iterator[dict[str, Any]]:
    following: str | None = link
    while following:
        answer = client.get(following)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        page = answer.get_json()
        assert page["links"]["self"] == following
        following = page["links"]["next"]
        yield page


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("sort=name", LISTINGS),
        ("sort=relevance", LISTINGS),
        (f"sort=distance&lat={GOMA[1]}&lon={GOMA[0]}&radius_km=500", CLINICS),
        (f"q=walk+clinic&lat={GOMA[1]}&lon={GOMA[0]}", CLINICS),
        ("q=clinic&country=CD&sort=name", CLINICS),
        ("q=wlak+clinc&near=Goma&lang=fr", CLINICS),
    ],
)
@pytest.mark.parametrize("limit", [1, 4])
def test_next_links_walk_every_listing_once(client: FlaskClient, query: str, total: int, limit: int) -> None:
    pages = list(_pages(client, f"/v1/providers?{query}&limit={limit}"))
    ids = [item["id"] for page in pages for item in page["items"]]
    assert len(ids) == len(set(ids)) == total
    assert {page["total"]["value"] for page in pages} == {total}
    assert [len(page["items"]) for page in pages[:-1]] == [limit] * (len(pages) - 1)


def test_pages_follow_the_order_that_was_asked_for(client: FlaskClient) -> None:
    point = f"lat={GOMA[1]}&lon={GOMA[0]}"
    pages = _pages(client, f"/v1/providers?sort=distance&{point}&radius_km=100&limit=5")
    distances = [item["distance_km"] for page in pages for item in page["items"]]
    assert distances == sorted(distances)
    names = [item["name"] for page in _pages(client, "/v1/providers?country=CD&limit=5") for item in page["items"]]
    assert names == sorted(names)


def test_cursor_goes_on_with_other_page_size_facets_and_language(client: FlaskClient, found: Found) -> None:
    first = found(country="CD", limit=10)
    cursor = first["links"]["next"].partition("cursor=")[2]
    rest = found(country="CD", limit=100, facets="none", lang="ar", cursor=cursor)
    assert len(rest["items"]) == CLINICS - 10
    assert rest["links"]["next"] is None


def test_links_keep_words_of_any_script(client: FlaskClient) -> None:
    page = client.get("/v1/providers", query_string={"q": "مستشفى", "country": "EG,KE", "limit": "1"}).get_json()
    pages = list(_pages(client, page["links"]["self"]))
    assert sum(len(one["items"]) for one in pages) == page["total"]["value"] > 1


def test_every_relaxation_gives_what_it_promises(client: FlaskClient, found: Found) -> None:
    page = found(q="uhuru", near="Nairobi", radius_km=0.1, lang="fr")
    assert page["total"]["value"] == 0
    assert {"radius_km", "q"} & {relaxation["parameter"] for relaxation in page["relaxations"]}
    page["relaxations"] += found(near="Nairobi", type="dentist", tariff="true", lang="ar")["relaxations"]
    assert {"type", "tariff"} <= {relaxation["parameter"] for relaxation in page["relaxations"]}
    for relaxation in page["relaxations"]:
        assert relaxation["label"]
        assert client.get(relaxation["link"]).get_json()["total"]["value"] == relaxation["total"] > 0


def test_demonstration_is_told_on_every_answer(environment: dict[str, str], built_world: World) -> None:
    with serving({**environment, "DEMONSTRATION": "true"}):
        client = create_app().test_client()
        address = f"/v1/providers/{built_world.ids['cairo']}"
        for path in ("/v1/providers", address, "/v1/codes"):
            assert "invented" in client.get(path).get_json()["notice"]
            assert "inventés" in client.get(path, headers={"Accept-Language": "fr"}).get_json()["notice"]
        for path in ("/v1/providers", address):
            assert "invented" in client.get(path, headers=GEOJSON).get_json()["notice"]
        assert client.get("/v1/codes").get_json()["demonstration"] is True


def test_outside_a_demonstration_nothing_is_said_of_one(client: FlaskClient) -> None:
    assert "notice" not in client.get("/v1/providers").get_json()
    codes = client.get("/v1/codes").get_json()
    assert codes["demonstration"] is False
    assert "notice" not in codes
