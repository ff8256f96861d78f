"""Every parameter of every address: valid, wrong in each way, unknown, repeated, empty."""

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.http.problem import fault_of, problem_of
from tests.worlds.small_directory import CLINICS, LISTINGS, World

pytestmark = pytest.mark.usefixtures("world")

# What finds how many of the world's listings.
ALONE: tuple[tuple[dict[str, Any], int], ...] = (
    ({}, LISTINGS),
    ({"q": "uhuru"}, 1),
    ({"q": "السلام"}, 1),
    ({"country": "KE"}, 6),
    ({"country": "ke,eg"}, 7),
    ({"place": "184745"}, 3),
    ({"near": "Nairobi"}, 3),
    ({"near": "القاهرة"}, 1),
    ({"lat": "-1.2864", "lon": "36.8172"}, 3),
    ({"bbox": "36,-2,37,-1"}, 3),
    ({"bbox": "179,-17,-179,-16"}, 2),
    ({"type": "pharmacy,dentist"}, 2),
    ({"specialty": "paediatrics"}, 1),
    ({"language": "ar"}, 2),
    ({"network": "worldwide"}, 4),
    ({"settlement": "outpatient:card"}, CLINICS + 3),
    ({"settlement": "outpatient:direct,inpatient:direct"}, 2),
    ({"tariff": "true"}, 2),
    ({"facets": "none"}, LISTINGS),
    ({"facets": "network,tariff,language"}, LISTINGS),
    ({"limit": "100"}, LISTINGS),
    ({"lang": "fr-CA"}, LISTINGS),
    ({"sort": "name"}, LISTINGS),
    ({"sort": "relevance"}, LISTINGS),
)

TOGETHER: tuple[tuple[dict[str, Any], int], ...] = (
    ({"near": "Nairobi", "radius_km": "0.1"}, 0),
    ({"near": "Nairobi", "radius_km": "500", "type": "hospital"}, 1),
    ({"near": "Goma", "country": "CD", "sort": "name"}, CLINICS),
    ({"lat": "-1.2636", "lon": "36.8167", "radius_km": "1", "sort": "distance"}, 1),
    ({"q": "clinic", "near": "Goma", "network": "local_staff", "settlement": "outpatient:card"}, CLINICS),
    ({"q": "hospital", "bbox": "179,-17,-179,-16", "facets": "country", "limit": "1"}, 2),
    # A card in one network and a tariff in another are not "card and tariff".
    ({"settlement": "outpatient:card", "tariff": "true"}, 1),
    ({"settlement": "outpatient:card", "tariff": "true", "network": "essential"}, 0),
    ({"type": "hospital", "specialty": "cardiology", "language": "ar", "country": "KE,EG", "lang": "ar"}, 2),
    ({"place": "184745,360630", "type": "hospital"}, 2),
)


