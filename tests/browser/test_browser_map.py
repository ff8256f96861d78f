"""List and map together: each shows what the other points at; clusters open; and the list is whole without the map."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open
from tests.browser.visit import DESK, PHONE, Visit


def map_of(seen: Visit) -> Locator:
    return seen.page.locator("provider-search-map")


def clusters(seen: Visit) -> Locator:
    return map_of(seen).locator(".cluster:not(.same)")


def zooms(seen: Visit) -> list[int]:
    return [int(parse_qs(urlsplit(url).query)["zoom"][0]) for url in seen.asked("/v1/map")]


def test_card_and_pin_of_one_provider_point_at_each_other(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Niort&km=5", DESK).searched()
    link = seen.first_card.get_by_role("heading").get_by_role("link")
    pin = map_of(seen).locator(".pin.numbered").filter(has_text=re.compile(r"^1(\D|$)")).first
    # A provider inside a cluster gets a pin of its own as soon as it is pointed at.
    seen.first_card.hover()
    expect(pin).to_have_class(re.compile(r"\bon\b"))
    expect(pin).to_have_attribute("aria-label", re.compile(re.escape(link.inner_text())))
    seen.page.mouse.move(5, 5)
    # "19. Pharmacie du Pontreau, Pharmacy, Your card"; pins come and go with what is pointed at, so it is named.
    label = map_of(seen).locator(".pin.numbered").last.get_attribute("aria-label") or ""
    name = re.sub(r"^\d+\. ", "", label).split(",")[0]
    other = map_of(seen).get_by_role("button", name=label, exact=True)
    other.focus()
    expect(seen.widget.locator("[part~=card].active")).to_contain_text(name)
    other.press("Enter")
    expect(seen.page.get_by_role("dialog")).to_contain_text(name)


def test_cluster_opens_into_what_is_in_it(visit: Open) -> None:
    seen = visit("/?lang=en#ps:country=KE", DESK).searched()
    first = clusters(seen).first
    expect(first).to_have_attribute("aria-label", re.compile("providers: zoom in"))
    before = zooms(seen)[-1]
    first.press("Enter")
    expect(map_of(seen).get_by_role("button", name="Search this area")).to_be_visible()
    seen.page.wait_for_function("() => true")
    expect(map_of(seen).get_by_role("status").first).to_have_text("")
    seen.page.wait_for_timeout(1_000)
    assert zooms(seen)[-1] > before


def test_map_counts_what_the_list_counts(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi&km=10", DESK).searched()
    with seen.page.expect_response("**/v1/map?*") as waiting:
        map_of(seen).get_by_role("button", name="Zoom in", exact=True).click()
    features = waiting.value.json()["features"]
    assert sum(each["properties"].get("count", 1) for each in features) == waiting.value.json()["total"]["value"]
    asked = parse_qs(urlsplit(waiting.value.url).query)
    listed = parse_qs(urlsplit(seen.asked("/v1/providers")[-1]).query)
    assert asked.get("near") == listed.get("near") == ["Nairobi"]


def test_area_of_the_map_becomes_the_search(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi", DESK).searched()
    map_of(seen).get_by_role("application").focus()
    for _ in range(3):
        seen.page.keyboard.press("ArrowRight")
    map_of(seen).get_by_role("button", name="Search this area").click()
    expect(seen.heading).to_contain_text("in this area")
    expect(seen.page).to_have_url(re.compile("box="))
    found = seen.heading.inner_text()
    seen.page.reload()
    expect(seen.heading).to_have_text(found)


def test_map_of_a_phone_is_one_tap_away_and_so_is_the_list(visit: Open) -> None:
    seen = visit("/?lang=fr#ps:where=Kinshasa", PHONE).searched()
    assert not [each for each in seen.requests if "provider-search-map" in each.url]
    seen.widget.get_by_role("button", name="Carte", exact=True).click()
    expect(map_of(seen).get_by_role("application")).to_be_visible()
    expect(map_of(seen).locator(".marker").first).to_be_visible()
    expect(seen.cards).to_have_count(0)
    seen.widget.get_by_role("button", name="Liste", exact=True).click()
    expect(seen.first_card).to_be_visible()


def test_map_is_moved_and_zoomed_with_the_keyboard(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Nairobi", DESK).searched()
    map_of(seen).get_by_role("application").focus()
    expect(map_of(seen).locator(".marker").first).to_be_visible()
    before = zooms(seen)[-1]
    seen.page.keyboard.press("+")
    seen.page.wait_for_timeout(1_500)
    assert zooms(seen)[-1] == before + 1


@pytest.mark.parametrize("wanted", ["**/provider-search-map*.js", "**/v1/map*"])
def test_list_is_whole_without_the_map(visit: Open, wanted: str) -> None:
    seen = visit("about:blank", DESK, quarrels=("ERR_FAILED", "Failed to load"))
    seen.page.route(wanted, lambda route: route.abort())
    seen.page.goto(f"{seen.base}/?lang=en#ps:where=Nairobi")
    seen.searched()
    expect(seen.cards).to_have_count(20)
    seen.first_card.get_by_role("heading").get_by_role("link").click()
    expect(seen.page.get_by_role("dialog")).to_be_visible()


def test_base_map_is_of_the_service_itself_and_needs_no_webgl(visit: Open) -> None:
    seen = visit("about:blank", DESK)
    seen.page.add_init_script(
        "HTMLCanvasElement.prototype.getContext = ((plain) => function (kind, ...more) {"
        " return kind.startsWith('webgl') ? null : plain.call(this, kind, ...more); })"
        "(HTMLCanvasElement.prototype.getContext)"
    )
    seen.page.goto(f"{seen.base}/?lang=en#ps:where=Nairobi")
    seen.searched()
    expect(map_of(seen).locator(".marker").first).to_be_visible()
    drawn = map_of(seen).evaluate(
        """(map) => [...map.shadowRoot.querySelectorAll('canvas')].some((canvas) => {
            const {width, height} = canvas;
            const colours = canvas.getContext('2d').getImageData(0, 0, width, height).data;
            const some = Array.from({length: 400}, (_, i) => colours[Math.floor(i * colours.length / 1600) * 4]);
            return new Set(some).size > 1;
        })"""
    )
    assert drawn
    assert {urlsplit(each.url).netloc for each in seen.requests if each.url.startswith("http")} == {
        urlsplit(seen.base).netloc
    }


def test_map_in_arabic_has_its_buttons_and_numbers_in_arabic(visit: Open) -> None:
    seen = visit("/?lang=ar#ps:where=القاهرة", DESK).searched()
    expect(map_of(seen).get_by_role("application", name="خريطة النتائج")).to_be_visible()
    expect(map_of(seen).get_by_role("button", name="تكبير", exact=True)).to_be_visible()


OVERLAPS = """(map) => {
  const faces = [...map.shadowRoot.querySelectorAll('.marker')].filter((each) => !each.matches('.numbered'))
    .map((each) => each.querySelector('.face').getBoundingClientRect());
  const small = faces.filter(({width, height}) => width < 20 || height < 20).length;
  const over = faces.flatMap((one, at) => faces.slice(at + 1).filter((other) =>
    one.left < other.right - 1 && other.left < one.right - 1 &&
    one.top < other.bottom - 1 && other.top < one.bottom - 1));
  return [faces.length, small, over.length];
}"""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("asked", ["where=Nairobi", "country=KE", "where=Kinshasa&km=100"])
def test_nothing_on_the_map_lies_on_anything_else(visit: Open, size: dict[str, int], asked: str) -> None:
    seen = visit(f"/?lang=en#ps:{asked}&view=map", size)
    expect(map_of(seen).locator(".marker").first).to_be_visible()
    for _ in range(3):
        seen.page.wait_for_load_state("networkidle")
        # Mid-way in a zoom everything is small.
        expect(map_of(seen).locator(".leaflet-zoom-anim")).to_have_count(0)
        shown, small, over = map_of(seen).evaluate(OVERLAPS)
        assert shown > 0
        assert (small, over) == (0, 0)
        map_of(seen).get_by_role("button", name="Zoom in", exact=True).click()


@pytest.mark.parametrize(
    ("way", "said", "round_"), [("card", "Your card", True), ("guarantee_letter", "Guarantee letter", False)]
)
def test_pin_tells_by_its_shape_how_one_pays(visit: Open, way: str, said: str, round_: bool) -> None:
    seen = visit(f"/?lang=en#ps:where=Nairobi&settlement=outpatient:{way}&type=clinic", DESK).searched()
    pins = map_of(seen).locator(f".pin.way-{way}")
    expect(pins.first).to_have_attribute("aria-label", re.compile(said))
    radius = pins.first.locator(".face").evaluate("(face) => parseFloat(getComputedStyle(face).borderRadius)")
    assert (radius >= 12) == round_


def test_from_an_empty_sea_one_step_leads_back(visit: Open) -> None:
    seen = visit("/?lang=en#ps:where=Dakar&km=5", DESK).searched()
    expect(map_of(seen).locator(".marker").first).to_be_visible()
    map_of(seen).get_by_role("application").focus()
    for _ in range(12):
        seen.page.keyboard.press("ArrowLeft")
        seen.page.wait_for_timeout(300)
    expect(map_of(seen).get_by_role("status").first).to_have_text("Nothing found here.")
    map_of(seen).get_by_role("button", name="Back to the results").click()
    expect(map_of(seen).locator(".marker").first).to_be_in_viewport()
    expect(map_of(seen).get_by_role("button", name="Back to the results")).to_have_count(0)


def test_own_position_is_shown(visit: Open) -> None:
    seen = visit("/?lang=en#ps:at=-1.2864,36.8172", DESK).searched()
    own = map_of(seen).get_by_role("img", name="You are here")
    expect(own).to_be_in_viewport()
