"""/v1/listings/{id}: a listing edited, decided on and merged, by the shapes of the interface."""

import datetime as dt
from typing import Any

import pytest

from tests.worlds.listing_wire import MERCY, ListingWire, refused

FIELDS = {
    "id", "status", "revision", "name", "names", "type", "specialties", "address", "lat", "lon", "precision", "phones",
    "email", "website", "languages", "hours", "agreements", "facts", "shown", "actions",
}  # fmt: skip


def test_new_listing_has_everything_that_is_promised(team: ListingWire) -> None:
    made = team.make()
    assert set(made) >= FIELDS
    assert (made["revision"], made["status"], made["phones"]) == (1, "active", ["+254203662000"])
    assert set(made["facts"]) == {"identity", "location", "contact", "care", "hours", "agreements"}
    assert made["facts"]["hours"]["source"] == "network_team"
    [agreement] = made["agreements"]
    assert (agreement["notice_days"], agreement["in_force"], agreement["status"]) == (12, True, "active")
    assert made["shown"]["payment"]["outpatient"]


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": None}, "/name"),
        ({"type": "castle"}, "/type"),
        ({"country": "ZZ"}, "/country"),
        ({"lat": 48.85, "lon": 2.35}, "/lat"),
        ({"lat": 91}, "/lat"),
        ({"lat": None}, "/lat"),
        ({"phones": ["call us"]}, "/phones/0"),
        ({"email": "nobody"}, "/email"),
        ({"hours": "whenever"}, "/hours"),
        ({"specialties": ["alchemy"]}, "/specialties/0"),
        ({"languages": ["klingon-ish words"]}, "/languages/0"),
        ({"names": []}, "/names"),
        ({"status": "retired"}, "/status"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands_and_changes_nothing(
    team: ListingWire, patch: dict[str, Any], pointer: str
) -> None:
    made = team.make()
    answer = team.edit(made, **patch)
    assert pointer in [each["pointer"] for each in refused(answer, 400)["errors"]]
    assert team.get(made["id"])["revision"] == made["revision"]


def test_merge_patch_says_what_changes_and_null_takes_away(team: ListingWire) -> None:
    made = team.make(email="info@example.org")
    edited = team.edit(made, hours="24/7", email=None, names=["Mercy Clinic", {"text": "عيادة الرحمة", "lang": "ar"}])
    body = edited.get_json()
    assert (body["hours"], body["email"], body["name"]) == ("24/7", None, "Mercy Clinic")
    assert [each["script"] for each in body["names"]] == ["Latn", "Arab"]
    assert (body["address"], body["phones"]) == (made["address"], made["phones"])
    assert edited.headers["ETag"] == f'"{body["revision"]}"'


def test_city_without_a_point_moves_to_its_city_and_says_so(team: ListingWire) -> None:
    made = team.make(lat=None, lon=None)
    assert made["precision"] == "place"
    moved = team.edit(made, city="Mombasa").get_json()
    assert (moved["city"], moved["precision"]) == ("Mombasa", "place")
    assert abs(moved["lat"] - -4.05) < 0.1


def test_edit_without_if_match_is_asked_for_it(team: ListingWire) -> None:
    made = team.make()
    refused(team.ask("PATCH", f"/listings/{made['id']}", {"hours": "24/7"}), 428)


def test_edits_of_different_fields_are_put_together(team: ListingWire) -> None:
    seen = team.make()
    team.good("PATCH", f"/listings/{seen['id']}", {"hours": "24/7"}, "root", If_Match='"1"')
    both = team.edit(seen, website="https://mercy.example.org").get_json()
    assert (both["hours"], both["website"], both["revision"]) == ("24/7", "https://mercy.example.org", 3)


def test_second_editor_of_a_field_is_shown_what_the_first_changed(team: ListingWire) -> None:
    seen = team.make()
    team.good("PATCH", f"/listings/{seen['id']}", {"hours": "24/7"}, "root", If_Match='"1"')
    answer = team.edit(seen, hours="Mo-Fr 09:00-12:00")
    problem = refused(answer, 412)
    assert (problem["changed"], problem["current"]["hours"], problem["current"]["revision"]) == (["hours"], "24/7", 2)
    assert answer.headers["ETag"] == '"2"'


def test_key_that_came_before_does_nothing_twice(team: ListingWire) -> None:
    first = team.ask("POST", "/listings", MERCY, Idempotency_Key="one")
    again = team.ask("POST", "/listings", MERCY, Idempotency_Key="one")
    assert first.get_data() == again.get_data()
    made = first.get_json()["id"]
    path, body = f"/listings/{made}/actions/suspend", {"reason": "closed for repairs"}
    for _ in range(2):
        assert team.ask("POST", path, body, Idempotency_Key="two").get_json()["revision"] == 2


def test_suspension_needs_a_reason_and_dates_that_follow_each_other(team: ListingWire) -> None:
    made = team.make()["id"]
    refused(team.act(made, "suspend"), 400)
    yesterday = (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)).isoformat()
    refused(team.act(made, "suspend", reason="repairs", until=yesterday), 400)
    suspended = team.act(made, "suspend", reason="repairs", until="2099-01-01").get_json()
    assert (suspended["status"], suspended["suspended_until"]) == ("suspended", "2099-01-01")
    assert "resume" in suspended["actions"]
    assert team.act(made, "resume").get_json()["status"] == "active"


