"""GET /v1/providers?explain=true: what each clause gave, as the sum of the score; for the network team alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.languages import LANGUAGES
from directory.api.schemas import SearchAnswer
from directory.search.ranking import load_ranking
from tests.http.listings_found.conftest import Away
from tests.http.problem import problem_of

WORD = load_ranking().word


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(params=["engine", "database"])
def either(request: pytest.FixtureRequest, engine_away: Away) -> Iterator[str]:
    """Either of the two engines answers."""
    if request.param == "engine":
        yield "engine"
        return
    with engine_away():
        yield "database"


def explained(client: FlaskClient, tokens: dict[str, str], **query: Any) -> list[dict[str, Any]]:
    """The items of a search, each with why it stands there."""
    asked = {**query, "explain": "true"}
    answer = client.get("/v1/providers", query_string=asked, headers={"Authorization": f"Bearer {tokens['nadia']}"})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    page = answer.get_json()
    assert not SearchAnswer(unknown="raise").validate(page)
    items: list[dict[str, Any]] = page["items"]
    return items


def given(item: dict[str, Any]) -> dict[tuple[str, str | None], float]:
    return {(part["code"], part["about"]): part["given"] for part in item["explained"]["parts"]}


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize(
    "asked",
    [{"q": "aga khan hospital"}, {"q": "goma clinic"}, {"q": "walk-in", "near": "Goma"}, {"q": "dentist nairobi"}],
)
def test_what_the_parts_gave_is_the_score(client: FlaskClient, tokens: dict[str, str], asked: dict[str, str]) -> None:
    items = explained(client, tokens, **asked)
    assert items
    scores = [item["explained"]["score"] for item in items]
    assert scores == sorted(scores, reverse=True)
    for item in items:
        parts = item["explained"]["parts"]
        assert sum(part["given"] for part in parts) == pytest.approx(item["explained"]["score"], abs=0.002)
        # Nothing is left that no clause accounts for.
        assert "rest" not in {part["code"] for part in parts}


@pytest.mark.usefixtures("either")
def test_both_engines_name_the_same_clauses(client: FlaskClient, tokens: dict[str, str]) -> None:
    [item] = explained(client, tokens, q="aga khan", country="KE")
    told = given(item)
    # A whole word is its beginning and a part of it too, of which each gives a share.
    assert told[("exact", "aga")] == told[("exact", "khan")] == WORD.exact
    assert told[("prefix", "aga")] == pytest.approx(WORD.prefix * WORD.tie_breaker)
    assert told[("phrase", "aga khan")] == load_ranking().phrase
    assert told[("brevity", "aga khan")] == pytest.approx(load_ranking().brevity / 4, abs=0.2)
    [dentist] = explained(client, tokens, q="dentist", country="KE")
    assert given(dentist)[("concept", "dentist")] == WORD.concept


def test_closeness_is_told_with_its_distance(client: FlaskClient, tokens: dict[str, str], either: str) -> None:
    first, *_ = explained(client, tokens, q="walk-in", near="Goma", lang="en")
    assert "distance" in {part["code"] for part in first["explained"]["parts"]}, either
    assert "from the point" in " ".join(part["words"] for part in first["explained"]["parts"])


def test_another_order_says_which(client: FlaskClient, tokens: dict[str, str], either: str) -> None:
    for item in explained(client, tokens, near="Goma", lang="en"):
        assert item["explained"]["order"] == "distance"
        assert (item["explained"]["score"], item["explained"]["parts"]) == (None, []), either


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_is_told_in_the_language_of_the_reader(
    client: FlaskClient, tokens: dict[str, str], lang: str
) -> None:
    sentences = {
        part["words"]
        for item in explained(client, tokens, q="aga khan", lang=lang)
        for part in item["explained"]["parts"]
    }
    others = {
        part["words"]
        for item in explained(client, tokens, q="aga khan", lang="es" if lang == "en" else "en")
        for part in item["explained"]["parts"]
    }
    assert sentences
    assert not sentences & others


def test_nobody_else_is_told(client: FlaskClient, tokens: dict[str, str]) -> None:
    asked = {"q": "aga khan", "explain": "true"}
    problem_of(client.get("/v1/providers", query_string=asked), 401, "sign-in-needed")
    answer = client.get("/v1/providers", query_string=asked, headers={"Authorization": f"Bearer {tokens['amina']}"})
    problem_of(answer, 403, "not-allowed")
