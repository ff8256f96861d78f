"""Files that come with a question: sealed with its words, for customer service alone, and forgotten with them."""

import datetime as dt
import io
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from config.settings import get_settings
from directory.care import retention
from directory.cases import vault
from directory.cases.vault import VaultClosed
from directory.db import get_engine, transaction
from tests.worlds.care_people import Desk

PDF = b"%PDF-1.4\nthe bill of Awa Diop\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR rest IEND\xaeB`\x82"
BODY = {"topic": "claims_coverage", "text": "Is this bill one that you pay?", "email": "awa@example.org"}
FORM = {**BODY, "tab": "form", "phone": "", "reference_number": "", "country": "", "listing": ""}


def files_of_disk() -> list[Path]:
    folder = get_settings().attachments_path / "sealed"
    return [each for each in folder.rglob("*") if each.is_file()]


def put(desk: Desk, case: Any, name: str, content: bytes, follow: str | None = None) -> TestResponse:
    secret = follow or case["follow_url"].rsplit("/", 1)[1]
    path = f"/v1/contact/{case['id']}/files?follow={secret}"
    return desk.ask(None, "POST", path, data={"file": (io.BytesIO(content), name)})


def test_file_is_sealed_and_read_by_customer_service_and_who_sent_it(desk: Desk) -> None:
    case = desk.made("/v1/contact", BODY)
    made = put(desk, case, "../Diop bill.pdf", PDF)
    assert made.status_code == 201, made.get_data(as_text=True)
    kept = made.get_json()
    assert (kept["name"], kept["media_type"], kept["size"]) == ("Diop bill.pdf", "application/pdf", len(PDF))
    person = desk.ask("lucia", "GET", f"/v1/contact/{case['id']}").get_json()["person"]
    assert [each["name"] for each in person["files"]] == ["Diop bill.pdf"]
    assert person["text"] == BODY["text"]
    got = desk.ask("lucia", "GET", kept["link"])
    assert (got.status_code, got.data) == (200, PDF)
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    secret = case["follow_url"].rsplit("/", 1)[1]
    assert desk.ask(None, "GET", f"{kept['link']}?follow={secret}").data == PDF
    for who in ("amina", "nadia", "root"):
        assert desk.ask(who, "GET", kept["link"]).status_code in (403, 404)
    assert desk.ask(None, "GET", kept["link"]).status_code == 401


def test_neither_disk_nor_tables_tell_what_a_file_holds_or_is_called(desk: Desk) -> None:
    case = desk.made("/v1/contact", BODY)
    put(desk, case, "Diop bill.pdf", PDF)
    [lying] = [each for each in files_of_disk() if case["id"].replace("-", "") in str(each)]
    assert b"Awa" not in lying.read_bytes()
    assert "Diop" not in str(lying)
    with get_engine().connect() as connection:
        for table in ("audit_entry", "case_event", "case_attachment", "mail_message", "case_secret", "contact"):
            assert "Diop" not in str(connection.execute(text(f"SELECT * FROM {table}")).all()), table


@pytest.mark.parametrize(
    ("name", "content"), [("x.pdf", b"<svg onload=alert(1)>"), ("x.exe", b"MZ\x90"), ("x.png", b"")]
)
def test_what_is_none_of_three_kinds_is_refused(desk: Desk, name: str, content: bytes) -> None:
    case = desk.made("/v1/contact", BODY)
    before = len(files_of_disk())
    assert put(desk, case, name, content).status_code == 400
    assert len(files_of_disk()) == before


def test_sixth_file_and_one_byte_too_many_are_refused(desk: Desk) -> None:
    case = desk.made("/v1/contact", BODY)
    large = PDF[:-6] + b" " * (10 * 1024 * 1024 - len(PDF)) + b"%%EOF\n"
    assert put(desk, case, "large.pdf", large).status_code == 201
    assert put(desk, case, "larger.pdf", b" ".join((large[:-6], large[-6:]))).status_code == 400
    for _ in range(4):
        assert put(desk, case, "one.png", PNG).status_code == 201
    assert put(desk, case, "one.png", PNG).status_code == 400
    assert put(desk, case, "one.png", PNG, follow="wrong").status_code == 404


def test_form_of_the_page_takes_files_and_keeps_the_words_where_one_is_refused(desk: Desk, client: FlaskClient) -> None:
    wrong = client.post("/contact?lang=fr", data={**FORM, "files": (io.BytesIO(b"MZ"), "facture.exe")})
    assert wrong.status_code == 400
    page = wrong.get_data(as_text=True)
    assert "Ces fichiers ne peuvent pas être acceptés" in page
    assert BODY["text"] in page
    both = [(io.BytesIO(PDF), "facture.pdf"), (io.BytesIO(PNG), "photo.png")]
    sent = client.post("/contact?lang=fr", data={**FORM, "files": both})
    assert sent.status_code == 303
    [case] = desk.ask("lucia", "GET", "/v1/contact").get_json()["items"]
    person = desk.ask("lucia", "GET", f"/v1/contact/{case['id']}").get_json()["person"]
    assert [each["name"] for each in person["files"]] == ["facture.pdf", "photo.png"]


def test_files_are_forgotten_with_the_words(desk: Desk) -> None:
    case = desk.made("/v1/contact", BODY)
    put(desk, case, "Diop bill.pdf", PDF)
    [lying] = [each for each in files_of_disk() if case["id"].replace("-", "") in str(each)]
    copy = lying.read_bytes()
    file_id = lying.name

    def run(_: str, piece: retention.Piece) -> int:
        with transaction() as session:
            return piece(session)

    told = retention.forget(run, dt.datetime.now(dt.UTC) + dt.timedelta(days=500))
    assert told["contacts"] >= 1
    assert not lying.exists()
    # A copy of the file alone opens nothing: its key is gone.
    with transaction() as session, pytest.raises(VaultClosed):
        vault.unseal_bytes(session, UUID(case["id"]), UUID(file_id), copy)
