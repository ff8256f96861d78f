"""The whole story in real Chromium, in French and in Arabic, on the service as it runs: gunicorn, worker, mail.

An officer proposes on a telephone, another client's officer backs, the team asks, contacts, negotiates, agrees and
lists; a search finds the new listing with the right way to pay; every mail is read.
"""

import email
import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect
from sqlalchemy import update

from config.settings import PROJECT_ROOT
from directory.accounts.sessions import start_session
from directory.db import transaction
from directory.models import Account
from directory.phrases import phrase
from directory.proposals import words
from embedded.ports import free_port, is_free
from tests.engines.index_world import wait_until
from tests.faults.service import Service
from tests.http.world import World
from tests.proposals.people import People, settle_people

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
AXE = (PROJECT_ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PROGRAMS = Path(sys.executable).parent
expect.set_options(timeout=15_000)


@dataclass(frozen=True)
class Street:
    """The running service, and the folder in which its mails end."""

    service: Service
    mails: Path

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.service.port}"

    def ask(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.base}{path}", timeout=20) as answer:
            return json.load(answer)

    def read_mails(self) -> list[tuple[str, str, str]]:
        """To whom, subject and text of all that came, the oldest first."""
        read = []
        for file in sorted(self.mails.glob("*.eml")):
            mail = email.message_from_bytes(file.read_bytes(), policy=default)
            read.append((str(mail["To"]).partition("@")[0], str(mail["Subject"]), mail.get_content()))
        return read


