"""Finding a provider: where, which and who; near me; type-ahead; filters, order, more; an address that keeps it."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Open
from tests.browser.visit import DESK, NARROW, PHONE, Visit

Answer = Callable[[str], Any]
SIZES = [PHONE, DESK]

# Of the four languages: where, what kind of care, the search button, and a place as it is written there.
FIELDS = {
    "en": ("Where", "What kind of care", "Name", "Search", "Nairobi", "hospital"),
    "fr": ("Où", "Quels soins", "Nom", "Rechercher", "Kinshasa", "pharmacie"),
    "es": ("Dónde", "Qué atención", "Nombre", "Buscar", "El Cairo", "farmacia"),
    "ar": ("أين", "نوع الرعاية", "الاسم", "بحث", "القاهرة", "مستشفى"),
}


def digits(text: str) -> int:
    """The number in a sentence, however it is written."""
    return int("".join(letter for letter in re.sub(r"[^\d]", "", text)) or 0)


def fill(visit: Visit, field: str, text: str) -> None:
    visit.widget.get_by_role("combobox", name=field, exact=True).fill(text)


def box(seen: Visit, label: str) -> Locator:
    """The tick box of a filter, with its count."""
    return seen.widget.locator("label.check", has_text=re.compile(rf"^\s*{label}\s")).first


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
@pytest.mark.parametrize("lang", FIELDS)
def test_place_and_kind_in_the_readers_own_words_find_what_the_interface_finds(
    visit: Open, answer: Answer, lang: str, size: dict[str, int]
) -> None:
    where, which, _, search, place, kind = FIELDS[lang]
    seen = visit(f"/?lang={lang}", size).searched().in_three_fields()
    fill(seen, where, place)
    fill(seen, which, kind)
    expect(seen.widget.get_by_role("button", name=search, exact=True)).to_be_visible()
    # As a phone's keyboard does it: what is proposed may lie over the button.
    seen.widget.get_by_role("combobox", name=which, exact=True).press("Enter")
    # Where the kind was proposed before Enter came, Enter takes the code; else its words are read. Both are right.
    seen.page.wait_for_url(re.compile("where="))
    chosen = re.search(r"[#&](type|specialty)=(\w+)", seen.page.url)
    asked = f"{chosen[1]}={chosen[2]}" if chosen else f"q={quote(kind)}"
    expected = answer(f"/v1/providers?near={quote(place)}&{asked}&radius_km=25&lang={lang}&limit=1")
    # In the script in which it was written.
    expect(seen.heading).to_contain_text(place if lang == "ar" else expected["where"]["place"]["name"])
    assert digits(seen.heading.inner_text()) == expected["total"]["value"] > 0
    expect(seen.first_card).to_contain_text(expected["items"][0]["name"])
    assert seen.overflow() <= 0


@pytest.mark.parametrize(
    ("attributes", "heading"),
    [("#ps:where=Goma", "near Goma"), ("#ps:which=dentist", "provider"), ("#ps:who=Kenyatta", "provider")],
)
def test_any_one_of_where_which_and_who_is_enough(visit: Open, attributes: str, heading: str) -> None:
    seen = visit(f"/?lang=en{attributes}").searched()
    expect(seen.heading).to_contain_text(heading)


def test_first_results_are_one_round_trip_after_the_widget(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi").searched()
    # Nothing had to be asked before the search, and the search was asked once.
    interface = [each for each in seen.requests if urlsplit(each.url).path.startswith("/v1/")]
    assert urlsplit(interface[0].url).path == "/v1/providers"
    assert len(seen.asked("/v1/providers")) == 1


def test_place_is_completed_in_any_script_and_chosen_with_the_keyboard(visit: Open) -> None:
    seen = visit("/?lang=en").searched()
    field = seen.widget.get_by_role("combobox", name="Where", exact=True)
    field.press_sequentially("キンシャ", delay=30)
    expect(seen.widget.locator("li[role=option]").first).to_contain_text("Kinshasa")
    field.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    assert active
    expect(seen.widget.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(seen.heading).to_contain_text("near Kinshasa")
    expect(field).to_have_attribute("aria-expanded", "false")


def test_country_alone_is_enough(visit: Open) -> None:
    seen = visit("/?lang=fr").searched()
    field = seen.widget.get_by_role("combobox", name="Où", exact=True)
    field.press_sequentially("Sénég", delay=20)
    seen.widget.get_by_role("option", name=re.compile("Sénégal")).first.click()
    expect(seen.heading).to_contain_text("Sénégal")


def test_specialty_in_everyday_words_is_completed(visit: Open) -> None:
    seen = visit("/?lang=en").searched()
    field = seen.widget.get_by_role("combobox", name="What kind of care")
    field.press_sequentially("denti", delay=30)
    seen.widget.get_by_role("option", name=re.compile("Dentist")).first.click()
    expect(seen.heading).to_contain_text("provider")
    assert re.search("type=dentist|specialty=", seen.page.url)


def test_name_completes_and_opens_its_provider(visit: Open) -> None:
    seen = visit("/?lang=en").searched()
    seen.widget.get_by_role("combobox", name="Name", exact=True).press_sequentially("Kenyatta", delay=20)
    option = seen.widget.locator("li[role=option]").first
    expect(option).to_contain_text("Kenyatta")
    option.click()
    expect(seen.page.get_by_role("dialog")).to_contain_text("Kenyatta")


def test_typing_asks_for_nothing_that_is_out_of_date_and_shows_nothing_stale(visit: Open) -> None:
    seen = visit("/?lang=en").searched()
    late: list[Route] = []

    def hold(route: Route) -> None:
        # The first words are answered last.
        if parse_qs(urlsplit(route.request.url).query)["q"][0] == "Nai":
            late.append(route)
        else:
            route.continue_()

    seen.page.route("**/v1/places*", hold)
    field = seen.widget.get_by_role("combobox", name="Where", exact=True)
    field.press_sequentially("Nai", delay=10)
    seen.page.wait_for_timeout(600)
    field.press_sequentially("vasha", delay=10)
    option = seen.widget.locator("li[role=option]").first
    expect(option).to_contain_text("Naivasha")
    for route in late:
        route.fulfill(json={"items": []})
    seen.page.wait_for_timeout(300)
    expect(option).to_contain_text("Naivasha")
    # Eight letters, and far fewer questions.
    assert len(seen.asked("/v1/places")) <= 4


def test_answer_of_an_older_search_never_replaces_a_newer_one(visit: Open) -> None:
    seen = visit("/?lang=en").searched()
    late: list[Route] = []

    def hold(route: Route) -> None:
        asked = parse_qs(urlsplit(route.request.url).query)
        if asked.get("near") == ["Kampala"]:
            late.append(route)
        else:
            route.continue_()

    seen.page.route("**/v1/providers?*", hold)
    for place in ("Kampala", "Dakar"):
        fill(seen, "Where", place)
        seen.widget.get_by_role("button", name="Search", exact=True).click()
    expect(seen.heading).to_contain_text("near Dakar")
    for route in late:
        route.continue_()
    seen.page.wait_for_timeout(500)
    expect(seen.heading).to_contain_text("near Dakar")


def test_near_me_is_asked_only_on_a_click_and_finds_what_is_near(visit: Open) -> None:
    seen = visit(
        "/?lang=en", PHONE, geolocation={"latitude": -1.28333, "longitude": 36.81667}, permissions=["geolocation"]
    ).searched()
    expect(seen.heading).not_to_contain_text("near you")
    seen.widget.get_by_role("button", name="Near me").click()
    expect(seen.heading).to_contain_text("near you")
    expect(seen.first_card).to_contain_text(re.compile(r"\d m\b|km"))
    # No nearer than a hundred metres or so.
    asked = parse_qs(urlsplit(seen.asked("/v1/providers")[-1]).query)
    assert (asked["lat"], asked["lon"]) == (["-1.283"], ["36.817"])


def test_position_that_is_refused_is_said_and_the_place_can_be_typed(visit: Open) -> None:
    seen = visit("/?lang=fr", PHONE, permissions=[]).searched()
    seen.widget.get_by_role("button", name="Près de moi").click()
    expect(seen.widget.get_by_text("Votre position n’a pas été partagée")).to_be_visible()
    expect(seen.widget.get_by_role("combobox", name="Où")).to_be_focused()
    expect(seen.first_card).to_be_visible()


def test_radius_can_be_changed(visit: Open, answer: Answer) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi").searched()
    seen.widget.get_by_role("combobox", name="Distance").select_option("5")
    total = answer("/v1/providers?near=Nairobi&radius_km=5&limit=1")["total"]["value"]
    expect(seen.heading).to_have_text(re.compile(rf"^{total:,} providers near"))


def test_count_beside_a_filter_is_what_it_gives_and_its_chip_takes_it_off(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi").searched()
    before = seen.heading.inner_text()
    label = box(seen, "Pharmacy")
    count = digits(label.inner_text())
    label.click()
    expect(seen.heading).to_have_text(re.compile(rf"^{count:,} provider"))
    seen.widget.get_by_role("button", name="Remove Pharmacy").click()
    expect(seen.heading).to_have_text(before)


def test_filters_of_a_phone_are_a_sheet_that_says_how_many_it_will_show(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi", PHONE).searched()
    seen.widget.get_by_role("button", name=re.compile("^Filters")).click()
    sheet = seen.widget.get_by_role("dialog", name="Filters")
    label = box(seen, "Hospital")
    count = digits(label.inner_text())
    label.click()
    show = sheet.get_by_role("button", name=re.compile(rf"^Show {count:,} provider"))
    show.click()
    expect(sheet).to_be_hidden()
    expect(seen.heading).to_have_text(re.compile(rf"^{count:,} provider"))


def test_way_to_pay_can_be_filtered_and_every_card_keeps_the_promise(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi&settlement=outpatient:card&network=worldwide").searched()
    for card in seen.cards.all()[:5]:
        expect(card.locator("[part~=payment]")).to_contain_text("Your card")


def test_order_by_name_is_an_order_by_name(visit: Open, answer: Answer) -> None:
    seen = visit("/?lang=en#ps:where=Dakar").searched()
    seen.widget.get_by_role("combobox", name="Order").select_option("name")
    first = answer("/v1/providers?near=Dakar&radius_km=25&sort=name&limit=1")["items"][0]["name"]
    expect(seen.first_card).to_contain_text(first)


def test_show_more_adds_the_next_ones_announces_and_moves_the_focus_there(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi", PHONE).searched()
    expect(seen.cards).to_have_count(20)
    seen.widget.get_by_role("button", name="Show 20 more").click()
    expect(seen.cards).to_have_count(40)
    names = seen.widget.locator("[part~=card] a[data-id]").evaluate_all("(all) => all.map((a) => a.dataset.id)")
    assert len(set(names)) == 40
    expect(seen.widget.locator(f"a[data-id='{names[20]}']")).to_be_focused()


def test_number_found_is_announced(visit: Open) -> None:
    seen = visit("/?lang=ar#ps:where=القاهرة").searched()
    status = seen.widget.locator("[role=status].hidden").first
    expect(status).to_contain_text(re.compile("مقدم"))
    assert digits(status.inner_text()) == digits(seen.heading.inner_text())


def test_back_button_reload_and_a_shared_link_show_the_same_view(visit: Open) -> None:
    seen = visit("/?lang=en").searched()
    for place in ("Nairobi", "Dakar"):
        fill(seen, "Where", place)
        seen.widget.get_by_role("button", name="Search", exact=True).click()
        expect(seen.heading).to_contain_text(f"near {place}")
    seen.page.go_back()
    expect(seen.heading).to_contain_text("near Nairobi")
    seen.page.go_forward()
    expect(seen.heading).to_contain_text("near Dakar")
    all_found = seen.heading.inner_text()
    box(seen, "Hospital").click()
    expect(seen.page).to_have_url(re.compile("type=hospital"))
    expect(seen.heading).not_to_have_text(all_found)
    found = seen.heading.inner_text()
    seen.page.reload()
    expect(seen.heading).to_have_text(found)
    path = seen.page.url.removeprefix(seen.base)
    other = visit(path, PHONE).searched()
    expect(other.heading).to_have_text(found)


def test_shown_pages_come_back_after_a_reload(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi", PHONE).searched()
    seen.widget.get_by_role("button", name="Show 20 more").click()
    expect(seen.cards).to_have_count(40)
    seen.page.reload()
    expect(seen.cards).to_have_count(40)


def test_nothing_found_offers_changes_with_what_each_would_give(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Niort&km=1&type=dentist").searched_nothing()
    relax = seen.widget.locator("[part~=relaxations]")
    expect(relax).to_contain_text("No provider fits all of this")
    change = relax.get_by_role("button").first
    promised = digits(change.inner_text().rpartition(":")[2])
    assert promised > 0
    change.click()
    expect(seen.heading).to_have_text(re.compile(rf"^{promised:,} provider"))


def test_unknown_place_is_said_with_others_to_choose(visit: Open) -> None:
    seen = visit("/?lang=en", quarrels=("400",)).searched()
    fill(seen, "Where", "Xqzwvkj")
    seen.widget.get_by_role("button", name="Search", exact=True).click()
    expect(seen.widget.get_by_role("alert")).to_contain_text("Xqzwvkj")
    # What was there is still there.
    expect(seen.first_card).to_be_visible()


def test_words_of_the_directory_are_never_markup(visit: Open) -> None:
    seen = visit("/?lang=en").searched()
    attack = "<img src=x onerror=alert(1)><b>bold</b>"

    def poison(route: Route) -> None:
        page = route.fetch().json()
        for item in page["items"]:
            item.update(name=attack, address=attack, type_label=attack, city=attack)
            item["names"] = [
                {"text": attack, "lang": None, "script": "Latn"},
                {"text": attack + "2", "lang": None, "script": "Latn"},
            ]
        route.fulfill(body=json.dumps(page), content_type="application/json")

    seen.page.route("**/v1/providers?*", poison)
    fill(seen, "Where", "Dakar")
    seen.widget.get_by_role("button", name="Search", exact=True).click()
    expect(seen.first_card).to_contain_text("<b>bold</b>")
    assert seen.widget.locator("img, b").count() == 0


@pytest.mark.parametrize("lang", FIELDS)
def test_narrow_screen_needs_no_scrolling_sideways(visit: Open, lang: str) -> None:
    seen = visit(f"/?lang={lang}#ps:where=Nairobi", NARROW).searched()
    assert seen.overflow() <= 0
    inside = seen.widget.evaluate("(e) => e.shadowRoot.querySelector('.root').scrollWidth - e.clientWidth")
    assert inside <= 0


def test_tap_on_a_suggestion_gives_the_keyboard_back(visit: Open) -> None:
    seen = visit("/?lang=en", PHONE, has_touch=True, is_mobile=True).in_three_fields()
    field = seen.widget.get_by_role("combobox", name="Where", exact=True)
    field.tap()
    field.fill("Nairobi")
    seen.widget.get_by_role("listbox", name="Where", exact=True).get_by_role("option").first.tap()
    expect(seen.heading).to_contain_text("near Nairobi")
    expect(seen.widget.locator("input:focus")).to_have_count(0)


@pytest.mark.parametrize("name", ["Where", "What kind of care", "Name"])
def test_list_of_suggestions_covers_no_button_and_the_first_tap_on_search_counts(visit: Open, name: str) -> None:
    seen = visit("/?lang=en", PHONE, has_touch=True, is_mobile=True).in_three_fields()
    field = seen.widget.get_by_role("combobox", name=name, exact=True)
    field.tap()
    field.fill("hosp" if name != "Where" else "Nairobi")
    suggested = seen.widget.get_by_role("listbox", name=name, exact=True)
    expect(suggested).to_be_visible()
    search = seen.widget.get_by_role("button", name="Search", exact=True)
    below, above = search.bounding_box(), suggested.bounding_box()
    assert below
    assert above
    assert below["y"] >= above["y"] + above["height"] or below["y"] + below["height"] <= above["y"]
    search.tap()
    expect(suggested).to_be_hidden()
    expect(seen.page).to_have_url(re.compile("#ps:"))


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "narrow"])
@pytest.mark.parametrize("lang", ["en", "fr", "es", "ar"])
def test_letters_of_twice_the_size_on_a_phone_cover_and_cut_nothing(
    visit: Open, lang: str, size: dict[str, int]
) -> None:
    seen = visit(f"/?lang={lang}#ps:where=Nairobi", size)
    seen.page.evaluate("document.documentElement.style.fontSize = '200%'")
    seen.searched()
    seen.page.wait_for_timeout(500)
    assert seen.overflow() <= 0
    wrong = seen.page.evaluate("""() => {
      const root = document.querySelector('provider-search').shadowRoot;
      const shown = (each) => each.checkVisibility() && each.getBoundingClientRect().width > 2;
      const told = [];
      const texts = 'button, label, select, h2, .card p, .card dt, .card dd, .name, .card a';
      for (const each of root.querySelectorAll(texts))
        if (shown(each) && !each.matches('.fold, .hidden, .hidden *')
            && each.scrollWidth > each.clientWidth + 2 && each.clientWidth > 4)
          told.push(`cut: ${each.outerHTML.slice(0, 90)}`);
      const apart = '.form :is(label, input, button, select), .head h2, .tools *, '
        + '.card:first-of-type :is(.name, .distance, .pay-box, .facts, .button)';
      const boxes = [...root.querySelectorAll(apart)]
        .filter((each) => shown(each) && !each.closest('.hidden, .bar') && !each.matches('.clear, option'));
      boxes.forEach((one, at) => boxes.slice(at + 1).forEach((other) => {
        if (one.contains(other) || other.contains(one)) return;
        const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
        const over = Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
          && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
        if (over) told.push(`over: ${one.outerHTML.slice(0, 60)} | ${other.outerHTML.slice(0, 60)}`);
      }));
      return told;
    }""")
    assert wrong == []
