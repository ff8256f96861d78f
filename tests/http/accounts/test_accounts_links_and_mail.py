"""Invitations, forgotten passwords, and the mails that carry their links."""

import datetime as dt
import re
import statistics
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import text
from sqlalchemy.orm import Session as DatabaseSession

from config.settings import get_settings, settings_from
from directory.accounts.messages import COMPLETIONS, invite
from directory.accounts.people import disable_account, get_account
from directory.actors import SYSTEM, Role
from directory.db import get_engine, transaction
from directory.mail import enqueue
from directory.mail.sender import NoMailServer, remove_old_messages, send_due
from directory.mail.texts import UnknownMessage
from directory.serving.health import recent_queues
from embedded.ports import free_port
from tests.worlds.account_people import PASSWORD, Browser, Crew, Mailbox, Person, link_in, text_of

NEW = "four blue elephants"


@pytest.fixture(autouse=True)
def _nothing_waits(crew: Crew, mailbox: Mailbox) -> None:
    with transaction() as session:
        session.execute(text("DELETE FROM mail_message"))
    for file in mailbox.folder.glob("*.eml"):
        file.unlink()


def shown(crew: Crew, name: str) -> float:
    """A figure of /metrics, read anew."""
    recent_queues.forget()
    text = crew.app.test_client().get("/metrics").text
    return float(re.search(rf"^directory_mail_{name} (.*)$", text, re.MULTILINE)[1])  # type: ignore[index]


def test_the_queue_can_be_watched(crew: Crew) -> None:
    assert [shown(crew, name) for name in ("waiting", "oldest_seconds", "given_up")] == [0, 0, 0]
    row = "INSERT INTO mail_message (recipient, lang, message, values, created_at, sent_at, given_up_at, due_at)"
    with transaction() as session:
        for created, sent, given_up, due in (
            ("1 hour", None, None, "-2 hours"), ("2 minutes", None, None, "2 minutes"),
            ("9 days", "9 days", None, "9 days"),
            ("4 days", None, "1 hour", "1 day"), ("9 days", None, "6 days", "6 days"),
        ):  # fmt: skip
            session.execute(
                text(f"""{row} VALUES ('a@b.example', 'en', 'invitation', '{{}}', now() - CAST(:created AS interval),
                    now() - CAST(:sent AS interval), now() - CAST(:given_up AS interval),
                    now() - CAST(:due AS interval))"""),
                {"created": created, "sent": sent, "given_up": given_up, "due": due},
            )
    assert [shown(crew, name) for name in ("waiting", "given_up")] == [2, 1]
    assert 3600 <= shown(crew, "oldest_seconds") < 3700


def ask(person: Person, crew: Crew) -> None:
    answer = Browser(crew.app).send("/forgotten", {"email": person.email})
    assert "a message is on its way" in text_of(answer)


def invited(crew: Crew, mailbox: Mailbox, lang: str = "en") -> tuple[Person, str]:
    person = crew.add(Role.hr, lang=lang, with_password=False)
    with transaction() as session:
        invite(session, get_account(session, person.email))
    [mail] = mailbox.collect()
    return person, link_in(mail)


def choose(browser: Browser, link: str, password: str = NEW) -> int:
    secret = parse_qs(urlsplit(link).query)["link"][0]
    return browser.post("/welcome", {"link": secret, "password": password}).status_code


def test_an_invitation_lets_somebody_choose_a_password_and_signs_in(
    crew: Crew, mailbox: Mailbox, browser: Browser
) -> None:
    person, link = invited(crew, mailbox)
    assert person.email in text_of(browser.get(link))
    assert choose(browser, link) == 303
    assert browser.get("/account").status_code == 200
    again = Browser(crew.app).send("/sign-in", {"email": person.email, "password": NEW})
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("lang", "subject"),
    [
        ("en", "Your account in the provider directory"),
        ("fr", "Votre compte dans l’annuaire des prestataires"),
        ("es", "Su cuenta en el directorio de proveedores"),
        ("ar", "حسابك في دليل مقدّمي الرعاية"),
    ],
)
def test_a_mail_is_in_the_language_of_its_reader(crew: Crew, mailbox: Mailbox, lang: str, subject: str) -> None:
    person = crew.add(Role.hr, lang=lang, with_password=False)
    with transaction() as session:
        invite(session, get_account(session, person.email))
    [mail] = mailbox.collect()
    assert mail["Subject"] == subject
    assert (mail["To"], mail["Content-Language"]) == (person.email, lang)
    assert mail["From"] == "Provider directory <directory@insurer.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "https://directory.example/welcome?link=" in mail.get_content()


