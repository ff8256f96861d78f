"""/v1/listings and /v1/changes held against their own description, whatever is sent, by the network team."""

from typing import Any

import pytest
from flask import Flask

from tests.http.contract import describe, hold, operations_below
from tests.worlds.listing_wire import ListingWire

OPERATIONS = (
    ("GET", "/v1/listings"),
    ("GET", "/v1/listings/{listing_id}/why-not"),
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
    return describe(app)


def test_every_address_of_listings_and_changes_is_held(description: Any) -> None:
    assert operations_below(description, "/v1/listings", "/v1/changes") == set(OPERATIONS)


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
    hold(description[path][method], known, {"Authorization": f"Bearer {tokens['nadia']}"})
