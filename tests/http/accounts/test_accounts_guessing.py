"""Guessing passwords, codes and addresses: limited for all processes together, and told nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from flask import Flask

from directory.accounts.people import disable_account
from directory.actors import SYSTEM, Role
from directory.app import create_app
from directory.db import transaction
from tests.worlds.account_people import PASSWORD, Browser, Crew


def test_guesses_are_limited_for_an_account_and_say_the_same_for_one_that_is_none(crew: Crew, app: Flask) -> None:
    officer = crew.add(Role.hr)
    for email in (officer.email, f"nobody.{uuid4()}@insurer.example"):
        answers = [Browser(app).send("/sign-in", {"email": email, "password": "wrong"}) for _ in range(11)]
        assert [each.status_code for each in answers] == [401] * 10 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0
    # The right password does not help while it lasts, however the address is written.
    late = Browser(app).send("/sign-in", {"email": officer.email.upper(), "password": PASSWORD})
    assert late.status_code == 429


def test_guesses_are_limited_for_all_processes_and_at_once(crew: Crew, app: Flask, settings: dict[str, str]) -> None:
    officer = crew.add(Role.hr)
    applications = [app, create_app()]

    def guess(number: int) -> int:
        return Browser(applications[number % 2]).post("/sign-in", {"email": officer.email, "password": "x"}).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(guess, range(24)))
    assert (statuses.count(401), statuses.count(429)) == (10, 14)


def test_guesses_of_one_address_of_the_net_are_limited(crew: Crew, app: Flask) -> None:
    statuses = [
        Browser(app).post("/sign-in", {"email": f"{number}@insurer.example", "password": "x"}).status_code
        for number in range(61)
    ]
    assert (statuses.count(401), statuses[-1]) == (60, 429)


def test_guesses_of_codes_are_limited(crew: Crew, browser: Browser) -> None:
    person = crew.add(Role.network)
    browser.send("/sign-in", {"email": person.email, "password": PASSWORD})
    statuses = [browser.send("/sign-in/code", {"code": f"{number:06}"}).status_code for number in range(11)]
    assert statuses[-1] == 429
    assert browser.send("/sign-in/code", {"code": person.code()}).status_code == 429


def test_wrong_address_wrong_password_no_password_and_disabled_say_the_same(crew: Crew, app: Flask) -> None:
    known, invited, disabled = crew.add(Role.hr), crew.add(Role.hr, with_password=False), crew.add(Role.hr)
    with transaction() as session:
        disable_account(session, SYSTEM, disabled.email)
    tries = (
        (known.email, "wrong"),
        ("nobody@insurer.example", PASSWORD),
        (invited.email, PASSWORD),
        (disabled.email, PASSWORD),
        ("", ""),
        ("not an address", PASSWORD),
    )
    pages = set()
    for email, password in tries:
        answer = Browser(app).send("/sign-in", {"email": email, "password": password})
        assert answer.status_code == 401
        pages.add(answer.get_data(as_text=True).replace(f'value="{email}"', "").replace("  ", " "))
    assert len({re.sub(r"\s+", " ", page) for page in pages}) <= 2  # an empty field has no value at all
