"""/v1/proposals held against its own description, whatever is sent, by an officer and by the network team."""

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

from tests.worlds.proposal_wire import Wire

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
bounded = hypothesis.settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck), database=None
)
OPERATIONS = (
    ("GET", "/v1/proposals"),
    ("POST", "/v1/proposals"),
    ("GET", "/v1/proposals/matches"),
    ("GET", "/v1/proposals/{proposal_id}"),
    ("PATCH", "/v1/proposals/{proposal_id}"),
    ("POST", "/v1/proposals/{proposal_id}/actions/{name}"),
    ("POST", "/v1/proposals/{proposal_id}/messages"),
    ("POST", "/v1/proposals/{proposal_id}/supporters"),
    ("POST", "/v1/proposals/{proposal_id}/owner"),
    ("POST", "/v1/proposals/{proposal_id}/not-same"),
    ("POST", "/v1/proposals/{proposal_id}/attachments"),
    ("GET", "/v1/proposals/{proposal_id}/attachments/{attachment_id}"),
)


@pytest.fixture(scope="module")
def description(app: Flask) -> Any:
    """The description that the application itself gives."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    schema.validate()
    return schema


def test_every_address_of_proposals_is_held(description: Any) -> None:
    described = {
        (method.upper(), path)
        for path in description
        if path.startswith("/v1/proposals")
        for method in description[path]
        if method != "parameters"
    }
    assert described == set(OPERATIONS)


@pytest.mark.parametrize("who", ["amina", "nadia"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_every_answer_is_as_described(
    description: Any, wire: Wire, tokens: dict[str, str], who: str, operation: tuple[str, str]
) -> None:
    method, path = operation
    proposal = wire.propose()["id"]
    headers = {"Authorization": f"Bearer {tokens[who]}"}
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @bounded
        @hypothesis.given(case=description[path][method].as_strategy(generation_mode=mode))
        def hold(case: Any) -> None:
            if "proposal_id" in (case.path_parameters or {}):
                case.path_parameters["proposal_id"] = proposal
            case.call_and_validate(headers=headers, checks=CHECKS)

        hold()
