"""One listing, and what became of those that are gone; cursors that do not belong."""

import base64

import orjson
import pytest
from flask.testing import FlaskClient

from directory.api.schemas import FeatureAnswer, ItemAnswer
from tests.http.problem import fault_of, problem_of
from tests.worlds.small_directory import World


def test_listing_is_the_same_as_in_a_search(client: FlaskClient, world: World) -> None:
    [item] = client.get("/v1/providers?q=aga+khan").get_json()["items"]
    answer = client.get(f"/v1/providers/{world.ids['aga-khan']}")
    assert answer.get_json() == {**item, "degraded": False}
    assert not ItemAnswer(unknown="raise").validate(answer.get_json())


def test_listing_is_checked_before_each_use(client: FlaskClient, world: World) -> None:
    address = f"/v1/providers/{world.ids['aga-khan']}"
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(f"{address}?lang=ar", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_listing_as_geojson(client: FlaskClient, world: World) -> None:
    answer = client.get(f"/v1/providers/{world.ids['cairo']}", headers={"Accept": "application/geo+json"})
    assert answer.mimetype == "application/geo+json"
    feature = answer.get_json()
    assert not FeatureAnswer(unknown="raise").validate(feature)
    assert feature["geometry"] == {"type": "Point", "coordinates": [31.231, 29.985]}


def test_suspended_listing_is_shown_but_not_found(client: FlaskClient, world: World) -> None:
    assert client.get(f"/v1/providers/{world.ids['suspended']}").get_json()["status"] == "suspended"
    assert client.get("/v1/providers?q=suspended+house").get_json()["total"]["value"] == 0


def test_merged_listing_says_which_took_its_place_and_why(client: FlaskClient, world: World) -> None:
    body = problem_of(client.get(f"/v1/providers/{world.ids['merged']}"), 410, "listing-gone")
    survivor = str(world.ids["aga-khan"])
    assert body["reason"] == "the same house"
    assert body["replaced_by"] == survivor
    assert survivor in body["detail"]
    assert client.get(body["replacement"]).get_json()["id"] == survivor


def test_retired_listing_says_why(client: FlaskClient, world: World) -> None:
    body = problem_of(client.get(f"/v1/providers/{world.ids['retired']}"), 410, "listing-gone")
    assert body["reason"] == "closed for good"
    assert body["replaced_by"] is body["replacement"] is None


@pytest.mark.parametrize("name", ["retired", "merged"])
def test_listing_that_is_gone_is_not_found_by_a_search(client: FlaskClient, world: World, name: str) -> None:
    everything = client.get("/v1/providers?limit=100").get_json()["items"]
    assert str(world.ids[name]) not in {item["id"] for item in everything}


@pytest.mark.parametrize(
    "listing_id", ["999999999", "0", "-1", "abc", "1.5", "１", "9" * 18, "9" * 19, "9" * 400, "%00"]
)
def test_listing_that_never_was_is_not_found(client: FlaskClient, listing_id: str) -> None:
    problem_of(client.get(f"/v1/providers/{listing_id}"), 404, "not-found")


def _cursor(client: FlaskClient, query: str) -> str:
    following = client.get(f"/v1/providers?{query}&limit=2").get_json()["links"]["next"]
    return str(following).partition("cursor=")[2]


@pytest.mark.parametrize("word", ["x", "AAAA", "%00", "é", "W10", "bnVsbA", "e30", "[]", "=" * 100, "W" * 500])
def test_word_that_is_no_cursor_is_refused(client: FlaskClient, word: str) -> None:
    assert "links.next" in fault_of(client.get(f"/v1/providers?cursor={word}"), "cursor")["message"]


@pytest.mark.parametrize(
    "other", ["country=KE", "q=clinic", "sort=relevance", "near=Goma", "bbox=0,0,1,1", "tariff=true", "type=clinic"]
)
def test_cursor_of_another_search_is_refused(client: FlaskClient, other: str) -> None:
    cursor = _cursor(client, "sort=name")
    assert "another search" in fault_of(client.get(f"/v1/providers?{other}&cursor={cursor}"), "cursor")["message"]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("sort=name", 1),
        ("sort=name", None),
        ("sort=name", "\u0000"),
        ("q=clinic", "a"),
        ("q=clinic", True),
        ("q=clinic", 1e308),
        ("q=clinic", -(2**63)),
        ("near=Goma", 1e308),
        ("near=Goma", -1),
        ("near=Goma", 2**64 - 1),
    ],
)
def test_forged_cursor_breaks_nothing(client: FlaskClient, query: str, key: object) -> None:
    word = _cursor(client, query)
    form, fingerprint, forgiving, _, *others = orjson.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
    forged = base64.urlsafe_b64encode(orjson.dumps([form, fingerprint, forgiving, key, *others])).decode().rstrip("=")
    answer = client.get(f"/v1/providers?{query}&cursor={forged}")
    if answer.status_code != 200:
        fault_of(answer, "cursor")
