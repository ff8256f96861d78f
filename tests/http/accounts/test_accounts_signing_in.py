"""Signing in with a password and a code, and out again; sessions that end."""

import datetime as dt
import re

import pytest
from sqlalchemy import text

from directory.accounts import authenticator
from directory.accounts.sessions import find_session
from directory.actors import Role
from directory.db import transaction
from tests.worlds.account_people import PASSWORD, Browser, Crew, Person, text_of


def test_an_officer_signs_in_with_a_password(crew: Crew, browser: Browser) -> None:
    officer = crew.add(Role.hr)
    answer = browser.send("/sign-in", {"email": f" {officer.email.upper()} ", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/go-on")
    page = browser.get("/account")
    assert officer.email in text_of(page)
    assert "HR officer" in text_of(page)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.hr])
def test_the_network_team_owes_a_code_before_any_page_opens(crew: Crew, browser: Browser, role: Role) -> None:
    person = crew.add(role)
    answer = browser.send("/sign-in", {"email": person.email, "password": PASSWORD})
    assert answer.location == "/sign-in/code"
    closed = browser.get("/account")
    assert (closed.status_code, closed.location) == (303, "/sign-in/code?next=/account")
    assert browser.send("/sign-in/code", {"code": "000000"}).status_code == 401
    answer = browser.send("/sign-in/code", {"code": person.code()})
    assert answer.location == "/go-on"
    assert browser.get("/account").status_code == 200


def test_a_code_is_taken_once(crew: Crew) -> None:
    person = crew.add(Role.network)
    first, second = Browser(crew.app), Browser(crew.app)
    code = person.code()
    for browser, status in ((first, 303), (second, 401)):
        browser.send("/sign-in", {"email": person.email, "password": PASSWORD})
        assert browser.send("/sign-in/code", {"code": code}).status_code == status


def test_a_lost_authenticator_is_replaced_by_codes_that_are_taken_once(crew: Crew) -> None:
    person = crew.add(Role.network)
    browser, other = Browser(crew.app), Browser(crew.app)
    browser.send("/sign-in", {"email": person.email, "password": PASSWORD})
    browser.send("/sign-in/code", {"code": person.code()})
    assert browser.send("/account/recovery-codes", {"password": "not it"}, page="/account").status_code == 422
    page = text_of(browser.send("/account/recovery-codes", {"password": PASSWORD}, page="/account"))
    codes = re.findall(r"\b(?:[a-z2-7]{4}-){3}[a-z2-7]{4}\b", page)
    assert len(set(codes)) == 10
    for code, status in ((codes[0].upper().replace("-", " "), 303), (codes[0], 401), (codes[1], 303)):
        other.send("/sign-in", {"email": person.email, "password": PASSWORD})
        assert other.send("/sign-in/code", {"code": code}).status_code == status
    assert "8 are left" in text_of(browser.get("/account"))


