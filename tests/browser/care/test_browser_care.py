"""A refused card, a call, a question: on a phone and at a desk, in four languages; and the desk that works on them."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from directory.db import transaction
from directory.models import Account
from directory.wording.catalogue import phrase
from tests.browser.care.conftest import Open
from tests.worlds.proposal_screens import AXE, AXE_RULES, DESK, Street, Visit, look_over
from tests.worlds.small_directory import World

# The smallest phones that are common, and a usual desk.
PHONE, WIDE = {"width": 375, "height": 720}, {"width": 1440, "height": 900}
LANGUAGES = ("en", "fr", "es", "ar")
_AXE_OF_DIALOG = """async (rules) => {
  const dialog = document.querySelector('provider-search').shadowRoot.querySelector('dialog[open]');
  const found = await axe.run(dialog, {runOnly: {type: 'tag', values: rules}});
  return found.violations.map(({ id, nodes }) => [id, nodes[0].html]);
}"""


def speak(name: str, lang: str) -> None:
    with transaction() as session:
        session.execute(update(Account).where(Account.display_name == name).values(lang=lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refused_card_from_the_card_to_the_link_without_a_script(
    member: Open, street: Street, world: World, lang: str
) -> None:
    listing = world.ids["goma-3"]
    page = member(f"{street.base}/search/{listing}?lang={lang}", PHONE)
    page.get_by_role("link", name=phrase(lang, "care.refused_link"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(phrase(lang, "care.refused_title"))
    # The number to call is on the first screen.
    top = page.locator(".call-now").bounding_box()
    assert top
    assert top["y"] + top["height"] < PHONE["height"]
    expect(page.locator(".near li")).to_have_count(3)
    # In Congo a desk reads French.
    expect(page.locator(".desk-card .desk-name")).to_have_text(phrase("fr", "care.sheet_title"))
    page.get_by_label(phrase(lang, "care.when_now")).check()
    page.get_by_role("button", name=phrase(lang, "care.send"), exact=True).click()
    # The number was forgotten: it is said beside the field, and the rest is kept.
    expect(page.locator("#phone-fault")).to_be_visible()
    expect(page.get_by_label(phrase(lang, "care.when_now"))).to_be_checked()
    page.get_by_label(phrase(lang, "care.phone"), exact=True).fill("+32 479 17 18 82")
    page.get_by_role("button", name=phrase(lang, "care.send"), exact=True).click()
    expect(page.get_by_role("status")).to_have_text(phrase(lang, "care.received_refusal"))
    expect(page.get_by_text("R-").first).to_be_visible()
    page.get_by_role("button", name=phrase(lang, "care.action_withdraw")).click()
    expect(page.get_by_text(phrase(lang, "care.state_withdrawn")).first).to_be_visible()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_call_me_shows_the_number_before_it_is_kept(member: Open, street: Street, world: World, lang: str) -> None:
    page = member(f"{street.base}/contact?lang={lang}&tab=call&country=BE", PHONE)
    page.get_by_label(phrase(lang, "care.number"), exact=True).fill("12345")
    page.get_by_role("button", name=phrase(lang, "care.call_check")).click()
    expect(page.locator("#number-fault")).to_contain_text("8–9")
    page.get_by_label(phrase(lang, "care.number"), exact=True).fill("0479 17 18 82")
    page.get_by_role("button", name=phrase(lang, "care.call_check")).click()
    expect(page.locator(".read-number")).to_contain_text("+32 479 17 18 82")
    page.get_by_role("button", name=phrase(lang, "care.number_right")).click()
    for sentence in ("call_soon", "call_check_number", "call_line_free", "call_wait", "call_withheld"):
        expect(page.get_by_text(phrase(lang, f"care.{sentence}"))).to_be_visible()
    page.get_by_role("button", name=phrase(lang, "care.action_cancel")).click()
    expect(page.get_by_text(phrase(lang, "care.state_cancelled")).first).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "desk"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_page_fits_its_screen_and_axe_finds_nothing(
    member: Open, street: Street, world: World, lang: str, size: dict[str, int]
) -> None:
    paths = [f"/contact?tab={tab}&country=FR" for tab in ("form", "details", "numbers", "call")]
    for path in (*paths, f"/search/{world.ids['aga-khan']}/refused?", f"/search/{world.ids['aga-khan']}?"):
        page = member(f"{street.base}{path}&lang={lang}", size, scripts=True)
        look_over(page, lang)
        page.context.close()


def bring(member: Open, street: Street, world: World) -> None:
    """A call, and a refused card at the desk."""
    page = member(f"{street.base}/contact?lang=fr&tab=call&country=BE", DESK)
    page.get_by_label(phrase("fr", "care.number"), exact=True).fill("0479 17 18 82")
    page.get_by_role("button", name=phrase("fr", "care.call_check")).click()
    page.get_by_role("button", name=phrase("fr", "care.number_right")).click()
    page.goto(f"{street.base}/search/{world.ids['goma-3']}/refused?lang=fr")
    page.get_by_label(phrase("fr", "care.when_now")).check()
    page.get_by_label(phrase("fr", "care.phone"), exact=True).fill("+32 479 17 18 83")
    page.get_by_role("button", name=phrase("fr", "care.send"), exact=True).click()
    expect(page.get_by_role("status")).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "desk"])
def test_the_desk_claims_dials_and_ends_a_call(
    member: Open, visit: Visit, street: Street, world: World, lang: str, size: dict[str, int]
) -> None:
    bring(member, street, world)
    speak("lucia", lang)
    page = visit("lucia", size)
    page.goto(f"{street.base}/care/calls")
    look_over(page, lang)
    page.locator(".care-table tbody a").first.click()
    expect(page.get_by_text(phrase(lang, "care.number_hidden"))).to_be_visible()
    assert "479" not in page.content()
    page.get_by_role("button", name=phrase(lang, "care.action_claim")).click()
    expect(page.locator("a[href='tel:+32479171882']")).to_be_visible()
    look_over(page, lang)
    page.locator("summary", has_text=phrase(lang, "care.action_no_answer")).click()
    page.locator("details[open] textarea").fill("Rang for a minute")
    page.get_by_role("button", name=phrase(lang, "care.action_no_answer")).click()
    expect(page.locator("h1")).to_contain_text(phrase(lang, "care.state_no_answer"))
    expect(page.get_by_text("Rang for a minute")).to_be_visible()


def test_the_desk_takes_a_refused_card_to_its_end_and_the_network_team_may_suspend(
    member: Open, visit: Visit, street: Street, world: World
) -> None:
    bring(member, street, world)
    speak("lucia", "en")
    page = visit("lucia", WIDE)
    page.goto(f"{street.base}/care/refusals")
    look_over(page, "en")
    page.locator(".care-table tbody a").first.click()
    expect(page.locator("a[href='tel:+32479171883']")).to_be_visible()
    page.locator("form.step").first.get_by_label(phrase("en", "care.give_confirmed")).check()
    page.get_by_role("button", name=phrase("en", "care.action_contact")).click()
    look_over(page, "en")
    address = page.url
    colleague = visit("nadia", WIDE)
    colleague.goto(address)
    expect(colleague.locator("h1")).to_contain_text("We are speaking to the provider")
    assert "479171883" not in colleague.content()
    look_over(colleague, "en")
    page.locator("summary", has_text=phrase("en", "care.action_alternative")).click()
    page.get_by_role("button", name=phrase("en", "care.action_alternative")).click()
    expect(page.locator("[aria-invalid]")).to_be_visible()
    page.locator("details[open] [name=listing_ids]").fill(str(world.ids["goma-5"]))
    page.get_by_role("button", name=phrase("en", "care.action_alternative")).click()
    expect(page.locator("h1")).to_contain_text(phrase("en", "care.state_alternative_given"))
    # One that was confirmed is a caution for everybody else.
    seen = member(f"{street.base}/search/{world.ids['goma-3']}?lang=en", PHONE)
    expect(seen.locator(".caution")).to_contain_text("Refused our card lately: 1 report")


def test_an_admin_and_an_officer_find_no_desk(people: None, visit: Visit, street: Street) -> None:
    for name in ("root", "amina"):
        page = visit(name, DESK)
        for what in ("calls", "refusals", "contact"):
            answer = page.goto(f"{street.base}/care/{what}")
            assert answer
            assert answer.status in (403, 404)


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "desk"])
def test_the_widget_helps_at_the_desk(
    member: Open, street: Street, world: World, lang: str, size: dict[str, int]
) -> None:
    page = member(f"{street.base}/?lang={lang}#ps:where=Goma", size, scripts=True)
    page.locator("[part~=card] h3 a").first.click()
    help_at_desk = page.locator("provider-search-help")
    expect(help_at_desk.locator(".help-line a").first).to_have_attribute("href", "tel:+442079460100")
    help_at_desk.locator("summary").click()
    expect(help_at_desk.locator(".desk-card")).to_have_attribute("lang", "fr")
    expect(help_at_desk.locator(".others li")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    # While a dialog is open, nothing else of the page can be reached.
    page.evaluate(AXE)
    found = page.evaluate(_AXE_OF_DIALOG, AXE_RULES)
    assert found == [], found
    # One of the others opens in its place.
    name = help_at_desk.locator(".others button").first.inner_text()
    help_at_desk.locator(".others button").first.click()
    expect(page.locator("#ps-details-name")).to_have_text(name)
