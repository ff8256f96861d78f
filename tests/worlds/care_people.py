"""Customer service for the tests: a key that seals, people of each desk with tokens, and requests of anybody."""

from base64 import b64encode
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from directory.accounts.people import add_account
from directory.accounts.tokens import add_token
from directory.actors import SYSTEM, Role
from directory.care.cautions import cautions
from directory.db import get_engine, transaction
from directory.models import Account, AccountStatus

HEALTH_KEYS = f"test:{b64encode(bytes(range(32))).decode()}"
ROLES = {
    "lucia": Role.care,
    "omar": Role.care,
    "nadia": Role.network,
    "root": Role.admin,
    "amina": Role.hr,
    "mila": Role.medical,
    "dario": Role.complaints,
}
EMPTY = "TRUNCATE case_file, repeatable_request, mail_message, rate, report CASCADE"


def add_people(called: str = "{name}") -> dict[str, str]:
    """An account of each name; gives their bearer tokens. `called`: otherwise than others of a shared database."""
    tokens = {}
    with transaction() as session:
        for name, role in ROLES.items():
            email = f"{name}@care.example"
            account = session.scalar(select(Account).where(Account.email == email))
            if account is None:
                client = {"client_code": "careful", "client_name": "Careful"} if role is Role.hr else {}
                account = add_account(session, SYSTEM, email, role, name=called.format(name=name), **client)
                account.status = AccountStatus.active
                session.flush()
            # Of desks that no program works for there is none.
            if role not in (Role.medical, Role.complaints):
                tokens[name] = add_token(session, SYSTEM, account, name="tests")[0]
    return tokens


def empty() -> None:
    """Nobody brought anything, nobody used up a limit, and nobody is warned."""
    with get_engine().begin() as connection:
        connection.execute(text(EMPTY))
    cautions().forget()


class Desk:
    """Requests of people by their tokens, and of anybody without one."""

    def __init__(self, app: Flask, tokens: dict[str, str]) -> None:
        self.client: FlaskClient = app.test_client()
        self._tokens = tokens

    def ask(self, who: str | None, method: str, path: str, json: Any = None, **more: Any) -> TestResponse:
        """One request; `address` is where it comes from, `headers` go with it."""
        headers = dict(more.pop("headers", {}))
        if who:
            headers["Authorization"] = f"Bearer {self._tokens[who]}"
        environ = {"REMOTE_ADDR": more.pop("address", "192.0.2.1")}
        return self.client.open(path, method=method, json=json, headers=headers, environ_overrides=environ, **more)

    def made(self, path: str, body: Any, **more: Any) -> Any:
        """What anybody sends and must be taken."""
        answer = self.ask(None, "POST", path, body, **more)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return answer.get_json()

    def done(self, who: str, case: Any, name: str, body: Any = None, kind: str = "refusals") -> Any:
        """A step that must work."""
        answer = self.ask(who, "POST", f"/v1/{kind}/{case['id']}/actions/{name}", body)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()
