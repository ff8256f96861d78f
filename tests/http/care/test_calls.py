"""Call me back: which numbers, one request a number, who sees them, who is told, and that no trace is left."""

import datetime as dt
import logging
import re
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from directory.api.care.schemas import CallAnswer, CareRowsAnswer, ContactsAnswer, NumberAnswer
from directory.care.calls import expire_calls
from directory.care.retention import Piece, forget
from directory.db import get_engine, transaction
from tests.http.problem import problem_of
from tests.worlds.care_people import Desk
from tests.worlds.small_directory import World

NUMBER, SHOWN = "0479 17 18 82", "+32479171882"
WISH = {"country": "BE", "number": NUMBER, "lang": "fr"}


def forgotten(now: dt.datetime) -> dict[str, int]:
    def run(_name: str, work: Piece) -> int:
        with transaction() as session:
            return work(session)

    return forget(run, now)


def test_a_wish_is_kept_with_its_number_in_e164_and_a_place_in_the_queue(desk: Desk) -> None:
    call = desk.made("/v1/calls", WISH)
    assert not CallAnswer(unknown="raise").validate(call)
    assert re.fullmatch(r"T-[0-9A-Z]{6}", call["reference"])
    assert (call["number"], call["state"], call["position"]) == (SHOWN, "requested", 1)
    assert call["expected_minutes"] is None
    due = dt.datetime.fromisoformat(call["due"]["at"]) - dt.datetime.fromisoformat(call["received_at"])
    assert due == dt.timedelta(minutes=60)
    urgent = desk.made("/v1/calls", {**WISH, "number": "0479 17 18 83", "urgent": True})
    due = dt.datetime.fromisoformat(urgent["due"]["at"]) - dt.datetime.fromisoformat(urgent["received_at"])
    assert due == dt.timedelta(minutes=15)
    assert urgent["position"] == 1


def test_asking_again_gives_the_open_one_and_only_its_sender_gets_the_link(desk: Desk) -> None:
    first = desk.made("/v1/calls", WISH)
    again = desk.ask(None, "POST", "/v1/calls", {**WISH, "number": "+32 479 171 882"})
    assert again.status_code == 200
    assert (again.get_json()["id"], again.get_json()["follow_url"]) == (first["id"], first["follow_url"])
    other = desk.ask(None, "POST", "/v1/calls", WISH, address="203.0.113.9").get_json()
    assert (other["id"], other["follow_url"], other["actions"]) == (first["id"], None, [])


def test_sent_again_with_its_key_it_is_one_call_and_with_another_number_it_is_refused(desk: Desk) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    first = desk.made("/v1/calls", WISH, headers=key)
    again = desk.ask(None, "POST", "/v1/calls", WISH, headers=key).get_json()
    assert (again["id"], again["follow_url"]) == (first["id"], first["follow_url"])
    other = desk.ask(None, "POST", "/v1/calls", {**WISH, "number": "0479 17 18 83"}, headers=key)
    problem_of(other, 422, "idempotency-key-reused")


@pytest.mark.parametrize(
    ("country", "number", "said"),
    [
        ("BE", "12345", "digits"),
        ("BE", "+33612345678", "France"),
        ("NL", "0900 12345", "cost more"),
        ("GB", "0800 123456", "toll-free"),
        ("BE", "112", "emergency"),
        ("BE", "1733", "short"),
        ("GB", "020 7946 0958 ext 12", "extension"),
        ("GB", "020 7946 0100", "our own"),
        ("GB", "call me", "digits"),
        ("GB", "", "needed"),
    ],
)
def test_numbers_that_cannot_be_called_are_refused_with_the_reason(
    desk: Desk, country: str, number: str, said: str
) -> None:
    answer = desk.ask(None, "POST", "/v1/calls", {"country": country, "number": number, "lang": "en"})
    [fault] = problem_of(answer, 400)["errors"]
    assert fault["pointer"] == "/number"
    assert said in fault["message"]
    looked = desk.ask(None, "GET", "/v1/calls/number", query_string={"country": country, "number": number})
    assert looked.status_code == 400


