"""Reports: what may be said, once however often it is sent, from where, how often; and that no log repeats it."""

import logging
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from directory.admission.keys import add_key, known_keys
from directory.admission.limits import Limit
from directory.api.schemas import ReceiptAnswer
from directory.db import get_engine, transaction
from directory.web import reporting
from tests.http.problem import problem_of
from tests.worlds.small_directory import World

PORTAL = "https://portal.example"


@pytest.fixture(autouse=True)
def no_reports(world: World) -> Iterator[None]:
    """Before each test nothing was reported, and nobody has used up a limit."""
    with get_engine().begin() as connection:
        connection.execute(text("TRUNCATE report, rate"))
    yield
    with get_engine().begin() as connection:
        connection.execute(text("TRUNCATE report, rate"))


@pytest.fixture
def address(world: World) -> str:
    """Where reports on one listing go."""
    return f"/v1/providers/{world.ids['cairo']}/reports"


def kept() -> list[Any]:
    with get_engine().connect() as connection:
        return list(connection.execute(text("SELECT * FROM report ORDER BY created_at")).all())


def send(client: FlaskClient, address: str, key: str | None = None, **body: Any) -> TestResponse:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(address, json=body, headers=headers)


@pytest.mark.parametrize("kind", ["wrong_details", "closed", "card_refused"])
def test_report_is_kept_and_its_sender_gets_a_receipt(
    client: FlaskClient, address: str, world: World, kind: str
) -> None:
    # The widget tells its language at every address.
    answer = send(client, f"{address}?lang=fr", kind=kind, text="  Moved to الزمالك  ", contact="someone@example.org")
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert not ReceiptAnswer(unknown="raise").validate(answer.get_json())
    assert set(answer.get_json()) == {"id", "kind", "received_at"}
    [report] = kept()
    assert (report.listing_id, report.kind, report.text) == (world.ids["cairo"], kind, "Moved to الزمالك")
    assert (report.contact, report.status) == ("someone@example.org", "open")


def test_same_idempotency_key_gives_the_same_receipt_and_one_report(client: FlaskClient, address: str) -> None:
    key = str(uuid.uuid4())
    answers = [send(client, address, key, kind="closed").get_json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert len(kept()) == 1


def test_same_idempotency_key_with_another_report_is_refused(client: FlaskClient, address: str) -> None:
    key = str(uuid.uuid4())
    assert send(client, address, key, kind="closed").status_code == 201
    problem_of(send(client, address, key, kind="card_refused"), 422, "idempotency-key-reused")
    assert len(kept()) == 1


def test_same_idempotency_key_many_times_at_once_is_one_report(app: Flask, address: str) -> None:
    key, gate = str(uuid.uuid4()), threading.Barrier(8)

    def one(_number: int) -> Any:
        gate.wait()
        return send(app.test_client(), address, key, kind="closed").get_json()

    with ThreadPoolExecutor(8) as crowd:
        receipts = list(crowd.map(one, range(8)))
    assert len({receipt["id"] for receipt in receipts}) == 1
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/kind"),
        ({"kind": "rude"}, "/kind"),
        ({"kind": "other"}, "/text"),
        ({"kind": "other", "text": "   "}, "/text"),
        ({"kind": "closed", "text": "x" * 2001}, "/text"),
        ({"kind": "closed", "contact": "call me"}, "/contact"),
        ({"kind": "closed", "contact": "a@b" + "c" * 200 + ".org"}, "/contact"),
        ({"kind": "closed", "text": 7}, "/text"),
        ({"kind": "closed", "status": "resolved"}, "/status"),
        ({"kind": "closed", "text": "a\0b"}, "/text"),
    ],
)
def test_wrong_body_is_told_by_its_place(client: FlaskClient, address: str, body: dict[str, Any], pointer: str) -> None:
    [fault] = problem_of(send(client, address, **body), 400)["errors"]
    assert fault["pointer"] == pointer
    assert fault["message"]
    assert kept() == []


@pytest.mark.parametrize("data", [b"", b"[]", b'"closed"', b"{", b"null", b"kind=closed"])
def test_body_that_is_no_object_is_a_problem(client: FlaskClient, address: str, data: bytes) -> None:
    problem_of(client.post(address, data=data, content_type="application/json"), 400)


