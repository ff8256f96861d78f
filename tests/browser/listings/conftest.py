"""Listings of the network team in real Chromium, on the service as it runs."""

from tests.worlds.proposal_fixtures import app, built_world, enter, environment, people, street, visit, world

__all__ = ["app", "built_world", "enter", "environment", "people", "street", "visit", "world"]
