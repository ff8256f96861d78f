"""The interface held against its own description, and against whatever points and boxes may be sent."""

import math
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st
from schemathesis import GenerationMode

from geodata.points import Point, haversine_m, parse_bbox
from tests.http.contract import CHECKS, describe
from tests.http.problem import problem_of

pytestmark = pytest.mark.usefixtures("world")

# The engines are shared with other tests: a slow answer is not what is looked for here.
bounded = hypothesis.settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck), database=None
)


@pytest.fixture(scope="module")
def description(app: Flask) -> Any:
    """The description that the application itself gives; reading it fails where it is no valid OpenAPI document."""
    return describe(app)


NOW = "/v1/providers/{listing_id}/now"
ADDRESSES = (
    "/v1/providers",
    "/v1/providers/{listing_id}",
    "/v1/providers/{listing_id}/reports",
    "/v1/providers/{listing_id}/visits",
    "/v1/map",
    "/v1/places",
    "/v1/suggest",
    "/v1/codes",
    "/healthz",
    "/readyz",
    "/metrics",
)


def test_every_address_that_is_described_is_held_against_its_description(description: Any) -> None:
    # Others are held in folders of their own: tests/http/proposals, listings, imports and care.
    accounts = ("/v1/proposals", "/v1/listings", "/v1/changes", "/v1/imports")
    others = (*accounts, "/v1/refusals", "/v1/calls", "/v1/contact")
    assert {path for path in description if not path.startswith(others)} - {NOW} == set(ADDRESSES)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_as_described(description: Any, address: str, mode: GenerationMode) -> None:
    operation = description[address]["POST" if address.endswith(("/reports", "/visits")) else "GET"]
    if mode is GenerationMode.NEGATIVE and not (operation.query or operation.path_parameters):
        mode = GenerationMode.POSITIVE  # where nothing can be sent, nothing can be wrong

    @bounded
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def hold(case: Any) -> None:
        # What is described is what is in the packing (tests/http/test_http_compression.py).
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

    hold()


def numbers(most: float) -> st.SearchStrategy[float]:
    """Degrees, now and then beyond what there is."""
    inside = st.floats(-most, most, allow_nan=False)
    edges = st.sampled_from((-most, most, 0.0, -0.0, most - 1e-9, 1e-300, math.nextafter(most, math.inf)))
    return st.one_of(inside, edges, st.floats())


@bounded
@hypothesis.given(lat=numbers(90), lon=numbers(180), radius_km=st.one_of(st.floats(0.1, 500), st.floats()))
@hypothesis.example(lat=90.0, lon=0.0, radius_km=500.0)
@hypothesis.example(lat=-90.0, lon=180.0, radius_km=0.1)
@hypothesis.example(lat=-16.6, lon=179.9, radius_km=120.0)
@hypothesis.example(lat=-16.6, lon=-179.9, radius_km=120.0)
def test_whatever_the_circle_hits_lie_inside(client: FlaskClient, lat: float, lon: float, radius_km: float) -> None:
    answer = client.get(
        "/v1/providers", query_string={"lat": lat, "lon": lon, "radius_km": radius_km, "facets": "none"}
    )
    if not (abs(lat) <= 90 and abs(lon) <= 180 and 0.1 <= radius_km <= 500):
        problem_of(answer, 400)
        return
    assert answer.status_code == 200, answer.get_data(as_text=True)
    for item in answer.get_json()["items"]:
        distance_m = haversine_m(Point(lon, lat), Point(item["location"]["lon"], item["location"]["lat"]))
        assert distance_m <= radius_km * 1000 * (1 + 1e-9)
        assert item["distance_km"] == pytest.approx(distance_m / 1000, abs=0.001)


@bounded
@hypothesis.given(edges=st.tuples(numbers(180), numbers(90), numbers(180), numbers(90)))
@hypothesis.example(edges=(179.0, -17.0, -179.0, -16.0))
@hypothesis.example(edges=(-180.0, -90.0, 180.0, 90.0))
@hypothesis.example(edges=(36.8167, -1.2636, 36.8167, -1.2636))
def test_whatever_the_box_hits_lie_inside(client: FlaskClient, edges: tuple[float, float, float, float]) -> None:
    asked = ",".join(map(str, edges))
    answer = client.get("/v1/providers", query_string={"bbox": asked, "limit": 100, "facets": "none"})
    west, south, east, north = edges
    if not (abs(west) <= 180 and abs(east) <= 180 and -90 <= south <= north <= 90):
        problem_of(answer, 400)
        return
    assert answer.status_code == 200, answer.get_data(as_text=True)
    box = parse_bbox(asked)
    for item in answer.get_json()["items"]:
        assert box.contains(Point(item["location"]["lon"], item["location"]["lat"]))


@bounded
@hypothesis.given(word=st.text(min_size=1, max_size=80))
def test_whatever_the_cursor_it_is_answered_or_refused(client: FlaskClient, word: str) -> None:
    answer = client.get("/v1/providers", query_string={"cursor": word})
    if word.strip():
        problem_of(answer, 400)
    else:
        assert answer.status_code == 200


@bounded
@hypothesis.given(words=st.text(max_size=60), near=st.text(max_size=30))
def test_whatever_the_words_nothing_breaks(client: FlaskClient, words: str, near: str) -> None:
    for address, asked in (
        ("/v1/providers", {"q": words, "near": near}),
        ("/v1/places", {"q": words}),
        ("/v1/suggest", {"q": words}),
    ):
        answer = client.get(address, query_string=asked)
        if answer.status_code != 200:
            problem_of(answer, 400)
