"""Sign-in by a real OpenID Connect provider in a process of its own: authorisation code with PKCE."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from config.settings import PROJECT_ROOT, settings_from
from directory.accounts.openid import account_of, next_step_of
from directory.accounts.people import disable_account, get_account
from directory.actors import SYSTEM, Role
from directory.app import create_app
from directory.db import transaction
from directory.models import Account
from embedded.ports import free_port, is_free
from tests.worlds.account_people import PUBLIC, Browser, Crew, text_of
from tests.worlds.clock import promised

BACK = f"{PUBLIC}/sign-in/openid/back"


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running provider."""
    path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}"
    node, port = shutil.which("node", path=path), free_port(34601, 35600)
    assert node, "embedded/install.sh dev brings Node.js"
    command = [node, str(PROJECT_ROOT / "tests" / "oidc" / "provider.mjs"), str(port), "directory", "secret", BACK]
    log = tmp_path_factory.mktemp("openid") / "provider.log"
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as provider:
        until = time.monotonic() + promised(30)
        while is_free(port):
            assert provider.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        provider.terminate()


@pytest.fixture(scope="module")
def app(settings: dict[str, str], issuer: str) -> Iterator[Flask]:
    """The application with that provider."""
    variables = {
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": "directory",
        "OIDC_CLIENT_SECRET": "secret",
        "OIDC_NAME": "Staff login",
    }
    with settings_from(variables):
        yield create_app()


def give_consent(start: str, name: str) -> str:
    """What a person does at the provider: name, password, consent; the address to which it sends the browser back."""
    there = requests.Session()
    answer = there.get(start, allow_redirects=False)
    for _ in range(20):
        if answer.is_redirect:
            address = urljoin(answer.url, answer.headers["Location"])
            if address.startswith(PUBLIC):
                return address
            answer = there.get(address, allow_redirects=False)
            continue
        form = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
        assert form, answer.text
        prompt = "login" if 'value="login"' in answer.text else "consent"
        said = {"prompt": prompt, **({"login": name, "password": "any"} if prompt == "login" else {})}
        answer = there.post(unescape(form[1]), data=said, allow_redirects=False)
    raise AssertionError("the provider never sent the browser back")


def sign_in_elsewhere(browser: Browser, name: str, goal: str | None = None) -> TestResponse:
    start = browser.get("/sign-in/openid", query_string={"next": goal} if goal else None)
    assert start.status_code == 302, start.get_data(as_text=True)
    return browser.get(give_consent(start.location, name).removeprefix(PUBLIC))


def test_somebody_signs_in_with_the_provider(crew: Crew, browser: Browser) -> None:
    officer = crew.add(Role.hr, with_password=False)
    assert "Sign in with Staff login" in text_of(browser.get("/sign-in"))
    answer = sign_in_elsewhere(browser, officer.email, "/account?done=token")
    assert (answer.status_code, answer.location) == (303, "/go-on?next=/account?done%3Dtoken")
    assert officer.email in text_of(browser.get("/account"))
    with transaction() as session:
        assert get_account(session, officer.email).status == "active"


def test_the_request_has_pkce_state_and_nonce(browser: Browser, issuer: str) -> None:
    start = browser.get("/sign-in/openid")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(start.location).query).items()}
    assert start.location.startswith(f"{issuer}/auth?")
    assert (asked["response_type"], asked["code_challenge_method"], asked["redirect_uri"]) == ("code", "S256", BACK)
    assert len(asked["code_challenge"]) == 43
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 16
    [cookie] = [each for each in start.headers.getlist("Set-Cookie") if "openid" in each]
    for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/sign-in/openid"):
        assert part in cookie


def test_an_account_is_bound_to_the_person_and_not_to_the_address(crew: Crew, app: Flask) -> None:
    officer = crew.add(Role.hr, with_password=False)
    assert sign_in_elsewhere(Browser(app), officer.email).status_code == 303
    # Another person of the provider with the same address: the name before the colon is the address there.
    assert sign_in_elsewhere(Browser(app), f"{officer.email}:another").status_code == 401
    assert sign_in_elsewhere(Browser(app), officer.email).status_code == 303
    with transaction() as session:
        session.execute(
            text("UPDATE account SET email = :new WHERE id = :id"), {"new": f"moved.{officer.email}", "id": officer.id}
        )
    browser = Browser(app)
    assert sign_in_elsewhere(browser, officer.email).status_code == 303
    assert f"moved.{officer.email}" in text_of(browser.get("/account"))


