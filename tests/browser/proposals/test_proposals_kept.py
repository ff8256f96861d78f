"""Nothing typed is lost, in real Chromium: Back, a lost link, a session that ended, a look-alike, a file beside it."""

from uuid import UUID

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select, text

from directory.accounts.sessions import start_session
from directory.db import transaction
from directory.models import Account
from directory.proposals import words
from directory.wording.catalogue import phrase
from tests.http.proposals.test_proposals_security import PDF
from tests.worlds.proposal_people import People, act, look, propose, settle_people, walk
from tests.worlds.proposal_screens import DESK, PASSWORD, PHONE, Street, Visit, give_password, look_over

SAID = {"name": "Clinique du Grand Lac", "city": "Goma", "people": "40"}


@pytest.fixture
def people(street: Street) -> People:
    return settle_people()


@pytest.fixture
def amina(people: People, street: Street, visit: Visit) -> Page:
    """An officer who speaks French, at her telephone."""
    return visit("amina", PHONE)


def t(key: str) -> str:
    return str(phrase("fr", f"proposals.{key}"))


def fill_in(page: Page, street: Street) -> None:
    """A new proposal, typed and not sent."""
    page.goto(f"{street.base}/hr/proposals/new")
    page.get_by_label(t("country"), exact=True).select_option("CD")
    page.get_by_label(t("type"), exact=True).select_option("polyclinic")
    for name, said in SAID.items():
        page.locator(f"[name={name}]").fill(said)
    page.get_by_label(words.label("fr", "reason", "refuses_card")).check()
    page.get_by_label(words.label("fr", "setting", "inpatient")).check()
    page.get_by_text(t("more"), exact=True).click()
    page.locator("[name=specialties]").select_option(["cardiology", "paediatrics"])
    page.locator("[name=address]").fill("Avenue du Lac 5")


def expect_words(page: Page) -> None:
    """All of it stands there, as it was typed."""
    for name, said in SAID.items():
        expect(page.locator(f"[name={name}]")).to_have_value(said)
    expect(page.locator("[name=country]")).to_have_value("CD")
    expect(page.locator("[name=type]")).to_have_value("polyclinic")
    expect(page.get_by_label(words.label("fr", "reason", "refuses_card"))).to_be_checked()
    expect(page.get_by_label(words.label("fr", "setting", "inpatient"))).to_be_checked()
    expect(page.locator("[name=specialties]")).to_have_values(["cardiology", "paediatrics"])
    expect(page.locator("[name=address]")).to_have_value("Avenue du Lac 5")


def send(page: Page) -> None:
    page.get_by_role("button", name=t("send"), exact=True).click()


def expect_sent(page: Page) -> None:
    expect(page.get_by_role("status")).to_contain_text(t("sent"))


def end_sessions() -> None:
    with transaction() as session:
        session.execute(text("UPDATE account_session SET ended_at = now()"))


def test_back_and_another_page_keep_what_was_typed(amina: Page, street: Street) -> None:
    fill_in(amina, street)
    amina.goto(f"{street.base}/hr/")
    amina.go_back()
    expect_words(amina)
    amina.goto(f"{street.base}/account")
    amina.goto(f"{street.base}/hr/proposals/new")
    expect_words(amina)
    expect(amina.locator(".kept")).to_contain_text(str(phrase("fr", "frame.kept")))
    look_over(amina, "fr")
    send(amina)
    expect_sent(amina)
    # It was taken: the next one begins empty.
    amina.goto(f"{street.base}/hr/proposals/new")
    expect(amina.locator("[name=name]")).to_have_value("")
    expect(amina.locator(".kept")).to_have_count(0)


def test_who_wants_to_can_start_empty(amina: Page, street: Street) -> None:
    fill_in(amina, street)
    amina.reload()
    amina.get_by_role("button", name=str(phrase("fr", "frame.kept_drop"))).click()
    expect(amina.locator("[name=name]")).to_have_value("")
    amina.reload()
    expect(amina.locator("[name=name]")).to_have_value("")
    expect(amina.locator(".kept")).to_have_count(0)


def test_a_link_that_is_lost_while_it_is_sent_loses_no_word(amina: Page, street: Street) -> None:
    fill_in(amina, street)
    amina.route("**/hr/proposals", lambda route: route.abort("connectionfailed"))
    send(amina)
    amina.wait_for_url("chrome-error://**")
    amina.unroute("**/hr/proposals")
    amina.goto(f"{street.base}/hr/proposals/new")
    expect_words(amina)
    send(amina)
    expect_sent(amina)


