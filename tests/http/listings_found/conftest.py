"""The network team's listings by the interface and on the pages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.worlds.proposal_fixtures import app, built_world, enter, environment, people, tokens, world
from tests.worlds.proposal_people import People
from tests.worlds.small_directory import serving

__all__ = ["app", "built_world", "enter", "environment", "people", "tokens", "world"]

Ask = Callable[..., TestResponse]
Away = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def ask(app: Flask, tokens: dict[str, str], people: People) -> Ask:
    """One request of one of the people, by token: `ask("nadia", "GET", "", q="clinic")`."""
    client = app.test_client()

    def send(who: str | None, method: str, path: str = "", headers: Any = None, **query: Any) -> TestResponse:
        sent = {**(headers or {}), **({"Authorization": f"Bearer {tokens[who]}"} if who else {})}
        return client.open(f"/v1/listings{path}", method=method, query_string=query or None, headers=sent)

    return send


@pytest.fixture
def engine_away(environment: dict[str, str]) -> Away:
    """The search engine does not answer: `with engine_away():`."""
    return lambda: serving({**environment, "OPENSEARCH_URL": "http://127.0.0.1:9"})


@pytest.fixture
def listed(ask: Ask) -> Callable[..., Any]:
    """The body of a list that must be answered with 200."""

    def find(**query: Any) -> Any:
        answer = ask("nadia", "GET", **query)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    return find