def test_a_number_is_shown_back_and_what_was_confirmed_must_be_it(desk: Desk, world: World) -> None:
    read = desk.ask(None, "GET", "/v1/calls/number", query_string={"country": "BE", "number": NUMBER}).get_json()
    assert not NumberAnswer(unknown="raise").validate(read)
    assert (read["number"], read["number_shown"], read["warnings"]) == (SHOWN, "+32 479 17 18 82", [])
    [fault] = problem_of(desk.ask(None, "POST", "/v1/calls", {**WISH, "confirmed": "+32479171889"}), 400)["errors"]
    assert fault["pointer"] == "/confirmed"
    desk.made("/v1/calls", {**WISH, "confirmed": SHOWN})
    # A listing's own number is everybody's to read: perhaps it was copied by mistake.
    query = {"country": "KE", "number": "+254 20 366 2000", "lang": "es"}
    published = desk.ask(None, "GET", "/v1/calls/number", query_string=query).get_json()
    assert published["warnings"] == ["published"]
    assert published["sentences"][0].startswith("Este número figura en nuestro directorio")


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [({"country": "XX"}, "/country"), ({"lang": "de"}, "/lang"), ({"topic": "gossip"}, "/topic"), ({"a": 1}, "/a")],
)
def test_wrong_input_is_told_by_its_place(desk: Desk, wrong: dict[str, Any], pointer: str) -> None:
    [fault] = problem_of(desk.ask(None, "POST", "/v1/calls", {**WISH, **wrong}), 400)["errors"]
    assert fault["pointer"] == pointer


def test_the_number_is_shown_to_who_claimed_it_and_to_no_colleague(desk: Desk) -> None:
    call = desk.made("/v1/calls", WISH)
    rows = desk.ask("lucia", "GET", "/v1/calls").get_json()
    assert not CareRowsAnswer(unknown="raise").validate(rows)
    assert SHOWN not in str(rows)
    path = f"/v1/calls/{call['id']}"
    assert desk.ask("lucia", "GET", path).get_json()["number"] is None
    claimed = desk.done("lucia", call, "claim", kind="calls")
    assert (claimed["number"], claimed["state"]) == (SHOWN, "calling")
    assert desk.ask("omar", "GET", path).get_json()["number"] is None
    assert desk.ask("omar", "POST", f"{path}/actions/claim").status_code == 409
    ended = desk.done("lucia", call, "no_answer", {"note": "Rang for a minute"}, kind="calls")
    assert (ended["state"], ended["actions"]) == ("no_answer", [])
    # One attempt; then it may be asked for again.
    assert desk.made("/v1/calls", WISH)["id"] != call["id"]


@pytest.mark.parametrize("who", ["nadia", "root", "amina", None])
def test_nobody_else_reads_calls(desk: Desk, who: str | None) -> None:
    call = desk.made("/v1/calls", WISH)
    for path in ("/v1/calls", f"/v1/calls/{call['id']}"):
        assert desk.ask(who, "GET", path).status_code in (401, 403, 404)


def test_three_a_number_a_day_and_five_an_address_an_hour(desk: Desk) -> None:
    for _ in range(3):
        call = desk.made("/v1/calls", WISH, address="203.0.113.20")
        secret = call["follow_url"].rpartition("/")[2]
        gone = desk.ask(None, "POST", f"/v1/calls/{call['id']}/actions/cancel", query_string={"follow": secret})
        assert gone.get_json()["state"] == "cancelled"
    # From anywhere else it is the same number.
    assert desk.ask(None, "POST", "/v1/calls", WISH, address="203.0.113.21").status_code == 429
    numbers = [f"0479 17 18 {last}" for last in range(10, 16)]
    statuses = [
        desk.ask(None, "POST", "/v1/calls", {**WISH, "number": number}, address="203.0.113.30").status_code
        for number in numbers
    ]
    assert statuses == [201] * 5 + [429]


def test_nobody_answered_in_time_ends_it_and_the_lead_is_told_without_the_number(desk: Desk) -> None:
    desk.made("/v1/calls", WISH)
    urgent = desk.made("/v1/calls", {**WISH, "number": "0479 17 18 83", "urgent": True})
    now = dt.datetime.now(dt.UTC)

    def expire(minutes: int) -> int:
        with transaction() as session:
            return expire_calls(session, now + dt.timedelta(minutes=minutes))

    assert [expire(29), expire(31), expire(31), expire(119), expire(121)] == [0, 1, 0, 0, 1]
    assert desk.ask("lucia", "GET", f"/v1/calls/{urgent['id']}").get_json()["state"] == "expired"
    with get_engine().connect() as connection:
        mails = connection.execute(text("SELECT message, recipient, values::text AS said FROM mail_message")).all()
    assert {mail.message for mail in mails} == {"care_call_expired"}
    assert len(mails) == 2
    assert not any("479" in mail.said for mail in mails)


