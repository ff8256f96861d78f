"""Customer service on the real database: what is sealed, what a dialler is told, what is forgotten, what clocks do."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import text

from config.settings import PROJECT_ROOT, settings_from
from directory.actors import opener
from directory.care import calls, hooks, questions
from directory.care.calls import CallDraft
from directory.care.questions import Question
from directory.care.retention import Piece, forget
from directory.cases import casework, vault
from directory.cases.vault import VaultClosed
from directory.db import get_engine, transaction
from directory.models import CaseSecret, HookMessage
from tests.worlds.worries import FRIDAY, Staff, desk_of, somebody

SECRET = f"whsec_{base64.b64encode(b'a secret of thirty-two bytes now').decode()}"
NUMBER = "+32479171882"


def key(name: str) -> str:
    return f"{name}:{base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()}"


@pytest.fixture(autouse=True)
def keys(staff: Staff) -> Iterator[None]:
    """A key that seals; the country of the numbers is known."""
    with get_engine().begin() as connection:
        connection.execute(text("INSERT INTO country VALUES ('BE') ON CONFLICT DO NOTHING"))
        connection.execute(text("TRUNCATE hook_message, case_file CASCADE"))
    with settings_from({"HEALTH_KEYS": key("one")}):
        yield


def a_case() -> Any:
    with desk_of(somebody()) as desk:
        return casework.open_case(desk)


# What is sealed.


def test_what_is_sealed_is_read_back_and_stands_nowhere_in_clear(staff: Staff) -> None:
    case, said = a_case(), {"phone": NUMBER, "text": f"words {uuid4()}"}
    with transaction() as session:
        vault.seal(session, case.id, said)
    with transaction() as session:
        assert vault.unseal(session, case.id) == said
        row = session.get_one(CaseSecret, case.id)
        assert NUMBER.encode() not in row.sealed + row.wrapped
        assert len({row.sealed[:12], row.wrapped[:12]}) == 2


def test_a_new_key_in_front_seals_and_the_old_one_still_opens(staff: Staff) -> None:
    old, new = a_case(), a_case()
    with transaction() as session:
        vault.seal(session, old.id, {"phone": "1"})
    with settings_from({"HEALTH_KEYS": f"{key('two')},{key('one')}"}), transaction() as session:
        vault.seal(session, new.id, {"phone": "2"})
        assert session.get_one(CaseSecret, new.id).key_id == "two"
        assert [vault.unseal(session, each.id)["phone"] for each in (old, new)] == ["1", "2"]
    with settings_from({"HEALTH_KEYS": key("two")}), transaction() as session, pytest.raises(VaultClosed):
        vault.unseal(session, old.id)


def test_what_was_moved_to_another_case_or_changed_opens_no_more(staff: Staff) -> None:
    mine, other = a_case(), a_case()
    with transaction() as session:
        vault.seal(session, mine.id, {"phone": "1"})
        vault.seal(session, other.id, {"phone": "2"})
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "UPDATE case_secret SET sealed = o.sealed, wrapped = o.wrapped FROM case_secret o "
                "WHERE case_secret.case_id = :mine AND o.case_id = :other"
            ),
            {"mine": mine.id, "other": other.id},
        )
    with transaction() as session, pytest.raises(VaultClosed):
        vault.unseal(session, mine.id)


@pytest.mark.parametrize("wrong", ["", "one", "one:notbase64!", "one:c2hvcnQ=", "aa" * 31])
def test_without_a_good_key_nothing_is_sealed_and_it_says_so(staff: Staff, wrong: str) -> None:
    case = a_case()
    with settings_from({"HEALTH_KEYS": wrong}), transaction() as session:
        assert not vault.is_open()
        with pytest.raises(VaultClosed):
            vault.seal(session, case.id, {"phone": "1"})


def test_an_erased_secret_cannot_be_opened_by_the_key_that_wrapped_it(staff: Staff) -> None:
    case = a_case()
    with transaction() as session:
        vault.seal(session, case.id, {"phone": NUMBER})
        sealed = bytes(session.get_one(CaseSecret, case.id).sealed)
    with transaction() as session:
        assert vault.erase(session, case.id)
        assert not vault.erase(session, case.id)
        assert vault.unseal(session, case.id) == {}
    master = hashlib.sha256(b"one").digest()
    with pytest.raises(InvalidTag):
        AESGCM(master).decrypt(sealed[:12], sealed[12:], b"said in " + case.id.bytes)


# What a dialler is told.


class Dialler:
    """A real server that keeps what it is told; `answers` are the statuses of its next answers."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        dialler = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                dialler.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(dialler.answers.pop(0) if dialler.answers else 200)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                """Nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hooks"


