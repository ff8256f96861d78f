"""The whole story in real Chromium, in French and in Arabic, on the service as it runs: gunicorn, worker, mail.

Officer and team sign in. The officer proposes on a telephone, another client's officer backs, the team asks, contacts,
negotiates, agrees and lists; a search finds the new listing with the right way to pay; every mail is read.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, update

from directory.db import transaction
from directory.models import Account, MailMessage
from directory.proposals import words
from directory.wording.catalogue import phrase
from tests.engines.index_world import wait_until
from tests.worlds.proposal_people import People, settle_people
from tests.worlds.proposal_screens import DESK, PHONE, Street, Visit, look_over


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


NAMES = {"fr": ("Polyclinique Bon Secours", ""), "ar": ("مستوصف الرحمة", "Polyclinique Rahma")}
WORDS = {
    "fr": ("Quel service cherchez-vous ?", "Le service de pédiatrie."),
    "ar": ("أي قسم تقصدون؟", "قسم الأطفال."),
}


def beginning(label: str) -> re.Pattern[str]:
    """A label behind which it says that the field may stay empty."""
    return re.compile(f"^{re.escape(label)}")


class Tale:
    """The people of one story at their screens."""

    def __init__(self, lang: str, street: Street, enter: Visit) -> None:
        self.lang, self.street = lang, street
        self.name, self.local = NAMES[lang]
        self.question, self.answer = WORDS[lang]
        self.amina, self.nadia = enter("amina", PHONE, by_page=lang), enter("nadia", DESK, by_page=lang)
        self.chen = enter("chen", PHONE)

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
        amina.get_by_label(beginning(t("city"))).fill("Goma")
        amina.get_by_label(t("type"), exact=True).select_option("polyclinic")
        amina.get_by_label(t("name"), exact=True).press_sequentially("Goma Walk-in Clinic 5")
        expect(amina.locator("#look-alikes .badge-card").first).to_have_text(t("in_network"))
        amina.get_by_label(t("name"), exact=True).fill(self.name)
        expect(amina.locator("#look-alikes")).to_contain_text(t("nothing_known"))
        amina.get_by_label(self.label("reason", "none_nearby")).check()
        amina.get_by_label(beginning(t("people"))).fill("40")
        amina.get_by_label(self.label("setting", "inpatient")).check()
        amina.get_by_text(t("more"), exact=True).click()
        if self.local:
            amina.get_by_label(beginning(t("name_local"))).fill(self.local)
        amina.get_by_label(beginning(t("phone"))).fill("+243 998 765 432")
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
        chen.get_by_label(beginning(t("city"))).fill("Goma")
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
        around = self.nadia.locator("staff-map")
        around.scroll_into_view_if_needed()
        expect(around.get_by_role("img", name=phrase(self.lang, "map.here"))).to_be_visible()
        self.look_over(self.nadia)

    def take(self, step: str, **fields: str) -> None:
        """The team takes an action; `fields` by the names of their phrases."""
        form = self.nadia.locator(f"#step form[action$='/{step}']")
        if not form.count():
            # Not what is likely next: it stands in the menu.
            self.nadia.locator("#step .others summary").click()
            self.nadia.locator("#step .others").get_by_role("link", name=self.label("action", step)).click()
        for name, said in fields.items():
            field = form.get_by_label(self.t(name))
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(said)
            else:
                field.fill(said)
        form.locator("button.main").click()
        expect(self.nadia.get_by_role("status")).to_contain_text(self.t("done"))

    def officer_answers(self) -> None:
        amina = self.amina
        amina.goto(self.mine)
        expect(amina.locator("body")).to_contain_text(self.question)
        amina.get_by_label(self.t("answer"), exact=True).fill(self.answer)
        amina.get_by_role("button", name=self.t("answer_go")).click()
        expect(amina.get_by_role("status")).to_contain_text(self.t("answered_now"))
        self.nadia.goto(f"{self.street.base}/network/proposals/{self.proposal}")
        expect(self.nadia.locator("body")).to_contain_text(self.answer)


@pytest.mark.parametrize("spoken", ["fr", "ar"], indirect=True)
def test_from_a_wish_to_a_listing(spoken: tuple[str, People], street: Street, visit: Visit) -> None:
    lang, _ = spoken
    tale = Tale(lang, street, visit)
    tale.officer_proposes()
    tale.another_backs()
    tale.team_finds_it()
    tale.take("start_review")
    tale.take("ask_information", message_to_officer=tale.question)
    tale.officer_answers()
    tale.take("contact", note="Spoke to the director; they ask for 30 percent more.", channel="call")
    tale.take("negotiate", note="They accept our tariff.")
    tale.take("agree", network="worldwide", outpatient="card", inpatient="guarantee_letter", notice_days="3")
    tale.take("list", passed_over="A landmark is asked for.")
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
    """Seven steps in one mail to the officer, one to the team, one to the backer; nobody reads more than they may."""
    with transaction() as session:
        # The ten minutes are over.
        session.execute(update(MailMessage).where(MailMessage.sent_at.is_(None)).values(due_at=func.now()))
    wait_until(lambda: len(street.read_mails()) >= 3, 30, "the mails came")
    mails = street.read_mails()
    question, answer = WORDS[lang]
    to_officer = [(subject, text) for who, subject, text in mails if who == "amina"]
    # Received, review, question, contact, negotiation, agreement, listed.
    assert len(to_officer) == 1
    assert all(name in subject for subject, _ in to_officer)
    assert question in "".join(text for _, text in to_officer)
    last = to_officer[-1][1]
    assert ("3 jours" in last) or ("3 أيام" in last)
    assert f"{street.base}/hr/proposals/" in last
    to_owner = [text for who, _, text in mails if who == "nadia"]
    assert len(to_owner) == 1
    assert answer in "".join(to_owner)
    [(subject, text)] = [(subject, text) for who, subject, text in mails if who == "chen"]
    assert name in subject
    for secret in ("unhcr", "Refugee", "amina", "P-", question, answer):
        assert secret not in text
    assert "30 percent" not in "".join(text for _, _, text in mails)