def test_expected_minutes_are_told_once_ten_calls_were_measured(desk: Desk) -> None:
    for last in range(10, 21):
        call = desk.made("/v1/calls", {**WISH, "number": f"0479 17 18 {last}"}, address=f"203.0.113.{last}")
        if last < 20:
            assert call["expected_minutes"] is None
            desk.done("lucia", call, "claim", kind="calls")
    assert call["expected_minutes"] == 1


def test_numbers_are_erased_after_seven_days_and_again_is_nothing(desk: Desk) -> None:
    call = desk.done("lucia", desk.made("/v1/calls", WISH), "claim", kind="calls")
    now = dt.datetime.now(dt.UTC)
    assert forgotten(now + dt.timedelta(days=6))["call_numbers"] == 0
    assert forgotten(now + dt.timedelta(days=7, minutes=1))["call_numbers"] == 1
    assert forgotten(now + dt.timedelta(days=8))["call_numbers"] == 0
    assert desk.ask("lucia", "GET", f"/v1/calls/{call['id']}").get_json()["number"] is None
    with get_engine().connect() as connection:
        assert connection.execute(text("SELECT number_hash FROM call_back")).scalar_one() is None


# The pages.


@pytest.mark.parametrize("lang", ["en", "fr", "es", "ar"])
def test_the_number_is_shown_before_it_is_kept_and_the_next_page_says_all(client: FlaskClient, lang: str) -> None:
    form = {"tab": "call", "country": "BE", "number": NUMBER, "idempotency_key": str(uuid4())}
    shown = client.post(f"/contact?lang={lang}", data=form)
    assert shown.status_code == 200
    assert SHOWN in shown.get_data(as_text=True)
    with get_engine().connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM call_back")).scalar_one() == 0
    sent = client.post(f"/contact?lang={lang}", data={**form, "confirmed": SHOWN})
    assert sent.status_code == 303
    page = client.get(sent.headers["Location"]).get_data(as_text=True)
    assert "+32 479 17 18 82" in page
    assert 'role="status"' in page


@pytest.mark.parametrize("tab", ["form", "details", "numbers", "call"])
@pytest.mark.parametrize("lang", ["en", "fr", "es", "ar"])
def test_each_tab_is_a_page_and_every_page_has_a_number_at_its_foot(client: FlaskClient, tab: str, lang: str) -> None:
    page = client.get("/contact", query_string={"tab": tab, "lang": lang, "country": "FR"})
    assert page.status_code == 200
    foot = page.get_data(as_text=True).partition('<footer class="foot">')[2]
    assert "+33199005100" in foot


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(client: FlaskClient) -> None:
    wrong = client.post("/contact?lang=fr", data={"tab": "call", "country": "BE", "number": "12345"})
    assert wrong.status_code == 400
    assert "Les numéros du pays «\u00a0Belgique\u00a0» ont 8–9 chiffres" in wrong.get_data(as_text=True)
    assert 'value="12345"' in wrong.get_data(as_text=True)
    form = client.post("/contact?lang=en", data={"tab": "form", "topic": "", "text": "short", "email": "x"})
    page = form.get_data(as_text=True)
    assert form.status_code == 400
    for field in ("topic", "text", "email"):
        assert f'id="{field}-fault"' in page
    assert ">short</textarea>" in page


# Questions, and the numbers.


def test_a_question_is_answered_and_its_sender_hears_of_it_without_a_word(desk: Desk) -> None:
    body = {"topic": "privacy", "text": "What do you keep of me?", "email": "mary@example.org", "lang": "en"}
    case = desk.made("/v1/contact", {**body, "reference_number": "414 unmip1"})
    assert re.fullmatch(r"Q-[0-9A-Z]{6}", case["reference"])
    for who in ("nadia", "root", "amina", None):
        assert desk.ask(who, "GET", f"/v1/contact/{case['id']}").status_code in (401, 403)
    person = desk.ask("lucia", "GET", f"/v1/contact/{case['id']}").get_json()["person"]
    assert person == {
        "text": body["text"], "contact": body["email"], "phone": None, "reference_number": "414/UNMIP1", "files": [],
    }  # fmt: skip
    path = f"/v1/contact/{case['id']}/actions"
    missing = problem_of(desk.ask("lucia", "POST", f"{path}/answer", {}), 400)
    assert missing["errors"][0]["pointer"] == "/message"
    answered = desk.done("lucia", case, "answer", {"message": "Only what you see here."}, kind="contact")
    assert answered["state"] == "answered"
    secret = case["follow_url"].rpartition("/")[2]
    page = desk.ask(None, "GET", f"/follow/{secret}").get_data(as_text=True)
    assert "Only what you see here." in page
    with get_engine().connect() as connection:
        [mail] = connection.execute(text("SELECT recipient, values::text AS said FROM mail_message")).all()
    assert mail.recipient == "mary@example.org"
    assert "Only what" not in mail.said
    assert case["reference"] in mail.said


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"topic": "gossip"}, "/topic"),
        ({"text": "too short"}, "/text"),
        ({"email": None}, "/email"),
        ({"email": "nobody"}, "/email"),
        ({"reference_number": "no such"}, "/reference_number"),
        ({"phone": "12"}, "/phone"),
        ({"lang": "de"}, "/lang"),
    ],
)
def test_a_question_that_cannot_be_kept_is_told_by_its_place(desk: Desk, wrong: Any, pointer: str) -> None:
    body = {"topic": "other", "text": "A question of mine", "email": "mary@example.org", **wrong}
    sent = {name: value for name, value in body.items() if value is not None}
    [fault, *_] = problem_of(desk.ask(None, "POST", "/v1/contact", sent), 400)["errors"]
    assert fault["pointer"] == pointer


