"""Proposals by the interface and on the pages."""

from tests.worlds.proposal_fixtures import app, built_world, enter, environment, people, tokens, wire, world

__all__ = ["app", "built_world", "enter", "environment", "people", "tokens", "wire", "world"]
