"""Reads without a key are limited by the address that asks; of IPv6 by the network that one customer has."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from directory.app import create_app
from directory.db import get_engine, transaction
from tests.http.problem import problem_of
from tests.http.test_http_keys import ADDRESSES as OF_THE_INTERFACE
from tests.http.test_http_running import AWAY
from tests.worlds.small_directory import World, serving

QUOTA = 5
ADDRESSES = (*OF_THE_INTERFACE, "/search?which=clinic", "/search")


@pytest.fixture(autouse=True)
def nothing_counted(world: World) -> None:
    with transaction() as session:
        session.execute(text("DELETE FROM rate"))


@pytest.fixture
def limited(environment: dict[str, str], world: World) -> Iterator[FlaskClient]:
    """A client of an application that lets an address read so often."""
    with serving({**environment, "READS_PER_ADDRESS": str(QUOTA), "TRUSTED_PROXIES": "1"}):
        yield create_app().test_client()


def read(client: FlaskClient, address: str, sender: str) -> TestResponse:
    return client.get(address, environ_base={"REMOTE_ADDR": sender})


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_answer_tells_an_address_without_a_key_what_is_left(limited: FlaskClient, address: str) -> None:
    answers = [read(limited, address, "203.0.113.7") for _ in range(QUOTA + 1)]
    assert [answer.status_code for answer in answers] == [200] * QUOTA + [429]
    left = [re.fullmatch(r'"address";r=(\d+);t=(\d+)', answer.headers["RateLimit"]) for answer in answers]
    assert [int(each[1]) for each in left if each] == [4, 3, 2, 1, 0, 0]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {f'"address";q={QUOTA};w=60'}
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_beyond_its_limit_an_address_is_told_so_and_others_go_on(limited: FlaskClient) -> None:
    for _ in range(QUOTA):
        read(limited, "/v1/codes", "203.0.113.7")
    body = problem_of(read(limited, "/v1/providers", "203.0.113.7"), 429, "too-many-requests")
    assert body["violated-policies"] == ["address"]
    assert read(limited, "/search", "203.0.113.7").mimetype == "text/html"
    assert read(limited, "/v1/providers", "203.0.113.8").status_code == 200


@pytest.mark.parametrize(
    ("first", "then", "together"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
    ],
)
def test_ipv6_is_counted_by_the_network_of_one_customer(
    limited: FlaskClient, first: str, then: str, together: bool
) -> None:
    for _ in range(QUOTA):
        read(limited, "/v1/codes", first)
    assert read(limited, "/v1/codes", then).status_code == (429 if together else 200)


def test_of_a_proxy_of_ours_its_clients_are_counted(limited: FlaskClient) -> None:
    def ask(client: str) -> int:
        headers = {"X-Forwarded-For": f"198.51.100.1, {client}"}
        return limited.get("/v1/codes", headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code

    assert [ask("203.0.113.7") for _ in range(QUOTA + 1)] == [200] * QUOTA + [429]
    assert ask("203.0.113.8") == 200
    # As some balancers write it, or nobody should.
    assert {ask(client) for client in ("203.0.113.9:4711", "[2001:db8::1]:80", "unknown", "::::", "'")} == {200}


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/", "/sign-in"])
def test_what_costs_little_and_what_watches_the_service_is_not_counted(limited: FlaskClient, address: str) -> None:
    for _ in range(QUOTA + 2):
        answer = read(limited, address, "203.0.113.7")
    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers


def test_a_key_has_its_own_limit_and_uses_up_no_address(limited: FlaskClient) -> None:
    for _ in range(QUOTA + 2):
        problem_of(read(limited, "/v1/codes?key=pk_none", "203.0.113.7"), 401, "unknown-key")
    assert read(limited, "/v1/codes", "203.0.113.7").headers["RateLimit"].startswith('"address";r=4')


def test_addresses_without_a_limit_are_not_counted(environment: dict[str, str], world: World) -> None:
    unlimited = {"READS_PER_ADDRESS": "1", "UNLIMITED_ADDRESSES": "127.0.0.1, 2001:db8:1:2::5"}
    with serving({**environment, **unlimited}):
        client = create_app().test_client()
        for sender in ("127.0.0.1", "2001:db8:1:2::6"):
            answers = [read(client, "/v1/codes", sender) for _ in range(3)]
            assert [answer.status_code for answer in answers] == [200] * 3
            assert "RateLimit" not in answers[0].headers
        assert [read(client, "/v1/codes", "203.0.113.7").status_code for _ in range(2)] == [200, 429]
    with serving({**environment, "READS_PER_ADDRESS": "0"}):
        assert "RateLimit" not in read(create_app().test_client(), "/v1/codes", "203.0.113.7").headers


def test_as_it_is_installed_an_address_may_read_as_twenty_people_would(environment: dict[str, str]) -> None:
    with serving(environment):
        answer = read(create_app().test_client(), "/v1/codes", "203.0.113.7")
    assert answer.headers["RateLimit-Policy"] == '"address";q=1200;w=60'


def test_while_the_database_is_away_nobody_counts_and_reading_goes_on(environment: dict[str, str]) -> None:
    with serving({**environment, **AWAY["database"], "READS_PER_ADDRESS": "1"}):
        client = create_app().test_client()
        answers = [read(client, "/v1/providers?q=clinic", "203.0.113.7") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3


def test_no_address_stands_in_the_database(limited: FlaskClient) -> None:
    read(limited, "/v1/codes", "203.0.113.7")
    with get_engine().connect() as connection:
        [bucket] = connection.execute(text("SELECT bucket FROM rate")).scalars()
    assert re.fullmatch(r"address:[0-9a-f]{32}", bucket)


@pytest.mark.parametrize("path", ["/sign-in", "/forgotten"])
def test_who_changes_the_address_inside_a_network_signs_in_no_more_often(limited: FlaskClient, path: str) -> None:
    for number in range(1, 4):
        sent = {"email": f"{number}@nobody.example", "password": "not the password"}
        limited.post(path, data=sent, environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{number}"})
    with get_engine().connect() as connection:
        buckets = set(connection.execute(text("SELECT split_part(bucket, ':', 2) FROM rate")).scalars())
        per_address = connection.execute(text("SELECT count(*) FROM rate WHERE bucket ~ 'address'")).scalar()
    assert per_address == 1, buckets
