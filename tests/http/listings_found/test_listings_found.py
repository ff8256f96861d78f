"""GET /v1/listings: every listing of every status, found as members find, and by what names it exactly."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from directory.api.listings.found_schemas import ListingsAnswer
from directory.db import get_engine
from tests.http.listings_found.conftest import Ask, Away
from tests.worlds.proposal_people import People
from tests.worlds.small_directory import HIDDEN, LISTINGS, World

Listed = Callable[..., Any]


@pytest.fixture(params=["engine", "database"])
def either(request: pytest.FixtureRequest, listed: Listed, engine_away: Away) -> Iterator[Listed]:
    """The list as each of the two engines finds it."""
    if request.param == "engine":
        yield listed
        return
    with engine_away():
        yield listed


def names(page: Any) -> set[str]:
    return {item["name"] for item in page["items"]}


def ids(page: Any) -> list[int]:
    return [int(item["id"]) for item in page["items"]]


def counts(page: Any, facet: str) -> dict[str, int]:
    return {each["value"]: each["count"] for each in page["facets"][facet]}


def test_listings_of_every_status_are_found(either: Listed) -> None:
    page = either(limit=100)
    assert page["total"] == {"value": LISTINGS + HIDDEN, "relation": "eq"}
    assert {"Suspended House", "Retired House", "Aga Khan Hosp.", "Uhuru Pharmacy"} <= names(page)
    assert counts(page, "status") == {"active": LISTINGS, "suspended": 1, "retired": 1, "merged": 1}


def test_the_answer_is_as_it_is_described(listed: Listed) -> None:
    assert not ListingsAnswer(unknown="raise").validate(listed(limit=100))


def test_the_list_says_when_the_search_engine_did_not_answer(listed: Listed, engine_away: Away) -> None:
    assert listed()["degraded"] is False
    with engine_away():
        assert listed()["degraded"] is True


@pytest.mark.parametrize(
    ("status", "expected"),
    [("suspended", {"Suspended House"}), ("retired,merged", {"Retired House", "Aga Khan Hosp."})],
)
def test_only_the_statuses_that_are_asked_for_are_found(either: Listed, status: str, expected: set[str]) -> None:
    page = either(status=status)
    assert names(page) == expected
    # A facet counts without its own filter.
    assert counts(page, "status")["active"] == LISTINGS


def test_words_find_what_is_suspended(either: Listed) -> None:
    assert names(either(q="suspended hou")) == {"Suspended House"}


def test_a_merged_listing_says_what_took_its_place(listed: Listed, world: World) -> None:
    [item] = listed(status="merged")["items"]
    assert (item["merged_into"], item["status_reason"]) == (str(world.ids["aga-khan"]), "the same house")
    assert (item["source"], item["external_id"]) == ("world", "merged")


@pytest.mark.parametrize(
    "typed",
    [
        "+254203662000",
        "+254 20 366 2000",
        "00254 20 3662000",
        "020 366 2000",
        "(020) 366-2000",
        "+254 (0)20 366 2000",
        "٠٢٠ ٣٦٦ ٢٠٠٠",
        "366 2000",
        "020 366 2000 ext 12",
    ],
)
def test_a_telephone_in_any_writing_finds_its_listing(either: Listed, world: World, typed: str) -> None:
    assert ids(either(q=typed)) == [world.ids["aga-khan"]]


def test_another_number_that_ends_alike_is_not_found(listed: Listed) -> None:
    assert listed(q="+254 21 366 2000")["total"]["value"] == 0


@pytest.mark.parametrize("known", ["aga-khan", "suspended", "merged"])
def test_a_number_and_an_external_id_find_exactly_one(either: Listed, world: World, known: str) -> None:
    assert ids(either(q=known)) == [world.ids[known]]
    assert ids(either(q=f" {world.ids[known]} ")) == [world.ids[known]]


def test_what_names_a_listing_is_found_within_the_filters_only(either: Listed) -> None:
    assert ids(either(q="aga-khan", country="CD")) == []


def test_filters_of_members_work_beside_those_of_the_team(either: Listed) -> None:
    page = either(country="KE", type="clinic", status="suspended,active")
    assert names(page) == {"Suspended House"}
    assert names(either(settlement="outpatient:card", network="worldwide", country="KE")) == {
        "Aga Khan University Hospital",
        "Milimani Physiotherapy",
        "Uhuru Pharmacy",
    }


def test_stale_is_what_was_confirmed_longer_ago_or_never(either: Listed, world: World) -> None:
    days = (dt.datetime.now(dt.UTC).date() - dt.date(2026, 1, 15)).days
    assert world.ids["aga-khan"] not in ids(either(stale=days, limit=100))
    assert world.ids["aga-khan"] in ids(either(stale=days - 1, limit=100))
    assert either(stale=days)["total"]["value"] == LISTINGS + HIDDEN - 1


def test_source_is_filtered_and_counted(either: Listed) -> None:
    page = either(source="none")
    assert (page["total"]["value"], counts(page, "source")) == (0, {"none": 0, "world": LISTINGS + HIDDEN})
    assert either(source="world")["total"]["value"] == LISTINGS + HIDDEN


def test_pages_follow_each_other(either: Listed, app: Flask, ask: Ask) -> None:
    seen: list[str] = []
    page = either(limit=9)
    while True:
        seen += [item["id"] for item in page["items"]]
        if not page["links"]["next"]:
            break
        assert page["links"]["next"].startswith("/v1/listings?")
        page = ask("nadia", "GET", page["links"]["next"].removeprefix("/v1/listings")).get_json()
    assert len(seen) == len(set(seen)) == LISTINGS + HIDDEN


def test_distance_is_told_where_a_point_was_asked_for(listed: Listed) -> None:
    first = listed(near="Nairobi", country="KE")["items"][0]
    assert first["distance_km"] is not None


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"status": "gone"}, "status"),
        ({"stale": "long"}, "stale"),
        ({"owner": "nadia"}, "owner"),
        ({"wrong": 1}, "wrong"),
    ],
)
def test_what_is_not_known_is_refused(ask: Ask, query: dict[str, Any], parameter: str) -> None:
    answer = ask("nadia", "GET", **query)
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["parameter"] == parameter


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("amina", 403), ("nadia", 200), ("root", 200)])
def test_only_the_network_team_reads_the_list(ask: Ask, who: str | None, status: int) -> None:
    assert ask(who, "GET").status_code == status


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("amina", 403)])
@pytest.mark.parametrize("action", ["take", "give_back"])
def test_only_the_network_team_takes_a_listing(ask: Ask, world: World, who: str, status: int, action: str) -> None:
    assert ask(who, "POST", f"/{world.ids['cairo']}/actions/{action}").status_code == status


def test_nothing_of_the_list_reaches_members(app: Flask, world: World) -> None:
    client = app.test_client()
    everything = client.get("/v1/providers?limit=100&facets=none").get_data(as_text=True)
    one = client.get(f"/v1/providers/{world.ids['aga-khan']}").get_data(as_text=True)
    on_map = client.get("/v1/map?bbox=-180,-80,180,80&zoom=18").get_data(as_text=True)
    ahead = client.get("/v1/suggest?q=house").get_data(as_text=True)
    for said in (everything, one, on_map, ahead):
        for hidden in ('"owner"', '"source":', '"external_id"', "Suspended House", "Retired House", "Aga Khan Hosp."):
            assert hidden not in said
    for parameter in ("status=suspended", "source=world", "owner=none", "stale=1", "facets=status", "facets=owner"):
        assert client.get(f"/v1/providers?{parameter}").status_code == 400, parameter
    for words in ("suspended house", "retired", f"{world.ids['suspended']}"):
        found = client.get("/v1/providers", query_string={"q": words}).get_json()
        assert not {"Suspended House", "Retired House"} & names(found)


def test_whoever_takes_a_listing_owns_it_until_it_is_given_back(
    ask: Ask, world: World, people: People, engine_away: Away
) -> None:
    listing = world.ids["cairo"]
    with get_engine().begin() as connection:
        connection.exec_driver_sql("DELETE FROM listing_owner")
    taken = ask("nadia", "POST", f"/{listing}/actions/take").get_json()
    assert taken == {"id": str(listing), "owner": {"id": str(people.nadia.account_id), "name": "nadia"}}
    with engine_away():
        mine = ask("nadia", "GET", owner="me").get_json()
        assert (ids(mine), mine["items"][0]["owner"]["name"]) == ([listing], "nadia")
        assert ids(ask("omar", "GET", owner="me").get_json()) == []
        assert ask("omar", "GET", owner="none").get_json()["total"]["value"] == LISTINGS + HIDDEN - 1
    assert ask("omar", "POST", f"/{listing}/actions/take").get_json()["owner"]["name"] == "omar"
    assert ask("nadia", "POST", f"/{listing}/actions/give_back").get_json()["owner"] is None
    with get_engine().connect() as connection:
        told = connection.exec_driver_sql(
            "SELECT action, actor, before->>'owner', after->>'owner' FROM audit_entry"
            " WHERE action IN ('take', 'give_back') ORDER BY id DESC LIMIT 3"
        ).all()
    assert [tuple(row) for row in told][::-1] == [
        ("take", "nadia", None, "nadia"),
        ("take", "omar", "nadia", "omar"),
        ("give_back", "nadia", "omar", None),
    ]


def test_the_same_take_sent_again_is_answered_the_same(ask: Ask, world: World) -> None:
    path, key = f"/{world.ids['nowhere']}/actions/take", {"Idempotency-Key": "take-once"}
    first = ask("nadia", "POST", path, headers=key)
    ask("omar", "POST", path)
    again = ask("nadia", "POST", path, headers=key)
    assert (first.status_code, first.get_json()) == (again.status_code, again.get_json())
    assert again.get_json()["owner"]["name"] == "nadia"
    ask("nadia", "POST", f"/{world.ids['nowhere']}/actions/give_back")


def test_a_listing_that_is_not_there_cannot_be_taken(ask: Ask) -> None:
    assert ask("nadia", "POST", "/999999/actions/take").status_code == 404
    assert ask("nadia", "POST", "/x/actions/take").status_code == 404
