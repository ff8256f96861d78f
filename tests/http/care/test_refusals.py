"""A card that was refused: taken from anybody, followed by a link, worked on by its desks, told to others with care."""

import datetime as dt
import re
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from directory.api.care.schemas import CareRowsAnswer, NowAnswer, RefusalAnswer
from directory.db import get_engine
from tests.http.problem import problem_of
from tests.worlds.care_people import Desk
from tests.worlds.small_directory import World

SHAPE = {"id", "reference", "state", "due", "actions", "events", "messages", "revision"}


@pytest.fixture
def listing(world: World) -> int:
    """One that takes the card."""
    return world.ids["nairobi-pharmacy"]


def refused(listing: int, **more: Any) -> dict[str, Any]:
    return {"listing_id": str(listing), "at_desk": False, "lang": "en", **more}


def report(desk: Desk, listing: int, people: int) -> list[Any]:
    return [desk.made("/v1/refusals", refused(listing), address=f"198.51.100.{each}") for each in range(people)]


def shown(desk: Desk, listing: int, **query: Any) -> Any:
    answer = desk.ask(None, "GET", f"/v1/providers/{listing}", query_string=query)
    assert answer.status_code == 200
    return answer.get_json()


def test_what_is_sent_is_a_case_that_its_sender_follows_by_a_link(desk: Desk, listing: int) -> None:
    case = desk.made("/v1/refusals", refused(listing, text="They wanted cash", asked_cash=True, lang="fr"))
    assert case.keys() >= SHAPE
    assert not RefusalAnswer(unknown="raise").validate(case)
    assert re.fullmatch(r"R-[0-9A-Z]{6}", case["reference"])
    assert case["state"] == "received"
    assert case["due"]["what"] == "first_contact"
    assert case["actions"] == ["withdraw"]
    secret = case["follow_url"].rpartition("/")[2]
    followed = desk.ask(None, "GET", f"/v1/refusals/{case['id']}", query_string={"follow": secret})
    assert followed.get_json()["reference"] == case["reference"]
    page = desk.ask(None, "GET", f"/follow/{secret}", query_string={"lang": "fr"})
    assert page.status_code == 200
    assert case["reference"] in page.get_data(as_text=True)
    # Without the link, or with another one, there is nothing to see.
    problem_of(desk.ask(None, "GET", f"/v1/refusals/{case['id']}"), 401, "sign-in-needed")
    problem_of(
        desk.ask(None, "GET", f"/v1/refusals/{case['id']}", query_string={"follow": secret[:-1]}), 404, "not-found"
    )
    other = desk.made("/v1/refusals", refused(listing))
    problem_of(desk.ask(None, "GET", f"/v1/refusals/{other['id']}", query_string={"follow": secret}), 404, "not-found")
    taken_back = desk.ask(
        None, "POST", f"/v1/refusals/{case['id']}/actions/withdraw", query_string={"follow": secret}
    ).get_json()
    assert taken_back["state"] == "withdrawn"


def test_at_the_desk_a_number_is_needed_and_fifteen_minutes_are_promised(desk: Desk, listing: int) -> None:
    [fault] = problem_of(desk.ask(None, "POST", "/v1/refusals", refused(listing, at_desk=True)), 400)["errors"]
    assert fault["pointer"] == "/phone"
    case = desk.made("/v1/refusals", refused(listing, at_desk=True, phone="0712 345 678"))
    due = dt.datetime.fromisoformat(case["due"]["at"])
    received = dt.datetime.fromisoformat(case["received_at"])
    assert due - received == dt.timedelta(minutes=15)
    assert desk.ask("lucia", "GET", f"/v1/refusals/{case['id']}").get_json()["person"]["phone"] == "+254712345678"
    # The network team works on it too, and does not learn who it was.
    assert desk.ask("nadia", "GET", f"/v1/refusals/{case['id']}").get_json()["person"] is None


