"""GET /v1/map: what it takes, what it answers, and that its answer may be kept."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from directory.api.map_schemas import MapAnswer
from tests.http.problem import problem_of
from tests.worlds.small_directory import CLINICS, GOMA, LISTINGS, World

Look = Callable[..., Any]
NAIROBI = "36.6,-1.5,37.1,-1.1"
WORLD = "-180,-90,180,90"


@pytest.fixture
def look(client: FlaskClient) -> Look:
    """The body of a map that must be answered with 200: `look(bbox=NAIROBI, zoom=11)`."""

    def ask(**parameters: Any) -> Any:
        answer = client.get("/v1/map", query_string=parameters)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        assert answer.mimetype == "application/geo+json"
        body = answer.get_json()
        assert not MapAnswer(unknown="raise").validate(body)
        return body

    return ask


def by_id(body: Any) -> dict[str, Any]:
    """The single listings of a map."""
    return {each["id"]: each for each in body["features"] if each["properties"]["kind"] == "listing"}


def test_listing_is_a_point_with_what_a_pin_shows(look: Look, world: World) -> None:
    listing_id = str(world.ids["aga-khan"])
    pin = by_id(look(bbox=NAIROBI, zoom=11))[listing_id]
    assert set(pin["properties"].pop("payment")) == {"outpatient", "inpatient"}
    assert pin == {
        "type": "Feature",
        "id": listing_id,
        "geometry": {"type": "Point", "coordinates": [36.8167, -1.2636]},
        "properties": {
            "kind": "listing",
            "id": listing_id,
            "name": "Aga Khan University Hospital",
            "type": "hospital",
            "type_label": "Hospital",
            "precision": "exact",
            "ways": {"outpatient": "card", "inpatient": "guarantee_letter"},
        },
    }


def test_pin_says_what_the_search_says(look: Look, found: Callable[..., Any]) -> None:
    for lang in ("en", "fr", "es", "ar"):
        for network in ("worldwide", "essential"):
            asked = {"bbox": NAIROBI, "network": network, "lang": lang}
            pins = by_id(look(**asked, zoom=3))
            items = {item["id"]: item for item in found(**asked)["items"]}
            assert set(pins) == set(items) != set()
            for listing_id, pin in pins.items():
                for member in ("name", "type", "type_label", "payment"):
                    assert pin["properties"][member] == items[listing_id][member]


def test_answer_is_in_the_readers_language(client: FlaskClient) -> None:
    answer = client.get(f"/v1/map?bbox={NAIROBI}&zoom=9", headers={"Accept-Language": "ar"})
    assert answer.headers["Content-Language"] == "ar"
    assert "مستشفى" in {each["properties"]["type_label"] for each in by_id(answer.get_json()).values()}


def test_listings_at_one_point_are_one_cluster(look: Look, found: Callable[..., Any], world: World) -> None:
    # The world has every listing that has a point; those without one are on no map.
    body = look(bbox=WORLD, zoom=0)
    counts = [each["properties"].get("count", 1) for each in body["features"]]
    assert sum(counts) == body["total"]["value"]
    assert body["total"]["value"] + body["somewhere"]["total"] == found(bbox=WORLD)["total"]["value"] < LISTINGS
    assert str(world.ids["nowhere"]) not in by_id(body)
    for cluster in (each["properties"] for each in body["features"] if each["properties"]["kind"] == "cluster"):
        assert cluster["same_point"]
        assert found(bbox=",".join(map(str, cluster["bbox"])))["total"]["value"] == cluster["count"]


def test_box_across_the_antimeridian_has_both_of_its_sides(look: Look, world: World) -> None:
    fiji = {str(world.ids["fiji-west"]), str(world.ids["fiji-east"])}
    assert set(by_id(look(bbox="177,-20,-178,-15", zoom=7))) == fiji


def test_filters_are_those_of_the_search(look: Look, found: Callable[..., Any]) -> None:
    for filters in (
        {"q": "walk-in clinic"},
        {"q": "hospitol"},
        {"type": "hospital,pharmacy"},
        {"country": "KE", "settlement": "outpatient:card"},
        {"near": "Goma", "radius_km": "2"},
        {"lat": str(GOMA[1]), "lon": str(GOMA[0]), "radius_km": "1"},
        {"tariff": "true"},
    ):
        body, page = look(bbox=WORLD, zoom=4, **filters), found(bbox=WORLD, limit=100, **filters)
        for member in ("total", "where", "forgiving", "degraded"):
            assert body[member] == page[member], filters
        assert page["total"]["value"] > 0


def test_map_says_where_it_looked(look: Look) -> None:
    body = look(bbox="29,-2,30,-1", zoom=10, near="Goma")
    assert body["where"]["place"]["name"] == "Goma"
    assert body["total"]["value"] == CLINICS
    assert look(bbox=NAIROBI, zoom=10)["where"] is None


@pytest.mark.parametrize("parameter", ["sort", "facets", "limit", "cursor"])
def test_order_facets_and_pages_are_no_parameters_of_a_map(client: FlaskClient, parameter: str) -> None:
    problem = problem_of(client.get(f"/v1/map?bbox={NAIROBI}&zoom=9&{parameter}=name"), 400)
    assert [error["parameter"] for error in problem["errors"]] == [parameter]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("", {"bbox", "zoom"}),
        (f"bbox={NAIROBI}", {"zoom"}),
        ("zoom=3", {"bbox"}),
        (f"bbox={NAIROBI}&zoom=21", {"zoom"}),
        (f"bbox={NAIROBI}&zoom=-1", {"zoom"}),
        (f"bbox={NAIROBI}&zoom=9.5", {"zoom"}),
        (f"bbox={NAIROBI}&zoom=far", {"zoom"}),
        ("bbox=1,2,3&zoom=9", {"bbox"}),
        ("bbox=1,9,3,2&zoom=9", {"bbox"}),
        (f"bbox={NAIROBI}&zoom=9&near=Nonesuchville", {"near"}),
        (f"bbox={NAIROBI}&zoom=9&radius_km=5", {"radius_km"}),
    ],
)
def test_what_is_wrong_is_told(client: FlaskClient, query: str, wrong: set[str]) -> None:
    problem = problem_of(client.get(f"/v1/map?{query}"), 400)
    assert {error["parameter"] for error in problem["errors"]} == wrong
    assert all(
        error["message"].strip().endswith((".", "?")) or "must" in error["message"] for error in problem["errors"]
    )


def test_missing_zoom_says_what_is_allowed(client: FlaskClient) -> None:
    problem = problem_of(client.get(f"/v1/map?bbox={NAIROBI}"), 400)
    assert "from 0 to 20" in problem["errors"][0]["message"]


def test_map_may_be_kept_as_long_as_a_search(client: FlaskClient) -> None:
    search, shown = (client.get(f"/v1/{each}") for each in (f"providers?bbox={NAIROBI}", f"map?bbox={NAIROBI}&zoom=11"))
    assert shown.headers["Cache-Control"] == search.headers["Cache-Control"]
    again = client.get(f"/v1/map?bbox={NAIROBI}&zoom=11", headers={"If-None-Match": shown.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
