"""/v1/imports held against its own description, whatever is sent."""

from typing import Any

import pytest
from flask import Flask
from schemathesis import GenerationMode

from tests.engines.import_world import as_csv, clinic
from tests.http.contract import describe, hold, operations_below
from tests.worlds.import_desk import ImportDesk

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
    return describe(app)


def test_every_address_of_imports_is_held(description: Any) -> None:
    assert operations_below(description, "/v1/imports") == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_every_answer_is_as_described(description: Any, desk: ImportDesk, operation: tuple[str, str]) -> None:
    number = desk.bring(as_csv(clinic(), clinic("2", type="spaceship")))["id"]
    desk.act(number, "preview")
    method, path = operation
    headers = {"Authorization": f"Bearer {desk.tokens['nadia']}", "Accept-Encoding": "identity"}
    hold(description[path][method], {"import_id": number}, headers, (GenerationMode.POSITIVE,))
