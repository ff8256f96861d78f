"""Listings as the network team finds and changes them, by the interface and on the pages."""

import pytest
from flask import Flask

from tests.worlds.listing_wire import ListingWire
from tests.worlds.proposal_fixtures import app, built_world, enter, environment, people, tokens, world

__all__ = ["app", "built_world", "enter", "environment", "people", "tokens", "world"]


@pytest.fixture
def team(app: Flask, tokens: dict[str, str], people: object) -> ListingWire:
    """The interface, as each of the people asks it."""
    return ListingWire(app.test_client(), tokens)
