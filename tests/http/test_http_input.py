"""Whatever comes in, it is never our mistake: no text, number, header or body of a request is answered by a 5xx."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st
from sqlalchemy import select, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from config.settings import PROJECT_ROOT
from directory.accounts.sessions import start_session
from directory.accounts.tokens import add_token
from directory.actors import SYSTEM
from directory.app import create_app
from directory.db import transaction
from directory.models import Account
from directory.web.access import session_cookie
from tests.http.problem import problem_of
from tests.worlds.proposal_people import propose, settle_people
from tests.worlds.proposal_wire import BODY
from tests.worlds.small_directory import World, serving


def bounded(examples: int) -> hypothesis.settings:
    """So many examples, the same at each run."""
    return hypothesis.settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
        database=None,
    )


NUL = "a\0b"
# PostgreSQL keeps no NUL, Python reads no number of more than 4,300 digits, and so on.
HOSTILE = (
    NUL,
    "\0",
    "\ufffe",
    "9" * 6000,
    "-" + "9" * 30,
    "1e999",
    "nan",
    "%00",
    "[",
    "http://[",
    "0001-01-01",
    "99999",
)
LETTERS = st.characters(codec="utf-8") | st.characters(max_codepoint=0x1F)
WORDS = st.sampled_from(HOSTILE) | st.text(LETTERS, max_size=30)
HEADERS = (
    "Origin", "Referer", "Cookie", "Accept", "Accept-Language", "Accept-Encoding", "If-None-Match", "If-Match", "Range",
    "If-Modified-Since", "User-Agent", "Authorization", "X-CSRF-Token", "Sec-Fetch-Site", "Idempotency-Key", "Host",
    "X-Forwarded-For", "Content-Type", "Access-Control-Request-Method", "HX-Request", "If-Range",
)  # fmt: skip
# What a client of HTTP can send in a header: any byte but the line's end.
HEADER_TEXTS = st.sampled_from(
    ("http://[", "http://[::1", "null", "bytes=0-" + "9" * 5000, "W/", '"', "gzip;q=x", "[")
) | (st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=40))
# Whoever these name: an officer, one of the network team, an administrator.
PEOPLE = ("amina", "nadia", "root")


def names_of_fields() -> tuple[str, ...]:
    """Every name that a form of ours has."""
    pages = (PROJECT_ROOT / "directory" / "pages").rglob("*.html")
    found = {name for page in pages for name in re.findall(r'name="([a-z_]+)"', Path(page).read_text())}
    return tuple(
        sorted(found | {"next", "link", "email", "password", "q", "near", "handed", "done", "fault", "offset"})
    )


FIELDS = names_of_fields()


@pytest.fixture(scope="module")
def app(built_world: World, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, which keeps attachments in a place of its own."""
    with serving({**environment, "ATTACHMENTS_DIR": str(tmp_path_factory.mktemp("attachments"))}):
        yield create_app()


@pytest.fixture(scope="module")
def browsers(app: Flask) -> dict[str, FlaskClient]:
    """A browser of each of PEOPLE, signed in."""
    settle_people()
    return {name: _signed_in(app, name) for name in PEOPLE}


def _signed_in(app: Flask, name: str) -> FlaskClient:
    browser = app.test_client()
    with transaction() as session:
        account = session.scalars(select(Account).where(Account.display_name == name)).one()
        secret = start_session(session, account, awaits=None, agent="test")
    browser.set_cookie(session_cookie()[0], secret)
    return browser


@pytest.fixture(scope="module")
def token(browsers: dict[str, FlaskClient]) -> str:
    """A bearer token of amina's."""
    with transaction() as session:
        account = session.scalars(select(Account).where(Account.display_name == "amina")).one()
        return add_token(session, SYSTEM, account)[0]


@pytest.fixture(scope="module")
def proposal(browsers: dict[str, FlaskClient]) -> UUID:
    """One to act on."""
    return propose(settle_people().amina)


def uncounted() -> None:
    """Forgets what was counted: it is no limit that is looked for here."""
    with transaction() as session:
        session.execute(text("DELETE FROM rate"))


def csrf_of(browser: FlaskClient) -> str:
    """What a page puts into its forms."""
    shown = browser.get("/account").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert found, shown
    return found[1]


