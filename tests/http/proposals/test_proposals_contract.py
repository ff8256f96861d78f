"""/v1/proposals held against its own description, whatever is sent, by an officer and by the network team."""

from typing import Any

import pytest
from flask import Flask

from tests.http.contract import describe, hold, operations_below
from tests.worlds.proposal_wire import Wire

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
    return describe(app)


def test_every_address_of_proposals_is_held(description: Any) -> None:
    assert operations_below(description, "/v1/proposals") == set(OPERATIONS)


@pytest.mark.parametrize("who", ["amina", "nadia"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_every_answer_is_as_described(
    description: Any, wire: Wire, tokens: dict[str, str], who: str, operation: tuple[str, str]
) -> None:
    method, path = operation
    proposal = wire.propose()["id"]
    hold(description[path][method], {"proposal_id": proposal}, {"Authorization": f"Bearer {tokens[who]}"})
