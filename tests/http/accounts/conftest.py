"""Accounts by the pages and the interface."""

from tests.worlds.account_fixtures import app, browser, crew, environment, mailbox, settings, state_dir

__all__ = ["app", "browser", "crew", "environment", "mailbox", "settings", "state_dir"]
