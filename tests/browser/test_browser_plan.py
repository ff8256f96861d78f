"""A member's plan in a browser: said once, one verdict a box, area and borders; in four languages, small and large."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.visit import DESK, Visit

SMALL = {"width": 375, "height": 720}
WORDS = {
    "en": ("Show your card.", "Ask for the letter", "Pay, then claim", "reasonable and customary"),
    "fr": ("Présentez votre carte.", "Demandez la lettre", "Payez, puis", "raisonnable et d’usage"),
    "es": ("Muestre su tarjeta.", "Pida la carta", "Pague y después", "razonable y habitual"),
    "ar": ("أبرز بطاقتك.", "اطلب الخطاب", "ادفع ثم", "المعقول والمعتاد"),
}


def say_plan(seen: Visit, plan: str, duty: str) -> None:
    """As a member does: the line, the two choices, the button."""
    line = seen.widget.locator(".mine > button")
    line.click()
    seen.widget.locator("select[name=plan]").select_option(plan)
    if duty:
        seen.widget.locator("select[name=duty]").select_option(duty)
    seen.widget.locator(".plan-form .primary").click()
    expect(seen.widget.locator(".plan-form")).to_have_count(0)


def boxes_agree(page: Page, lang: str) -> None:
    """Colour, sign and words of each box say the same, and each says one thing."""
    card, letter, claim, _ = WORDS[lang]
    for kind, said in (("card", card), ("guarantee_letter", letter), ("none", claim)):
        for box in page.locator(f".card .pay-{kind}").all():
            expect(box.locator("dd")).to_have_count(1)
            expect(box).to_contain_text(said)
    expect(page.locator(".card .pay-range")).to_have_count(0)


@pytest.mark.parametrize("size", [SMALL, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("lang", WORDS)
def test_plan_is_said_once_and_every_card_has_one_verdict(visit: Open, lang: str, size: dict[str, int]) -> None:
    seen = visit(f"/?lang={lang}#ps:where=Nairobi", size).searched()
    say_plan(seen, "un_mip", "CD")
    expect(seen.widget.locator(".outside")).to_contain_text(WORDS[lang][3])
    expect(seen.widget.locator(".card .pay-box").first).to_be_visible()
    boxes_agree(seen.page, lang)
    asked = seen.asked("/v1/providers")[-1]
    assert "plan=un_mip" in asked
    assert "duty=CD" in asked
    assert "plan" not in seen.page.evaluate("location.hash")
    assert seen.overflow() <= 0
    assert seen.axe() == []


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_first_card_stands_on_the_first_screen_of_a_phone(visit: Open, lang: str) -> None:
    seen = visit(f"/?lang={lang}#ps:where=Nairobi&type=hospital&plan=un_mip&duty=KE", SMALL).searched()
    seen.page.evaluate("document.querySelector('provider-search').scrollIntoView()")
    box = seen.first_card.bounding_box()
    assert box
    assert box["y"] + 150 < SMALL["height"]


def test_who_wishes_has_the_plan_in_the_address_and_it_is_there_after_a_reload(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi", DESK).searched()
    seen.widget.locator(".mine > button").click()
    seen.widget.locator("select[name=plan]").select_option("local_basic")
    seen.widget.locator("input[name=kept]").check()
    seen.widget.locator(".plan-form .primary").click()
    expect(seen.widget.locator(".mine > button")).to_contain_text("Locally recruited staff")
    expect(seen.page).to_have_url(re.compile("plan=local_basic"))
    seen.page.reload()
    expect(seen.widget.locator(".mine > button")).to_contain_text("Locally recruited staff")
    expect(seen.widget.locator(".card .pay-none").first).to_contain_text("within 6 months")


def test_plan_without_a_rule_says_nothing_of_areas(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi&plan=local_basic", DESK).searched()
    expect(seen.widget.locator(".outside")).to_have_count(0)
    expect(seen.widget.get_by_role("group", name="Your area")).to_have_count(0)


def test_area_is_a_filter_with_counts_that_hold(visit: Open) -> None:
    seen = visit("/?lang=en#ps:plan=un_mip&duty=KE", DESK).searched()
    home = seen.widget.get_by_role("group", name="Your area").locator("label", has_text="Country of duty")
    count = home.locator(".count").inner_text()
    home.locator("input").check()
    expect(seen.heading).to_contain_text(f"{count} provider")
    expect(seen.widget.locator(".chip", has_text="Country of duty")).to_be_visible()


def test_border_is_said_on_a_card_and_a_letter_has_a_way_to_ask(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Shenzhen&km=50", DESK).searched()
    across = seen.widget.locator(".card .area", has_text="across the border, in Hong Kong").first
    expect(across).to_be_visible()
    seen = visit("/?lang=en#ps:where=Nairobi&plan=un_mip&settlement=inpatient:guarantee_letter", DESK).searched()
    link = seen.widget.locator(".card .ask").first
    expect(link).to_have_text("How to ask")
    seen.page.goto(str(link.get_attribute("href")))
    expect(seen.page.locator("#letter h2")).to_have_text("How to ask for a guarantee letter")


def test_pins_have_the_shape_of_how_one_pays(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi&km=5&type=hospital&plan=un_mip", DESK).searched()
    expect(seen.page.locator("provider-search-map [class*=way-]").first).to_be_visible()
    pin = seen.page.locator("provider-search-map .way-card").first
    expect(pin).to_have_attribute("aria-label", re.compile(re.escape("Show your card.")))


@pytest.mark.parametrize("lang", WORDS)
def test_plain_page_asks_for_the_plan_and_keeps_it_from_page_to_page(visit: Open, lang: str) -> None:
    seen = visit(f"/search?lang={lang}&near=Nairobi&type=hospital", SMALL, scripts=False)
    page = seen.page
    page.locator("#plan > summary").click()
    page.locator("#plan-code").select_option("un_mip")
    page.locator("#duty").select_option("CD")
    page.locator("#plan button").click()
    expect(page.locator(".outside")).to_contain_text(WORDS[lang][3])
    boxes_agree(page, lang)
    page.locator("a[rel=next]").click()
    expect(page.locator(".outside")).to_be_visible()
    boxes_agree(page, lang)
    page.locator(".ask-letter").first.click()
    expect(page.locator("#letter")).to_be_visible()
    expect(page.locator(".listing .area-outside")).to_contain_text(WORDS[lang][3])


@pytest.mark.parametrize("size", [SMALL, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_plain_pages_with_a_plan_can_be_used_by_everybody(visit: Open, lang: str, size: dict[str, int]) -> None:
    asked = f"lang={lang}&near=Nairobi&type=hospital&plan=un_retired&duty=CD"
    for path in (f"/search?{asked}", f"/search?lang={lang}&plan=un_mip"):
        seen = visit(path, size)
        seen.page.locator("#plan > summary").click()
        # At a desk its content stands open anyway, which axe does not see.
        seen.page.evaluate("document.querySelectorAll('#filters').forEach((each) => { each.open = true; })")
        assert seen.axe() == []
        assert seen.overflow() <= 0


def test_plain_page_tells_a_wrong_plan_and_keeps_the_rest(visit: Open) -> None:
    seen = visit("/search?lang=en&near=Nairobi&plan=gone", DESK, scripts=False, quarrels=("400",))
    expect(seen.page.get_by_role("alert")).to_contain_text("Your plan")
    expect(seen.page.locator("#near")).to_have_value("Nairobi")
