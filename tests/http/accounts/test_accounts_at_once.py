"""What must happen once happens once, however many ask for it at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import text

from directory.accounts.links import make_link
from directory.accounts.people import get_account
from directory.actors import Role
from directory.db import transaction
from directory.models import Purpose
from tests.worlds.account_people import PASSWORD, Browser, Crew

TRIES = 6


def at_once(ask: Callable[[int], int]) -> list[int]:
    """The statuses of several who ask at the same time, in order of their size."""
    with ThreadPoolExecutor(TRIES) as pool:
        return sorted(pool.map(ask, range(TRIES)))


def test_a_link_is_used_once(crew: Crew) -> None:
    officer = crew.add(Role.hr, with_password=False)
    with transaction() as session:
        link = make_link(session, get_account(session, officer.email), Purpose.invitation)
    secret = parse_qs(urlsplit(link).query)["link"][0]
    statuses = at_once(
        lambda number: (
            Browser(crew.app)
            .post("/welcome", {"link": secret, "password": f"four blue elephants {number}"})
            .status_code
        )
    )
    assert statuses == [303] + [410] * (TRIES - 1)


def test_a_code_is_taken_once(crew: Crew) -> None:
    person = crew.add(Role.network)
    browsers = [Browser(crew.app) for _ in range(TRIES)]
    for browser in browsers:
        assert browser.send("/sign-in", {"email": person.email, "password": PASSWORD}).status_code == 303
    code = person.code()
    assert at_once(lambda number: browsers[number].send("/sign-in/code", {"code": code}).status_code) == [
        303,
        *[401] * (TRIES - 1),
    ]


def test_one_address_gets_one_account(crew: Crew) -> None:
    from directory.accounts.errors import AccountExists
    from directory.accounts.people import add_account
    from directory.actors import SYSTEM

    def add(_: int) -> int:
        try:
            with transaction() as session:
                add_account(session, SYSTEM, "Twice@insurer.example", Role.hr, client_code="twice", client_name="Twice")
        except AccountExists:
            return 409
        return 201

    assert at_once(add) == [201] + [409] * (TRIES - 1)
    with transaction() as session:
        assert session.execute(text("SELECT count(*) FROM client WHERE code = 'twice'")).scalar_one() == 1