@pytest.fixture(scope="module")
def street(world: World, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """gunicorn, the index worker, the mail sender and a mail server, each a process of its own."""
    folder, port = tmp_path_factory.mktemp("mail"), free_port(32000, 33000)
    variables = {**environment, "SMTP_URL": f"smtp://127.0.0.1:{port}", "WEB_WORKERS": "2"}
    commands = (
        [sys.executable, "-m", "embedded.post", "--port", str(port), "--folder", str(folder)],
        [str(PROGRAMS / "provider-indexer"), "run"],
        [str(PROGRAMS / "provider-directory"), "mail", "run"],
    )
    with ExitStack() as running:
        service = running.enter_context(Service(variables, folder / "gunicorn.log"))
        variables["PUBLIC_URL"] = f"http://127.0.0.1:{service.port}"
        log = running.enter_context((folder / "log").open("wb"))
        for number, command in enumerate(commands):
            program = subprocess.Popen(command, env=variables, cwd=PROJECT_ROOT, stdout=log, stderr=log)
            running.callback(program.wait, 30)
            running.callback(program.terminate)
            if number == 0:
                wait_until(lambda: not is_free(port), 20, "the mail server listens")
        yield Street(service, folder)


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser; each person has a context of their own."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


Enter = Callable[..., Page]


@pytest.fixture
def enter(chromium: Browser, street: Street) -> Iterator[Enter]:
    """Signs somebody in, on a telephone or at a desk; at the end no page may have complained."""
    complaints: list[str] = []
    with ExitStack() as contexts:

        def sign_in(name: str, size: dict[str, int], **options: Any) -> Page:
            context: BrowserContext = contexts.enter_context(chromium.new_context(viewport=size, **options))  # type: ignore[arg-type]
            with transaction() as session:
                account = session.query(Account).filter(Account.display_name == name).one()
                secret = start_session(session, account, awaits=None, agent="story")
            context.add_cookies([{"name": "provider-directory", "value": secret, "url": street.base}])
            page = context.new_page()
            page.on("console", lambda said: complaints.append(f"{said.text} {said.location}") if grave(said) else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            return page

        yield sign_in
    assert complaints == []


@pytest.fixture
def spoken(street: Street, request: pytest.FixtureRequest) -> Iterator[tuple[str, People]]:
    """Everybody speaks the language of the story."""
    lang: str = request.param
    people = settle_people()
    for file in street.mails.glob("*.eml"):
        file.unlink()
    with transaction() as session:
        before = dict(session.execute(Account.__table__.select().with_only_columns(Account.id, Account.lang)).all())
        session.execute(update(Account).values(lang=lang))
    yield lang, people
    with transaction() as session:
        for account, old in before.items():
            session.execute(update(Account).where(Account.id == account).values(lang=old))


def grave(said: ConsoleMessage) -> bool:
    """Whether a message of the browser's console is one to mend."""
    # No page has an icon yet, and one person asks for what is not theirs.
    url = str(said.location.get("url"))
    return said.type in ("error", "warning") and not url.endswith("/favicon.ico") and "(NOT FOUND)" not in said.text


def look_over(page: Page, lang: str) -> None:
    """The page speaks the language in its direction, fits the screen, and axe finds nothing."""
    root = page.locator("html")
    expect(root).to_have_attribute("lang", lang)
    expect(root).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), page.url
    # The page's own policy forbids foreign scripts: axe comes in by the debugger.
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", AXE_RULES)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


NAMES = {"fr": ("Polyclinique Bon Secours", ""), "ar": ("مستوصف الرحمة", "Polyclinique Rahma")}
WORDS = {
    "fr": ("Quel service cherchez-vous ?", "Le service de pédiatrie."),
    "ar": ("أي قسم تقصدون؟", "قسم الأطفال."),
}


class Tale:
    """The people of one story at their screens."""

    def __init__(self, lang: str, street: Street, enter: Enter) -> None:
        self.lang, self.street = lang, street
        self.name, self.local = NAMES[lang]
        self.question, self.answer = WORDS[lang]
        self.amina, self.chen, self.nadia = enter("amina", PHONE), enter("chen", PHONE), enter("nadia", DESK)

    def t(self, name: str) -> str:
        return phrase(self.lang, f"proposals.{name}")

    def label(self, *path: str) -> str:
        return words.label(self.lang, *path)

    def look_over(self, page: Page) -> None:
        look_over(page, self.lang)

    def officer_proposes(self) -> None:
        amina, t = self.amina, self.t
        amina.goto(f"{self.street.base}/hr/")
        self.look_over(amina)
        amina.get_by_role("link", name=t("new")).click()
        amina.get_by_label(t("country"), exact=True).select_option("CD")
        amina.get_by_label(t("city"), exact=True).fill("Goma")
        amina.get_by_label(t("type"), exact=True).select_option("polyclinic")
        amina.get_by_label(t("name"), exact=True).press_sequentially("Goma Walk-in Clinic 5")
        expect(amina.locator("#look-alikes .badge-card").first).to_have_text(t("in_network"))
        amina.get_by_label(t("name"), exact=True).fill(self.name)
        expect(amina.locator("#look-alikes")).to_contain_text(t("nothing_known"))
        amina.get_by_label(self.label("reason", "none_nearby")).check()
        amina.get_by_label(t("people"), exact=True).fill("40")
        amina.get_by_label(self.label("setting", "inpatient")).check()
        amina.get_by_text(t("more"), exact=True).click()
        if self.local:
            amina.get_by_label(t("name_local"), exact=True).fill(self.local)
        amina.get_by_label(t("phone"), exact=True).fill("+243 998 765 432")
        self.look_over(amina)
        amina.get_by_role("button", name=t("send"), exact=True).click()
        expect(amina.get_by_role("status")).to_contain_text(t("sent"))
        expect(amina.locator("section:has(#alternatives) article").first).to_contain_text("Goma")
        self.look_over(amina)
        self.mine = amina.url.partition("?")[0]
        self.proposal = self.mine.rpartition("/")[2]

    def another_backs(self) -> None:
        chen, t = self.chen, self.t
        chen.goto(f"{self.street.base}/hr/proposals/new")
        chen.get_by_label(t("country"), exact=True).select_option("CD")
        chen.get_by_label(t("city"), exact=True).fill("Goma")
        chen.get_by_label(t("name"), exact=True).press_sequentially(self.name)
        expect(chen.locator("#look-alikes")).to_contain_text(t("proposed_already"))
        assert "Refugee" not in chen.content()
        chen.get_by_role("button", name=re.compile(re.escape(t("back_it")))).click()
        expect(chen.get_by_role("status")).to_contain_text(t("backed_now"))
        self.look_over(chen)
        answer = chen.goto(self.mine)
        assert answer
        assert answer.status == 404

    def team_finds_it(self) -> None:
        self.nadia.goto(f"{self.street.base}/network/proposals")
        self.look_over(self.nadia)
        self.nadia.get_by_role("link", name=self.name).click()
        expect(self.nadia.locator("svg.around .spot").first).to_be_attached()
        self.look_over(self.nadia)

    def take(self, step: str, **fields: str) -> None:
        """The team takes an action; `fields` by the names of their phrases."""
        form = self.nadia.locator(f"section.panel form[action$='/{step}']").first
        details = self.nadia.locator(f"section.panel details:has(form[action$='/{step}'])")
        if details.count() and details.get_attribute("open") is None:
            details.locator("summary").click()
        for name, said in fields.items():
            field = form.get_by_label(self.t(name))
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(said)
            else:
                field.fill(said)
        form.get_by_role("button").click()
        expect(self.nadia.get_by_role("status")).to_contain_text(self.t("done"))

    def officer_answers(self) -> None:
        amina = self.amina
        amina.goto(self.mine)
        expect(amina.locator("body")).to_contain_text(self.question)
        amina.get_by_label(self.t("write"), exact=True).fill(self.answer)
        amina.get_by_role("button", name=self.t("write_go")).click()
        amina.get_by_role("button", name=self.t("send_again")).click()
        expect(amina.get_by_role("status")).to_contain_text(self.t("sent"))
        self.nadia.goto(f"{self.street.base}/network/proposals/{self.proposal}")
        expect(self.nadia.locator("body")).to_contain_text(self.answer)


@pytest.mark.parametrize("spoken", ["fr", "ar"], indirect=True)
def test_from_a_wish_to_a_listing(spoken: tuple[str, People], street: Street, enter: Enter) -> None:
    lang, _ = spoken
    tale = Tale(lang, street, enter)
    tale.officer_proposes()
    tale.another_backs()
    tale.team_finds_it()
    tale.take("start_review")
    tale.take("ask_information", message_to_officer=tale.question)
    tale.officer_answers()
    tale.take("contact", note="Spoke to the director; they ask for 30 percent more.", channel="call")
    tale.take("negotiate", note="They accept our tariff.")
    tale.take("agree", network="worldwide", outpatient="card", inpatient="guarantee_letter", notice_days="3")
    tale.take("list")
    tale.look_over(tale.nadia)
    tale.amina.goto(tale.mine)
    expect(tale.amina.locator(".progress").first).to_contain_text(tale.label("state", "listed"))
    assert "30 percent" not in tale.amina.content()
    _find_it(street, lang, tale.name)
    _see_it_in_the_widget(tale.amina, street, lang, tale.name)
    _read_the_mail(street, lang, tale.name)


def _find_it(street: Street, lang: str, name: str) -> None:
    """Within seconds a member's search finds it, with the right way to pay."""
    found: list[Any] = []

    def search() -> bool:
        page = street.ask(f"/v1/providers?near=Goma&country=CD&q={quote(name)}&lang={lang}&facets=none")
        found[:] = [item for item in page["items"] if item["name"] == name]
        return bool(found)

    wait_until(search, 10, "the listing is found")
    payment = {
        "fr": ("Votre carte est acceptée ici.", "Lettre de garantie : à demander 3 jours avant."),
        "ar": ("بطاقتك مقبولة هنا.", "خطاب ضمان: اطلبه قبل 3 أيام."),
    }[lang]
    assert (found[0]["payment"]["outpatient"], found[0]["payment"]["inpatient"]) == payment
    assert found[0]["location"]["precision"] == "place"


def _see_it_in_the_widget(page: Page, street: Street, lang: str, name: str) -> None:
    """What a member sees: a card with both answers to how to pay."""
    page.goto(f"{street.base}/?lang={lang}#ps:where=Goma&who={quote(name)}")
    card = page.locator("provider-search").get_by_role("listitem").filter(has_text=name).first
    outpatient, inpatient = {
        "fr": ("Votre carte", "Lettre de garantie, 3 jours"),
        "ar": ("بطاقتك", "خطاب ضمان قبل 3 أيام"),
    }[lang]
    expect(card).to_contain_text(outpatient)
    expect(card).to_contain_text(inpatient)


def _read_the_mail(street: Street, lang: str, name: str) -> None:
    """Eight mails to the officer's side and the team, one to the backer; nobody reads more than they may see."""
    until = time.monotonic() + 30
    while len(street.read_mails()) < 11 and time.monotonic() < until:
        time.sleep(0.3)
    mails = street.read_mails()
    question, answer = WORDS[lang]
    to_officer = [(subject, text) for who, subject, text in mails if who == "amina"]
    # Received, review, question, review again, contact, negotiation, agreement, listed.
    assert len(to_officer) == 8
    assert all(name in subject for subject, _ in to_officer)
    assert question in "".join(text for _, text in to_officer)
    last = to_officer[-1][1]
    assert ("3 jours" in last) or ("3 أيام" in last)
    assert f"{street.base}/hr/proposals/" in last
    to_owner = [text for who, _, text in mails if who == "nadia"]
    assert len(to_owner) == 2
    assert answer in "".join(to_owner)
    [(subject, text)] = [(subject, text) for who, subject, text in mails if who == "chen"]
    assert name in subject
    for secret in ("unhcr", "Refugee", "amina", "P-", question, answer):
        assert secret not in text
    assert "30 percent" not in "".join(text for _, _, text in mails)