def test_who_is_off_line_is_told_and_sends_it_later(amina: Page, street: Street) -> None:
    fill_in(amina, street)
    amina.context.set_offline(True)
    send(amina)
    expect(amina.locator(".kept")).to_contain_text(str(phrase("fr", "frame.offline")))
    expect_words(amina)
    amina.context.set_offline(False)
    send(amina)
    expect_sent(amina)


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "plain"])
def test_a_session_that_ended_leads_over_the_sign_in_to_the_form_with_every_word(
    people: People, street: Street, visit: Visit, with_script: bool
) -> None:
    page = visit("amina", PHONE, java_script_enabled=with_script)
    fill_in(page, street)
    address, _ = give_password("amina")
    end_sessions()
    send(page)
    expect(page.locator(".notice")).to_contain_text(str(phrase("en", "sign_in.kept")))
    page.get_by_label(str(phrase("en", "sign_in.email"))).fill(address)
    page.get_by_label(str(phrase("en", "sign_in.password")), exact=True).fill(PASSWORD)
    page.locator("button.main").click()
    if not with_script:
        page.get_by_role("button", name=str(phrase("fr", "sign_in.kept_go"))).click()
    expect(page.locator("h1")).to_contain_text(t("new"))
    expect_words(page)
    send(page)
    expect_sent(page)


def test_a_form_of_an_earlier_session_comes_back_filled_in(amina: Page, street: Street) -> None:
    fill_in(amina, street)
    with transaction() as session:
        account = session.scalars(select(Account).where(Account.display_name == "amina")).one()
        secret = start_session(session, account, awaits=None, agent="another tab")
    amina.context.add_cookies([{"name": "provider-directory", "value": secret, "url": street.base}])
    send(amina)
    expect(amina.get_by_role("alert").first).to_contain_text(str(phrase("fr", "frame.stale")))
    expect_words(amina)
    send(amina)
    expect_sent(amina)


def test_a_look_alike_opens_beside_the_form(amina: Page, people: People, street: Street) -> None:
    propose(people.amina)
    fill_in(amina, street)
    amina.locator("[name=name]").press_sequentially(" ")
    amina.locator("[name=name]").fill("")
    amina.locator("[name=name]").press_sequentially("Heal Africa")
    found = amina.locator("#look-alikes").get_by_role("link", name=t("open_it"))
    expect(found).to_be_visible()
    with amina.context.expect_page() as opened:
        found.click()
    expect(opened.value.locator("h1")).to_contain_text("Heal Africa")
    expect(amina.locator("[name=address]")).to_have_value("Avenue du Lac 5")


def test_a_message_that_was_begun_survives_a_file_that_is_sent_beside_it(
    amina: Page, people: People, street: Street
) -> None:
    proposal = propose(people.amina)
    amina.goto(f"{street.base}/hr/proposals/{proposal}")
    amina.locator("#text").fill("Encore une chose")
    for content, name in ((b"no file of ours", "notes.pdf"), (PDF, "contract.pdf")):
        amina.locator("#file").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
        amina.get_by_role("button", name=t("attach")).click()
        expect(amina.locator("main")).to_contain_text(t("file_refused") if name == "notes.pdf" else "contract.pdf")
        expect(amina.locator("#text")).to_have_value("Encore une chose")
    amina.get_by_role("button", name=t("write_go")).click()
    expect(amina.locator(".message")).to_contain_text("Encore une chose")
    expect(amina.locator("#text")).to_have_value("")


def test_a_file_that_is_too_large_never_leaves(amina: Page, street: Street) -> None:
    fill_in(amina, street)
    large: FilePayload = {
        "name": "large.pdf",
        "mimeType": "application/pdf",
        "buffer": PDF + b"x" * (10 * 1024 * 1024),
    }
    amina.locator("#file").set_input_files(large)
    send(amina)
    assert amina.evaluate("document.getElementById('file').validationMessage") == t("file_refused")
    expect_words(amina)


def test_nobody_else_who_signs_in_here_reads_what_was_typed(amina: Page, people: People, street: Street) -> None:
    fill_in(amina, street)
    with transaction() as session:
        account = session.scalars(select(Account).where(Account.display_name == "chen")).one()
        secret = start_session(session, account, awaits=None, agent="the same browser")
    amina.context.add_cookies([{"name": "provider-directory", "value": secret, "url": street.base}])
    amina.goto(f"{street.base}/hr/proposals/new")
    expect(amina.locator("[name=name]")).to_have_value("")
    assert "Grand Lac" not in str(amina.evaluate("JSON.stringify({...sessionStorage})"))


