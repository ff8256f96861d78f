"""The demonstration's accounts: made once, and good for signing in."""

from pathlib import Path

from sqlalchemy import text

from demo.people import PEOPLE, load_secrets, make_people, sign_in_words
from directory.accounts import authenticator
from directory.actors import Role
from directory.db import transaction
from tests.worlds.account_people import Browser, Crew


def test_one_account_of_each_role_can_sign_in_as_the_terminal_says(crew: Crew, tmp_path: Path) -> None:
    known = load_secrets(tmp_path)
    assert (tmp_path / "demo-accounts.json").stat().st_mode & 0o077 == 0
    assert load_secrets(tmp_path) == known
    make_people(known)
    make_people(known)
    assert {person.role for person in PEOPLE} == set(Role)
    words = "\n".join(sign_in_words(known, "http://127.0.0.1:8000", tmp_path))
    for person in PEOPLE:
        assert person.email in words
        browser = Browser(crew.app)
        answer = browser.send("/sign-in", {"email": person.email, "password": known["password"]})
        assert answer.status_code == 303
        if person.role is not Role.hr:
            with transaction() as session:
                secret = session.execute(
                    text("SELECT totp_secret FROM account WHERE email = :email"), {"email": person.email}
                ).scalar_one()
                now = session.execute(text("SELECT extract(epoch FROM now())")).scalar_one()
            browser.send("/sign-in/code", {"code": authenticator.code_at(secret, float(now))})
        page = browser.get("/account")
        assert page.status_code == 200
        assert person.name in page.get_data(as_text=True)