def test_only_its_desks_read_it_and_an_admin_is_none(desk: Desk, listing: int) -> None:
    case = desk.made("/v1/refusals", refused(listing))
    for path in ("/v1/refusals", f"/v1/refusals/{case['id']}"):
        for who, status in {"lucia": 200, "nadia": 200, "amina": 403, "root": 403, None: 401}.items():
            assert desk.ask(who, "GET", path).status_code == status, (who, path)
    rows = desk.ask("lucia", "GET", "/v1/refusals").get_json()
    assert not CareRowsAnswer(unknown="raise").validate(rows)
    assert desk.ask("lucia", "GET", f"/v1/refusals/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"listing_id": None}, "/listing_id"),
        ({"at_desk": None}, "/at_desk"),
        ({"at_desk": "yes"}, "/at_desk"),
        ({"lang": "de"}, "/lang"),
        ({"care": "magic"}, "/care"),
        ({"network": "none-such"}, "/network"),
        ({"happened_on": "2019-01-01"}, "/happened_on"),
        ({"happened_on": "yesterday"}, "/happened_on"),
        ({"paid_amount": "12.50"}, "/paid_currency"),
        ({"paid_amount": "-1", "paid_currency": "USD"}, "/paid_amount"),
        ({"paid_amount": "12.50", "paid_currency": "XXQ"}, "/paid_currency"),
        ({"contact": "somebody"}, "/contact"),
        ({"phone": "12"}, "/phone"),
        ({"text": "x" * 2001}, "/text"),
        ({"state": "unfounded"}, "/state"),
    ],
)
def test_wrong_input_is_told_by_its_place(desk: Desk, listing: int, wrong: dict[str, Any], pointer: str) -> None:
    body = {name: value for name, value in {**refused(listing), **wrong}.items() if value is not None}
    [fault, *_] = problem_of(desk.ask(None, "POST", "/v1/refusals", body), 400)["errors"]
    assert fault["pointer"] == pointer
    assert desk.ask("lucia", "GET", "/v1/refusals").get_json()["total"] == 0


def test_of_a_listing_that_is_not_there_or_no_more_nothing_is_kept(desk: Desk, world: World) -> None:
    problem_of(desk.ask(None, "POST", "/v1/refusals", refused(10**9)), 404, "not-found")
    gone = problem_of(desk.ask(None, "POST", "/v1/refusals", refused(world.ids["merged"])), 410, "listing-gone")
    assert gone["replaced_by"] == str(world.ids["aga-khan"])


def test_sent_again_with_its_key_it_is_one_case(desk: Desk, listing: int) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    first, again = (desk.made("/v1/refusals", refused(listing), headers=key) for _ in range(2))
    assert (first["id"], first["follow_url"]) == (again["id"], again["follow_url"])
    other = desk.ask(None, "POST", "/v1/refusals", refused(listing, at_desk=False, care="stay"), headers=key)
    problem_of(other, 422, "idempotency-key-reused")


def test_the_steps_to_each_end_and_what_each_needs(desk: Desk, listing: int, world: World) -> None:
    def fresh() -> Any:
        return desk.made("/v1/refusals", refused(listing))

    case = desk.done("lucia", fresh(), "contact", {"note": "Called accounts", "channel": "call"})
    assert case["state"] == "contacting"
    assert case["actions"] == ["persuaded", "letter", "alternative", "dismiss"]
    assert desk.done("lucia", case, "persuaded")["state"] == "accepts_again"
    wrong = desk.ask("lucia", "POST", f"/v1/refusals/{case['id']}/actions/persuaded")
    assert problem_of(wrong, 409, "transition-not-allowed")["state"] == "accepts_again"
    one = fresh()
    missing = problem_of(desk.ask("lucia", "POST", f"/v1/refusals/{one['id']}/actions/dismiss"), 400)
    assert missing["errors"][0]["pointer"] == "/reason"
    assert desk.done("nadia", one, "dismiss", {"reason": "A misunderstanding"})["state"] == "unfounded"
    two = fresh()
    nothing = problem_of(desk.ask("lucia", "POST", f"/v1/refusals/{two['id']}/actions/alternative", {}), 400)
    assert nothing["errors"][0]["pointer"] == "/listing_ids"
    given = desk.done("lucia", two, "alternative", {"listing_ids": [str(world.ids["aga-khan"])]})
    assert (given["state"], given["alternatives"]) == ("alternative_given", [str(world.ids["aga-khan"])])
    # The network team's step is not customer service's, and the other way round.
    three = desk.done("lucia", fresh(), "contact")
    assert desk.ask("lucia", "POST", f"/v1/refusals/{three['id']}/actions/suspend").status_code == 403
    assert desk.ask("nadia", "POST", f"/v1/refusals/{three['id']}/actions/persuaded").status_code == 403
    stale = desk.ask("lucia", "POST", f"/v1/refusals/{three['id']}/actions/letter", headers={"If-Match": '"1"'})
    problem_of(stale, 412, "revision-conflict")
    assert desk.ask("lucia", "POST", f"/v1/refusals/{three['id']}/actions/dance").status_code == 404


