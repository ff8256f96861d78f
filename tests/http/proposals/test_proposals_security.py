"""Each address of proposals against each role and another client's data; what may not be set, said or guessed."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from directory.models import Proposal
from directory.proposals.rules import PROPOSALS
from tests.http.problem import problem_of
from tests.worlds.proposal_people import look
from tests.worlds.proposal_wire import BODY, HEAL_AFRICA, NEEDED, Wire

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20 + b"IEND\xaeB`\x82"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 20 + b"\xff\xd9"

# Every address: method, what follows /v1/proposals, a body that would do. {} is a proposal of Amina's client.
ADDRESSES: dict[str, tuple[str, str, Any]] = {
    "list": ("GET", "", None),
    "propose": ("POST", "", BODY),
    "matches": ("GET", "/matches?country=CD&name=heal", None),
    "read": ("GET", "/{}", None),
    "change": ("PATCH", "/{}", {"consent_named": False}),
    "act": ("POST", "/{}/actions/start_review", {}),
    "write": ("POST", "/{}/messages", {"text": "Hello"}),
    "support": ("POST", "/{}/supporters", {}),
    "own": ("POST", "/{}/owner", {}),
    "part": ("POST", "/{}/not-same", {"listing_id": "1"}),
    "attach": ("POST", "/{}/attachments", None),
    "fetch": ("GET", "/{}/attachments/{file}", None),
}
# Who gets which answer, for a proposal of Amina's client that was sent. 400: allowed, but there was no file in it.
EXPECTED = {
    #           nobody amina bruno  chen nadia  root
    "list": (401, 200, 200, 200, 200, 200),
    "propose": (401, 201, 201, 201, 403, 403),
    "matches": (401, 200, 200, 200, 200, 200),
    "read": (401, 200, 200, 404, 200, 200),
    "change": (401, 409, 409, 404, 403, 403),
    "act": (401, 403, 403, 404, 200, 200),
    "write": (401, 201, 201, 404, 201, 201),
    "support": (401, 409, 201, 201, 403, 403),
    "own": (401, 403, 403, 403, 200, 200),
    "part": (401, 403, 403, 403, 200, 200),
    "attach": (401, 400, 400, 400, 400, 400),
    "fetch": (401, 200, 200, 404, 200, 200),
}
READERS = (None, "amina", "bruno", "chen", "nadia", "root")


def test_every_address_of_proposals_is_in_the_table(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/v1/proposals")}
    named = {path.partition("?")[0] for _, path, _ in ADDRESSES.values()}
    shapes = {re.sub(r"<[^>]*>", "{}", rule.removeprefix("/v1/proposals")) for rule in rules}
    assert {re.sub(r"actions/\w+", "actions/{}", path.replace("{file}", "{}")) for path in named} == shapes


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_role_gets_what_is_its_own(wire: Wire, address: str) -> None:
    method, path, body = ADDRESSES[address]
    for reader, status in zip(READERS, EXPECTED[address], strict=True):
        proposal = wire.propose()
        file = wire.upload("amina", proposal["id"], "x.png", PNG).get_json()["id"]
        headers = {"If_Match": f'"{proposal["revision"]}"'} if method == "PATCH" else {}
        answer = wire.ask(reader, method, path.replace("{}", proposal["id"]).replace("{file}", file), body, **headers)
        assert answer.status_code == status, (reader, answer.get_data(as_text=True))
        if status >= 400:
            assert "Heal" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("action", sorted(PROPOSALS.actions))
def test_no_action_reaches_another_clients_proposal_or_tells_that_it_exists(wire: Wire, action: str) -> None:
    proposal = wire.propose()["id"]
    there = wire.act("chen", proposal, action, NEEDED.get(action, {}))
    nowhere = wire.act("chen", str(uuid4()), action, NEEDED.get(action, {}))
    assert problem_of(there, 404, "not-found") == problem_of(nowhere, 404, "not-found")
    assert look(wire.people.amina, UUID(proposal)).case.state == "submitted"


def test_another_client_sees_a_draft_nowhere(wire: Wire) -> None:
    draft = wire.propose(submit=False)["id"]
    assert wire.get("chen") == {"items": [], "total": 0, "counts": None, "backed": []}
    found = wire.get("chen", "/matches?country=CD&name=Heal Africa&city=Goma")
    assert found["possible_duplicates"]["proposals"] == []
    problem_of(wire.ask("chen", "POST", f"/{draft}/supporters"), 404, "not-found")
    assert draft not in str(wire.get("nadia"))


def test_of_another_clients_proposal_only_the_provider_and_a_count_is_shown(wire: Wire) -> None:
    body = wire.propose(provider={**HEAL_AFRICA, "contact_person": "Dr Secret", "phone": "+243998765432"})
    wire.ask("amina", "POST", f"/{body['id']}/messages", {"text": "A secret word"})
    wire.ask("bruno", "POST", f"/{body['id']}/supporters")
    shown = wire.ask("chen", "GET", "/matches?country=CD&name=Heal Africa&city=Goma").get_data(as_text=True)
    assert body["id"] in shown
    for secret in ("Secret", "secret", "998765", "unhcr", "Refugee", body["reference"], "amina", "bruno", "@", "none_"):
        assert secret not in shown


@pytest.mark.parametrize(
    "field", ["state", "client", "client_id", "owner", "owner_id", "revision", "reference", "listing_id", "supporters"]
)
def test_nobody_sets_what_is_not_theirs_to_set(wire: Wire, field: str) -> None:
    body = wire.propose(submit=False)
    where = f"/{body['id']}"
    seen = {"If_Match": f'"{body["revision"]}"'}
    problem_of(wire.ask("amina", "POST", "", {**BODY, field: "1"}), 400)
    problem_of(wire.ask("amina", "PATCH", where, {field: "1"}, **seen), 400)
    problem_of(wire.ask("amina", "PATCH", where, {"provider": {field: "1"}}, **seen), 400)
    problem_of(wire.ask("amina", "PATCH", where, {"need": {field: "1"}}, **seen), 400)
    sent = wire.act("amina", body["id"], "submit", {field: "1"})
    problem_of(sent, 400)
    assert look(wire.people.amina, UUID(body["id"])).case.state == "draft"


def test_negotiated_terms_notes_and_owners_never_reach_an_officer(wire: Wire) -> None:
    proposal = wire.propose()["id"]
    wire.walk(proposal, "start_review")
    wire.act("nadia", proposal, "contact", {"note": "They want 30 percent more", "channel": "call"})
    wire.walk(proposal, "agree")
    wire.upload("nadia", proposal, "contract.pdf", PDF)
    shown = wire.ask("amina", "GET", f"/{proposal}").get_data(as_text=True)
    for secret in ("30 percent", "nadia", "notice_days", "effective_from", "contract.pdf"):
        assert secret not in shown.partition('"possible_duplicates"')[0] + shown.partition('"events"')[2]
    assert "They want 30 percent more" in wire.ask("nadia", "GET", f"/{proposal}").get_data(as_text=True)


def test_a_file_of_the_team_is_not_there_for_the_officer_nor_one_of_another_proposal(wire: Wire) -> None:
    first, second = wire.propose()["id"], wire.propose()["id"]
    teams = wire.upload("nadia", first, "contract.pdf", PDF).get_json()["id"]
    own = wire.upload("amina", first, "door.jpg", JPEG).get_json()["id"]
    problem_of(wire.ask("amina", "GET", f"/{first}/attachments/{teams}"), 404, "not-found")
    problem_of(wire.ask("amina", "GET", f"/{second}/attachments/{own}"), 404, "not-found")
    problem_of(wire.ask("chen", "GET", f"/{first}/attachments/{own}"), 404, "not-found")
    problem_of(wire.upload("chen", first, "x.png", PNG), 404, "not-found")
    assert wire.ask("omar", "GET", f"/{first}/attachments/{own}").data == JPEG


@pytest.mark.parametrize(
    ("name", "content", "kept", "media_type"),
    [
        ("door.jpg", JPEG, "door.jpg", "image/jpeg"),
        ("../../etc/passwd", PDF, "passwd.pdf", "application/pdf"),
        ("evil.php", PNG, "evil.php.png", "image/png"),
        ("page.html", PDF, "page.html.pdf", "application/pdf"),
        ("صورة الباب.png", PNG, "صورة الباب.png", "image/png"),
    ],
)
def test_a_file_is_what_its_content_is_and_is_sent_to_be_saved(
    wire: Wire, name: str, content: bytes, kept: str, media_type: str
) -> None:
    proposal = wire.propose()["id"]
    answer = wire.upload("amina", proposal, name, content)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    body = answer.get_json()
    assert (body["name"], body["media_type"], body["size"]) == (kept, media_type, len(content))
    sent = wire.ask("amina", "GET", f"/{proposal}/attachments/{body['id']}")
    assert sent.data == content
    assert sent.mimetype == media_type
    assert sent.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a" + b"\x00" * 20,
        b"PK\x03\x04" + b"\x00" * 20,
        b"MZ" + PDF,
        b"%PDF-1.7 without an end",
        b"\x89PNG\r\n\x1a\n cut off",
        b"\xff\xd8\xff cut off",
    ],
)
def test_what_is_no_picture_and_no_document_is_refused_whatever_it_is_called(wire: Wire, content: bytes) -> None:
    proposal = wire.propose()["id"]
    problem_of(wire.upload("amina", proposal, "harmless.pdf", content), 415, "kind-not-allowed")
    assert wire.get("amina", f"/{proposal}")["attachments"] == []


def test_a_file_of_more_than_ten_megabytes_is_refused(wire: Wire) -> None:
    proposal = wire.propose()["id"]
    large = PDF[:9] + b"\x00" * (10 * 1024 * 1024 - len(PDF)) + PDF[9:]
    assert wire.upload("amina", proposal, "x.pdf", large).status_code == 201
    assert wire.upload("amina", proposal, "x.pdf", large[:9] + b"\x00" + large[9:]).status_code == 413
    assert wire.upload("amina", proposal, "x.pdf", PDF[:9] + b"\x00" * 12_000_000 + PDF[9:]).status_code == 413
    assert len(wire.get("amina", f"/{proposal}")["attachments"]) == 1


def test_a_repeated_upload_under_one_key_is_kept_once(wire: Wire) -> None:
    proposal = wire.propose()["id"]
    boundary = "b0undary"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="x.png"\r\n\r\n'.encode()
        + PNG + f"\r\n--{boundary}--\r\n".encode()
    )  # fmt: skip
    headers = {"Authorization": f"Bearer {wire._tokens['amina']}", "Idempotency-Key": "up"}
    path = f"/v1/proposals/{proposal}/attachments"
    answers = [
        wire._client.post(path, data=body, headers=headers, content_type=f"multipart/form-data; boundary={boundary}")
        for _ in range(2)
    ]
    assert answers[0].status_code == 201, answers[0].get_data(as_text=True)
    assert answers[0].data == answers[1].data
    assert len(wire.get("amina", f"/{proposal}")["attachments"]) == 1


def test_ids_and_references_cannot_be_guessed(wire: Wire) -> None:
    made = [wire.propose(submit=False) for _ in range(20)]
    assert {UUID(each["id"]).version for each in made} == {4}
    numbers = {each["reference"] for each in made}
    assert len(numbers) == 20
    assert all(re.fullmatch("P-[0-9A-HJKMNP-TV-Z]{6}", number) for number in numbers)
    # No run of them: the first letters alone already differ.
    assert len({number[2] for number in numbers}) > 5


def test_odd_ids_are_not_found(wire: Wire) -> None:
    for odd in ("1", "x", "%00", "00000000-0000-0000-0000-000000000000", "..", "'; DROP TABLE proposal"):
        assert wire.ask("nadia", "GET", f"/{odd}").status_code == 404


def test_a_token_without_the_scope_changes_nothing(wire: Wire, app: Flask) -> None:
    from sqlalchemy import select

    from directory.accounts.tokens import add_token
    from directory.actors import SYSTEM
    from directory.db import transaction
    from directory.models import Account

    proposal = wire.propose()["id"]
    with transaction() as session:
        account = session.scalars(select(Account).where(Account.display_name == "amina")).one()
        reader, _ = add_token(session, SYSTEM, account, scopes=["proposals:read"])
    client = app.test_client()
    headers = {"Authorization": f"Bearer {reader}"}
    assert client.get(f"/v1/proposals/{proposal}", headers=headers).status_code == 200
    problem_of(client.post("/v1/proposals", json=BODY, headers=headers), 403, "not-allowed")
    problem_of(client.post(f"/v1/proposals/{proposal}/actions/withdraw", headers=headers), 403, "not-allowed")


@pytest.mark.parametrize(
    "sign", ["\0", "\ud800", "\u202e", "<script>alert(1)</script>", "=1+1", "' OR 1=1 --", "%s{x}"]
)
def test_strange_signs_in_every_text_are_kept_as_text_or_refused(wire: Wire, sign: str) -> None:
    texts = ("name", "name_local", "address", "city", "contact_person", "licence")
    provider = {**HEAL_AFRICA, **dict.fromkeys(texts, f"a{sign}b")}
    answer = wire.ask("amina", "POST", "", {**BODY, "provider": provider})
    assert answer.status_code in (201, 400), answer.get_data(as_text=True)
    if answer.status_code == 201:
        said = answer.get_json()["provider"]
        assert all(said[field] in (f"a{sign}b", "a b", "ab") for field in texts)
        proposal = answer.get_json()["id"]
        message = wire.ask("amina", "POST", f"/{proposal}/messages", {"text": f"a{sign}b"})
        assert message.status_code in (201, 400)


def test_no_column_of_a_proposal_is_forgotten_by_this_test() -> None:
    # Free text that comes with a new column must be looked at here and on the pages.
    assert {column.name for column in Proposal.__table__.columns if str(column.type) == "TEXT"} == {
        "name", "name_local", "latin_names", "kind", "type", "address", "city", "country", "phone", "email", "website",
        "contact_person", "licence", "reason", "reason_words", "urgency", "end_reason", "end_message",
    }  # fmt: skip