def test_no_account_is_made_for_a_stranger(app: Flask, browser: Browser, crew: Crew) -> None:
    answer = sign_in_elsewhere(browser, "stranger@elsewhere.example")
    assert answer.status_code == 401
    assert "Signing in there did not work" in text_of(answer)
    assert browser.session is None


def test_an_address_that_the_provider_has_not_verified_opens_nothing(crew: Crew, browser: Browser) -> None:
    officer = crew.add(Role.hr, with_password=False)
    with transaction() as session:
        session.execute(
            text("UPDATE account SET email = 'unverified@insurer.example' WHERE id = :id"), {"id": officer.id}
        )
    assert sign_in_elsewhere(browser, "unverified@insurer.example").status_code == 401


def test_a_disabled_account_opens_nothing(crew: Crew, app: Flask) -> None:
    officer = crew.add(Role.hr, with_password=False)
    assert sign_in_elsewhere(Browser(app), officer.email).status_code == 303
    with transaction() as session:
        disable_account(session, SYSTEM, officer.email)
    assert sign_in_elsewhere(Browser(app), officer.email).status_code == 401


def test_the_network_team_still_owes_a_code(crew: Crew, browser: Browser) -> None:
    person = crew.add(Role.network)
    assert sign_in_elsewhere(browser, person.email).location == "/sign-in/code"
    assert browser.get("/account").status_code == 303
    browser.send("/sign-in/code", {"code": person.code()})
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("methods", "owed"),
    [(None, "code"), (["pwd"], "code"), (["pwd", "mfa"], None), (["hwk"], None), ("mfa", "code"), ([["mfa"]], "code")],
)
def test_a_second_factor_of_the_provider_counts(crew: Crew, methods: object, owed: str | None) -> None:
    person = crew.add(Role.network)
    with transaction() as session:
        assert next_step_of(get_account(session, person.email), {"amr": methods}) == owed


def test_an_answer_is_taken_once_and_by_the_browser_that_asked(crew: Crew, app: Flask, browser: Browser) -> None:
    officer = crew.add(Role.hr, with_password=False)
    start = browser.get("/sign-in/openid")
    back = give_consent(start.location, officer.email).removeprefix(PUBLIC)
    # Somebody who is sent another's answer does not become him: no state of his own.
    assert Browser(app).get(back).status_code == 401
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 401


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "?error=access_denied",
        "?code=x&state=y",
        "?code=x",
        "?state=<script>",
        "?error=<script>alert(1)</script>&error_description=<script>",
    ],
)
def test_a_made_up_answer_opens_nothing(crew: Crew, browser: Browser, answer: str) -> None:
    browser.get("/sign-in/openid")
    page = browser.get(f"/sign-in/openid/back{answer}")
    assert page.status_code == 401
    assert "<script>" not in page.get_data(as_text=True)


def test_an_answer_in_the_name_of_another_issuer_opens_nothing(crew: Crew, browser: Browser, issuer: str) -> None:
    officer = crew.add(Role.hr, with_password=False)
    start = browser.get("/sign-in/openid")
    back = give_consent(start.location, officer.email).removeprefix(PUBLIC)
    forged = back.replace(f"iss={issuer.replace(':', '%3A').replace('/', '%2F')}", "iss=https%3A%2F%2Fevil.example")
    assert forged != back
    assert browser.get(forged).status_code == 401


def test_the_session_rotates_there_too(crew: Crew, browser: Browser) -> None:
    browser.session = "A" * 43
    sign_in_elsewhere(browser, crew.add(Role.hr, with_password=False).email)
    assert browser.session != "A" * 43


def test_claims_of_two_people_never_meet(crew: Crew) -> None:
    person = crew.add(Role.hr, with_password=False)
    with transaction() as session:
        claims = {"iss": "https://a.example", "sub": "1", "email": person.email, "email_verified": True}
        bound: Account = account_of(session, claims)
        assert str(bound.id) == person.id
        assert account_of(session, {"iss": "https://a.example", "sub": "1"}).id == bound.id


def test_without_a_provider_there_is_no_such_page(settings: dict[str, str]) -> None:
    with settings_from(dict.fromkeys(("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"))):
        browser = Browser(create_app())
        assert browser.get("/sign-in/openid").status_code == 404
        assert "Staff login" not in text_of(browser.get("/sign-in"))


def test_a_provider_that_is_away_keeps_nobody_waiting(crew: Crew) -> None:
    with settings_from({"OIDC_ISSUER": f"http://127.0.0.1:{free_port(35601, 35700)}"}):
        began = time.monotonic()
        answer = Browser(create_app()).get("/sign-in/openid")
        assert answer.status_code == 401
        assert time.monotonic() - began < promised(2)
