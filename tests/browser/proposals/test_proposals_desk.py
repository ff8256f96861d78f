"""One proposal at the desk, and the officer's form, in real Chromium: what is next, what is open, what is undone."""

import pytest
from playwright.sync_api import Page, expect

from directory.wording.catalogue import phrase
from tests.worlds.proposal_people import People, act, called, look, propose, walk
from tests.worlds.proposal_screens import DESK, PHONE, Street, Visit, look_over


def t(lang: str, name: str, **values: object) -> str:
    return str(phrase(lang, f"proposals.{name}", **values))


def open_one(visit: Visit, street: Street, proposal: object, step: str = "") -> Page:
    page = visit("nadia", DESK)
    page.goto(f"{street.base}/network/proposals/{proposal}{step and f'?step={step}'}")
    return page


@pytest.mark.parametrize(
    ("steps", "main"),
    [((), "start_review"), (("ask_information",), "remind"), (("start_review",), "contact"),
     (("start_review", "contact"), "negotiate"), (("start_review", "contact", "agree"), "list")],
)  # fmt: skip
def test_one_step_is_the_main_one_and_the_others_stand_in_a_menu(
    people: People, visit: Visit, street: Street, steps: tuple[str, ...], main: str
) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, *steps)
    page = open_one(visit, street, proposal)
    expect(page.locator("#step button.main")).to_have_text(t("en", f"action.{main}"))
    page.locator("#step .others summary").click()
    others = page.locator("#step .others li").all_text_contents()
    assert t("en", f"action.{main}") not in others
    assert others
    look_over(page, "en")


def test_what_is_open_before_listing_is_met_or_passed_over_with_a_reason(
    people: People, visit: Visit, street: Street
) -> None:
    bare = called("Clinique Sans Téléphone", phone=None, lat=None, lon=None)
    proposal = propose(people.amina, bare)
    walk(people, proposal, "start_review", "contact", "agree")
    page = open_one(visit, street, proposal)
    expect(page.locator(".checklist .open")).to_have_count(2)
    page.locator("#step button.main").click()
    wrong = page.locator("[name=passed_over]")
    expect(wrong).to_be_focused()
    assert look(people.nadia, proposal).case.state == "agreed"
    look_over(page, "en")
    wrong.fill("They move next week")
    page.locator("#step button.main").click()
    expect(page.locator(".progress").first).to_contain_text(t("en", "state.listed"))
    assert look(people.nadia, proposal).case.state == "listed"


def test_an_end_is_undone_with_one_press(people: People, visit: Visit, street: Street) -> None:
    proposal = propose(people.amina)
    page = open_one(visit, street, proposal, "decline")
    page.get_by_label(t("en", "reason"), exact=True).select_option("quality")
    page.locator("#step button.main").click()
    expect(page.get_by_role("status")).to_contain_text(t("en", "told_later"))
    page.keyboard.press("u")
    expect(page.locator(".progress").first).to_contain_text(t("en", "state.under_review"))


def test_a_question_that_is_asked_often_comes_in_the_officers_language(
    people: People, visit: Visit, street: Street
) -> None:
    page = open_one(visit, street, propose(people.amina), "ask_information")
    page.locator("#template").select_option(label=t("en", "question.address"))
    expect(page.locator("#ask_information-message")).to_have_value(t("fr", "question.address"))


def test_facts_are_put_right_beside_what_the_officer_said(people: People, visit: Visit, street: Street) -> None:
    proposal = propose(people.amina)
    act(people.nadia, proposal, "ask_information")
    page = open_one(visit, street, proposal)
    page.wait_for_load_state("load")
    here = page.url
    page.keyboard.press("e")
    name = page.locator("#facts #name")
    expect(name).to_be_focused()
    expect(page.get_by_text("Which ward do you mean?").first).to_be_visible()
    look_over(page, "en")
    name.fill("Hôpital Heal Africa de Goma")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("Hôpital Heal Africa de Goma")
    assert page.url.partition("?")[0] == here
    plain = visit("nadia", DESK, java_script_enabled=False)
    plain.goto(f"{here}/edit")
    expect(plain.locator("aside")).to_contain_text("Which ward do you mean?")


def test_the_form_knows_where_ones_people_are_and_completes_cities(
    people: People, visit: Visit, street: Street
) -> None:
    propose(people.amina)
    page = visit("amina", PHONE)
    page.goto(f"{street.base}/hr/proposals/new")
    expect(page.locator("#country")).to_have_value("CD")
    expect(page.locator("#city")).to_have_value("Goma")
    expect(page.locator("#people")).to_have_value("40")
    page.locator("#city").fill("")
    page.locator("#city").press_sequentially("Gom")
    expect(page.locator("#cities option[value='Goma']")).to_have_count(1)
    assert page.locator(".masthead").bounding_box()["height"] <= 56  # type: ignore[index]
    look_over(page, "fr")


def test_refuses_our_card_asks_which_one_and_other_asks_for_words(people: People, visit: Visit, street: Street) -> None:
    page = visit("amina", PHONE)
    page.goto(f"{street.base}/hr/proposals/new")
    page.locator("#country").select_option("CD")
    page.locator("#city").fill("Goma")
    page.locator("#type").select_option("clinic")
    page.locator("#name").fill("Goma Walk-in Clinic 5")
    expect(page.locator(".of-reason.which")).to_be_hidden()
    page.get_by_label(t("fr", "reason.refuses_card")).check()
    first = page.locator("#which input").first
    first.check()
    chosen = first.get_attribute("value")
    look_over(page, "fr")
    page.get_by_label(t("fr", "reason.other")).check()
    expect(page.locator(".of-reason.which")).to_be_hidden()
    page.get_by_role("button", name=t("fr", "send"), exact=True).click()
    expect(page.locator("[name=words]")).to_be_focused()
    expect(page.locator(".fault-links a")).to_contain_text(t("fr", "reason_words"))
    page.get_by_label(t("fr", "reason.refuses_card")).check()
    page.get_by_role("button", name=t("fr", "send"), exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(t("fr", "sent"))
    proposal = page.url.partition("?")[0].rpartition("/")[2]
    nadia = open_one(visit, street, proposal)
    expect(nadia.locator(f".facts a[href='/search/{chosen}']")).to_have_count(1)


def test_a_message_for_colleagues_is_ready_once_it_is_listed(people: People, visit: Visit, street: Street) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "start_review", "contact", "agree", "list")
    page = visit("amina", PHONE)
    page.goto(f"{street.base}/hr/proposals/{proposal}")
    words = page.locator("#for-colleagues")
    assert "Votre carte est acceptée ici." in words.input_value()
    assert f"/search/{look(people.amina, proposal).listing_id}" in words.input_value()
    look_over(page, "fr")
