"""Every form of the pages of proposals: what it asks before words leave, and that nothing typed into it is ever lost.

The forms are read from the pages themselves, in every state: a new one is held to the same without a word more.
"""

import io
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from werkzeug.test import TestResponse

from directory.accounts import authenticator
from directory.accounts.passwords import hash_password
from directory.db import transaction
from directory.models import Account, AuditEntry
from directory.wording.catalogue import phrase
from tests.http.proposals.test_proposals_security import PDF
from tests.worlds.forms import Form, forms_of
from tests.worlds.proposal_pages import Enter, Page
from tests.worlds.proposal_people import People, propose, walk

PATIENT = "my wife, who is treated for cancer"
FILE = "scan_Mme_Kasongo_cancer.pdf"

REACHED: dict[str, tuple[str, ...] | None] = {
    "draft": None,
    "submitted": (),
    "needs_information": ("ask_information",),
    "under_review": ("start_review",),
    "contacting": ("start_review", "contact"),
    "negotiating": ("start_review", "contact", "negotiate"),
    "agreed": ("start_review", "contact", "agree"),
    "declined_by_network": ("decline",),
}
# Who, which page, in which state of the proposal.
PAGES = [
    ("amina", "/hr/proposals/new", "draft"),
    *(("amina", "/hr/proposals/{}", state) for state in ("draft", "submitted", "needs_information", "contacting")),
    ("amina", "/hr/proposals/{}/edit", "needs_information"),
    ("bruno", "/hr/proposals/{}", "needs_information"),
    *(("nadia", "/network/proposals/{}", state) for state in REACHED if state != "draft"),
    *(
        ("nadia", f"/network/proposals/{{}}?step={step}", state)
        for state, step in (
            ("submitted", "ask_information"),
            ("submitted", "decline"),
            ("needs_information", "withdraw_question"),
            ("needs_information", "decline"),
            ("contacting", "provider_declined"),
            ("contacting", "no_response"),
            ("declined_by_network", "reopen"),
        )
    ),
    *(("nadia", "/network/proposals/{}/edit", state) for state in ("submitted", "agreed")),
]
# Fields that hold no words: what is none of a number, a day, an address of the net is refused.
NO_WORDS = {
    "people", "visits", "lat", "lon", "email", "website", "notice_days", "effective_from", "effective_to", "listing_id",
    "pick",
}  # fmt: skip
# Words that stay with the team.
OF_THE_TEAM = {"note", "passed_over"}


def in_state(people: People, state: str) -> UUID:
    steps = REACHED[state]
    proposal = propose(people.amina, submit=steps is not None)
    walk(people, proposal, *(steps or ()))
    return proposal


def free_fields(form: Form, page: str) -> Iterator[str]:
    """What of a form can say anything to another desk."""
    for name, kind in form.typed.items():
        of_team = name in OF_THE_TEAM or (kind == "file" and page.startswith("/network"))
        if name not in NO_WORDS and not of_team:
            yield name


def said_in(form: Form, **changes: Any) -> dict[str, Any]:
    """What the form sends: as it stands, what must be there, and the changes."""
    said: dict[str, Any] = {name: list(values) for name, values in form.values.items()}
    needed = {"name": "Clinique du Lac", "country": "CD", "type": "clinic", "text": "Hello", "message": "Hello"}
    for name, value in needed.items():
        if name in form.typed and not "".join(said.get(name, [])).strip():
            said[name] = value
    if "once" in said:
        said["step"] = "send"
    if "kind" in said:
        said["kind"] = "message"
    return {**said, **changes}


def send(page: Page, form: Form, said: dict[str, Any], file: str | None = None) -> TestResponse:
    sent = {**said, **({"file": (io.BytesIO(PDF), file)} if file else {})}
    return page.send(form.action, **sent)


def written() -> tuple[int, ...]:
    """All that is kept of proposals: nothing was taken where it stays the same."""
    with transaction() as session:
        tables = ("case_file", "case_event", "case_message", "case_attachment")
        counts = [session.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in tables]
        revisions = session.scalar(text("SELECT coalesce(sum(revision), 0) FROM case_file"))
        audited = session.scalar(select(func.count()).select_from(AuditEntry))
    return (*counts, int(revisions or 0), audited or 0)


@pytest.mark.parametrize(("who", "path", "state"), PAGES)
def test_every_field_that_can_name_a_patient_asks_before_it_leaves(
    enter: Enter, people: People, who: str, path: str, state: str
) -> None:
    page, address = enter(who), path.format(in_state(people, state))
    asked = 0
    for number, form in enumerate(forms_of(page.get(address))):
        for name in free_fields(form, path):
            if not (again := list(forms_of(page.get(address)))) or number >= len(again):
                break
            form = again[number]  # noqa: PLW2901 - the page has moved on: revisions, and what stands in it
            is_file = form.typed[name] == "file"
            said = said_in(form, **({} if is_file else {name: PATIENT}))
            before = written()
            answer = send(page, form, said, FILE if is_file else None)
            shown = answer.get_data(as_text=True)
            assert answer.status_code == 422, (form.action, name, shown)
            assert 'name="sure"' in shown, (form.action, name)
            assert is_file or PATIENT in shown, (form.action, name)
            assert written() == before, (form.action, name)
            asked += 1
    assert asked


def test_who_is_sure_goes_on(enter: Enter, people: People) -> None:
    amina, proposal = enter("amina"), in_state(people, "needs_information")
    [form] = [form for form in forms_of(amina.get(f"/hr/proposals/{proposal}")) if form.action.endswith("/messages")]
    assert send(amina, form, said_in(form, text=PATIENT)).status_code == 422
    assert send(amina, form, said_in(form, text=PATIENT, sure="yes")).status_code == 303
    page = amina.get(f"/hr/proposals/{proposal}")
    assert PATIENT in page


def test_a_draft_that_was_saved_is_asked_about_as_it_is_sent_from_its_page(enter: Enter, people: People) -> None:
    amina = enter("amina")
    [form] = [form for form in forms_of(amina.get("/hr/proposals/new")) if form.action == "/hr/proposals"]
    saved = amina.follow(form.action, **{**said_in(form, contact_person=PATIENT), "step": "save"})
    [submit] = [form for form in forms_of(saved) if form.action.endswith("/submit")]
    answer = send(amina, submit, said_in(submit))
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'name="sure"' in shown
    assert f"{phrase('fr', 'proposals.contact_person')}:" in shown.replace(" :", ":")
    assert "Envoyée" in amina.follow(submit.action, sure="yes")


@pytest.mark.parametrize(("who", "path", "state"), PAGES)
def test_no_form_of_an_earlier_session_loses_a_word(
    enter: Enter, people: People, who: str, path: str, state: str
) -> None:
    page, address = enter(who), path.format(in_state(people, state))
    tried = 0
    for form in forms_of(page.get(address)):
        words = {name: f"Kept {name} &amp; <b>" for name, kind in form.typed.items() if kind in ("textarea", "text")}
        if not words:
            continue
        answer = page._client.post(form.action, data={**said_in(form, **words), "csrf_token": "0" * 64})
        shown = answer.get_data(as_text=True)
        assert answer.status_code == 403, form.action
        assert str(phrase(getattr(people, who).lang, "frame.stale")) in shown
        [again] = [each for each in forms_of(shown) if each.action == form.action and words.keys() <= each.typed.keys()]
        assert {name: "".join(again.values[name]) for name in words} == words
        tried += 1
    assert tried


def test_a_form_of_another_origin_is_shown_to_nobody(enter: Enter, people: People) -> None:
    amina, proposal = enter("amina"), in_state(people, "submitted")
    answer = amina._client.post(
        f"/hr/proposals/{proposal}/messages",
        data={"text": "Words of others"},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    assert "Words of others" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("who", ["amina", "nadia"])
def test_words_of_a_session_that_ended_stand_in_their_form_after_signing_in(
    enter: Enter, people: People, who: str
) -> None:
    page, proposal = enter(who), in_state(people, "submitted")
    path = "/hr" if who == "amina" else "/network"
    [form] = [form for form in forms_of(page.get(f"{path}/proposals/{proposal}")) if form.action.endswith("/messages")]
    secret = authenticator.make_secret()
    with transaction() as session:
        session.execute(text("UPDATE account_session SET ended_at = now()"))
        mine = update(Account).where(Account.display_name == who)
        session.execute(mine.values(password_hash=hash_password("seven green bicycles"), totp_step=None))
        if who == "nadia":
            session.execute(mine.values(totp_secret=secret))
    words = "Two lines\r\nof <b>words</b>"
    answer = page._client.post(form.action, data=said_in(form, text=words))
    assert answer.status_code == 401
    sign_in = next(form for form in forms_of(answer.get_data(as_text=True)) if form.action == "/sign-in")
    wrong = page._client.post("/sign-in", data={**sign_in.values, "email": f"{who}@example.org", "password": "x" * 12})
    assert wrong.status_code == 401
    sign_in = next(form for form in forms_of(wrong.get_data(as_text=True)) if form.action == "/sign-in")
    said = {**sign_in.values, "email": f"{who}@example.org", "password": "seven green bicycles"}
    shown = page._client.post("/sign-in", data=said).get_data(as_text=True)
    if who == "nadia":
        import time

        [code] = [form for form in forms_of(shown) if form.action == "/sign-in/code"]
        given = {**code.values, "code": authenticator.code_at(secret, time.time())}
        shown = page._client.post("/sign-in/code", data=given).get_data(as_text=True)
    [kept] = [each for each in forms_of(shown) if each.action == form.action]
    before = written()
    again = page._client.post(kept.action, data=kept.values)
    assert again.status_code == 200
    [filled] = [each for each in forms_of(again.get_data(as_text=True)) if each.action == form.action]
    assert "".join(filled.values["text"]).strip().replace("\r", "") == words.replace("\r", "")
    assert written() == before
    assert page._client.post(filled.action, data=filled.values).status_code == 303


def test_what_was_typed_for_a_new_proposal_survives_a_session_that_ended(enter: Enter, people: People) -> None:
    amina = enter("amina")
    [form] = [form for form in forms_of(amina.get("/hr/proposals/new")) if form.action == "/hr/proposals"]
    said = said_in(form, name="Clinique du Lac", settings=["inpatient", "outpatient"], address="Avenue du Lac 5")
    amina._client.delete_cookie("provider-directory")
    answer = amina._client.post(form.action, data={**said, "file": (io.BytesIO(PDF), "contract.pdf")})
    assert answer.status_code == 401
    page = answer.get_data(as_text=True)
    [kept] = re.findall(r'name="kept" value="([^"]*)"', page)
    for words in ("Clinique du Lac", "Avenue du Lac 5", "inpatient", "outpatient", "file_lost"):
        assert words in kept, words
    assert "csrf_token" not in kept


@pytest.mark.parametrize(
    "kept",
    [
        "", "x", "[]", "{}", '{"to": "//evil.example", "said": []}', '{"to": "/hr/", "said": 3}',
        '{"to": "/sign-out", "said": []}', '{"to": "/hr/proposals", "said": [["a"]]}',
    ],
)  # fmt: skip
def test_nothing_is_carried_on_that_no_page_of_ours_wrote(enter: Enter, people: People, kept: str) -> None:
    with transaction() as session:
        mine = update(Account).where(Account.display_name == "amina")
        session.execute(mine.values(password_hash=hash_password("seven green bicycles")))
    page = enter("amina")
    said = {"email": "amina@example.org", "password": "seven green bicycles", "kept": kept}
    answer = page._client.post("/sign-in", data=said)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/go-on")


def test_looking_for_look_alikes_without_a_session_leaves_the_page_where_it_is(enter: Enter, people: People) -> None:
    amina = enter("amina")
    amina._client.delete_cookie("provider-directory")
    answer = amina._client.get("/hr/look?country=CD&name=Heal", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "HX-Redirect" not in answer.headers
    assert 'target="_blank"' in answer.get_data(as_text=True)


def test_a_file_beside_a_form_that_comes_back_is_said_to_be_lost(enter: Enter, people: People) -> None:
    amina = enter("amina")
    [form] = [form for form in forms_of(amina.get("/hr/proposals/new")) if form.action == "/hr/proposals"]
    for changes in ({"people": "many"}, {"step": "look"}, {"contact_person": PATIENT}):
        answer = send(amina, form, said_in(form, **changes), "contract.pdf")
        assert phrase("fr", "proposals.file_again") in answer.get_data(as_text=True), changes
    answer = send(amina, form, said_in(form, people="many"))
    assert phrase("fr", "proposals.file_again") not in answer.get_data(as_text=True)


def test_what_was_typed_stays_where_another_proposal_cannot_be_backed(enter: Enter, people: People) -> None:
    amina, own = enter("amina"), in_state(people, "submitted")
    [form] = [form for form in forms_of(amina.get("/hr/proposals/new")) if form.action == "/hr/proposals"]
    shown = amina.refused(f"/hr/proposals/{own}/supporters", 409, **said_in(form, name="Clinique du Lac"))
    assert 'value="Clinique du Lac"' in shown
    assert phrase("fr", "proposals.backed_not") in shown


LIMITS = [
    ("agree", "notice_days", "120", "proposals.fault_days", 90),
    ("agree", "notice_days", "soon", "proposals.fault_number", None),
    ("decline", "message", "x" * 4001, "proposals.fault_long", 4000),
    ("contact", "note", "x" * 4001, "proposals.fault_long", 4000),
]


@pytest.mark.parametrize(("action", "name", "value", "key", "most"), LIMITS)
def test_beyond_a_limit_of_an_action_the_limit_is_said_and_nothing_is_cut(
    enter: Enter, people: People, action: str, name: str, value: str, key: str, most: int | None
) -> None:
    nadia = enter("nadia")
    proposal = in_state(people, {"contact": "under_review", "decline": "submitted"}.get(action, "contacting"))
    page = nadia.get(f"/network/proposals/{proposal}?step={action}")
    [form] = [each for each in forms_of(page) if each.action.endswith(f"/{action}")]
    said = said_in(form, **{name: value})
    answer = send(nadia, form, said)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert str(phrase("en", key, **({"most": f"{most:,}"} if most else {}))) in shown
    [again] = [f for f in forms_of(shown) if f.action == form.action]
    assert "".join(again.values[name]) == value


@pytest.mark.parametrize(
    ("name", "most", "key"),
    [("name", 300, "fault_long"), ("name_local", 300, "fault_long"), ("city", 200, "fault_long"),
     ("address", 500, "fault_long"), ("phone", 200, "fault_long"), ("website", 500, "fault_long"),
     ("contact_person", 200, "fault_long"), ("licence", 200, "fault_long"), ("email", 500, "fault_long"),
     ("people", 1_000_000, "fault_count"), ("visits", 1_000_000, "fault_count")],
)  # fmt: skip
def test_beyond_a_limit_of_a_proposal_the_limit_is_said_and_nothing_is_cut(
    enter: Enter, people: People, name: str, most: int, key: str
) -> None:
    amina = enter("amina")
    [form] = [form for form in forms_of(amina.get("/hr/proposals/new")) if form.action == "/hr/proposals"]
    value = str(most + 1) if key == "fault_count" else "clinique.example.org/" + "x" * most
    answer = send(amina, form, said_in(form, **{name: value}))
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    written_number = f"{most:,}".replace(",", "\u202f")
    assert str(phrase("fr", f"proposals.{key}", most=written_number)) in shown
    [again] = [form for form in forms_of(shown) if form.action == "/hr/proposals"]
    assert again.values[name] == [value]