def test_the_network_team_suspends_and_members_read_until_when_and_what_instead(desk: Desk, world: World) -> None:
    listing = world.ids["goma-5"]
    case = desk.done("lucia", desk.made("/v1/refusals", refused(listing)), "contact")
    today = dt.datetime.now(dt.UTC).date()
    path = f"/v1/refusals/{case['id']}/actions/suspend"
    late = {"reason": "Unpaid bills", "until": (today + dt.timedelta(181)).isoformat()}
    [fault] = problem_of(desk.ask("nadia", "POST", path, late), 400)["errors"]
    assert fault["pointer"] == "/until"
    until = today + dt.timedelta(30)
    body = {"reason": "Unpaid bills", "until": until.isoformat(), "instead": "Pay and claim for now."}
    try:
        assert desk.done("nadia", case, "suspend", body)["state"] == "agreement_suspended"
        [agreement] = shown(desk, listing)["agreements"]
        assert (agreement["status"], agreement["suspended_until"]) == ("suspended", until.isoformat())
        assert agreement["instead"] == "Pay and claim for now."
        assert "Pay and claim for now." in shown(desk, listing)["payment"]["outpatient"]
        page = desk.ask(None, "GET", f"/search/{listing}").get_data(as_text=True)
        assert "Where the card is taken nearby" in page
    finally:
        with get_engine().begin() as connection:
            connection.execute(
                text("UPDATE agreement SET status = 'active', suspended_until = NULL WHERE listing_id = :id"),
                {"id": listing},
            )


# What others are told.


def test_one_report_is_no_caution_two_people_are_and_one_that_is_confirmed_is(desk: Desk, listing: int) -> None:
    report(desk, listing, 1)
    assert shown(desk, listing)["caution"] is None
    # The same person again is one person.
    desk.made("/v1/refusals", refused(listing), address="198.51.100.0")
    assert shown(desk, listing)["caution"] is None
    desk.made("/v1/refusals", refused(listing), address="198.51.100.9")
    caution = shown(desk, listing)["caution"]
    today = dt.datetime.now(dt.UTC).date()
    assert (caution["reports"], caution["last_on"]) == (2, today.isoformat())
    assert caution["sentence"].startswith("Refused our card lately: 2 reports, last on ")
    assert shown(desk, listing, lang="ar")["caution"]["sentence"].startswith("رفض بطاقتنا مؤخرًا: بلاغان")


def test_what_the_desk_confirms_is_a_caution_with_one_report(desk: Desk, listing: int) -> None:
    [case] = report(desk, listing, 1)
    desk.done("lucia", case, "contact", {"confirmed": True, "note": "They say so themselves"})
    assert shown(desk, listing)["caution"]["reports"] == 1


def test_a_caution_stands_on_cards_and_in_search(desk: Desk, listing: int) -> None:
    report(desk, listing, 2)
    found = desk.ask(None, "GET", "/v1/providers", query_string={"q": "Uhuru Pharmacy"}).get_json()["items"]
    assert [item["caution"]["reports"] for item in found if item["id"] == str(listing)] == [2]
    for path in (f"/search/{listing}", "/search?who=Uhuru+Pharmacy"):
        assert "Refused our card lately: 2 reports" in desk.ask(None, "GET", path).get_data(as_text=True)


def test_three_come_to_the_top_of_the_queue_and_nothing_is_suspended(desk: Desk, listing: int, world: World) -> None:
    at_desk = desk.made("/v1/refusals", refused(world.ids["aga-khan"], at_desk=True, phone="0712345678"))
    first = report(desk, listing, 2)
    order = [row["id"] for row in desk.ask("lucia", "GET", "/v1/refusals").get_json()["items"]]
    assert order[0] == at_desk["id"]
    third = desk.made("/v1/refusals", refused(listing), address="198.51.100.77")
    rows = desk.ask("lucia", "GET", "/v1/refusals").get_json()["items"]
    assert {row["id"] for row in rows[:3]} == {*(each["id"] for each in first), third["id"]}
    assert rows[0]["reports"] == 3
    assert all(agreement["status"] == "active" for agreement in shown(desk, listing)["agreements"])
    assert shown(desk, listing)["status"] == "active"