def test_a_link_works_once(crew: Crew, mailbox: Mailbox, browser: Browser) -> None:
    _, link = invited(crew, mailbox)
    assert choose(browser, link) == 303
    assert Browser(crew.app).get(link).status_code == 410
    assert choose(Browser(crew.app), link, "another five words here") == 410


def test_looking_at_a_link_does_not_use_it(crew: Crew, mailbox: Mailbox, browser: Browser) -> None:
    _, link = invited(crew, mailbox)
    for _ in range(3):
        assert browser.get(link).status_code == 200
        assert browser.client.head(link).status_code == 200
    assert choose(browser, link) == 303


def test_a_password_that_is_refused_leaves_the_link_as_it_was(crew: Crew, mailbox: Mailbox, browser: Browser) -> None:
    person, link = invited(crew, mailbox)
    for password in ("short", "x" * 201, "aaaaaaaaaaaaaaaa", person.email + "!"):
        assert choose(browser, link, password) == 422
    assert choose(browser, link) == 303


WEEK = 7 * 24 * 60


@pytest.mark.parametrize(("invitation", "minutes"), [(True, WEEK), (False, 30)])
def test_an_invitation_is_good_for_a_week_and_any_other_link_for_half_an_hour(
    crew: Crew, mailbox: Mailbox, browser: Browser, invitation: bool, minutes: int
) -> None:
    if invitation:
        _, link = invited(crew, mailbox)
    else:
        ask(crew.add(Role.hr), crew)
        [mail] = mailbox.collect()
        link = link_in(mail)
    age = "UPDATE one_time_link SET expires_at = expires_at - :minutes * interval '1 minute'"
    with transaction() as session:
        session.execute(text(age), {"minutes": minutes - 1})
    assert browser.get(link).status_code == 200
    with transaction() as session:
        session.execute(text(age), {"minutes": 1})
    assert browser.get(link).status_code == 410
    assert choose(browser, link) == 410


def test_a_forgotten_password_is_chosen_anew_and_every_session_ends(
    crew: Crew, mailbox: Mailbox, browser: Browser
) -> None:
    officer = crew.add(Role.hr)
    elsewhere = crew.sign_in(officer)
    ask(officer, crew)
    [mail] = mailbox.collect()
    assert choose(browser, link_in(mail)) == 303
    assert elsewhere.get("/account").status_code == 303
    assert Browser(crew.app).send("/sign-in", {"email": officer.email, "password": PASSWORD}).status_code == 401
    assert browser.get("/account").status_code == 200


def test_a_new_password_does_not_replace_the_second_factor(crew: Crew, mailbox: Mailbox, browser: Browser) -> None:
    person = crew.add(Role.network)
    ask(person, crew)
    [mail] = mailbox.collect()
    choose(browser, link_in(mail))
    assert browser.get("/account").location == "/sign-in/code?next=/account"
    browser.send("/sign-in/code", {"code": person.code()})
    assert browser.get("/account").status_code == 200


def test_all_links_end_with_the_first_that_is_used(crew: Crew, mailbox: Mailbox, browser: Browser) -> None:
    officer = crew.add(Role.hr)
    ask(officer, crew)
    ask(officer, crew)
    first, second = (link_in(mail) for mail in mailbox.collect())
    assert choose(browser, second) == 303
    assert choose(Browser(crew.app), first, "another five words here") == 410


