"""GET /v1/codes, /openapi.json and /docs: what the interface says of itself."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.api.schemas import CodesAnswer
from directory.web.parameters import ListingQuery, MapQuery, PlacesQuery, ProvidersQuery, SuggestQuery
from directory.web.problems import PROBLEMS
from directory.web.reading import LanguageQuery

PARAMETERS = {
    "/v1/providers": ProvidersQuery,
    "/v1/providers/{listing_id}": ListingQuery,
    "/v1/map": MapQuery,
    "/v1/places": PlacesQuery,
    "/v1/suggest": SuggestQuery,
    "/v1/codes": LanguageQuery,
}


@pytest.fixture
def description(client: FlaskClient) -> Any:
    """The OpenAPI document."""
    return client.get("/openapi.json").get_json()


def test_codes_are_labelled_for_the_reader(client: FlaskClient) -> None:
    for lang, label in (("en", "Hospital"), ("fr", "Hôpital"), ("es", "Hospital"), ("ar", "مستشفى")):
        answer = client.get(f"/v1/codes?lang={lang}")
        body = answer.get_json()
        assert not CodesAnswer(unknown="raise").validate(body)
        assert answer.headers["Content-Language"] == lang
        assert {code["code"]: code["label"] for code in body["types"]}["hospital"] == label
        assert all(code["label"] for codes in body.values() if isinstance(codes, list) for code in codes)


def test_codes_are_all_that_a_search_takes(client: FlaskClient) -> None:
    body = client.get("/v1/codes").get_json()
    for parameter, codes in (
        ("type", "types"),
        ("specialty", "specialties"),
        ("network", "networks"),
        ("language", "languages"),
        ("country", "countries"),
        ("settlement", "settlements"),
    ):
        refused = client.get(f"/v1/providers?{parameter}=nonesuch").get_json()["errors"][0]["allowed"]
        assert set(refused) == {code["code"] for code in body[codes]}


def test_codes_may_be_kept_for_an_hour(client: FlaskClient) -> None:
    answer = client.get("/v1/codes")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert client.get("/v1/codes", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_description_names_every_parameter(description: Any) -> None:
    for path, schema in PARAMETERS.items():
        named = {
            each["name"]: each for each in description["paths"][path]["get"]["parameters"] if each["in"] == "query"
        }
        assert set(named) == set(schema().fields)
        for name, parameter in named.items():
            assert parameter["description"], (path, name)


def test_description_gives_lists_as_they_are_written(description: Any) -> None:
    parameters = description["paths"]["/v1/providers"]["get"]["parameters"]
    lists = [parameter for parameter in parameters if parameter["schema"].get("type") == "array"]
    named = {parameter["name"] for parameter in lists}
    assert named == {
        "country", "place", "type", "specialty", "language", "network", "settlement", "coverage", "facets"
    }  # fmt: skip
    assert all(parameter["style"] == "form" and parameter["explode"] is False for parameter in lists)


def test_description_names_both_forms_and_every_problem(description: Any) -> None:
    for path in ("/v1/providers", "/v1/providers/{listing_id}"):
        answers = description["paths"][path]["get"]["responses"]
        assert set(answers["200"]["content"]) == {"application/json", "application/geo+json"}
        for status in answers:
            if status >= "400":
                assert set(answers[status]["content"]) == {"application/problem+json"}


def test_page_shows_every_address_and_every_parameter(client: FlaskClient, app: Flask, description: Any) -> None:
    answer = client.get("/docs")
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    for path, methods in description["paths"].items():
        assert f"<code>{path}</code>" in page
        for operation in (each for each in methods.values() if isinstance(each, dict)):
            for parameter in (each for each in operation.get("parameters", ()) if each["in"] == "query"):
                assert f"<code>{parameter['name']}</code>" in page, (path, parameter["name"])


def test_page_explains_every_type_of_problem(client: FlaskClient) -> None:
    page = client.get("/docs").get_data(as_text=True)
    for slug in PROBLEMS:
        assert f'id="problem-{slug}"' in page


def test_everything_the_page_leads_to_answers(client: FlaskClient) -> None:
    page = client.get("/docs").get_data(as_text=True)
    links = {unescape(link) for link in re.findall(r'(?:href|src)="(/[^"]*)"', page)}
    assert "/openapi.json" in links
    assert len(links) > 8
    for link in links:
        assert client.get(link).status_code == 200, link


def test_page_needs_no_script_and_nothing_from_elsewhere(client: FlaskClient) -> None:
    answer = client.get("/docs")
    page = answer.get_data(as_text=True)
    assert "<script" not in page
    assert not re.search(r'(?:href|src)="(?:https?:)?//', page)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/v1/providers?country=KE", "/v1/codes", "/docs", "/healthz"])
def test_head_tells_the_same_without_the_body(client: FlaskClient, address: str) -> None:
    head, get = client.head(address), client.get(address)
    assert head.status_code == get.status_code == 200
    assert not head.data
    assert dict(head.headers) == dict(get.headers)


def test_start_page_is_the_portal(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "<provider-search" in answer.get_data(as_text=True)
