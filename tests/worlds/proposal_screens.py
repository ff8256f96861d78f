"""People at their screens: the service as it runs, with worker and mail, and real Chromium before it."""

import email
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.policy import default
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from sqlalchemy import select

from config.settings import PROJECT_ROOT
from directory.accounts import authenticator
from directory.accounts.passwords import hash_password
from directory.accounts.sessions import start_session
from directory.db import transaction
from directory.models import Account
from directory.wording.catalogue import phrase
from embedded.ports import free_port, is_free
from tests.engines.index_world import wait_until
from tests.faults.service import Service

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PASSWORD = "seven green bicycles"
AXE = (PROJECT_ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PROGRAMS = Path(sys.executable).parent
expect.set_options(timeout=15_000)

Visit = Callable[..., Page]


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


@contextmanager
def running_street(environment: Mapping[str, str], folder: Path) -> Iterator[Street]:
    """gunicorn, the index worker, the mail sender and a mail server, each a process of its own."""
    port = free_port(32000, 33000)
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


@contextmanager
def doors(chromium: Browser, street: Street) -> Iterator[Visit]:
    """Lets people in, on a telephone or at a desk; at the end no page may have complained.

    `enter("amina", PHONE)` has signed in already; with `by_page="fr"` she does so on the page, in that language.
    """
    complaints: list[str] = []
    with ExitStack() as contexts:

        def enter(name: str, size: dict[str, int], by_page: str | None = None, **options: Any) -> Page:
            context: BrowserContext = contexts.enter_context(
                chromium.new_context(viewport=size, locale=by_page, **options)  # type: ignore[arg-type]
            )
            page = context.new_page()
            page.on("console", lambda said: complaints.append(f"{said.text} {said.location}") if grave(said) else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            if by_page:
                sign_in(page, street, name, by_page)
            else:
                _bring_session(context, street, name)
            return page

        yield enter
    assert complaints == [], complaints


def sign_in(page: Page, street: Street, name: str, lang: str) -> None:
    """As a person does: address and password, and for the team the code of an authenticator."""
    address, secret = give_password(name)
    page.goto(f"{street.base}/sign-in")
    page.get_by_label(phrase(lang, "sign_in.email")).fill(address)
    page.get_by_label(phrase(lang, "sign_in.password"), exact=True).fill(PASSWORD)
    look_over(page, lang)
    page.locator("button.main").click()
    if secret:
        page.get_by_label(phrase(lang, "sign_in.code")).fill(authenticator.code_at(secret, time.time()))
        look_over(page, lang)
        page.locator("button.main").click()
    expect(page.locator("nav [aria-current=page]")).to_have_count(1)


def give_password(name: str) -> tuple[str, str | None]:
    """The account's address, and the secret of its authenticator, where its role owes a code; none was taken yet."""
    with transaction() as session:
        account = session.scalars(select(Account).where(Account.display_name == name)).one()
        account.password_hash = hash_password(PASSWORD)
        account.totp_secret = None if account.role == "hr" else authenticator.make_secret()
        account.totp_step = None
        return account.email, account.totp_secret


def _bring_session(context: BrowserContext, street: Street, name: str) -> None:
    with transaction() as session:
        account = session.scalars(select(Account).where(Account.display_name == name)).one()
        secret = start_session(session, account, awaits=None, agent="story")
    context.add_cookies([{"name": "provider-directory", "value": secret, "url": street.base}])


# What a page answers that asks for what is not theirs, or whose form was not taken; a link that is gone.
# htmx says of a lost link what the browser does.
_TOLD = (
    "(NOT FOUND)",
    "(UNAUTHORIZED)",
    "(FORBIDDEN)",
    "(CONFLICT)",
    "(UNPROCESSABLE",
    "net::ERR_",
    "htmx:sendError",
    "htmx:sendAbort",  # what was typed since is asked instead, or the page was left
    "htmx:afterRequest",
)


def grave(said: ConsoleMessage) -> bool:
    """Whether a message of the browser's console is one to mend."""
    return said.type in ("error", "warning") and not any(told in said.text for told in _TOLD)


def look_over(page: Page, lang: str) -> None:
    """The page speaks the language in its direction, fits the screen, and axe finds nothing."""
    root = page.locator("html")
    expect(root).to_have_attribute("lang", lang)
    expect(root).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), page.url
    # The page's own policy forbids foreign scripts: axe comes in by the debugger.
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", AXE_RULES)
    told = [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
    assert told == [], told
