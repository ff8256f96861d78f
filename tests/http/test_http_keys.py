"""Publishable keys: which origins may read an answer, in which network, how often; and what a browser is told of it."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from directory.admission import keys
from directory.admission.keys import FRESH_S, LOOK_AGAIN_S, Key, add_key, known_keys, revoke_key
from directory.app import create_app
from directory.db import get_engine, transaction
from tests.http.problem import problem_of
from tests.http.test_http_running import AWAY
from tests.worlds.small_directory import World, serving

PORTAL = "https://portal.example"
STRANGER = "https://stranger.example"
ADDRESSES = (
    "/v1/providers?q=clinic",
    "/v1/map?bbox=36.6,-1.5,37.1,-1.1&zoom=11",
    "/v1/places?q=Goma",
    "/v1/suggest?q=clin",
    "/v1/codes",
)
MakeKey = Callable[..., Key]


@pytest.fixture
def make_key(world: World) -> Iterator[MakeKey]:
    """Makes a key for PORTAL, with other options where they are given."""

    def make(**options: object) -> Key:
        with transaction() as session:
            return add_key(session, [PORTAL], **options)  # type: ignore[arg-type]

    known_keys.forget()
    yield make
    known_keys.forget()


def preflight(client: FlaskClient, address: str, origin: str, method: str = "GET") -> object:
    return client.options(address, headers={"Origin": origin, "Access-Control-Request-Method": method})


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_of_an_origin_that_the_key_names_may_read_the_answer(
    client: FlaskClient, make_key: MakeKey, address: str
) -> None:
    key = make_key().key
    answer = client.get(f"{address}{'&' if '?' in address else '?'}key={key}", headers={"Origin": PORTAL})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == PORTAL
    assert "Origin" in answer.headers["Vary"]
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(
        answer.headers["Access-Control-Expose-Headers"].split(", ")
    )
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_of_another_origin_is_refused_and_may_read_nothing(
    client: FlaskClient, make_key: MakeKey, address: str
) -> None:
    key = make_key().key
    answer = client.get(f"{address}{'&' if '?' in address else '?'}key={key}", headers={"Origin": STRANGER})
    problem_of(answer, 403, "origin-not-allowed")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("origin", ["null", "http://portal.example", "https://portal.example:8443", PORTAL.upper()])
def test_an_origin_that_is_only_alike_is_another_one(client: FlaskClient, make_key: MakeKey, origin: str) -> None:
    answer = client.get(f"/v1/codes?key={make_key().key}", headers={"Origin": origin})
    problem_of(answer, 403, "origin-not-allowed")


def test_page_of_another_origin_without_a_key_may_read_nothing(client: FlaskClient, world: World) -> None:
    answer = client.get("/v1/codes", headers={"Origin": STRANGER})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_own_origin_and_programs_need_no_key_and_have_no_limit(client: FlaskClient, world: World) -> None:
    for headers in ({"Origin": "http://localhost"}, {}):
        answer = client.get("/v1/providers?q=clinic", headers=headers)
        assert answer.status_code == 200
        assert "RateLimit" not in answer.headers


def test_preflight_of_an_allowed_origin_says_what_may_be_sent(client: FlaskClient, make_key: MakeKey) -> None:
    address = f"/v1/providers/1/reports?key={make_key().key}"
    answer = client.options(
        address,
        headers={
            "Origin": PORTAL,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,idempotency-key",
        },
    )
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == PORTAL
    assert "POST" in answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert {"content-type", "idempotency-key"} <= set(
        answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
    )
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert "RateLimit" not in answer.headers


def test_preflight_of_another_origin_is_refused(client: FlaskClient, make_key: MakeKey) -> None:
    key = make_key().key
    for address in (f"/v1/codes?key={key}", "/v1/codes", "/v1/codes?key=pk_never_made"):
        answer = client.options(address, headers={"Origin": STRANGER, "Access-Control-Request-Method": "GET"})
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Access-Control-Allow-Methods" not in answer.headers


def test_network_of_the_key_is_the_network_of_its_answers(client: FlaskClient, make_key: MakeKey, world: World) -> None:
    key = make_key(network="essential").key
    with_key = client.get(f"/v1/providers?key={key}").get_json()
    plain = client.get("/v1/providers?network=essential").get_json()
    assert [item["id"] for item in with_key["items"]] == [item["id"] for item in plain["items"]]
    assert {each["network"] for item in with_key["items"] for each in item["agreements"]} == {"essential"}
    one = client.get(f"/v1/providers/{world.ids['aga-khan']}?key={key}").get_json()
    assert [each["network"] for each in one["agreements"]] == ["essential"]


def test_type_ahead_of_a_key_names_providers_of_its_network_only(client: FlaskClient, make_key: MakeKey) -> None:
    def named(word: str, more: str) -> set[str]:
        items = client.get(f"/v1/suggest?q={word}&limit=20{more}").get_json()["items"]
        return {item["id"] for item in items if item["kind"] == "provider"}

    key = make_key(network="essential").key
    [first, *_] = client.get("/v1/providers?network=essential&limit=100").get_json()["items"]
    word = first["name"].split()[0]
    assert first["id"] in named(word, f"&key={key}") <= named(word, "")
    assert named(word, f"&key={key}") == named(word, "&network=essential")
    outside = client.get("/v1/providers?q=goma&limit=100").get_json()["items"]
    assert named("goma", "")
    assert named("goma", f"&key={key}") == {
        item["id"] for item in outside if any(each["network"] == "essential" for each in item["agreements"])
    }


def test_next_page_of_a_key_stays_in_its_network(client: FlaskClient, make_key: MakeKey) -> None:
    key = make_key(network="local_staff").key
    seen: list[str] = []
    link = f"/v1/providers?near=Goma&limit=10&facets=none&key={key}"
    while link:
        page = client.get(link).get_json()
        seen += [item["id"] for item in page["items"]]
        assert {each["network"] for item in page["items"] for each in item["agreements"]} <= {"local_staff"}
        link = page["links"]["next"]
    assert len(seen) == len(set(seen)) == page["total"]["value"] > 10


@pytest.mark.parametrize("address", ["/v1/providers", "/v1/map?bbox=36.6,-1.5,37.1,-1.1&zoom=11", "/v1/providers/1"])
def test_key_of_one_network_cannot_ask_for_another(client: FlaskClient, make_key: MakeKey, address: str) -> None:
    key = make_key(network="essential").key
    joint = "&" if "?" in address else "?"
    for asked in ("worldwide", "essential,worldwide"):
        answer = client.get(f"{address}{joint}network={asked}&key={key}")
        [fault] = problem_of(answer, 403, "network-not-allowed")["errors"]
        assert fault["allowed"] == ["essential"]
    assert client.get(f"{address}{joint}network=essential&key={key}").status_code != 403


def test_network_of_a_key_is_never_offered_to_be_left_out(client: FlaskClient, make_key: MakeKey) -> None:
    asked = "/v1/providers?q=Karen+Dental+Rooms"
    open_to_all = client.get(f"{asked}&network=essential").get_json()["relaxations"]
    of_the_key = client.get(f"{asked}&key={make_key(network='essential').key}").get_json()["relaxations"]
    assert "network" in {change["parameter"] for change in open_to_all}
    assert "network" not in {change["parameter"] for change in of_the_key}


def test_each_answer_tells_what_is_left_of_the_limit(client: FlaskClient, make_key: MakeKey) -> None:
    key = make_key(rate_per_minute=5).key
    left = []
    for _ in range(5):
        answer = client.get(f"/v1/codes?key={key}")
        assert answer.headers["RateLimit-Policy"] == '"key";q=5;w=60'
        found = re.fullmatch(r'"key";r=(\d+);t=(\d+)', answer.headers["RateLimit"])
        assert found
        left.append(int(found[1]))
        assert 0 < int(found[2]) <= 60
    assert left == [4, 3, 2, 1, 0]


def test_beyond_the_limit_the_answer_says_when_to_ask_again_and_the_page_may_read_it(
    client: FlaskClient, make_key: MakeKey
) -> None:
    key = make_key(rate_per_minute=2).key
    for _ in range(2):
        assert client.get(f"/v1/codes?key={key}", headers={"Origin": PORTAL}).status_code == 200
    answer = client.get(f"/v1/codes?key={key}", headers={"Origin": PORTAL})
    body = problem_of(answer, 429, "too-many-requests")
    assert body["violated-policies"] == ["key"]
    assert 1 <= int(answer.headers["Retry-After"]) <= 30
    assert answer.headers["RateLimit"].startswith('"key";r=0;t=')
    assert answer.headers["Access-Control-Allow-Origin"] == PORTAL
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]


def test_a_preflight_uses_nothing_up(client: FlaskClient, make_key: MakeKey) -> None:
    key = make_key(rate_per_minute=1).key
    for _ in range(5):
        preflight(client, f"/v1/codes?key={key}", PORTAL)
    assert client.get(f"/v1/codes?key={key}").status_code == 200


def test_key_that_was_never_made_is_a_problem(client: FlaskClient, make_key: MakeKey) -> None:
    for word in ("pk_never_made", "x", "pk_ключ", "'; DROP TABLE api_key; --", f"pk_{'never':x<24}", "pk_\0"):
        problem_of(client.get("/v1/codes", query_string={"key": word}), 401, "unknown-key")


def test_revoked_key_ends_within_the_time_that_is_promised(
    client: FlaskClient, make_key: MakeKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "FRESH_S", 0.5)
    key = make_key().key
    assert client.get(f"/v1/codes?key={key}").status_code == 200
    with transaction() as session:
        revoke_key(session, key)
    time.sleep(0.5)
    problem_of(client.get(f"/v1/codes?key={key}"), 401, "unknown-key")
    assert FRESH_S <= 10


def test_new_keys_are_known_at_once_also_by_many_requests_at_once(
    app: Flask, make_key: MakeKey, client: FlaskClient
) -> None:
    client.get(f"/v1/codes?key={make_key().key}")
    for _ in range(10):
        key = make_key().key
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: app.test_client().get(f"/v1/codes?key={key}").status_code, range(4)))  # noqa: B023
        assert answers == [200] * 4


def test_the_same_unknown_key_does_not_burden_the_database(
    client: FlaskClient, make_key: MakeKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(f"/v1/codes?key={make_key().key}")
    reads = 0

    def counted(*_: object, **__: object) -> None:
        nonlocal reads
        reads += 1

    event.listen(get_engine(), "before_cursor_execute", counted)
    try:
        began = time.monotonic()
        for _ in range(50):
            assert client.get(f"/v1/codes?key=pk_{'guess':x<24}").status_code == 401
        assert reads <= 1 + (time.monotonic() - began) // LOOK_AGAIN_S
    finally:
        event.remove(get_engine(), "before_cursor_execute", counted)


def test_no_more_unknown_keys_are_kept_than_a_process_can_bear(
    client: FlaskClient, make_key: MakeKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MOST_STRANGERS", 10)
    make_key()
    for number in range(35):
        assert client.get(f"/v1/codes?key=pk_{number:024}").status_code == 401
    assert 0 < len(known_keys._strangers) <= 10


def test_keys_that_are_known_go_on_while_the_database_is_away(
    environment: dict[str, str], make_key: MakeKey, client: FlaskClient
) -> None:
    key = make_key(rate_per_minute=1).key
    assert client.get(f"/v1/codes?key={key}").status_code == 200
    with serving({**environment, **AWAY["database"]}):
        answers = [create_app().test_client().get(f"/v1/codes?key={key}") for _ in range(3)]
    # Nobody can count, so nobody is refused: searching goes on.
    assert [answer.status_code for answer in answers] == [200, 200, 200]


def test_a_key_is_needed_nowhere_in_the_database_as_a_secret(client: FlaskClient, make_key: MakeKey) -> None:
    # It stands in the source of a page: it must open nothing but searching and reporting.
    key = make_key().key
    for address in ("/metrics", "/readyz", "/docs", "/search"):
        assert client.get(f"{address}?key={key}").status_code in (200, 400, 404)
    with get_engine().connect() as connection:
        [row] = connection.execute(text("SELECT * FROM api_key WHERE key = :key"), {"key": key}).all()
    assert row.origins == [PORTAL]
