"""A curator brings a file by hand: at a desk, on a telephone, in Arabic, by keys alone, without script."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from directory.db import transaction
from directory.models import Account
from directory.wording.catalogue import phrase
from tests.engines.import_world import as_csv, clinic
from tests.worlds.import_desk import ImportDesk, actor_of_name
from tests.worlds.proposal_screens import PHONE, Street, Visit, look_over

DESK = {"width": 1440, "height": 900}
# Where pictures of the pages go, for whoever wants to look at them.
PICTURES = os.environ.get("PICTURES")
PHONES = ("+254203662000", "+254203662001")
LIST = (
    "Liste des prestataires 2026\n\nCode;Nom du prestataire;Type de structure;Pays;Ville;Xyz;Remarques\n"
    + "".join(f"{n};Clinique {n};clinique;Kenya;Nairobi;+254 20 366 2{n:03d};ok\n" for n in range(1, 41))
    + "41;Maison 41;vaisseau;Kenya;Nairobi;;\n"
)


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def speak(name: str, lang: str) -> None:
    with transaction() as session:
        account = session.get_one(Account, actor_of_name(name).account_id)
        account.lang = lang


def bring(page: Page, street: Street, desk: ImportDesk, content: str, name: str = "liste.csv") -> None:
    """By the form, to the page of its columns."""
    page.goto(f"{street.base}/network/imports")
    page.locator("#file").set_input_files(FilePayload(name=name, mimeType="text/csv", buffer=content.encode()))
    page.locator("#source").fill(desk.source)
    page.locator(".bring button.main").click()
    expect(page.locator(".columns-of-file")).to_be_visible()


@pytest.mark.parametrize(
    ("size", "lang", "shown"),
    [(DESK, "en", "desk"), (PHONE, "ar", "phone-ar"), (DESK, "ar", "desk-ar"), (PHONE, "fr", "phone")],
)
def test_a_list_is_brought_settled_previewed_applied_and_undone(
    visit: Visit, street: Street, desk: ImportDesk, size: dict[str, int], lang: str, shown: str
) -> None:
    speak("nadia", lang)
    desk.apply(
        clinic("1", name="Clinique 1", city="Nairobi", phone=PHONES[0]), clinic("2", name="Clinique 2", city="Nairobi")
    )
    page = visit("nadia", size)
    page.goto(f"{street.base}/network/imports")
    look_over(page, lang)
    picture(page, f"{shown}-1-list")
    bring(page, street, desk, LIST)
    expect(page.locator("tr.asked")).to_have_count(1)
    expect(page.locator("tr.asked select")).to_have_value("phone")
    look_over(page, lang)
    picture(page, f"{shown}-2-columns")
    page.locator("form:has(.columns-of-file) button.main").click()
    apply = page.get_by_role("button", name=phrase(lang, "imports.apply", created=38, changed=2))
    expect(apply).to_be_visible()
    for tab in ("created", "changed", "set_aside", "warned", "unchanged"):
        page.locator(".tabs a").filter(has_text=phrase(lang, f"imports.outcome_{tab}")).first.click()
        expect(page.locator(".tabs [aria-current]")).to_contain_text(phrase(lang, f"imports.outcome_{tab}"))
        look_over(page, lang)
        picture(page, f"{shown}-3-{tab}")
    apply.click()
    expect(page.locator(".done")).to_have_text(f"✓ {phrase(lang, 'imports.applied', created=38, changed=2)}")
    look_over(page, lang)
    picture(page, f"{shown}-4-applied")
    desk.edit("3", lambda facts: {**facts, "location": {**facts["location"], "email": "new@clinic.example"}})
    page.get_by_role("button", name=phrase(lang, "imports.undo"), exact=True).click()
    expect(page.locator(".notice")).to_contain_text(phrase(lang, "imports.undone_left", undone=39, left=1))
    look_over(page, lang)
    picture(page, f"{shown}-5-undone")


def test_a_list_goes_its_way_by_keys_alone(visit: Visit, street: Street, desk: ImportDesk) -> None:
    speak("nadia", "en")
    page = visit("nadia", DESK)
    bring(page, street, desk, as_csv(clinic("1")))
    preview = page.get_by_role("button", name="Preview")
    for _ in range(60):
        if preview.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    apply = page.get_by_role("button", name="Apply: 1 new, 0 changed")
    expect(apply).to_be_visible()
    apply.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_be_visible()


def test_without_script_the_page_that_waits_loads_itself_again(visit: Visit, street: Street, desk: ImportDesk) -> None:
    speak("nadia", "en")
    page = visit("nadia", PHONE, java_script_enabled=False)
    bring(page, street, desk, as_csv(clinic("1")))
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("button", name="Apply: 1 new, 0 changed")).to_be_visible()


def test_a_file_that_is_too_large_is_told_before_it_is_sent(visit: Visit, street: Street, desk: ImportDesk) -> None:
    speak("nadia", "en")
    page = visit("nadia", DESK)
    page.goto(f"{street.base}/network/imports")
    large = FilePayload(name="large.csv", mimeType="text/csv", buffer=b"a" * (3 << 20))
    page.locator("#file").set_input_files(large)
    expect(page.locator("#file-fault")).to_contain_text("larger than 1 MB")
    picture(page, "desk-6-too-large")


def test_a_source_that_is_known_is_offered(visit: Visit, street: Street, desk: ImportDesk) -> None:
    desk.apply(clinic())
    page = visit("nadia", DESK)
    page.goto(f"{street.base}/network/imports")
    page.locator("#source").press_sequentially(desk.source[-6:])
    expect(page.locator(f"#sources option[value='{desk.source}']")).to_have_count(1)