@pytest.mark.parametrize(("asked", "total"), ALONE + TOGETHER)
def test_parameters_find_what_they_say(client: FlaskClient, asked: dict[str, Any], total: int) -> None:
    answer = client.get("/v1/providers", query_string=asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.get_json()["total"] == {"value": total, "relation": "eq"}


WRONG: tuple[tuple[str, str, str, str], ...] = (
    # (address with what else it needs, parameter, value, what the error must say is allowed)
    ("/v1/providers?", "country", "XX", "KE"),
    ("/v1/providers?", "country", "KEN", "KE"),
    ("/v1/providers?", "country", "KE,,EG", "KE"),
    ("/v1/providers?", "country", ",".join(["KE"] * 101), "At most 100 values"),
    ("/v1/providers?", "place", "Nairobi", "/v1/places"),
    ("/v1/providers?", "place", "-1", "/v1/places"),
    ("/v1/providers?", "place", "99999999999999999999", "/v1/places"),
    ("/v1/providers?", "place", "1", "/v1/places"),
    ("/v1/providers?", "near", "Xyzzyplugh", "/v1/places"),
    ("/v1/providers?", "near", "Kenya", "country=KE"),
    ("/v1/providers?", "near", "n" * 121, "120"),
    ("/v1/providers?lon=0&", "lat", "90.001", "from -90 to 90"),
    ("/v1/providers?lon=0&", "lat", "north", "from -90 to 90"),
    ("/v1/providers?lon=0&", "lat", "nan", "from -90 to 90"),
    ("/v1/providers?lat=0&", "lon", "-180.5", "from -180 to 180"),
    ("/v1/providers?lat=0&", "lon", "inf", "from -180 to 180"),
    ("/v1/providers?lat=0&", "lon", "1e999", "from -180 to 180"),
    ("/v1/providers?near=Goma&", "radius_km", "0.09", "from 0.1 to 500"),
    ("/v1/providers?near=Goma&", "radius_km", "501", "from 0.1 to 500"),
    ("/v1/providers?near=Goma&", "radius_km", "far", "from 0.1 to 500"),
    ("/v1/providers?", "bbox", "1,2,3", "west,south,east,north"),
    ("/v1/providers?", "bbox", "1,2,3,4,5", "west,south,east,north"),
    ("/v1/providers?", "bbox", "a,b,c,d", "west,south,east,north"),
    ("/v1/providers?", "bbox", "0,10,1,-10", "south"),
    ("/v1/providers?", "bbox", "-181,0,0,1", "180"),
    ("/v1/providers?", "bbox", "0,nan,1,1", "90"),
    ("/v1/providers?", "type", "hospitals", "hospital"),
    ("/v1/providers?", "specialty", "hearts", "cardiology"),
    ("/v1/providers?", "language", "klingon", "ar"),
    ("/v1/providers?", "network", "everything", "worldwide"),
    ("/v1/providers?", "settlement", "card", "outpatient:card"),
    ("/v1/providers?", "settlement", "outpatient:cash", "outpatient:card"),
    ("/v1/providers?", "tariff", "false", "true"),
    ("/v1/providers?", "tariff", "1", "true"),
    ("/v1/providers?", "sort", "price", "distance"),
    ("/v1/providers?", "facets", "price", "settlement"),
    ("/v1/providers?", "facets", "none,type", "alone"),
    ("/v1/providers?", "limit", "0", "from 1 to 100"),
    ("/v1/providers?", "limit", "101", "from 1 to 100"),
    ("/v1/providers?", "limit", "1.5", "from 1 to 100"),
    ("/v1/providers?", "limit", "many", "from 1 to 100"),
    ("/v1/providers?", "lang", "english please", "fr"),
    ("/v1/providers?", "q", "q" * 201, "200"),
    ("/v1/providers?", "q", "?!…", "letter or digit"),
    ("/v1/providers?", "cursor", "c" * 501, "long"),
    ("/v1/places?q=Goma&", "country", "XX", "KE"),
    ("/v1/places?q=Goma&", "limit", "51", "from 1 to 50"),
    ("/v1/places?q=Goma&", "lang", "?", "fr"),
    ("/v1/places?", "q", "q" * 201, "200"),
    ("/v1/suggest?q=card&", "country", "XX", "KE"),
    ("/v1/suggest?q=card&", "limit", "21", "from 1 to 20"),
    ("/v1/suggest?q=card&lon=0&", "lat", "91", "from -90 to 90"),
    ("/v1/suggest?q=card&lat=0&", "lon", "181", "from -180 to 180"),
    ("/v1/suggest?", "q", "q" * 201, "200"),
    ("/v1/codes?", "lang", "e", "fr"),
    ("/v1/providers/1?", "lang", "e", "fr"),
)


@pytest.mark.parametrize(("address", "parameter", "value", "allowed"), WRONG)
def test_wrong_value_says_what_is_allowed(
    client: FlaskClient, address: str, parameter: str, value: str, allowed: str
) -> None:
    fault = fault_of(client.get(f"{address}{parameter}={quote(value)}"), parameter)
    assert allowed in " ".join((fault["message"], *fault.get("allowed", ())))


CONTRADICTIONS: tuple[tuple[str, str], ...] = (
    ("lat=1", "lon"),
    ("lon=1", "lat"),
    ("near=Goma&lat=1&lon=1", "near"),
    ("radius_km=5", "radius_km"),
    ("bbox=1,2,3,4&radius_km=5", "radius_km"),
    ("sort=distance", "sort"),
    ("sort=distance&bbox=1,2,3,4", "sort"),
)


@pytest.mark.parametrize(("query", "parameter"), CONTRADICTIONS)
def test_parameters_that_contradict_each_other_are_refused(client: FlaskClient, query: str, parameter: str) -> None:
    fault_of(client.get(f"/v1/providers?{query}"), parameter)


@pytest.mark.parametrize(("query", "missing"), [("q=card&lat=1", "lon"), ("q=card&lon=1", "lat")])
def test_half_a_point_is_refused_by_suggest(client: FlaskClient, query: str, missing: str) -> None:
    assert "both or neither" in fault_of(client.get(f"/v1/suggest?{query}"), missing)["message"]


@pytest.mark.parametrize("address", ["/v1/places", "/v1/suggest", "/v1/places?q=", "/v1/suggest?q=%20"])
def test_type_ahead_without_words_is_refused(client: FlaskClient, address: str) -> None:
    fault_of(client.get(address), "q")


PUBLIC = ("/v1/providers?", "/v1/providers/{id}?", "/v1/places?q=Goma&", "/v1/suggest?q=card&", "/v1/codes?")


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("unknown", ["colour=red", "colour="])
def test_unknown_parameter_is_refused_with_the_known_ones(
    client: FlaskClient, world: World, address: str, unknown: str
) -> None:
    fault = fault_of(client.get(address.format(id=world.ids["cairo"]) + unknown), "colour")
    assert "lang" in fault["allowed"]


@pytest.mark.parametrize("address", PUBLIC)
def test_repeated_parameter_is_refused(client: FlaskClient, world: World, address: str) -> None:
    fault = fault_of(client.get(f"{address.format(id=world.ids['cairo'])}lang=fr&lang=es"), "lang")
    assert "more than once" in fault["message"]


def test_each_wrong_parameter_is_named(client: FlaskClient) -> None:
    body = problem_of(client.get("/v1/providers?limit=0&type=shop&colour=red"), 400)
    assert {fault["parameter"] for fault in body["errors"]} == {"limit", "type", "colour"}


def test_empty_parameters_say_nothing(client: FlaskClient) -> None:
    every = "q country place near lat lon radius_km bbox type specialty language network settlement tariff sort facets"
    query = dict.fromkeys([*every.split(), "limit", "cursor", "lang"], "")
    assert client.get("/v1/providers", query_string=query).get_json()["total"]["value"] == LISTINGS


STRANGE = (
    "%00",
    "a%00b",
    "%ED%A0%80",  # half of a surrogate pair, as bytes
    "%FF%FE",
    quote("🏥"),
    quote("👨‍👩‍👧‍👦 clinic"),
    quote("\u202eclinic\u202c\u200f"),
    quote("e\u0301" * 60),
    quote("\ufdfa" * 100),  # one letter that unfolds to eighteen
    quote("'; DROP TABLE listing; --"),
    quote('{"match_all": {}}'),
    quote("*~^\\/[]{}()\"'"),
    quote("clinic AND NOT (goma OR *)"),
    quote(" ".join(["clinic"] * 25)),
    "%",
    "%zz",
    "q" * 10_000,
)


@pytest.mark.parametrize("address", ["/v1/providers?q=", "/v1/providers?near=", "/v1/places?q=", "/v1/suggest?q="])
@pytest.mark.parametrize("typed", STRANGE)
def test_strange_words_are_answered_or_refused_but_break_nothing(client: FlaskClient, address: str, typed: str) -> None:
    answer = client.get(address + typed)
    if answer.status_code != 200:
        problem_of(answer, 400)


@pytest.mark.parametrize(
    "address",
    ["/v1", "/v1/", "/v1/provider", "/v1/providers/", "/v1/codes/types", "/v2/providers", "/v1/providers/1/x", "/%00"],
)
def test_unknown_address_is_a_problem(client: FlaskClient, address: str) -> None:
    problem_of(client.get(address), 404, "not-found")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "BREW"])
@pytest.mark.parametrize(
    "address", ["/v1/providers", "/v1/places?q=x", "/v1/suggest?q=x", "/v1/codes", "/healthz", "/docs"]
)
def test_other_methods_are_refused_with_those_that_are_allowed(client: FlaskClient, address: str, method: str) -> None:
    answer = client.open(address, method=method)
    problem_of(answer, 405, "method-not-allowed")
    assert "GET" in answer.headers["Allow"]
