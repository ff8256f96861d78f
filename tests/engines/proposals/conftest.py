"""Proposals without the web: what the rules, the listings, the mails and the files do with them."""

from tests.worlds.proposal_fixtures import built_world, environment, people, world

__all__ = ["built_world", "environment", "people", "world"]
