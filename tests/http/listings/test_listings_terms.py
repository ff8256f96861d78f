"""Agreements of a listing: terms by network with dates, suspended, resumed, ended; overlaps are shown."""

import datetime as dt
from typing import Any

from directory.db import get_engine
from directory.listings.shown import load_public_listings
from directory.wording.formats import date
from indexers.documents import build_body
from tests.worlds.listing_wire import ListingWire, refused

TODAY = dt.datetime.now(dt.UTC).date()
SEVEN = {"network": "worldwide", "outpatient": "card", "inpatient": "guarantee_letter", "notice_days": 7}


def day(days: int) -> str:
    return (TODAY + dt.timedelta(days=days)).isoformat()


def agreements(team: ListingWire, listing: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = team.get(listing)["agreements"]
    return found


def made_long_ago(team: ListingWire) -> Any:
    return team.make(agreements=[{**SEVEN, "notice_days": 12, "effective_from": day(-400)}])


def test_new_terms_end_the_old_ones_where_they_begin(team: ListingWire) -> None:
    made = made_long_ago(team)["id"]
    team.good("POST", f"/listings/{made}/agreements", {**SEVEN, "effective_from": day(30)})
    old, new = agreements(team, made)
    assert (old["effective_to"], old["in_force"], old["notice_days"]) == (day(30), True, 12)
    assert (new["effective_from"], new["in_force"], new["notice_days"]) == (day(30), False, 7)


def test_terms_that_would_overlap_later_ones_are_refused_with_both_shown(team: ListingWire) -> None:
    made = made_long_ago(team)["id"]
    team.good("POST", f"/listings/{made}/agreements", {**SEVEN, "effective_from": day(30)})
    answer = team.ask("POST", f"/listings/{made}/agreements", {**SEVEN, "effective_from": day(10)})
    assert len(refused(answer, 409)["agreements"]) == 2
    team.good("POST", f"/listings/{made}/agreements", {**SEVEN, "effective_from": day(10), "effective_to": day(30)})
    assert [each["effective_from"] for each in agreements(team, made)] == [day(-400), day(30), day(10)]


def test_notice_that_is_corrected_is_what_members_read_and_the_day_before_replays_as_it_was(team: ListingWire) -> None:
    made = made_long_ago(team)
    before = dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
    [agreement] = made["agreements"]
    path = f"/listings/{made['id']}/agreements/{agreement['id']}"
    corrected = team.good("PATCH", path, {"notice_days": 7, "reason": "agreed by phone"}, If_Match='"1"')
    assert "7 days" in corrected["shown"]["payment"]["inpatient"]
    assert "7 days" in team.good("GET", f"/providers/{made['id']}")["payment"]["inpatient"]
    then = team.get(made["id"], f"?as_of={before}")
    assert (then["agreements"][0]["notice_days"], then["revision"]) == (12, 1)
    assert "12 days" in then["shown"]["payment"]["inpatient"]


def test_suspended_agreement_is_not_offered_and_comes_back_when_it_is_resumed(team: ListingWire) -> None:
    made = made_long_ago(team)
    [agreement] = made["agreements"]
    path = f"/listings/{made['id']}/agreements/{agreement['id']}/actions"
    refused(team.ask("POST", f"{path}/suspend", {}), 400)
    body = {"reason": "the card was refused twice", "until": day(20), "instead": "Ask for a guarantee letter."}
    suspended = team.good("POST", f"{path}/suspend", body)
    [told] = suspended["agreements"]
    assert (told["status"], told["suspended_until"], told["in_force"]) == ("suspended", day(20), False)
    assert told["instead"] == "Ask for a guarantee letter."
    assert team.good("POST", f"{path}/resume", {})["agreements"][0]["in_force"]


def test_members_read_until_when_an_agreement_is_suspended_and_what_to_do_instead(team: ListingWire) -> None:
    made = team.make()
    path = f"/listings/{made['id']}/agreements/{made['agreements'][0]['id']}/actions"
    body = {"reason": "Bills unpaid", "until": day(20), "instead": "Pay, then claim; Aga Khan takes your card."}
    shown = team.good("POST", f"{path}/suspend", body)["shown"]
    read = team.ask("GET", f"/providers/{made['id']}", who=None).get_json()
    for item in (shown, read):
        [told] = item["agreements"]
        assert (told["status"], told["suspended_until"], told["instead"]) == ("suspended", day(20), body["instead"])
        assert (told["outpatient"], told["notice_days"]) == ("card", 12)
        until = date("en", dt.date.fromisoformat(day(20)))
        for setting in ("outpatient", "inpatient"):
            assert item["payment"][setting] == f"The agreement here is suspended until {until}. {body['instead']}"
    assert "Bills unpaid" not in str(read)
    team.good("POST", f"{path}/resume", {})
    [told] = team.ask("GET", f"/providers/{made['id']}", who=None).get_json()["agreements"]
    assert (told["status"], told["suspended_until"], told["instead"]) == ("active", None, None)


def test_no_search_for_a_way_to_pay_finds_a_suspended_agreement(team: ListingWire) -> None:
    made = team.make()
    path = f"/listings/{made['id']}/agreements/{made['agreements'][0]['id']}/actions"
    team.good("POST", f"{path}/suspend", {"reason": "Bills unpaid"})
    with get_engine().connect() as connection:
        [shown] = load_public_listings(connection, [int(made["id"])])
    body = build_body(shown)
    without = build_body({**shown, "suspended": []})
    for asked in ("network", "agreement", "settles"):
        assert body[asked] == without[asked]
    assert body["network"] == []
    # A search shows it all the same, with what to do.
    assert body["shown"]["suspended"][0]["network"] == "worldwide"


def test_ended_agreement_holds_no_longer(team: ListingWire) -> None:
    made = made_long_ago(team)
    [agreement] = made["agreements"]
    path = f"/listings/{made['id']}/agreements/{agreement['id']}/actions/end"
    ended = team.good("POST", path, {"reason": "the provider left"})
    assert (ended["agreements"][0]["effective_to"], ended["agreements"][0]["in_force"]) == (day(0), False)
    refused(team.ask("POST", path.replace(agreement["id"], "999999"), {"reason": "none"}), 404)
