"""History and undo: every change as a difference, taken back where nothing rests on it; many at once."""

from typing import Any

import pytest
from flask import Flask

from directory.changes.working import work_on_changes
from directory.db import get_engine
from geodata.gazetteer import get_gazetteer
from tests.worlds.listing_wire import ListingWire, refused


@pytest.fixture
def work(app: Flask) -> Any:
    """Lets the program of changes do all that waits."""

    def do() -> None:
        while work_on_changes(get_engine(), get_gazetteer(), lambda search: []):
            pass

    return do


def test_history_tells_each_change_as_a_difference(team: ListingWire) -> None:
    made = team.make()
    team.edit(made, hours="24/7", reason="called the desk")
    edit, create = team.history(made["id"])
    assert (create["action"], edit["action"], edit["reason"], edit["revision"]) == (
        "create",
        "edit",
        "called the desk",
        2,
    )
    assert edit["actor"] == {"role": "network", "name": "nadia"}
    [field] = edit["fields"]
    assert (field["field"], field["before"], field["after"]) == ("hours", "Mo-Fr 08:00-17:00", "24/7")
    assert edit["undoable"]


def test_change_is_undone_beside_later_ones_that_do_not_rest_on_it(team: ListingWire) -> None:
    made = team.make()
    first = team.edit(made, hours="24/7").get_json()
    team.edit(first, website="https://mercy.example.org")
    assert team.undo(first["change_id"]).get_json()["state"] == "undone"
    after = team.get(made["id"])
    assert (after["hours"], after["website"]) == ("Mo-Fr 08:00-17:00", "https://mercy.example.org")
    refused(team.undo(first["change_id"]), 409)


def test_change_on_which_a_later_one_rests_names_it(team: ListingWire) -> None:
    made = team.make()
    first = team.edit(made, hours="24/7").get_json()
    second = team.edit(first, hours="Mo-Su 08:00-20:00").get_json()
    assert refused(team.undo(first["change_id"]), 409)["blocked_by"] == [second["change_id"]]
    assert team.history(made["id"])[1]["blocked_by"] == [second["change_id"]]
    for change in (second, first):
        assert team.undo(change["change_id"]).status_code == 200
    assert team.get(made["id"])["hours"] == "Mo-Fr 08:00-17:00"


def test_undo_is_undone_like_any_change(team: ListingWire) -> None:
    made = team.make()
    edited = team.edit(made, hours="24/7").get_json()
    team.undo(edited["change_id"])
    [undo, *_] = team.history(made["id"])
    assert undo["undoes"] == edited["change_id"]
    team.undo(undo["change_id"])
    assert team.get(made["id"])["hours"] == "24/7"
    assert refused(team.undo(made["change_id"] or "0"), 404)


def test_many_are_changed_and_undone_as_one_and_what_was_touched_since_is_named_and_left(
    team: ListingWire, work: Any
) -> None:
    listings = [team.make() for _ in range(4)]
    ids = [each["id"] for each in listings]
    asked = team.good("POST", "/changes", {"set": {"hours": "24/7"}, "ids": ids, "reason": "told by the ministry"})
    assert (asked["state"], asked["total"], asked["needs_approval"]) == ("previewed", 4, False)
    assert asked["preview"][0]["fields"][0]["after"] == "24/7"
    # One is touched between the choice and its doing: it is left, and named.
    team.edit(listings[0], website="https://mercy.example.org")
    team.good("POST", f"/changes/{asked['id']}/actions/apply", {})
    work()
    applied = team.good("GET", f"/changes/{asked['id']}")
    assert (applied["state"], applied["done"], [each["id"] for each in applied["left"]]) == ("applied", 3, [ids[0]])
    assert [team.get(each)["hours"] for each in ids] == ["Mo-Fr 08:00-17:00", "24/7", "24/7", "24/7"]
    later = team.edit(team.get(ids[1]), hours="Mo-Su 08:00-20:00").get_json()
    team.good("POST", f"/changes/{asked['id']}/actions/undo", {})
    work()
    undone = team.good("GET", f"/changes/{asked['id']}")
    assert (undone["state"], undone["done"]) == ("undone", 2)
    assert later["change_id"] in undone["left"][-1]["why"]
    assert [team.get(each)["hours"] for each in ids[1:]] == ["Mo-Su 08:00-20:00", *2 * ["Mo-Fr 08:00-17:00"]]


def test_agreements_of_many_take_a_second_person(team: ListingWire, work: Any) -> None:
    ids = [team.make()["id"] for _ in range(2)]
    terms = {"terms": {"network": "worldwide", "notice_days": 7}}
    refused(team.ask("POST", "/changes", {"set": terms, "ids": ids}), 400)
    asked = team.good("POST", "/changes", {"set": terms, "ids": ids, "reason": "agreed with the group"})
    path = f"/changes/{asked['id']}/actions"
    assert team.good("POST", f"{path}/apply", {})["state"] == "waiting"
    refused(team.ask("POST", f"{path}/approve", {}), 403)
    assert team.good("POST", f"{path}/approve", {}, "root")["state"] == "applying"
    work()
    assert [team.get(each)["agreements"][0]["notice_days"] for each in ids] == [7, 7]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"set": {}, "ids": ["1"]}, "/set"),
        ({"set": {"name": "All the same"}, "ids": ["1"]}, "/set/name"),
        ({"set": {"status": "merged"}, "ids": ["1"]}, "/set/status"),
        ({"set": {"status": "retired"}, "ids": ["1"]}, "/reason"),
        ({"set": {"hours": "24/7"}}, "/ids"),
        ({"set": {"hours": "24/7"}, "ids": ["999999999"]}, "/ids"),
        ({"set": {"terms": {"notice_days": 7}}, "ids": ["1"], "reason": "so"}, "/set/terms/network"),
        ({"set": {"terms": {"network": "worldwide", "notice_days": 700}}, "ids": ["1"], "reason": "so"},
         "/set/terms/notice_days"),
    ],
)  # fmt: skip
def test_change_of_many_that_cannot_be_is_refused_where_it_stands(
    team: ListingWire, body: dict[str, Any], pointer: str
) -> None:
    errors = refused(team.ask("POST", "/changes", body), 400)["errors"]
    assert any(each["pointer"].endswith(pointer) for each in errors), errors
