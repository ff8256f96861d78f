"""What is sent again is done once, whoever sends it and whatever happened to the first answer."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from directory.admission import repeating
from directory.db import get_engine, transaction
from directory.models import CaseAttachment, CaseEvent, CaseMessage, Proposal, ProposalSupporter
from tests.http.proposals.test_proposals_pages import SAID
from tests.http.proposals.test_proposals_security import PDF
from tests.worlds.proposal_pages import Enter, Page
from tests.worlds.proposal_people import propose
from tests.worlds.proposal_wire import BODY, Wire
from tests.worlds.small_directory import World

Send = Callable[[Wire, str], TestResponse]

# Each request of the interface that changes something, sent under one key; and what there is once it was done once.
SENT: dict[str, tuple[Send, Any, int]] = {
    "propose": (lambda wire, _: wire.ask("amina", "POST", "", BODY, Idempotency_Key="k"), Proposal, 2),
    "act": (lambda wire, one: wire.act("nadia", one, "start_review", Idempotency_Key="k"), CaseEvent, 3),
    "write": (
        lambda wire, one: wire.ask("nadia", "POST", f"/{one}/messages", {"text": "Hello"}, Idempotency_Key="k"),
        CaseMessage,
        1,
    ),
    "own": (lambda wire, one: wire.ask("nadia", "POST", f"/{one}/owner", Idempotency_Key="k"), CaseEvent, 3),
    "support": (
        lambda wire, one: wire.ask("chen", "POST", f"/{one}/supporters", Idempotency_Key="k"),
        ProposalSupporter,
        1,
    ),
    "attach": (lambda wire, one: wire.upload("amina", one, "a.pdf", PDF, Idempotency_Key="k"), CaseAttachment, 1),
}


def count(model: Any) -> int:
    with transaction() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("name", SENT)
def test_what_is_sent_again_is_done_once_and_answered_the_same(wire: Wire, name: str) -> None:
    send, model, wanted = SENT[name]
    proposal = str(propose(wire.people.amina))
    first, again = send(wire, proposal), send(wire, proposal)
    assert first.status_code in (200, 201)
    assert (first.status_code, first.data, first.headers.get("ETag")) == (
        again.status_code,
        again.data,
        again.headers.get("ETag"),
    )
    assert count(model) == wanted


@pytest.mark.parametrize("name", SENT)
def test_who_got_no_answer_after_the_work_was_done_gets_it_and_nothing_is_done_twice(
    wire: Wire, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, model, wanted = SENT[name]
    proposal = str(propose(wire.people.amina))

    def die(*_: object) -> None:
        raise RuntimeError("the process ends here")

    with monkeypatch.context() as patched:
        patched.setattr(repeating, "keep_answer", die)
        assert send(wire, proposal).status_code == 500
    assert count(model) == wanted
    second, third = send(wire, proposal), send(wire, proposal)
    assert second.status_code in (200, 201)
    assert second.data == third.data
    assert count(model) == wanted


def test_the_first_answer_comes_again_though_the_case_has_moved_on(wire: Wire) -> None:
    proposal = str(propose(wire.people.amina))
    first = wire.act("nadia", proposal, "start_review", Idempotency_Key="k")
    wire.walk(proposal, "contact")
    again = wire.act("nadia", proposal, "start_review", Idempotency_Key="k")
    assert again.data == first.data
    assert again.get_json()["state"] == "under_review"


def test_a_request_that_failed_holds_no_key(wire: Wire) -> None:
    proposal = str(propose(wire.people.amina))
    assert wire.act("nadia", proposal, "contact", {}, Idempotency_Key="k").status_code == 409
    wire.walk(proposal, "start_review")
    assert wire.act("nadia", proposal, "contact", {}, Idempotency_Key="k").status_code == 200


def test_a_key_with_another_body_is_refused_and_of_another_account_is_another_key(wire: Wire) -> None:
    proposal = str(propose(wire.people.amina))
    path = f"/{proposal}/messages"
    assert wire.ask("amina", "POST", path, {"text": "One"}, Idempotency_Key="k").status_code == 201
    assert wire.ask("amina", "POST", path, {"text": "Two"}, Idempotency_Key="k").status_code == 422
    assert wire.ask("bruno", "POST", path, {"text": "Two"}, Idempotency_Key="k").status_code == 201
    assert count(CaseMessage) == 2


def test_a_key_of_an_account_and_one_of_a_stranger_do_not_meet(wire: Wire, app: Flask, world: World) -> None:
    proposal = str(propose(wire.people.amina))
    path = f"/v1/providers/{world.ids['cairo']}/reports"

    def report(kind: str) -> int:
        sent = app.test_client().post(path, json={"kind": kind}, headers={"Idempotency-Key": "k"})
        return sent.status_code

    assert wire.act("nadia", proposal, "start_review", Idempotency_Key="k").status_code == 200
    assert [report("closed"), report("closed"), report("card_refused")] == [201, 201, 422]
    with get_engine().begin() as connection:
        assert connection.execute(text("DELETE FROM report")).rowcount == 1


def test_old_answers_are_forgotten(wire: Wire) -> None:
    proposal = str(propose(wire.people.amina))
    path = f"/{proposal}/messages"
    wire.ask("amina", "POST", path, {"text": "One"}, Idempotency_Key="old")
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE repeatable_request SET at = at - interval '3 days'"))
    wire.ask("amina", "POST", path, {"text": "Two"}, Idempotency_Key="new")
    with get_engine().connect() as connection:
        assert connection.execute(text("SELECT key FROM repeatable_request")).scalars().all() == ["new"]


# Forms of pages.


def number_of(page: str) -> str:
    """What makes a form one that may come again."""
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_form_that_was_changed_after_it_was_sent_is_not_lost_silently(enter: Enter) -> None:
    amina = enter("amina")
    said = {**SAID, "once": number_of(amina.get("/hr/proposals/new"))}
    amina.follow("/hr/proposals", **said)
    changed = {**said, "name": "Clinique du Lac"}
    page = amina.refused("/hr/proposals", 422, **changed)
    assert "Ce formulaire a déjà été enregistré" in page
    assert 'value="Clinique du Lac"' in page
    assert count(Proposal) == 1
    assert number_of(page) != said["once"]
    amina.follow("/hr/proposals", **{**changed, "once": number_of(page)})
    assert count(Proposal) == 2


def test_a_form_sent_twice_with_its_files_is_taken_once(enter: Enter) -> None:
    from io import BytesIO

    amina: Page = enter("amina")
    for _ in range(2):
        answer = amina.send("/hr/proposals", **{**SAID, "file": (BytesIO(PDF), "offer.pdf")})
        assert answer.status_code == 303
    other = amina.send("/hr/proposals", **{**SAID, "file": (BytesIO(PDF + b"\n"), "offer.pdf")})
    assert other.status_code == 422
    assert (count(Proposal), count(CaseAttachment)) == (1, 1)