@pytest.mark.parametrize("ended", ["dismissed", "old", "confirmed by the team"])
def test_a_caution_ends(desk: Desk, listing: int, ended: str) -> None:
    cases = report(desk, listing, 2)
    assert shown(desk, listing)["caution"]
    with get_engine().begin() as connection:
        before = connection.execute(
            text("SELECT verified_on, verified_by FROM listing WHERE id = :id"), {"id": listing}
        ).one()
    if ended == "dismissed":
        desk.done("lucia", cases[0], "dismiss", {"reason": "It was closed that day"})
    elif ended == "old":
        with get_engine().begin() as connection:
            connection.execute(text("UPDATE refusal SET received_at = received_at - interval '31 days'"))
    else:
        verify(listing, "CURRENT_DATE", "network_team")
    assert shown(desk, listing)["caution"] is None
    if ended.startswith("confirmed"):
        # What comes after it, on the same day too, counts again.
        report(desk, listing, 2)
        assert shown(desk, listing)["caution"]["reports"] == 2
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE listing SET verified_on = :on, verified_by = :by, revision = revision + 1 WHERE id = :id"),
            {"on": before.verified_on, "by": before.verified_by, "id": listing},
        )


def verify(listing: int, day: str, by: str) -> None:
    with get_engine().begin() as connection:
        connection.execute(
            text(
                f"UPDATE listing SET verified_on = {day}, verified_by = '{by}', revision = revision + 1 WHERE id = :id"
            ),
            {"id": listing},
        )


def test_a_report_that_the_card_was_refused_is_such_a_case_too(desk: Desk, listing: int) -> None:
    for address in ("203.0.113.1", "203.0.113.2"):
        answer = desk.ask(
            None, "POST", f"/v1/providers/{listing}/reports", {"kind": "card_refused", "text": "Cash only"},
            address=address,
        )  # fmt: skip
        assert answer.status_code == 201
    rows = desk.ask("lucia", "GET", "/v1/refusals").get_json()
    assert rows["total"] == 2
    assert shown(desk, listing)["caution"]["reports"] == 2


# What helps at once.


def test_what_helps_at_the_desk_needs_nothing_to_be_typed(desk: Desk, world: World) -> None:
    now = desk.ask(None, "GET", f"/v1/providers/{world.ids['aga-khan']}/now", query_string={"lang": "fr"}).get_json()
    assert not NowAnswer(unknown="raise").validate(now)
    assert now["call"]["number"].startswith("+")
    # The listing speaks English, Swahili and Arabic.
    assert now["sheet"]["lang"] == "en"
    assert now["sheet"]["title"] == "Please call before you ask for cash"
    assert "lettre de garantie" in now["letter"]
    assert "12 mois" in now["claim"]
    assert str(world.ids["aga-khan"]) not in {item["id"] for item in now["nearest"]}


def test_the_nearest_three_take_the_card_and_none_is_warned_of(desk: Desk, world: World) -> None:
    clinic = world.ids["goma-3"]
    nearest = desk.ask(None, "GET", f"/v1/providers/{clinic}/now").get_json()["nearest"]
    assert len(nearest) == 3
    assert all(any(a["outpatient"] == "card" for a in item["agreements"]) for item in nearest)
    report(desk, int(nearest[0]["id"]), 2)
    after = desk.ask(None, "GET", f"/v1/providers/{clinic}/now").get_json()["nearest"]
    assert nearest[0]["id"] not in {item["id"] for item in after}


@pytest.mark.parametrize("lang", ["en", "fr", "es", "ar"])
def test_the_page_shows_whom_to_call_before_any_field(desk: Desk, listing: int, lang: str) -> None:
    answer = desk.ask(None, "GET", f"/search/{listing}/refused", query_string={"lang": lang})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert page.index('href="tel:') < page.index("<form")
    assert page.index('class="desk-card"') < page.index("<form")


def test_the_form_of_the_page_keeps_what_was_typed_and_goes_on_to_the_link(desk: Desk, listing: int) -> None:
    form = {"when": "now", "phone": "12", "text": "They wanted cash & more", "idempotency_key": str(uuid4())}
    wrong = desk.client.post(f"/search/{listing}/refused?lang=en", data=form)
    assert wrong.status_code == 400
    assert "They wanted cash &amp; more" in wrong.get_data(as_text=True)
    assert 'id="phone-fault"' in wrong.get_data(as_text=True)
    good = desk.client.post(f"/search/{listing}/refused?lang=en", data={**form, "phone": "0712345678"})
    assert good.status_code == 303
    page = desk.client.get(good.headers["Location"])
    assert "Thank you for telling us" in page.get_data(as_text=True)
    foreign = desk.client.post(f"/search/{listing}/refused", data=form, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403


def test_a_flood_from_one_address_ends_and_says_when_to_come_back(desk: Desk, listing: int) -> None:
    statuses = [
        desk.ask(None, "POST", "/v1/refusals", refused(listing), address="203.0.113.50").status_code for _ in range(22)
    ]
    assert statuses[:20] == [201] * 20
    assert set(statuses[20:]) == {429}
