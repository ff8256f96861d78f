"""People for the tests: accounts with passwords and authenticators, and the browsers that they use."""

import email
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from html import unescape
from pathlib import Path
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.accounts import authenticator
from directory.accounts.messages import COMPLETIONS
from directory.accounts.passwords import hash_password
from directory.accounts.people import add_account
from directory.actors import SYSTEM, Role
from directory.db import get_engine, transaction
from directory.mail.sender import Sent, send_due
from directory.models import Account, AccountStatus
from directory.web.access import session_cookie

PUBLIC = "https://directory.example"
PASSWORD = "seven green bicycles"
_HASH = hash_password(PASSWORD)


class Browser:
    """A browser: it keeps cookies, names the origin of its forms, and fills in what a page's form holds."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **more: object) -> TestResponse:
        return self.client.get(path, base_url=PUBLIC, **more)

    def send(self, path: str, data: Mapping[str, object] | None = None, *, page: str | None = None) -> TestResponse:
        """Send a form as it stands on `page` (by default the page of the same address)."""
        shown = self.get(page or path).get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([0-9a-f]*)"', shown)
        filled = {**({"csrf_token": token[1]} if token else {}), **(data or {})}
        return self.post(path, filled)

    def post(
        self, path: str, data: Mapping[str, object] | None = None, *, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Send just this."""
        return self.client.post(path, data=data, base_url=PUBLIC, headers={"Origin": PUBLIC, **(headers or {})})

    @property
    def session(self) -> str | None:
        """What the session's cookie holds."""
        cookie = self.client.get_cookie(session_cookie()[0], domain="directory.example")
        return cookie.value if cookie else None

    @session.setter
    def session(self, value: str) -> None:
        self.client.set_cookie(session_cookie()[0], value, domain="directory.example")


@dataclass
class Person:
    """Someone with an account."""

    id: str
    email: str
    role: Role
    secret: str | None
    client: str | None
    codes: list[int] = field(default_factory=list)

    def code(self) -> str:
        """A code that was not used yet: time goes on faster in tests."""
        assert self.secret
        return authenticator.code_at(self.secret, time.time())


class Crew:
    """Makes people, and lets them sign in."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def add(self, role: Role, *, client: str | None = None, lang: str = "en", with_password: bool = True) -> Person:
        """A new person with an account; `network` and `admin` with an authenticator too."""
        client = client or ("who" if role is Role.hr else None)
        secret = authenticator.make_secret() if role is not Role.hr else None
        with transaction() as session:
            account: Account = add_account(
                session, SYSTEM, f"{role}.{uuid4().hex[:10]}@insurer.example", role, client_code=client, lang=lang
            )
            if with_password:
                account.password_hash, account.totp_secret = _HASH, secret
                account.status = AccountStatus.active
        return Person(str(account.id), account.email, role, secret if with_password else None, client)

    def sign_in(self, person: Person, browser: Browser | None = None) -> Browser:
        """Sign in as a person does, by the pages."""
        browser = browser or Browser(self.app)
        answer = browser.send("/sign-in", {"email": person.email, "password": PASSWORD})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        if person.secret:
            forget_codes(person)
            answer = browser.send("/sign-in/code", {"code": person.code()})
            assert answer.status_code == 303, answer.get_data(as_text=True)
        return browser


def forget_codes(person: Person) -> None:
    """As if the last code had been taken long ago: tests do not wait for half a minute."""
    with transaction() as session:
        account = session.get_one(Account, person.id)
        account.totp_step = None


@dataclass(frozen=True)
class Mailbox:
    """The folder of the mail server, and its address."""

    folder: Path
    url: str

    def collect(self) -> list[EmailMessage]:
        """Send what is due, and take what has come, the oldest first."""
        self.send()
        mails = []
        for file in sorted(self.folder.glob("*.eml")):
            message = email.message_from_bytes(file.read_bytes(), policy=default)
            assert isinstance(message, EmailMessage)
            mails.append(message)
            file.unlink()
        return mails

    @staticmethod
    def send() -> Sent:
        """Send what is due."""
        return send_due(get_engine(), COMPLETIONS)


def link_in(message: EmailMessage) -> str:
    """The one-time link in a mail, as a path on the service."""
    text = message.get_content()
    found = re.search(rf"{re.escape(PUBLIC)}(/welcome\?link=[\w-]+)", text)
    assert found, text
    return found[1]


def text_of(answer: TestResponse) -> str:
    """What a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())
