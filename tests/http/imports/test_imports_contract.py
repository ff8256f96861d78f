"""/v1/imports held against its own description, whatever is sent."""

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

from tests.engines.import_world import as_csv, clinic
from tests.worlds.import_desk import ImportDesk

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
bounded = hypothesis.settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck), database=None
)
OPERATIONS = (
    ("GET", "/v1/imports"),
    ("POST", "/v1/imports"),
    ("GET", "/v1/imports/{import_id}"),
    ("PATCH", "/v1/imports/{import_id}"),
    ("POST", "/v1/imports/{import_id}/actions/{name}"),
    ("GET", "/v1/imports/{import_id}/rows"),
    ("GET", "/v1/imports/{import_id}/rejects.csv"),
    ("GET", "/v1/imports/{import_id}/warnings.csv"),
)


@pytest.fixture(scope="module")
def description(app: Flask) -> Any:
    """The description that the application itself gives."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    schema.validate()
    return schema


def test_every_address_of_imports_is_held(description: Any) -> None:
    described = {
        (method.upper(), path)
        for path in description
        if path.startswith("/v1/imports")
        for method in description[path]
        if method != "parameters"
    }
    assert described == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_every_answer_is_as_described(description: Any, desk: ImportDesk, operation: tuple[str, str]) -> None:
    number = desk.bring(as_csv(clinic(), clinic("2", type="spaceship")))["id"]
    desk.act(number, "preview")
    method, path = operation
    described = description[path][method]

    @bounded
    @hypothesis.given(case=described.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def hold(case: Any) -> None:
        if "import_id" in case.path_parameters:
            case.path_parameters["import_id"] = number
        headers = {"Authorization": f"Bearer {desk.tokens['nadia']}", "Accept-Encoding": "identity"}
        case.call_and_validate(checks=CHECKS, headers=headers)

    hold()