def test_status_that_does_not_allow_an_action_names_those_that_it_does(team: ListingWire) -> None:
    made = team.make()["id"]
    assert team.act(made, "retire", reason="closed").get_json()["shown"] is None
    assert refused(team.act(made, "suspend", reason="again"), 409)["allowed"] == ["restore"]
    refused(team.ask("GET", f"/providers/{made}", who=None), 410)
    assert team.act(made, "restore").get_json()["status"] == "active"
    refused(team.act(made, "praise"), 404)


def test_confirmation_says_which_facts_by_whom_and_how(team: ListingWire) -> None:
    made = team.make()["id"]
    body = team.act(made, "verify", facts=["hours", "contact"], method="phone", note="spoke to the desk").get_json()
    assert body["facts"]["hours"]["method"] == "phone"
    assert body["facts"]["contact"]["confirmed_by"] == "nadia"
    assert body["facts"]["care"]["method"] is None
    refused(team.act(made, "verify", facts=["moods"]), 400)


def test_merged_listing_answers_410_and_points_on_and_undo_parts_them_exactly(team: ListingWire) -> None:
    goes, stays = team.make(name="Mercy Clinc", website="https://mercy.example.org"), team.make(phones=[])
    merged = team.act(goes["id"], "merge", reason="the same", into=stays["id"], fields={"phones": goes["id"]})
    assert merged.get_json()["merged_into"] == stays["id"]
    gone = refused(team.ask("GET", f"/providers/{goes['id']}", who=None), 410)
    assert gone["replaced_by"] == stays["id"]
    survivor = team.get(stays["id"])
    assert (survivor["phones"], survivor["website"]) == (["+254203662000"], "https://mercy.example.org")
    assert "Mercy Clinc" in [name["text"] for name in survivor["names"]]
    assert [each["id"] for each in survivor["merged"]] == [goes["id"]]
    assert team.undo(merged.get_json()["change_id"]).status_code == 200
    for before in (goes, stays):
        after = team.get(before["id"])
        for volatile in ("revision", "updated_at", "shown", "change_id", "facts"):
            before.pop(volatile, None), after.pop(volatile, None)
        assert after == before


def test_listing_that_was_merged_twice_points_to_the_last(team: ListingWire) -> None:
    first, second, third = (team.make()["id"] for _ in range(3))
    team.act(first, "merge", reason="the same", into=second)
    team.act(second, "merge", reason="the same", into=third)
    assert refused(team.ask("GET", f"/providers/{first}", who=None), 410)["replaced_by"] == third
    refused(team.act(third, "merge", reason="the same", into=third), 400)
    refused(team.act(third, "merge", reason="the same", into=first), 409)


@pytest.mark.parametrize("who", ["amina", None])
def test_nobody_but_the_team_reads_or_changes_listings_here(team: ListingWire, who: str | None) -> None:
    made = team.make()["id"]
    status = 403 if who else 401
    for method, path, body in (
        ("GET", f"/listings/{made}", None),
        ("GET", f"/listings/{made}/history", None),
        ("PATCH", f"/listings/{made}", {"hours": "24/7"}),
        ("POST", f"/listings/{made}/actions/retire", {"reason": "no"}),
        ("POST", f"/listings/{made}/agreements", {}),
        ("POST", "/listings", MERCY),
        ("POST", "/changes", {"set": {"hours": "24/7"}, "ids": [made]}),
        ("GET", "/changes", None),
    ):
        refused(team.ask(method, path, body, who), status)
