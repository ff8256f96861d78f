"""What long words cost the engine is counted by the address that asks, with a key or without; other words are free."""

import random
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from directory.admission.keys import add_key
from directory.app import create_app
from directory.db import transaction
from directory.search.budget import count_letters
from directory.search.line_tokens import split_words
from directory.search.request import Unit
from tests.http.problem import problem_of
from tests.worlds.small_directory import World, serving

SENDER, OTHER = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "203.0.113.8"}
_rng = random.Random(3)
HOSTILE = " ".join("".join(chr(_rng.randint(0xAC00, 0xD7A3)) for _ in range(15)) for _ in range(12))
LETTERS = count_letters(tuple(map(Unit, split_words(HOSTILE))))
TWICE = 2 * LETTERS + LETTERS // 2
ADDRESSES = (
    "/v1/providers?q={}",
    "/v1/map?bbox=36.6,-1.5,37.1,-1.1&zoom=11&q={}",
    "/v1/suggest?q={}",
    "/search?who={}",
)


@pytest.fixture
def limited(environment: dict[str, str], world: World) -> Iterator[FlaskClient]:
    """A client of an application that lets an address look for such words twice a minute."""
    with transaction() as session:
        session.execute(text("DELETE FROM rate"))
    with serving({**environment, "LONG_WORDS_PER_ADDRESS": str(TWICE), "READS_PER_ADDRESS": "0"}):
        yield create_app().test_client()


def ask(client: FlaskClient, address: str, words: str = HOSTILE, sender: dict[str, str] | None = None) -> int:
    return client.get(address.format(quote(words)), environ_base=sender or SENDER).status_code


@pytest.mark.parametrize("address", ADDRESSES)
def test_long_words_are_refused_beyond_what_an_address_may_look_for(limited: FlaskClient, address: str) -> None:
    assert [ask(limited, address) for _ in range(3)] == [200, 200, 429]
    assert ask(limited, address, sender=OTHER) == 200


def test_all_ways_to_search_have_one_limit(limited: FlaskClient) -> None:
    assert [ask(limited, address) for address in ADDRESSES] == [200, 200, 429, 429]


def test_who_used_up_long_words_still_searches_as_people_do(limited: FlaskClient) -> None:
    while ask(limited, ADDRESSES[0]) == 200:
        pass
    for words in ("clinic nairobi", "서울대학교병원", "Hospital Universitario Nuestra Señora de Candelaria"):
        for address in ADDRESSES:
            assert ask(limited, address, words) == 200


def test_answers_to_long_words_tell_what_is_left_and_when(limited: FlaskClient) -> None:
    answers = [limited.get(ADDRESSES[0].format(quote(HOSTILE)), environ_base=SENDER) for _ in range(3)]
    left = [re.fullmatch(r'"long-words";r=(\d+);t=(\d+)', answer.headers["RateLimit"]) for answer in answers]
    assert [int(each[1]) for each in left if each] == pytest.approx(
        [TWICE - LETTERS, TWICE - 2 * LETTERS, 0], abs=LETTERS // 4
    )
    body = problem_of(answers[-1], 429, "too-many-requests")
    assert body["violated-policies"] == ["long-words"]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    plain = limited.get("/v1/providers?q=clinic", environ_base=SENDER)
    assert "RateLimit" not in plain.headers


def test_a_filter_that_asks_for_the_words_again_is_paid_for(limited: FlaskClient) -> None:
    assert ask(limited, "/v1/providers?country=KE&q={}") == 200
    assert ask(limited, ADDRESSES[0]) == 429


def test_a_key_brings_no_more_long_words(limited: FlaskClient) -> None:
    with transaction() as session:
        key = add_key(session, ["https://portal.example"], rate_per_minute=600).key
    address = f"/v1/providers?key={key}&q={{}}"
    assert [ask(limited, address) for _ in range(3)] == [200, 200, 429]
    assert [ask(limited, address, sender=OTHER) for _ in range(2)] == [200, 200]


def test_more_than_there_ever_is_takes_all_of_it_and_passes_once(environment: dict[str, str], world: World) -> None:
    with transaction() as session:
        session.execute(text("DELETE FROM rate"))
    with serving({**environment, "LONG_WORDS_PER_ADDRESS": "90"}):
        client = create_app().test_client()
        assert [ask(client, ADDRESSES[0]) for _ in range(2)] == [200, 429]


def test_without_a_limit_and_from_addresses_without_one_nobody_counts(
    environment: dict[str, str], world: World
) -> None:
    with serving({**environment, "LONG_WORDS_PER_ADDRESS": "0"}):
        assert {ask(create_app().test_client(), ADDRESSES[0]) for _ in range(3)} == {200}
    with serving({**environment, "LONG_WORDS_PER_ADDRESS": "90"}):
        client = create_app().test_client()
        assert {ask(client, ADDRESSES[0], sender={"REMOTE_ADDR": "127.0.0.1"}) for _ in range(3)} == {200}