def rules_of(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


def address_of(rule: Rule, proposal: UUID, listing: int, word: str) -> str:
    """The address of a rule: its proposal and its listing are there, the rest is made up."""
    known = {
        "proposal_id": proposal,
        "listing_id": listing,
        "name": word.strip("/") or "x",
        "filename": "base.css",
        "what": "contact",
    }
    values = {name: known.get(name, uuid4()) for name in rule.arguments}
    _, path = rule.build(values) or ("", "/")
    return path


def held(answer: TestResponse) -> None:
    """What every answer has to be: no mistake of ours. The widget may not be built where tests run."""
    assert answer.status_code < 500 or b"widget-not-built" in answer.data, answer.get_data(as_text=True)[:500]


def hold_queries(browser: FlaskClient, rule: Rule, proposal: UUID, listing: int) -> None:
    """Ask an address by whatever query."""

    @bounded(6)
    @hypothesis.given(word=WORDS, query=st.dictionaries(st.sampled_from(FIELDS), WORDS, max_size=4))
    @hypothesis.example(word=NUL, query=dict.fromkeys(FIELDS, NUL))
    def hold(word: str, query: dict[str, str]) -> None:
        held(browser.get(address_of(rule, proposal, listing, word), query_string=query))

    hold()


def hold_forms(browser: FlaskClient, rule: Rule, proposal: UUID, listing: int, proof: dict[str, str]) -> None:
    """Send whatever form to an address."""

    @bounded(6)
    @hypothesis.given(word=WORDS, form=st.dictionaries(st.sampled_from(FIELDS), WORDS, max_size=8), files=st.booleans())
    @hypothesis.example(word="submit", form=dict.fromkeys(FIELDS, NUL), files=False)
    @hypothesis.example(word="submit", form=dict.fromkeys(FIELDS, NUL), files=True)
    @hypothesis.example(word="submit", form=dict.fromkeys(FIELDS, "9" * 6000), files=False)
    def hold(word: str, form: dict[str, str], files: bool) -> None:
        sent: dict[str, Any] = {**form, **proof}
        if files:
            sent["file"] = (io.BytesIO(b"%PDF-1.4 x"), word or "x")
        uncounted()
        held(browser.post(address_of(rule, proposal, listing, word), data=sent))

    hold()


@pytest.mark.parametrize("who", [None, *PEOPLE])
def test_no_address_and_no_query_is_our_mistake(
    app: Flask, browsers: dict[str, FlaskClient], world: World, proposal: UUID, who: str | None
) -> None:
    for rule in rules_of(app, "GET"):
        uncounted()
        hold_queries(browsers[who] if who else app.test_client(), rule, proposal, world.ids["cairo"])


@pytest.mark.parametrize("who", [None, *PEOPLE])
def test_no_form_is_our_mistake(
    app: Flask, browsers: dict[str, FlaskClient], world: World, proposal: UUID, who: str | None
) -> None:
    browser = browsers[who] if who else app.test_client()
    proof = {"csrf_token": csrf_of(browser)} if who else {}
    # The session goes on.
    for rule in rules_of(app, "POST"):
        if rule.endpoint != "sign_in.sign_out":
            hold_forms(browser, rule, proposal, world.ids["cairo"], proof)


@bounded(150)
@hypothesis.given(headers=st.dictionaries(st.sampled_from(HEADERS), HEADER_TEXTS, max_size=5))
@hypothesis.example(headers={"Origin": "http://["})
@hypothesis.example(headers={"Host": "["})
@hypothesis.example(headers={"User-Agent": NUL})
def test_no_header_is_our_mistake(
    app: Flask, browsers: dict[str, FlaskClient], world: World, headers: dict[str, str]
) -> None:
    addresses = ("/v1/providers?q=clinic", f"/v1/providers/{world.ids['cairo']}", "/search?who=clinic", "/account", "/")
    for address in addresses:
        for method in ("GET", "POST", "OPTIONS"):
            sent = {name: value for name, value in headers.items() if method == "POST" or name != "Content-Type"}
            held(browsers["amina"].open(address, method=method, headers=sent))


@pytest.mark.parametrize("address", ["/v1/codes", "/v1/providers?q=clinic", "/sign-in", "/language"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_an_origin_that_is_none_is_a_strangers(app: Flask, address: str, method: str) -> None:
    answer = app.test_client().open(address, method=method, headers={"Origin": "http://["})
    assert answer.status_code < 500
    if method == "POST" and not address.startswith("/v1"):
        assert answer.status_code == 403


# Each takes JSON.
JSON_ADDRESSES = ("", "/{}/messages", "/{}/actions/withdraw", "/{}/supporters", "/{}/owner")


@pytest.mark.parametrize("path", JSON_ADDRESSES)
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 30_000 + b"1" + b"}" * 30_000,
        b'{"text":' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"people": ' + b"9" * 6000 + b"}",
        b'{"need": {"people": ' + b"9" * 6000 + b"}}",
        b'{"text": "a\\u0000b"}',
        b'{"text": "\\ud800"}',
        b'{"\\udc00": 1}',
        b'{"a\\u0000b": 1}',
        b'{"text": NaN}',
        b"\xff\xfe{\x00}\x00",
        b'{"text": "\xed\xa0\x80"}',
        b'\xef\xbb\xbf{"text": "x"}',
        b"",
        b"null",
        b"9" * 6000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_json_that_is_none_or_cannot_be_kept_is_refused_with_the_reason(
    app: Flask, token: str, proposal: UUID, path: str, body: bytes
) -> None:
    answer = app.test_client().post(
        f"/v1/proposals{path.format(proposal)}",
        data=body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert 400 <= answer.status_code < 500 or (answer.status_code < 300 and body in (b"", b"null"))


def leaves(body: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """The path of each value in a body."""
    if isinstance(body, dict):
        for name, value in body.items():
            yield from leaves(value, *path, name)
    elif isinstance(body, list):
        for place, value in enumerate(body):
            yield from leaves(value, *path, place)
    else:
        yield path


def replaced(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The body with another value there."""
    if not path:
        return value
    if isinstance(body, dict):
        return {**body, path[0]: replaced(body[path[0]], path[1:], value)}
    return [replaced(each, path[1:], value) if place == path[0] else each for place, each in enumerate(body)]


@bounded(60)
@hypothesis.given(path=st.sampled_from(list(leaves(BODY))), value=WORDS | st.integers() | st.floats() | st.just([[[]]]))
def test_no_value_in_a_body_is_our_mistake(app: Flask, token: str, path: tuple[Any, ...], value: Any) -> None:
    uncounted()
    body = {**replaced(BODY, path, value), "submit": False}
    held(app.test_client().post("/v1/proposals", json=body, headers={"Authorization": f"Bearer {token}"}))


@pytest.mark.parametrize("path", list(leaves(BODY["provider"], "provider")), ids=str)
def test_a_nul_anywhere_in_a_body_is_named_by_its_place(app: Flask, token: str, path: tuple[Any, ...]) -> None:
    answer = app.test_client().post(
        "/v1/proposals", json=replaced(BODY, path, NUL), headers={"Authorization": f"Bearer {token}"}
    )
    [fault] = problem_of(answer, 400)["errors"]
    assert fault["pointer"] == "/" + "/".join(map(str, path))


def test_a_nul_in_a_report_is_named(app: Flask, world: World) -> None:
    said = {"kind": "other", "text": NUL}
    answer = app.test_client().post(f"/v1/providers/{world.ids['cairo']}/reports", json=said)
    [fault] = problem_of(answer, 400)["errors"]
    assert fault["pointer"] == "/text"


@pytest.mark.parametrize("address", ["/v1/providers", "/v1/suggest", "/v1/places", "/v1/map"])
def test_a_nul_in_a_query_is_named(app: Flask, address: str) -> None:
    answer = app.test_client().get(f"{address}?q=a%00b")
    [fault] = problem_of(answer, 400)["errors"]
    assert fault["parameter"] == "q"


def test_a_page_says_plainly_that_it_cannot_read_a_nul(app: Flask) -> None:
    for address in ("/search?who=a%00b", "/sign-in?next=%00"):
        answer = app.test_client().get(address)
        assert answer.status_code == 400
        assert answer.mimetype == "text/html"
