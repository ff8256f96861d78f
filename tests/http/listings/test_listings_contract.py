"""/v1/listings and /v1/changes held against their own description, whatever is sent, by the network team."""

from typing import Any

import hypothesis
import pytest
import schemathesis
from flask import Flask
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.worlds.listing_wire import ListingWire

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
bounded = hypothesis.settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck), database=None
)
OPERATIONS = (
    ("GET", "/v1/listings"),
    ("POST", "/v1/listings/{listing_id}/actions/take"),
    ("POST", "/v1/listings/{listing_id}/actions/give_back"),
    ("POST", "/v1/listings"),
    ("GET", "/v1/listings/{listing_id}"),
    ("PATCH", "/v1/listings/{listing_id}"),
    ("GET", "/v1/listings/{listing_id}/history"),
    ("POST", "/v1/listings/{listing_id}/actions/{name}"),
    ("POST", "/v1/listings/{listing_id}/agreements"),
    ("PATCH", "/v1/listings/{listing_id}/agreements/{agreement_id}"),
    ("POST", "/v1/listings/{listing_id}/agreements/{agreement_id}/actions/{name}"),
    ("GET", "/v1/changes"),
    ("POST", "/v1/changes"),
    ("GET", "/v1/changes/{change_id}"),
    ("POST", "/v1/changes/{change_id}/actions/{name}"),
)


@pytest.fixture(scope="module")
def description(app: Flask) -> Any:
    """The description that the application itself gives."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    schema.validate()
    return schema


def test_every_address_of_listings_and_changes_is_held(description: Any) -> None:
    described = {
        (method.upper(), path)
        for path in description
        if path.startswith(("/v1/listings", "/v1/changes"))
        for method in description[path]
        if method != "parameters"
    }
    assert described == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_every_answer_is_as_described(
    description: Any, team: ListingWire, tokens: dict[str, str], operation: tuple[str, str]
) -> None:
    method, path = operation
    made = team.make()
    known = {
        "listing_id": made["id"],
        "agreement_id": int(made["agreements"][0]["id"]),
        "change_id": int(team.history(made["id"])[0]["change_id"]),
    }
    headers = {"Authorization": f"Bearer {tokens['nadia']}"}
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @bounded
        @hypothesis.given(case=description[path][method].as_strategy(generation_mode=mode))
        def hold(case: Any) -> None:
            for name in known.keys() & (case.path_parameters or {}).keys():
                case.path_parameters[name] = known[name]
            case.call_and_validate(headers=headers, checks=CHECKS)

        hold()
