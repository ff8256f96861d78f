"""Imports by the interface and on the pages."""

from tests.worlds.import_desk import app, desk, enter, environment, import_tokens

__all__ = ["app", "desk", "enter", "environment", "import_tokens"]
