"""The addresses of customer service held against their description, whatever is sent, by anybody and by the desk."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from directory.db import get_engine
from tests.http.contract import describe, hold, operations_below
from tests.worlds.care_people import Desk
from tests.worlds.small_directory import World

OPERATIONS = (
    *((method, f"/v1/{kind}") for kind in ("refusals", "calls", "contact") for method in ("GET", "POST")),
    *(("GET", f"/v1/{kind}/{{case_id}}") for kind in ("refusals", "calls", "contact")),
    *(("POST", f"/v1/{kind}/{{case_id}}/actions/{{name}}") for kind in ("refusals", "calls", "contact")),
    ("GET", "/v1/calls/number"),
    ("GET", "/v1/contacts"),
    ("POST", "/v1/contact/{case_id}/files"),
    ("GET", "/v1/contact/{case_id}/files/{file_id}"),
)
NOW = ("GET", "/v1/providers/{listing_id}/now")


@pytest.fixture(scope="module")
def description(app: Flask) -> Any:
    return describe(app)


def test_every_address_of_customer_service_is_held(description: Any) -> None:
    described = operations_below(description, "/v1/refusals", "/v1/calls", "/v1/contact")
    assert described == set(OPERATIONS)


@pytest.mark.parametrize("who", [None, "lucia"])
@pytest.mark.parametrize("operation", [*OPERATIONS, NOW], ids=" ".join)
def test_every_answer_is_as_described(
    description: Any, desk: Desk, tokens: dict[str, str], world: World, who: str | None, operation: tuple[str, str]
) -> None:
    method, path = operation
    listing = world.ids["goma-1"]
    made = {
        "refusals": desk.made("/v1/refusals", {"listing_id": str(listing), "at_desk": False}),
        "calls": desk.made("/v1/calls", {"country": "BE", "number": "0479 17 18 82"}),
        "contact": desk.made("/v1/contact", {"topic": "other", "text": "A question of mine", "email": "a@b.example"}),
    }
    with get_engine().begin() as connection:
        connection.execute(text("TRUNCATE rate"))
    known = {"case_id": made.get(path.split("/")[2], {}).get("id"), "listing_id": str(listing)}
    # What is described is what is in the packing (tests/http/test_http_compression.py).
    headers = {"Accept-Encoding": "identity", **({"Authorization": f"Bearer {tokens[who]}"} if who else {})}
    hold(description[path][method], known, headers)