def test_a_disabled_account_gets_no_link_and_its_links_end(crew: Crew, mailbox: Mailbox, browser: Browser) -> None:
    officer = crew.add(Role.hr)
    ask(officer, crew)
    [mail] = mailbox.collect()
    with transaction() as session:
        disable_account(session, SYSTEM, officer.email)
    assert browser.get(link_in(mail)).status_code == 410
    ask(officer, crew)
    assert mailbox.collect() == []


def test_asking_for_an_address_without_an_account_says_the_same_and_sends_nothing(crew: Crew, mailbox: Mailbox) -> None:
    officer = crew.add(Role.hr)
    pages = [
        Browser(crew.app).send("/forgotten", {"email": email}).get_data(as_text=True)
        for email in (officer.email, "nobody@insurer.example")
    ]
    assert pages[0] == pages[1]
    assert [mail["To"] for mail in mailbox.collect()] == [officer.email]


def quick_ones(crew: Crew, path: str, forms: list[dict[str, str]], rounds: int = 25) -> list[float]:
    """Milliseconds of each form's quicker answers (a machine with much to do only adds), with limits out of the way."""
    browser = Browser(crew.app)
    taken: list[list[float]] = [[] for _ in forms]
    for _ in range(rounds):
        for times, form in zip(taken, forms, strict=True):
            with transaction() as session:
                session.execute(text("DELETE FROM rate"))
            began = time.perf_counter()
            browser.post(path, form)
            times.append((time.perf_counter() - began) * 1000)
    return [statistics.quantiles(times, n=4)[0] for times in taken]


def are_alike(crew: Crew, path: str, forms: list[dict[str, str]], least_ms: float) -> bool:
    """Whether two forms take the same time. What differs does so at each look, what disturbed one look does not."""
    for _ in range(3):
        one, other = quick_ones(crew, path, forms)
        if abs(one - other) < max(least_ms, 0.25 * max(one, other)):
            return True
    return False


def test_the_time_of_an_answer_does_not_tell_whether_an_account_exists(crew: Crew) -> None:
    officer = crew.add(Role.hr)
    nobody = {"email": "nobody@insurer.example"}
    assert are_alike(crew, "/forgotten", [{"email": officer.email}, nobody], 3.0)
    forms: list[dict[str, str]] = [{"email": officer.email, "password": "wrong"}, {**nobody, "password": "wrong"}]
    # Without the check against nobody's hash one would take a tenth of the other.
    assert are_alike(crew, "/sign-in", forms, 5.0)


def test_nothing_secret_waits_in_the_queue_and_nothing_is_kept_after_sending(crew: Crew, mailbox: Mailbox) -> None:
    officer = crew.add(Role.hr)
    ask(officer, crew)
    with transaction() as session:
        enqueue(session, to=officer.email, lang="en", message="invitation", values={"note": "between us"})
        [(waiting,)] = session.execute(text("SELECT values FROM mail_message WHERE message = 'reset'")).all()
    assert waiting == {}
    mailbox.send()
    with transaction() as session:
        kept = session.execute(text("SELECT values, sent_at IS NOT NULL FROM mail_message")).all()
    assert [tuple(row) for row in kept] == [({}, True), ({}, True)]


def test_a_change_that_fails_sends_nothing(crew: Crew, mailbox: Mailbox) -> None:
    officer = crew.add(Role.hr)
    session = DatabaseSession(get_engine())
    invite(session, get_account(session, officer.email))
    session.flush()
    session.rollback()
    session.close()
    assert mailbox.collect() == []


def test_a_message_that_nobody_wrote_is_refused_with_the_change(crew: Crew) -> None:
    with pytest.raises(UnknownMessage), transaction() as session:
        enqueue(session, to="a@b.example", lang="en", message="no_such_message", values={})


class Moody:
    """Refuses some, accepts the rest."""

    def __init__(self) -> None:
        self.accepted: list[str] = []

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("never"):
            return "550 no such person"
        if address.startswith("later"):
            return "451 come back later"
        envelope.rcpt_tos.append(address)
        return "250 yes"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.accepted += envelope.rcpt_tos
        return "250 kept"