@pytest.fixture
def dialler() -> Iterator[Dialler]:
    """It listens, and is told."""
    made = Dialler()
    with settings_from({"CALL_WEBHOOK_URL": made.url, "CALL_WEBHOOK_SECRET": SECRET}):
        yield made
    made.server.shutdown()
    made.server.server_close()


def wish(number: str = NUMBER, now: dt.datetime | None = None, *, urgent: bool = False) -> Any:
    with transaction() as session:
        draft = CallDraft("BE", number, "fr", "letter", urgent)
        return calls.request_call(session, opener("fr"), draft, number, "somebody", now)


def test_a_dialler_is_told_with_a_signature_that_it_can_check(staff: Staff, dialler: Dialler) -> None:
    call = wish(urgent=True)
    with get_engine().connect() as connection:
        kept = connection.execute(text("SELECT to_jsonb(h)::text FROM hook_message h")).scalar_one()
    assert "479171882" not in kept
    now = dt.datetime.now(dt.UTC)
    assert hooks.send_due(get_engine(), now).sent == 1
    assert hooks.send_due(get_engine(), now).sent == 0
    [(headers, body)] = dialler.told
    told = json.loads(body)
    assert told["type"] == "call.requested"
    assert told["data"]["number"] == NUMBER
    assert (told["data"]["id"], told["data"]["urgent"], told["data"]["lang"]) == (str(call.id), True, "fr")
    assert headers["webhook-timestamp"] == str(int(now.timestamp()))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = hmac.digest(base64.b64decode(SECRET.removeprefix("whsec_")), signed, "sha256")
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"


@pytest.mark.parametrize("status", [500, 404, 302])
def test_what_is_not_taken_is_told_again_later_and_given_up_in_the_end(
    staff: Staff, dialler: Dialler, status: int
) -> None:
    wish()
    dialler.answers = [status, status, 200]
    now = dt.datetime.now(dt.UTC)
    first = hooks.send_due(get_engine(), now)
    assert (first.sent, first.postponed) == (0, 1)
    assert hooks.send_due(get_engine(), now + dt.timedelta(seconds=1)).postponed == 0
    assert hooks.send_due(get_engine(), now + dt.timedelta(seconds=6)).postponed == 1
    assert hooks.send_due(get_engine(), now + dt.timedelta(seconds=20)).sent == 1
    assert len(dialler.told) == 3
    wish("+32479171883")
    dialler.answers = [status]
    assert hooks.send_due(get_engine(), now + dt.timedelta(hours=3)).given_up == 1
    with transaction() as session:
        assert session.query(HookMessage).filter(HookMessage.given_up_at.is_not(None)).count() == 1


def test_of_a_call_that_is_over_nobody_is_told(staff: Staff, dialler: Dialler) -> None:
    call = wish()
    with transaction() as session:
        calls.act(session, opener("fr", follows=call.id), call.id, "cancel")
    assert hooks.send_due(get_engine()).dropped == 1
    assert dialler.told == []


def test_without_an_address_nothing_is_written_down(staff: Staff) -> None:
    wish()
    with transaction() as session:
        assert session.query(HookMessage).count() == 0


# Clocks, and what is forgotten.


def test_a_call_is_promised_within_the_hour_on_a_friday_night_too(staff: Staff) -> None:
    late = FRIDAY + dt.timedelta(hours=3)
    assert wish(now=late).case.due_at == late + dt.timedelta(minutes=60)
    assert wish("+32479171883", late, urgent=True).case.due_at == late + dt.timedelta(minutes=15)


def test_a_question_of_a_friday_night_is_answered_by_tuesday(staff: Staff) -> None:
    with transaction() as session:
        asked = Question("other", "What do you keep of me?", "mary@example.org")
        contact = questions.ask(session, opener("en"), asked, FRIDAY)
        assert contact.case.due_on == dt.date(2026, 9, 15)