def test_signing_out_forgets_what_was_typed(amina: Page, street: Street) -> None:
    fill_in(amina, street)
    amina.locator(".person summary").click()
    amina.get_by_role("button", name=str(phrase("fr", "frame.sign_out"))).click()
    expect(amina.get_by_label(str(phrase("en", "sign_in.email")))).to_be_visible()
    assert "kept" not in str(amina.evaluate("JSON.stringify({...sessionStorage})"))


def test_a_draft_asks_about_a_patient_as_it_is_sent_from_its_page(amina: Page, people: People, street: Street) -> None:
    fill_in(amina, street)
    amina.locator("[name=contact_person]").fill("ma femme, Mme Kasongo")
    amina.get_by_role("button", name=t("save"), exact=True).click()
    amina.locator("form[action$='/submit'] button").click()
    asked = amina.locator("form[action$='/submit'] .ask")
    expect(asked).to_contain_text(t("ask"))
    look_over(amina, "fr")
    asked.get_by_label(t("sure")).check()
    amina.locator("form[action$='/submit'] button").click()
    expect_sent(amina)


def test_an_answer_goes_back_with_one_press_and_the_team_sees_it(
    amina: Page, people: People, street: Street, visit: Visit
) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "ask_information")
    amina.goto(f"{street.base}/hr/")
    expect(amina.locator(".counts.waiting")).to_contain_text("1")
    amina.get_by_role("link", name="Heal Africa").click()
    expect(amina.locator(".progress")).to_contain_text(str(phrase("fr", "proposals.waits.you")))
    look_over(amina, "fr")
    amina.get_by_label(t("answer"), exact=True).fill("Le service de pédiatrie")
    amina.get_by_role("button", name=t("answer_go")).click()
    expect(amina.get_by_role("status")).to_contain_text(t("answered_now"))
    assert look(people.amina, proposal).case.state == "submitted"
    nadia = visit("nadia", DESK)
    nadia.goto(f"{street.base}/network/proposals")
    expect(nadia.locator(".queue tbody")).to_contain_text(str(phrase("en", "proposals.answered")))
    bruno = visit("bruno", PHONE)
    act(people.nadia, proposal, "ask_information")
    bruno.goto(f"{street.base}/hr/proposals/{proposal}")
    expect(bruno.locator(".progress")).to_contain_text("Waiting for amina")


def test_a_notice_of_120_days_is_refused_with_the_limit_and_never_cut(
    people: People, street: Street, visit: Visit
) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "start_review", "contact")
    nadia = visit("nadia", DESK)
    nadia.goto(f"{street.base}/network/proposals/{proposal}?step=agree")
    form = nadia.locator("form[action$='/agree']")
    for name, code in (("network", "worldwide"), ("outpatient", "card"), ("inpatient", "guarantee_letter")):
        form.locator(f"[name={name}]").select_option(code)
    form.locator("[name=notice_days]").press_sequentially("120")
    form.locator("button.main").click()
    expect(form.locator(".field-fault")).to_contain_text(str(phrase("en", "proposals.fault_days", most="90")))
    expect(form.locator("[name=notice_days]")).to_have_value("120")
    look_over(nadia, "en")
    form.locator("[name=notice_days]").fill("12")
    form.locator("button.main").click()
    expect(nadia.get_by_role("status")).to_contain_text(str(phrase("en", "proposals.done")))


def test_the_team_corrects_what_was_proposed_and_agreed_before_it_lists(
    people: People, street: Street, visit: Visit
) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "start_review", "contact", "agree")
    nadia = visit("nadia", DESK)
    nadia.goto(f"{street.base}/network/proposals/{proposal}")
    nadia.get_by_role("link", name=str(phrase("en", "proposals.correct"))).first.click()
    look_over(nadia, "en")
    nadia.locator("[name=phone]").fill("+243 998 000 111")
    nadia.locator("[name=notice_days]").fill("30")
    nadia.get_by_role("button", name=str(phrase("en", "proposals.save_changes"))).click()
    expect(nadia.get_by_role("status")).to_contain_text(str(phrase("en", "proposals.done")))
    expect(nadia.locator(".history")).to_contain_text(str(phrase("en", "proposals.event.correct_terms")))
    look_over(nadia, "en")
    found = look(people.nadia, UUID(str(proposal)))
    assert (found.phone, found.agreement["notice_days"]) == ("+243998000111", 30)
