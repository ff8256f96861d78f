"""How fast one account may propose, write and attach, by the interface and on the pages."""

from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from directory.admission.limits import Limit
from directory.web.proposals import limits
from directory.wording.catalogue import phrase
from tests.http.problem import problem_of
from tests.http.proposals.test_proposals_pages import SAID
from tests.http.proposals.test_proposals_security import PDF
from tests.worlds.proposal_pages import Enter
from tests.worlds.proposal_people import People, propose
from tests.worlds.proposal_wire import BODY, Wire


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of each an hour."""
    for name in ("PROPOSALS", "MESSAGES", "FILES"):
        monkeypatch.setattr(limits, name, Limit(name.lower(), 2, 3600))


def refused(answer: TestResponse) -> None:
    problem_of(answer, 429, "too-many-requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 1800


def test_the_interface_refuses_what_comes_too_fast_from_one_account(wire: Wire) -> None:
    first, second = wire.propose()["id"], wire.propose()["id"]
    refused(wire.ask("amina", "POST", "", BODY))
    wire.propose("bruno")
    for proposal in (first, second):
        assert wire.ask("amina", "POST", f"/{proposal}/messages", {"text": "Hello"}).status_code == 201
        assert wire.upload("amina", proposal, "a.pdf", PDF).status_code == 201
    refused(wire.ask("amina", "POST", f"/{first}/messages", {"text": "Hello"}))
    refused(wire.upload("amina", first, "a.pdf", PDF))
    assert wire.ask("nadia", "POST", f"/{first}/messages", {"text": "Hello", "kind": "note"}).status_code == 201
    assert len(wire.get("amina", f"/{first}")["messages"]) == 1


def test_the_form_keeps_what_was_typed(enter: Enter, people: People) -> None:
    amina = enter("amina")
    for number in range(2):
        assert amina.send("/hr/proposals", **{**SAID, "step": "save", "name": "", "once": number}).status_code == 422
    answer = amina.send("/hr/proposals", **SAID)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert phrase("fr", "proposals.too_many") in page
    assert f'value="{SAID["name"]}"' in page
    # Looking for what is known already is no proposal.
    assert amina.send("/hr/proposals", **{**SAID, "step": "look"}).status_code == 200
    assert "Vous n’avez encore proposé personne" in amina.get("/hr/")


@pytest.mark.parametrize(("who", "part", "lang"), [("amina", "hr", "fr"), ("omar", "network", "es")])
def test_a_message_that_comes_too_fast_stands_in_its_field(
    enter: Enter, people: People, who: str, part: str, lang: str
) -> None:
    proposal = propose(people.amina)
    page, path = enter(who), f"/{part}/proposals/{proposal}/messages"
    for _ in range(2):
        page.follow(path, text="Hello", kind="note")
    answer = page.send(path, text="<b>Third</b>", kind="contact", channel="call")
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 429
    assert phrase(lang, "proposals.too_many") in shown
    assert ">&lt;b&gt;Third&lt;/b&gt;</textarea>" in shown
    if part == "network":
        assert '<option value="contact" selected>' in shown
        assert '<option value="call" selected>' in shown


def test_a_message_that_cannot_be_kept_stands_in_its_field_too(enter: Enter, people: People) -> None:
    proposal = propose(people.amina)
    answer = enter("amina").send(f"/hr/proposals/{proposal}/messages", text="x" * 4001)
    assert answer.status_code == 422
    assert f">{'x' * 4001}</textarea>" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("who", "part"), [("amina", "hr"), ("nadia", "network")])
def test_files_that_come_too_fast_are_not_taken(enter: Enter, people: People, who: str, part: str) -> None:
    proposal = propose(people.amina)
    page, path = enter(who), f"/{part}/proposals/{proposal}/attachments"
    for _ in range(2):
        page.follow(path, file=(BytesIO(PDF), "a.pdf"))
    answer = page.send(path, file=(BytesIO(PDF), "late.pdf"))
    assert answer.status_code == 429
    assert "late.pdf" not in answer.get_data(as_text=True)


def test_pages_and_interface_are_counted_together(enter: Enter, wire: Wire, people: People) -> None:
    wire.propose()
    amina = enter("amina")
    amina.follow("/hr/proposals", **{**SAID, "once": "2"})
    refused(wire.ask("amina", "POST", "", BODY))
    assert amina.send("/hr/proposals", **{**SAID, "once": "3"}).status_code == 429
