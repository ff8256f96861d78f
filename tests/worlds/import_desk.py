"""People who bring files of providers, and the program that works on them; the service has its lesser login."""

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from directory.accounts.people import add_account
from directory.accounts.sessions import start_session
from directory.accounts.tokens import add_token
from directory.actors import SYSTEM, Actor, Role
from directory.app import create_app
from directory.db import get_engine, make_engine, transaction
from directory.imports.desk.working import ImportWorker
from directory.listings.changing import change_listing, driver_of
from directory.listings.facts import Facts, Known, load_known
from directory.models import Account, AccountStatus, Listing
from embedded.service_login import make_service_login
from geodata.gazetteer import get_gazetteer
from tests.engines.import_world import as_csv
from tests.worlds.proposal_pages import Page
from tests.worlds.small_directory import serving

PEOPLE = {"nadia": Role.network, "omar": Role.network, "root": Role.admin, "amina": Role.hr, "cleo": Role.care}
Rows = tuple[dict[str, str], ...]


@dataclass
class ImportDesk:
    """The interface as people ask it, and one program of imports that works when it is told to."""

    client: FlaskClient
    tokens: dict[str, str]
    source: str

    def ask(self, who: str | None, method: str, path: str = "", json: Any = None, **headers: str) -> TestResponse:
        """One request; `If_Match="5"` is a header."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            sent["Authorization"] = f"Bearer {self.tokens[who]}"
        return self.client.open(f"/v1/imports{path}", method=method, json=json, headers=sent)

    def get(self, path: str = "", who: str = "nadia") -> Any:
        """The body of an answer that must be 200."""
        answer = self.ask(who, "GET", path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def send(
        self,
        content: str | bytes,
        name: str = "list.csv",
        *,
        who: str | None = "nadia",
        source: str | None = None,
        **headers: str,
    ) -> TestResponse:
        """Bring a file."""
        body = content.encode() if isinstance(content, str) else content
        sent = {field.replace("_", "-"): value for field, value in headers.items()}
        if who:
            sent["Authorization"] = f"Bearer {self.tokens[who]}"
        return self.client.post(
            "/v1/imports",
            data={"file": (io.BytesIO(body), name), "source": self.source if source is None else source},
            content_type="multipart/form-data",
            headers=sent,
        )

    def bring(self, content: str | bytes, name: str = "list.csv", **more: Any) -> Any:
        """The same; it must be taken."""
        answer = self.send(content, name, **more)
        assert answer.status_code == 202, answer.get_data(as_text=True)
        return answer.get_json()

    def act(self, number: str, *actions: str, who: str = "nadia") -> Any:
        """Take actions that must be possible, each worked on; the import after them."""
        for action in actions:
            answer = self.ask(who, "POST", f"/{number}/actions/{action}")
            assert answer.status_code == (200 if action == "drop" else 202), answer.get_data(as_text=True)
            work()
        return self.get(f"/{number}")

    def apply(self, *rows: dict[str, str]) -> Any:
        """Bring these rows, and have them applied."""
        done = self.act(self.bring(as_csv(*rows))["id"], "preview", "apply")
        assert done["state"] == "applied", done
        return done

    def rows(self, number: str, outcome: str) -> list[Any]:
        """The rows of one outcome."""
        items: list[Any] = self.get(f"/{number}/rows?outcome={outcome}")["items"]
        return items

    def listings(self) -> dict[str, Known]:
        """The source's listings by external id."""
        with transaction() as session:
            ids = dict(
                session.execute(select(Listing.id, Listing.external_id).where(Listing.source == self.source)).all()
            )
            known = load_known(driver_of(session), list(ids))
        return {str(ids[listing_id]): each for listing_id, each in known.items()}

    def edit(self, external_id: str, edit: Callable[[Facts], Facts], who: str = "nadia", action: str = "edit") -> None:
        """Somebody of the team changes a listing by hand."""
        with transaction() as session:
            listing_id = self.listings()[external_id].listing_id
            change_listing(session, listing_id, edit, actor=actor_of_name(who), action=action)


def actor_of_name(name: str) -> Actor:
    """On whose behalf."""
    if name == SYSTEM.name:
        return SYSTEM
    with transaction() as session:
        account = session.scalars(select(Account).where(Account.display_name == name)).one()
        return Actor(account.id, Role(account.role), account.client_id, name, account.lang)


def work() -> int:
    """Do all that waits, as the program of imports does; how often something was done."""
    engine = make_engine()
    try:
        return sum(iter(ImportWorker(engine, get_gazetteer, threading.Event()).work_once, False))
    finally:
        engine.dispose()


def settle_people() -> None:
    """Accounts of everybody."""
    with transaction() as session:
        for name, role in PEOPLE.items():
            client = "unhcr" if role is Role.hr else None
            account = add_account(
                session, SYSTEM, f"{name}@insurer.example", role, client_code=client, client_name=client, lang="en"
            )
            account.display_name, account.status = name, AccountStatus.active


@pytest.fixture(scope="session")
def environment(
    service_environment: dict[str, str], make_database: Callable[[str], str], ground_database: str
) -> dict[str, str]:
    """What the environment says: a database of its own, by the login of the service."""
    url = make_service_login(make_database(ground_database), "a password for the tests")
    return {**service_environment, "DATABASE_URL": url}


@pytest.fixture(scope="session")
def import_tokens(environment: dict[str, str]) -> dict[str, str]:
    """A bearer token of everybody who can have one."""
    with serving(environment):
        settle_people()
        with transaction() as session:
            accounts = session.scalars(select(Account).where(Account.role != Role.care)).all()
            return {account.display_name: add_token(session, SYSTEM, account)[0] for account in accounts}


@pytest.fixture(scope="module")
def app(environment: dict[str, str], import_tokens: dict[str, str]) -> Iterator[Flask]:
    """The application on that database."""
    with serving(environment):
        yield create_app()


@pytest.fixture
def desk(app: Flask, import_tokens: dict[str, str]) -> ImportDesk:
    """The desk, with a source that no other test uses, and nothing waiting."""
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM import WHERE status NOT IN ('applied', 'undone')"))
        connection.execute(text("DELETE FROM rate"))
    return ImportDesk(app.test_client(), import_tokens, f"source {uuid4().hex[:8]}")


@pytest.fixture
def enter(app: Flask, desk: ImportDesk) -> Callable[[str], Page]:
    """Signs somebody in on the pages: `enter("nadia")`."""

    def sign_in(name: str) -> Page:
        client = app.test_client()
        with transaction() as session:
            account = session.scalars(select(Account).where(Account.display_name == name)).one()
            secret = start_session(session, account, awaits=None, agent="test")
        client.set_cookie("provider-directory", secret)
        return Page(client)

    return sign_in


def query(statement: str, *values: Any) -> list[Any]:
    """Rows of one statement, committed."""
    with get_engine().begin() as connection:
        driver: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        cursor = driver.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []
