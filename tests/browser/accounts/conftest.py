"""Accounts in real Chromium, on the service as it runs."""

from tests.worlds.account_fixtures import environment, mailbox

__all__ = ["environment", "mailbox"]