def row_of(recipient: str) -> tuple[int, str | None, dt.datetime, bool]:
    with transaction() as session:
        row = session.execute(
            text("SELECT attempts, error, due_at, given_up_at IS NOT NULL FROM mail_message WHERE recipient = :to"),
            {"to": recipient},
        ).one()
    return row[0], row[1], row[2], row[3]


def queue(*recipients: str) -> None:
    with transaction() as session:
        for to in recipients:
            enqueue(session, to=to, lang="en", message="reset", values={"link": "x"})


def test_a_mail_that_cannot_go_now_goes_later_and_holds_up_no_other(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    moody, port = Moody(), free_port(32001, 33000)
    monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{port}")
    get_settings.cache_clear()
    queue("later@a.example", "never@a.example", "now@a.example")
    now = dt.datetime.now(dt.UTC)
    server = Controller(moody, hostname="127.0.0.1", port=port)
    server.start()
    try:
        done = send_due(get_engine(), {}, now)
        assert (done.sent, done.postponed, done.given_up) == (1, 1, 1)
        assert moody.accepted == ["now@a.example"]
        attempts, error, due, given_up = row_of("later@a.example")
        assert (attempts, error, given_up) == (1, "SMTPRecipientsRefused", False)
        assert due == now + dt.timedelta(seconds=15)
        assert row_of("never@a.example")[3]
        # Each wait is twice as long as the one before, two hours at most; after three days nobody tries any more.
        waits = []
        while not row_of("later@a.example")[3]:
            before = row_of("later@a.example")[2]
            send_due(get_engine(), {}, before)
            waits.append(row_of("later@a.example")[2] - before)
        assert waits[:3] == [dt.timedelta(seconds=seconds) for seconds in (30, 60, 120)]
        assert max(waits) == dt.timedelta(hours=2)
        assert row_of("later@a.example")[2] - now > dt.timedelta(days=3)
    finally:
        server.stop()
        get_settings.cache_clear()


def test_mails_wait_for_a_server_that_is_away(crew: Crew, mailbox: Mailbox) -> None:
    officer = crew.add(Role.hr)
    ask(officer, crew)
    now = dt.datetime.now(dt.UTC)
    with settings_from({"SMTP_URL": f"smtp://127.0.0.1:{free_port(33001, 33500)}"}):
        assert send_due(get_engine(), COMPLETIONS, now).postponed == 1
    with settings_from({"SMTP_URL": None}), pytest.raises(NoMailServer):
        send_due(get_engine(), COMPLETIONS, now)
    assert send_due(get_engine(), COMPLETIONS, now + dt.timedelta(seconds=16)).sent == 1
    # A link that was made for a mail that did not go is nobody's.
    [mail] = mailbox.collect()
    assert Browser(crew.app).get(link_in(mail)).status_code == 200


def test_two_senders_send_each_mail_once(crew: Crew, mailbox: Mailbox) -> None:
    from concurrent.futures import ThreadPoolExecutor

    queue(*(f"person{number}@a.example" for number in range(40)))
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: send_due(get_engine(), {}).sent, range(4)))
    assert sum(sent) == 40
    assert len({mail["Message-ID"] for mail in mailbox.collect()}) == 40


def test_a_line_break_in_a_value_makes_no_header(crew: Crew, mailbox: Mailbox, browser: Browser) -> None:
    browser.post("/forgotten", {"email": "a@b.example\r\nBcc: all@b.example"})
    queue("a@b.example\nBcc: all@b.example")
    done = mailbox.send()
    assert done.sent == 0
    assert mailbox.collect() == []


def test_what_was_sent_long_ago_is_forgotten(crew: Crew, mailbox: Mailbox) -> None:
    queue("now@a.example")
    send_due(get_engine(), {})
    now = dt.datetime.now(dt.UTC)
    with transaction() as session:
        remove_old_messages(session, now + dt.timedelta(days=29))
        assert session.execute(text("SELECT count(*) FROM mail_message")).scalar_one() == 1
        remove_old_messages(session, now + dt.timedelta(days=31))
        assert session.execute(text("SELECT count(*) FROM mail_message")).scalar_one() == 0