def test_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B, shortened to six digits.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    codes = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    for moment, code in codes.items():
        assert authenticator.code_at(secret, moment) == code
        assert authenticator.find_step(secret, f" {code[:3]} {code[3:]} ", moment + 29, None) == moment // 30
        assert authenticator.find_step(secret, code, moment + 90, None) is None
        assert authenticator.find_step(secret, code, moment, moment // 30) is None


def test_the_first_sign_in_of_the_network_team_sets_up_an_authenticator(crew: Crew, browser: Browser) -> None:
    person = crew.add(Role.network)
    with transaction() as session:
        session.execute(text("UPDATE account SET totp_secret = NULL WHERE id = :id"), {"id": person.id})
    answer = browser.send("/sign-in", {"email": person.email, "password": PASSWORD})
    assert answer.location == "/sign-in/authenticator"
    page = browser.get("/sign-in/authenticator").get_data(as_text=True)
    assert "<svg" in page
    secret = "".join(page.partition("<code>")[2].partition("</code>")[0].split())
    assert browser.get("/account").status_code == 303
    assert browser.send("/sign-in/authenticator", {"code": "123"}).status_code == 401
    code = authenticator.code_at(secret, dt.datetime.now(dt.UTC).timestamp())
    assert browser.send("/sign-in/authenticator", {"code": code}).location == "/go-on"
    assert browser.get("/account").status_code == 200
    with transaction() as session:
        kept = session.execute(text("SELECT totp_secret FROM account WHERE id = :id"), {"id": person.id}).scalar_one()
    assert kept == secret


def test_a_session_that_owes_a_code_cannot_set_up_another_authenticator(crew: Crew, browser: Browser) -> None:
    person = crew.add(Role.network)
    browser.send("/sign-in", {"email": person.email, "password": PASSWORD})
    assert browser.get("/sign-in/authenticator").status_code == 303
    answer = browser.send("/sign-in/authenticator", {"code": "123456"}, page="/sign-in/code")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert browser.get("/account").status_code == 303


def test_somebody_goes_on_to_where_he_wanted(crew: Crew, browser: Browser) -> None:
    officer = crew.add(Role.hr)
    answer = browser.get("/account?done=token")
    assert answer.location == "/sign-in?next=/account%3Fdone%3Dtoken"
    answer = browser.send("/sign-in", {"email": officer.email, "password": PASSWORD, "next": "/account?done=token"})
    answer = browser.get(answer.location)
    assert answer.location == "/account?done=token"


def test_signing_out_ends_the_session_on_the_server(crew: Crew) -> None:
    browser = crew.sign_in(crew.add(Role.hr))
    secret = browser.session
    assert secret
    assert browser.send("/sign-out", page="/account").status_code == 303
    assert browser.session is None
    browser.session = secret
    assert browser.get("/account").status_code == 303


def find(secret: str, now: dt.datetime) -> bool:
    with transaction() as session:
        return find_session(session, secret, now) is not None


def test_a_session_ends_when_it_stands_idle(crew: Crew) -> None:
    browser = crew.sign_in(crew.add(Role.hr))
    now = dt.datetime.now(dt.UTC)
    assert browser.session
    assert find(browser.session, now + dt.timedelta(minutes=29))
    # It was used at 29 minutes, so it is good until 59.
    assert find(browser.session, now + dt.timedelta(minutes=58))
    assert not find(browser.session, now + dt.timedelta(minutes=89))


def test_a_session_ends_after_half_a_day_however_much_it_is_used(crew: Crew) -> None:
    browser = crew.sign_in(crew.add(Role.hr))
    now = dt.datetime.now(dt.UTC)
    assert browser.session
    for minutes in range(20, 12 * 60, 20):
        assert find(browser.session, now + dt.timedelta(minutes=minutes))
    assert not find(browser.session, now + dt.timedelta(minutes=12 * 60 + 1))


def test_my_sessions_are_shown_and_can_be_ended(crew: Crew) -> None:
    officer = crew.add(Role.hr)
    mine, other = crew.sign_in(officer), crew.sign_in(officer)
    page = mine.get("/account").get_data(as_text=True)
    assert page.count("/revoke") >= 1
    address = page.partition('action="/account/sessions/')[2].partition('"')[0]
    answer = mine.send(f"/account/sessions/{address}", page="/account")
    assert answer.location == "/account?done=session"
    assert other.get("/account").status_code == 303
    assert mine.get("/account").status_code == 200


def test_all_other_sessions_are_ended_at_once(crew: Crew) -> None:
    officer = crew.add(Role.hr)
    mine, *others = [crew.sign_in(officer) for _ in range(3)]
    mine.send("/account/sessions/revoke-others", page="/account")
    assert [each.get("/account").status_code for each in (mine, *others)] == [200, 303, 303]


def test_another_password_ends_all_other_sessions(crew: Crew) -> None:
    officer = crew.add(Role.hr)
    mine, other = crew.sign_in(officer), crew.sign_in(officer)
    wrong = mine.send("/account/password", {"old": "wrong", "new": "four blue elephants"}, page="/account")
    assert "Nothing was changed" in text_of(wrong)
    short = mine.send("/account/password", {"old": PASSWORD, "new": "short"}, page="/account")
    assert "12 characters or more" in text_of(short)
    done = mine.send("/account/password", {"old": PASSWORD, "new": "four blue elephants"}, page="/account")
    assert done.location == "/account?done=password"
    assert [mine.get("/account").status_code, other.get("/account").status_code] == [200, 303]
    again = Browser(crew.app).send("/sign-in", {"email": officer.email, "password": "four blue elephants"})
    assert again.status_code == 303


def test_a_disabled_account_opens_nothing_at_once(crew: Crew) -> None:
    from directory.accounts.people import disable_account
    from directory.actors import SYSTEM

    officer = crew.add(Role.hr)
    browser = crew.sign_in(officer)
    with transaction() as session:
        disable_account(session, SYSTEM, officer.email)
    assert browser.get("/account").status_code == 303
    again = Browser(crew.app).send("/sign-in", {"email": officer.email, "password": PASSWORD})
    assert again.status_code == 401


def test_every_change_of_an_account_is_in_the_audit(crew: Crew) -> None:
    officer = crew.add(Role.hr)
    crew.sign_in(officer).send("/account/password", {"old": PASSWORD, "new": "four blue elephants"}, page="/account")
    with transaction() as session:
        found = session.execute(
            text("SELECT action, actor_id, actor FROM audit_entry WHERE subject = :subject ORDER BY id"),
            {"subject": f"account:{officer.id}"},
        ).all()
    assert [row.action for row in found] == ["account_added", "password_set"]
    assert (found[0].actor, str(found[1].actor_id)) == ("system", officer.id)
    assert all("@" not in row.actor for row in found)


def test_the_language_of_the_pages_is_the_readers(crew: Crew, browser: Browser) -> None:
    page = browser.get("/sign-in", headers={"Accept-Language": "fr-CH, en;q=0.5"})
    assert '<html lang="fr" dir="ltr">' in page.get_data(as_text=True)
    browser.post("/language", {"lang": "ar", "next": "/sign-in"})
    page = browser.get("/sign-in", headers={"Accept-Language": "fr"})
    assert '<html lang="ar" dir="rtl">' in page.get_data(as_text=True)
    officer: Person = crew.add(Role.hr, lang="es")
    crew.sign_in(officer, browser)
    assert 'lang="es"' in browser.get("/account").get_data(as_text=True)
    browser.post("/language", {"lang": "fr", "next": "/account"})
    assert '<html lang="fr"' in browser.get("/account").get_data(as_text=True)