def test_contacts_are_found_by_country_and_stale_ones_say_so(desk: Desk) -> None:
    def contacts(**query: str) -> Any:
        answer = desk.ask(None, "GET", "/v1/contacts", query_string=query)
        assert answer.status_code == 200
        assert not ContactsAnswer(unknown="raise").validate(answer.get_json())
        return answer.get_json()

    assert contacts(country="FR")["first"]["number"] == "+33199005100"
    assert contacts(country="CD")["first"]["number"] == "+442079460100"
    assert contacts()["invented"] is True
    # From where nobody says, only what can be dialled from anywhere comes first.
    assert contacts()["first"]["reachable_from"] == []
    assert "care_lead" not in contacts()["mailboxes"]
    canada = contacts(country="CA", plan="local_staff", lang="fr")
    [stale] = [line for line in canada["lines"] if line["country"] == "CA"]
    assert stale["stale"]
    assert stale["note"].startswith("Ce numéro n'a pas été vérifié")
    assert not [line for line in contacts(country="CA")["lines"] if line["country"] == "CA"]
    problem_of(desk.ask(None, "GET", "/v1/contacts", query_string={"country": "ZZ"}), 400)


def test_no_number_contact_or_word_is_in_audit_events_mail_logs_or_metrics(
    desk: Desk, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = {"479171882", "0479 17 18 82", "712345678", "mary.secret@example.org", "sarcoidosis", "414/UNMIP1"}
    listing = str(world.ids["nairobi-pharmacy"])
    call = desk.made("/v1/calls", WISH)
    desk.done("lucia", call, "claim", kind="calls")
    desk.done("lucia", call, "reached", {"note": "Spoke"}, kind="calls")
    refusal = desk.made(
        "/v1/refusals",
        {
            "listing_id": listing, "at_desk": True, "phone": "0712 345 678", "contact": "mary.secret@example.org",
            "text": "They refused because of my sarcoidosis",
        },
    )  # fmt: skip
    desk.done("lucia", refusal, "contact", {"note": "Called"})
    desk.done("lucia", refusal, "letter", {"message": "A letter is on its way"})
    question = desk.made(
        "/v1/contact",
        {
            "topic": "other", "text": "About my sarcoidosis, please", "email": "mary.secret@example.org",
            "phone": "+32 479 17 18 82", "reference_number": "414/UNMIP1",
        },
    )  # fmt: skip
    desk.done("lucia", question, "answer", {"message": "We see"}, kind="contact")
    desk.ask(None, "POST", "/v1/calls", {**WISH, "number": "0479 17 18 82 ext 3"})
    with get_engine().connect() as connection:
        tables = ("audit_entry", "case_event", "case_file", "refusal", "call_back", "contact", "rate", "hook_message")
        kept = [
            str(row)
            for table in (*tables, "case_message", "repeatable_request")
            for row in connection.execute(text(f"SELECT to_jsonb(t)::text FROM {table} t")).scalars()
        ]
        mails = connection.execute(text("SELECT (values || '{}')::text FROM mail_message")).scalars().all()
    metrics = desk.ask(None, "GET", "/metrics").get_data(as_text=True)
    for secret in secrets:
        assert not [row for row in kept if secret in row], secret
        assert not [mail for mail in mails if secret in mail], secret
        assert secret not in metrics
        assert secret not in caplog.text
    assert call["id"] in "".join(kept)