def test_body_of_another_kind_or_too_large_is_a_problem(client: FlaskClient, address: str) -> None:
    answer = client.post(address, data="kind=closed", content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (400, 415)
    assert answer.mimetype == "application/problem+json"
    answer = send(client, address, kind="other", text="x" * 40_000)
    assert answer.status_code in (400, 413)
    assert answer.mimetype == "application/problem+json"
    assert kept() == []


def test_report_on_what_is_not_there_is_a_problem(client: FlaskClient, world: World) -> None:
    problem_of(send(client, "/v1/providers/999999/reports", kind="closed"), 404, "not-found")
    problem_of(send(client, "/v1/providers/x/reports", kind="closed"), 404, "not-found")
    problem_of(send(client, f"/v1/providers/{world.ids['retired']}/reports", kind="closed"), 410, "listing-gone")
    assert client.get(f"/v1/providers/{world.ids['cairo']}/reports").status_code == 405


def test_page_of_another_origin_cannot_report_without_a_key_that_names_it(client: FlaskClient, address: str) -> None:
    known_keys.forget()
    for headers in ({"Origin": PORTAL}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        problem_of(client.post(address, json={"kind": "closed"}, headers=headers), 403, "origin-not-allowed")
    with transaction() as session:
        key = add_key(session, [PORTAL]).key
    sent = client.post(f"{address}?key={key}", json={"kind": "closed"}, headers={"Origin": PORTAL})
    assert sent.status_code == 201
    assert sent.headers["Access-Control-Allow-Origin"] == PORTAL
    other = client.post(f"{address}?key={key}", json={"kind": "closed"}, headers={"Origin": "https://other.example"})
    problem_of(other, 403, "origin-not-allowed")
    assert client.post(address, json={"kind": "closed"}, headers={"Origin": "http://localhost"}).status_code == 201
    assert len(kept()) == 2


def test_reports_of_one_address_are_limited_and_those_of_another_are_not(
    client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "PER_ADDRESS", Limit("reports", 3, 3600))
    here, there = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "203.0.113.8"}
    for _ in range(3):
        assert client.post(address, json={"kind": "closed"}, environ_overrides=here).status_code == 201
    answer = client.post(address, json={"kind": "closed"}, environ_overrides=here)
    problem_of(answer, 429, "too-many-requests")
    assert 60 < int(answer.headers["Retry-After"]) <= 1200
    assert '"reports";q=3;w=3600' in answer.headers["RateLimit-Policy"]
    assert client.post(address, json={"kind": "closed"}, environ_overrides=there).status_code == 201
    assert len(kept()) == 4


def test_reports_of_one_listing_are_limited_whoever_sends_them(
    client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "PER_LISTING", Limit("reports-of-a-listing", 2, 3600))
    statuses = [
        client.post(address, json={"kind": "closed"}, environ_overrides={"REMOTE_ADDR": f"203.0.113.{n}"}).status_code
        for n in range(3)
    ]
    assert statuses == [201, 201, 429]


def test_a_slip_uses_nothing_up(client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "PER_ADDRESS", Limit("reports", 1, 3600))
    for _ in range(5):
        problem_of(send(client, address, kind="other"), 400)
    assert send(client, address, kind="other", text="The door is locked.").status_code == 201


def test_nothing_of_a_report_or_its_sender_is_in_the_logs_or_in_the_counts(
    client: FlaskClient, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = ("Unsayable", "quiet@person.example", "203.0.113.77", "pk_unknown_one", "Idemsecret")
    with caplog.at_level(logging.DEBUG):
        for body in ({"kind": "other", "text": "Unsayable", "contact": "quiet@person.example"}, {"kind": "Unsayable"}):
            client.post(
                address,
                json=body,
                headers={"Idempotency-Key": "Idemsecret", "X-Forwarded-For": "203.0.113.77"},
                environ_overrides={"REMOTE_ADDR": "203.0.113.77"},
            )
        client.get("/v1/codes?key=pk_unknown_one")
    written = "\n".join(record.getMessage() for record in caplog.records)
    assert '"route":"/v1/providers/<listing_id>/reports"' in written
    assert [secret for secret in secrets if secret.lower() in written.lower()] == []
    with get_engine().connect() as connection:
        buckets = " ".join(connection.execute(text("SELECT bucket FROM rate")).scalars())
    assert "reports:" in buckets
    assert "203.0.113.77" not in buckets
