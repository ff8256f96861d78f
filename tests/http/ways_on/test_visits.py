"""One tap after a visit: counted once a day and sender, told on the next card, and nobody's name kept."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from config.languages import LANGUAGES
from directory.admission.limits import Limit
from directory.app import create_app
from directory.db import get_engine
from directory.web import visiting
from indexers.stores import open_stores
from tests.http.problem import problem_of
from tests.http.test_http_pages import Page, check
from tests.http.test_http_running import AWAY
from tests.worlds.small_directory import World, index_what_waits, serving

Found = Callable[..., Any]


@pytest.fixture(autouse=True)
def no_visits(world: World) -> Iterator[None]:
    """Nobody has said anything, before and after."""
    yield
    with get_engine().begin() as connection:
        connection.execute(text("TRUNCATE visit_day, visit_sender, rate"))
    with get_engine().begin() as connection:
        connection.execute(
            text("INSERT INTO outbox (listing_id) SELECT id FROM listing WHERE id = ANY(:ids)"),
            {"ids": list(world.ids.values())},
        )
    tell_the_index()


def tell_the_index() -> None:
    """What was said is found from here on."""
    index_what_waits()
    stores = open_stores()
    stores.client.indices.refresh(index=stores.alias)
    stores.engine.dispose()
    stores.client.close()


def say(client: FlaskClient, world: World, card: Any, *, lang: str = "en", who: str = "203.0.113.1") -> Any:
    address = f"/v1/providers/{world.ids['nairobi-pharmacy']}/visits?lang={lang}"
    return client.post(address, json={"card": card}, environ_base={"REMOTE_ADDR": who})


def rows(statement: str) -> list[Any]:
    with get_engine().connect() as connection:
        return list(connection.execute(text(statement)).all())


def trust_of(found: Found, world: World) -> Any:
    [item] = [
        item
        for item in found(country="KE", type="pharmacy", facets="none")["items"]
        if item["id"] == str(world.ids["nairobi-pharmacy"])
    ]
    return item["trust"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_yes_is_counted_and_told_to_the_next_colleague(
    client: FlaskClient, found: Found, world: World, lang: str
) -> None:
    answer = say(client, world, card=True, lang=lang)
    assert answer.status_code == 201
    body = answer.get_json()
    assert (body["card"], body["counted"], body["report"]) == (True, True, None)
    assert body["sentence"]
    tell_the_index()
    assert trust_of(found, world)["kind"] == "accepted"
    one = client.get(f"/v1/providers/{world.ids['nairobi-pharmacy']}").get_json()
    assert one["trust"] == trust_of(found, world)


def test_both_engines_tell_the_same(
    client: FlaskClient, found: Found, environment: dict[str, str], world: World
) -> None:
    say(client, world, card=True)
    say(client, world, card=False, who="203.0.113.2")
    tell_the_index()
    here = trust_of(found, world)
    with serving({**environment, **AWAY["search"]}):
        page = create_app().test_client().get("/v1/providers?country=KE&type=pharmacy&facets=none").get_json()
    assert page["degraded"]
    assert here["kind"] == "mixed"
    assert [item["trust"] for item in page["items"]] == [here]


def test_a_no_leads_to_the_report(client: FlaskClient, world: World) -> None:
    body = say(client, world, card=False).get_json()
    assert (body["card"], body["counted"], body["report"]) == (False, True, "card_refused")
    assert rows("SELECT accepted, refused FROM visit_day") == [(0, 1)]


def test_one_sender_counts_once_a_day_and_the_first_answer_stays(client: FlaskClient, world: World) -> None:
    assert say(client, world, card=True).get_json()["counted"]
    again = say(client, world, card=False).get_json()
    assert not again["counted"]
    assert "already" in again["sentence"]
    assert say(client, world, card=True, who="203.0.113.9").get_json()["counted"]
    assert rows("SELECT accepted, refused FROM visit_day") == [(2, 0)]


def test_no_address_is_kept_and_yesterdays_names_are_gone(client: FlaskClient, world: World) -> None:
    with get_engine().begin() as connection:
        connection.execute(
            text("INSERT INTO visit_sender VALUES (:id, 'yesterday', CURRENT_DATE - 1)"),
            {"id": world.ids["nairobi-pharmacy"]},
        )
    say(client, world, card=True)
    [(sender, is_today)] = rows("SELECT sender, day = CURRENT_DATE FROM visit_sender")
    assert is_today
    assert "203" not in sender
    kept = " ".join(
        str(row) for table in ("visit_day", "visit_sender", "audit_entry") for row in rows(f"SELECT * FROM {table}")
    )
    assert "203.0.113.1" not in kept


@pytest.mark.parametrize("body", [{}, {"card": "yes"}, {"card": 1}, {"card": None}, {"card": True, "name": "x"}, []])
def test_what_is_no_answer_is_refused(client: FlaskClient, world: World, body: Any) -> None:
    answer = client.post(f"/v1/providers/{world.ids['nairobi-pharmacy']}/visits", json=body)
    assert answer.status_code == 400
    assert rows("SELECT 1 FROM visit_day") == []


def test_who_is_gone_or_never_was_is_not_visited(client: FlaskClient, world: World) -> None:
    assert client.post("/v1/providers/999999999/visits", json={"card": True}).status_code == 404
    assert client.post(f"/v1/providers/{world.ids['retired']}/visits", json={"card": True}).status_code == 410


def test_a_flood_is_stopped(client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "PER_ADDRESS", Limit("visits", 2, 3600))
    for _ in range(2):
        assert say(client, world, card=True).status_code == 201
    stopped = say(client, world, card=True)
    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) > 0
    problem_of(stopped, 429, "too-many-requests")


def test_another_sites_page_cannot_say_it(client: FlaskClient, world: World) -> None:
    address = f"/v1/providers/{world.ids['nairobi-pharmacy']}/visits"
    answer = client.post(address, json={"card": True}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    form = client.post(
        f"/search/{world.ids['nairobi-pharmacy']}/visit",
        data={"card": "yes"},
        headers={"Origin": "https://evil.example"},
    )
    assert form.status_code == 403
    assert rows("SELECT 1 FROM visit_day") == []


@pytest.mark.parametrize(("card", "said"), [("yes", "Thank you. The next colleague"), ("no", "Thank you, and sorry.")])
def test_page_asks_and_thanks(client: FlaskClient, world: World, card: str, said: str) -> None:
    listing = world.ids["nairobi-pharmacy"]
    page = Page(client.get(f"/search/{listing}?lang=en"))
    [form] = [each for each in page.all("form") if "/visit" in each["action"]]
    answer = client.post(form["action"], data={"card": card})
    assert answer.status_code == 303
    back = client.get(answer.headers["Location"])
    check(back)
    page = Page(back)
    assert said in page.text()
    checked = [each["value"] for each in page.all("input", type="radio") if "checked" in each]
    assert checked == (["card_refused"] if card == "no" else [])


def test_page_refuses_what_is_neither(client: FlaskClient, world: World) -> None:
    assert client.post(f"/search/{world.ids['nairobi-pharmacy']}/visit", data={"card": "maybe"}).status_code == 400