def forgotten(now: dt.datetime) -> dict[str, int]:
    def run(_name: str, work: Piece) -> int:
        with transaction() as session:
            return work(session)

    return forget(run, now)


def test_each_thing_is_forgotten_in_its_time_and_twice_is_once(staff: Staff, dialler: Dialler) -> None:
    call = wish(now=FRIDAY)
    with transaction() as session:
        asked = Question("other", "What do you keep of me?", "mary@example.org")
        contact = questions.ask(session, opener("en"), asked, FRIDAY)
        contact_id = contact.id
    with transaction() as session:
        questions.act(session, staff.cora, contact_id, "answer", message="Very little.", now=FRIDAY)
    assert forgotten(FRIDAY + dt.timedelta(days=6))["call_numbers"] == 0
    week = forgotten(FRIDAY + dt.timedelta(days=8))
    assert (week["call_numbers"], week["contacts"]) == (1, 0)
    year = forgotten(FRIDAY + dt.timedelta(days=397))
    assert (year["call_numbers"], year["contacts"], year["hook_messages"]) == (0, 1, 1)
    assert not any(forgotten(FRIDAY + dt.timedelta(days=397)).values())
    with transaction() as session:
        assert vault.unseal(session, call.id) == vault.unseal(session, contact_id) == {}
        left = session.execute(text("SELECT count(*) FROM case_message WHERE case_id = :id"), {"id": contact_id})
        assert left.scalar_one() == 0


def test_two_who_claim_at_once_get_one_call(staff: Staff) -> None:
    call = wish()
    gate, got = threading.Barrier(2), []

    def claim(actor: Any) -> None:
        gate.wait()
        try:
            with transaction() as session:
                calls.act(session, actor, call.id, "claim")
            got.append("claimed")
        except Exception as error:
            got.append(type(error).__name__)

    threads = [threading.Thread(target=claim, args=(staff.cora,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == ["TransitionNotAllowed", "claimed"]


def test_two_who_ask_for_one_number_at_once_get_one_call(staff: Staff) -> None:
    gate, made = threading.Barrier(4), []

    def ask() -> None:
        gate.wait()
        made.append(wish().id)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1


def run_command(environment: dict[str, str], *words: str) -> tuple[str, dict[str, Any]]:
    program = Path(sys.executable).parent / "provider-directory"
    done = subprocess.run(
        [program, *words, "--json"],
        env={**environment, "HEALTH_KEYS": key("one"), "PATH": "/usr/bin:/bin"},
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout + done.stderr, json.loads(done.stdout.splitlines()[-1])


def test_the_command_forgets_says_how_many_and_writes_that_down_without_a_value(
    staff: Staff, service_environment: dict[str, str]
) -> None:
    wish(now=dt.datetime.now(dt.UTC) - dt.timedelta(days=8))
    said, counts = run_command(service_environment, "retention", "run")
    assert counts == {"call_numbers": 1, "refusal_contacts": 0, "contacts": 0, "hook_messages": 0}
    assert "call numbers: 1" in said
    assert NUMBER not in said
    assert not any(run_command(service_environment, "retention", "run")[1].values())
    with get_engine().connect() as connection:
        written = connection.execute(
            text("SELECT action, after::text FROM audit_entry WHERE subject = 'retention:call_numbers'")
        ).all()
    assert [tuple(row) for row in written] == [("forget", '{"count": 1}')]


def test_the_program_of_long_work_tells_the_dialler_and_ends_what_nobody_answered(
    staff: Staff, service_environment: dict[str, str], dialler: Dialler, gazetteer_path: Path
) -> None:
    wish()
    wish("+32479171883", dt.datetime.now(dt.UTC) - dt.timedelta(hours=3))
    told = {"CALL_WEBHOOK_URL": dialler.url, "CALL_WEBHOOK_SECRET": SECRET}
    _, done = run_command({**service_environment, **told}, "work", "--once")
    assert done["done"] == 2
    assert [json.loads(body)["data"]["number"] for _, body in dialler.told] == [NUMBER]
    with get_engine().connect() as connection:
        states = connection.execute(text("SELECT state FROM case_file ORDER BY received_at")).scalars().all()
    assert states == ["expired", "requested"]
