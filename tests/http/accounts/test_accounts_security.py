"""Named attacks on the pages of accounts and on what guards every address, each of which must fail."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Blueprint, Flask
from flask.views import MethodView
from sqlalchemy import text

from directory.accounts.people import disable_account, get_account
from directory.accounts.tokens import add_token, revoke_token
from directory.actors import SYSTEM, Role
from directory.app import create_app
from directory.db import transaction
from directory.pages.staff.frame import own_path
from directory.web.access import allowed, current_actor, public
from tests.worlds.account_people import PASSWORD, PUBLIC, Browser, Crew, Person, text_of

# The id of no session and no token; the same in all processes that collect these tests.
NOBODYS = "7d9f6a52-0c1b-4a55-9a43-2f6f0a3f8f11"

# An application with addresses of each kind, as those of proposals and listings are.
things = Blueprint("things", __name__)


@things.get("/v1/things")
@allowed(Role.hr, Role.network, scope="proposals")
def read_things() -> dict[str, str]:
    """For officers and the network team."""
    return {"name": current_actor().name, "role": current_actor().role}


@things.post("/v1/things")
@allowed(Role.network, scope="proposals")
def change_things() -> dict[str, str]:
    """For the network team."""
    return {"changed": "yes"}


@things.get("/v1/silent")
def say_nothing() -> dict[str, str]:
    """Somebody forgot the rule."""
    return {"secret": "yes"}


class Split(MethodView):
    """Rules of its own for each method."""

    @public
    def get(self) -> dict[str, str]:
        """For everybody."""
        return {"open": "yes"}

    @allowed(Role.admin, scope="proposals")
    def post(self) -> dict[str, str]:
        """For admins."""
        return {"changed": "yes"}

    def delete(self) -> dict[str, str]:
        """Somebody forgot the rule."""
        return {"gone": "yes"}


things.add_url_rule("/v1/split", view_func=Split.as_view("split"))


@pytest.fixture(scope="module")
def app(settings: dict[str, str]) -> Flask:
    """The application, and the addresses above."""
    made = create_app()
    made.register_blueprint(things)
    return made


@pytest.fixture
def token_of(crew: Crew) -> Callable[..., str]:
    """Makes a token that acts for a person."""

    def make(person: Person, *scopes: str) -> str:
        with transaction() as session:
            made, _ = add_token(session, SYSTEM, get_account(session, person.email), scopes=scopes)
        return made

    return make


def with_token(app: Flask, method: str, path: str, token: str) -> tuple[int, str]:
    answer = app.test_client().open(path, method=method, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.get_data(as_text=True)


# Who may what.


@pytest.mark.parametrize(
    ("role", "expected"),
    [(Role.hr, [200, 403, 403]), (Role.network, [200, 200, 403]), (Role.admin, [200, 200, 200])],
)
def test_each_route_against_each_role(
    crew: Crew, token_of: Callable[..., str], role: Role, expected: list[int]
) -> None:
    person = crew.add(role)
    token = token_of(person)
    asked = (("GET", "/v1/things"), ("POST", "/v1/things"), ("POST", "/v1/split"))
    assert [with_token(crew.app, *each, token)[0] for each in asked] == expected
    browser = crew.sign_in(person)
    csrf = csrf_of(browser)
    statuses = [
        browser.get("/v1/things").status_code,
        browser.post("/v1/things", headers={"X-CSRF-Token": csrf}).status_code,
        browser.post("/v1/split", headers={"X-CSRF-Token": csrf}).status_code,
    ]
    assert statuses == expected


@pytest.mark.parametrize(
    ("role", "called"),
    [(Role.care, "Customer care"), (Role.medical, "Medical team"), (Role.complaints, "Complaints desk")],
)
def test_a_desk_opens_nothing_of_officers_and_team_and_has_an_account_page(crew: Crew, role: Role, called: str) -> None:
    browser = crew.sign_in(crew.add(role))
    page = browser.get("/account")
    assert page.status_code == 200
    assert called in page.get_data(as_text=True)
    # Programs may work for customer service alone.
    offered = re.findall(r'name="scope" value="([a-z:]+)"', page.get_data(as_text=True))
    assert offered == (["care:read", "care:write"] if role is Role.care else [])
    closed = ("/hr/", "/hr/proposals/new", "/network/proposals", "/v1/proposals", "/v1/things")
    assert [browser.get(path).status_code for path in closed] == [403] * len(closed)


def test_who_did_not_sign_in_is_asked_to(app: Flask) -> None:
    answer = app.test_client().get("/v1/things")
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/silent"), ("DELETE", "/v1/split")])
def test_a_route_without_a_rule_is_open_to_nobody(
    crew: Crew, token_of: Callable[..., str], method: str, path: str
) -> None:
    status, body = with_token(crew.app, method, path, token_of(crew.add(Role.admin)))
    assert status == 403
    assert "secret" not in body


def test_one_method_may_be_open_where_others_are_not(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/v1/split").get_json() == {"open": "yes"}
    assert client.head("/v1/split").status_code == 200
    assert client.post("/v1/split").status_code == 401


def test_a_token_opens_what_its_scopes_say(crew: Crew, token_of: Callable[..., str]) -> None:
    person = crew.add(Role.network)
    reader = token_of(person, "proposals:read")
    assert with_token(crew.app, "GET", "/v1/things", reader)[0] == 200
    status, body = with_token(crew.app, "POST", "/v1/things", reader)
    assert status == 403
    assert "proposals:write" in body
    assert with_token(crew.app, "GET", "/v1/things", token_of(person, "listings:read"))[0] == 403


def test_no_token_opens_a_page_of_the_account(crew: Crew, token_of: Callable[..., str]) -> None:
    token = token_of(crew.add(Role.hr))
    for method, path in (("GET", "/account"), ("POST", "/account/tokens"), ("POST", "/account/password")):
        headers = {"Authorization": f"Bearer {token}", "Origin": PUBLIC}
        answer = crew.app.test_client().open(path, method=method, headers=headers, base_url=PUBLIC)
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer pdt_nothing", "Basic YTpi", "bearer \x00", "Token x", "Bearer " + "x" * 9000],
)
def test_a_made_up_token_opens_nothing(app: Flask, header: str) -> None:
    answer = app.test_client().get("/v1/things", headers={"Authorization": header.replace("\x00", "%00")})
    assert answer.status_code == 401


def test_a_token_ends_when_it_is_revoked_or_its_time_comes_or_its_account_is_disabled(crew: Crew) -> None:
    person = crew.add(Role.hr)
    with transaction() as session:
        account = get_account(session, person.email)
        (first, revoked), (second, late), (third, _) = (add_token(session, SYSTEM, account, days=1) for _ in range(3))
    for token in (first, second, third):
        assert with_token(crew.app, "GET", "/v1/things", token)[0] == 200
    with transaction() as session:
        revoke_token(session, SYSTEM, revoked.id)
        session.execute(text("UPDATE access_token SET expires_at = now() WHERE id = :id"), {"id": late.id})
    assert [with_token(crew.app, "GET", "/v1/things", token)[0] for token in (first, second, third)] == [401, 401, 200]
    with transaction() as session:
        disable_account(session, SYSTEM, person.email)
    assert with_token(crew.app, "GET", "/v1/things", third)[0] == 401


def test_secrets_are_kept_as_hashes_only(crew: Crew, token_of: Callable[..., str]) -> None:
    person = crew.add(Role.network)
    token = token_of(person)
    browser = crew.sign_in(person)
    assert browser.session
    with transaction() as session:
        for table in ("account", "account_session", "access_token", "one_time_link", "audit_entry", "mail_message"):
            rows = str(session.execute(text(f"SELECT row_to_json(t)::text FROM {table} t")).all())
            for secret in (token, token.removeprefix("pdt_"), browser.session, PASSWORD):
                assert secret not in rows
        kept = session.execute(text("SELECT password_hash FROM account WHERE id = :id"), {"id": person.id}).scalar_one()
    assert kept.startswith("$argon2id$")


def test_a_token_is_shown_once(crew: Crew) -> None:
    browser = crew.sign_in(crew.add(Role.hr))
    form: dict[str, object] = {"name": "nightly <b>job</b>", "scope": "proposals:read", "days": "30"}
    page = browser.send("/account/tokens", form, page="/account").get_data(as_text=True)
    [token] = re.findall(r"pdt_[\w-]{40,}", page)
    assert with_token(crew.app, "GET", "/v1/things", token)[0] == 200
    assert token not in browser.get("/account").get_data(as_text=True)


def test_a_token_with_more_than_its_role_may_is_not_made(crew: Crew) -> None:
    browser = crew.sign_in(crew.add(Role.hr))
    for scope in ("listings:write", "*", "proposals:everything"):
        answer = browser.send("/account/tokens", {"scope": scope, "days": "30"}, page="/account")
        assert answer.status_code == 422
    assert (
        browser.send("/account/tokens", {"scope": "proposals:read", "days": "99999"}, page="/account").status_code
        == 422
    )


def test_a_name_that_is_too_long_is_not_cut_and_stands_in_its_field(crew: Crew) -> None:
    browser = crew.sign_in(crew.add(Role.hr))
    form: dict[str, object] = {"name": "n" * 101, "scope": "proposals:read", "days": "90"}
    answer = browser.send("/account/tokens", form, page="/account")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "at most 100 characters" in page
    assert f'value="{"n" * 101}"' in page
    assert re.search(r'value="proposals:read"[^>]* checked', page)
    assert '<option value="90" selected>' in page


# Another's things.


def test_nobody_ends_another_persons_session_or_token(crew: Crew, token_of: Callable[..., str]) -> None:
    victim, attacker = crew.add(Role.hr), crew.sign_in(crew.add(Role.hr, client="unicef"))
    home = crew.sign_in(victim)
    token = token_of(victim)
    with transaction() as session:
        ids = {
            table: session.execute(
                text(f"SELECT id FROM {table} WHERE account_id = :id"), {"id": victim.id}
            ).scalar_one()
            for table in ("account_session", "access_token")
        }
    for kind, number in (("sessions", ids["account_session"]), ("tokens", ids["access_token"])):
        answer = attacker.send(f"/account/{kind}/{number}/revoke", page="/account")
        assert answer.status_code == 404
        # The same as for what never was.
        made_up = attacker.send(f"/account/{kind}/{uuid4()}/revoke", page="/account")
        assert text_of(made_up) == text_of(answer)
    assert home.get("/account").status_code == 200
    assert with_token(crew.app, "GET", "/v1/things", token)[0] == 200


def test_a_form_cannot_change_role_client_or_status(crew: Crew) -> None:
    officer = crew.add(Role.hr)
    browser = crew.sign_in(officer)
    more: dict[str, object] = {
        "role": "admin",
        "client_id": "1",
        "client": "unicef",
        "status": "active",
        "email": "x@y.zz",
    }
    browser.send("/account/password", {"old": PASSWORD, "new": "four blue elephants", **more}, page="/account")
    browser.send("/language", {"lang": "fr", **more}, page="/account")
    with transaction() as session:
        account = get_account(session, officer.email)
        assert (account.role, account.lang) == ("hr", "fr")


def test_ids_cannot_be_guessed(crew: Crew) -> None:
    ids = [crew.add(Role.hr, with_password=False).id for _ in range(3)]
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one) for one in ids)


# Forged requests (CSRF).


def csrf_of(browser: Browser) -> str:
    found = re.search(r'name="csrf_token" value="([0-9a-f]{64})"', browser.get("/account").get_data(as_text=True))
    assert found
    return found[1]


CHANGES = (
    "/account/password",
    "/account/sessions/revoke-others",
    f"/account/sessions/{NOBODYS}/revoke",
    "/account/tokens",
    f"/account/tokens/{NOBODYS}/revoke",
    "/sign-out",
)


@pytest.mark.parametrize("path", CHANGES)
def test_a_change_needs_the_token_of_a_page_of_this_session(crew: Crew, path: str) -> None:
    browser, other = crew.sign_in(crew.add(Role.hr)), crew.sign_in(crew.add(Role.hr))
    for forged in ({}, {"csrf_token": ""}, {"csrf_token": "é" * 64}, {"csrf_token": csrf_of(other)}):
        assert browser.post(path, forged).status_code == 403
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("path", [*CHANGES, "/sign-in", "/forgotten", "/welcome", "/language"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://directory.example.evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": ""},
    ],
)
def test_a_form_of_another_site_is_refused(crew: Crew, browser: Browser, path: str, headers: dict[str, str]) -> None:
    if path in CHANGES:
        browser = crew.sign_in(crew.add(Role.hr))
        token = csrf_of(browser)
    else:
        token = ""
    answer = browser.client.post(path, data={"csrf_token": token}, base_url=PUBLIC, headers=headers)
    assert answer.status_code == 403


def test_json_from_a_page_needs_the_token_in_a_header(crew: Crew) -> None:
    browser = crew.sign_in(crew.add(Role.network))
    body = f'{{"csrf_token": "{csrf_of(browser)}"}}'
    for kind in ("application/json", "text/plain"):
        answer = browser.client.post(
            "/v1/things", data=body, content_type=kind, base_url=PUBLIC, headers={"Origin": PUBLIC}
        )
        assert answer.status_code == 403


# Sessions.


def test_a_session_that_somebody_planted_is_not_taken_over(crew: Crew, browser: Browser) -> None:
    planted = "A" * 43
    browser.session = planted
    crew.sign_in(crew.add(Role.hr), browser)
    assert browser.session != planted
    attacker = Browser(crew.app)
    attacker.session = planted
    assert attacker.get("/account").status_code == 303


def test_the_session_rotates_at_each_step_of_signing_in(crew: Crew, browser: Browser) -> None:
    person = crew.add(Role.network)
    seen = [crew.sign_in(crew.add(Role.hr), browser).session]
    browser.get("/sign-in")
    browser.post("/sign-in", {"email": person.email, "password": PASSWORD})
    seen.append(browser.session)
    browser.send("/sign-in/code", {"code": person.code()})
    seen.append(browser.session)
    assert len(set(seen)) == 3
    for old in seen[:2]:
        thief = Browser(crew.app)
        thief.session = old or ""
        assert thief.get("/account").status_code == 303


def test_the_cookie_is_for_this_host_over_tls_and_for_no_script(crew: Crew, browser: Browser) -> None:
    officer = crew.add(Role.hr)
    answer = browser.send("/sign-in", {"email": officer.email, "password": PASSWORD})
    [cookie] = [each for each in answer.headers.getlist("Set-Cookie") if "provider-directory" in each]
    assert cookie.startswith("__Host-provider-directory=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_searching_sets_no_cookie(app: Flask) -> None:
    for path in ("/docs", "/openapi.json", "/healthz", "/v1/codes"):
        assert "Set-Cookie" not in app.test_client().get(path).headers


# Ways out.


@pytest.mark.parametrize(
    "goal",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/ok\r\nSet-Cookie: a=b",
        "/\\/evil.example",
        "///evil.example",
        "",
    ],
)
def test_no_redirect_leads_elsewhere(crew: Crew, browser: Browser, goal: str) -> None:
    assert own_path(goal) is None
    officer = crew.add(Role.hr)
    answer = browser.send("/sign-in", {"email": officer.email, "password": PASSWORD, "next": goal})
    assert answer.location == "/go-on"
    # Safe from the start: nobody sends on a form with what came in the address.
    shown = browser.get("/go-on", query_string={"next": goal})
    assert shown.status_code == 303
    assert re.fullmatch(r"/[a-z]+/?[a-z]*", shown.location)
    away = browser.post("/language", {"lang": "fr", "next": goal})
    assert away.location == "/sign-in"


@pytest.mark.parametrize("goal", ["/account", "/hr/?state=open&lang=ar", "/network/proposals#here"])
def test_a_place_of_our_own_is_gone_on_to(goal: str) -> None:
    assert own_path(goal) == goal


def test_a_host_header_stands_in_no_mail(crew: Crew, app: Flask) -> None:
    from directory.accounts.messages import COMPLETIONS
    from directory.models import MailMessage

    officer = crew.add(Role.hr)
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Origin": "http://evil.example"}
    app.test_client().post("/forgotten", data={"email": officer.email}, headers=headers)
    with transaction() as session:
        message = session.query(MailMessage).filter_by(recipient=officer.email).one()
        values = COMPLETIONS["reset"](session, message)
    assert values
    assert str(values["link"]).startswith(f"{PUBLIC}/welcome?link=")


# Script.

_SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_script_in_a_field_is_text_wherever_it_is_shown(crew: Crew, browser: Browser) -> None:
    answers = [
        browser.send("/sign-in", {"email": _SCRIPT, "password": "x"}),
        browser.get("/sign-in", query_string={"next": f"/{_SCRIPT}"}),
        browser.get("/welcome", query_string={"link": _SCRIPT}),
    ]
    officer = crew.add(Role.hr)
    with transaction() as session:
        session.execute(
            text("UPDATE account SET display_name = :script WHERE id = :id"), {"script": _SCRIPT, "id": officer.id}
        )
        session.execute(text("UPDATE client SET name = :script WHERE code = 'who'"), {"script": _SCRIPT})
    crew.sign_in(officer, browser)
    browser.send("/account/tokens", {"name": _SCRIPT, "scope": "proposals:read", "days": "30"}, page="/account")
    answers.append(browser.get("/account", headers={"User-Agent": _SCRIPT}))
    for answer in answers:
        page = answer.get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img" not in page


def test_pages_run_no_script_but_ours_and_stand_in_no_frame(browser: Browser) -> None:
    answer = browser.get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    page = answer.get_data(as_text=True)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style", page)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_form_that_never_ends_is_not_read(crew: Crew) -> None:
    browser = crew.sign_in(crew.add(Role.hr))
    answer = browser.post("/account/tokens", {"csrf_token": csrf_of(browser), "name": "x" * 300_000})
    assert answer.status_code == 413
