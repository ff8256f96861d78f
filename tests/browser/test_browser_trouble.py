"""When the service is slow, poorer or away: it is said plainly, what was there is kept, and it goes on by itself."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.mortal import MortalEngines
from tests.browser.visit import DESK, PHONE, Visit
from tests.engines.index_world import wait_until
from tests.faults.service import Service

# What browsers write to the console about answers of this kind is no mistake of the page.
EXPECTED = ("503", "Failed to load resource", "ERR_")
SEOUL = "/?lang=en#ps:where=Seoul"
Open = Callable[..., Visit]


@pytest.fixture(scope="module")
def engines_that_die(run_dir: Path, worker: str, demo_environment: dict[str, str]) -> Iterator[MortalEngines]:
    """Engines that these tests may kill."""
    made = MortalEngines(run_dir / f"browser-{worker.rpartition('_')[2]}", demo_environment)
    try:
        made.make_whole()
        made.build_index()
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def mortal_service(engines_that_die: MortalEngines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """gunicorn on them, reached through links that may be cut."""
    with Service(engines_that_die.environment, tmp_path_factory.mktemp("trouble") / "gunicorn.log") as running:
        yield running


@pytest.fixture
def visit(chromium: Browser, engines_that_die: MortalEngines, mortal_service: Service) -> Iterator[Open]:
    """Opens a page of that service; before and after, both engines are whole."""
    engines_that_die.make_whole()
    wait_ready(mortal_service)
    visits: list[Visit] = []

    def open_page(path: str, size: dict[str, int] = DESK, **options: Any) -> Visit:
        base = f"http://127.0.0.1:{mortal_service.port}"
        visits.append(Visit(chromium, base, path, size, quarrels=EXPECTED, **options))
        return visits[-1]

    yield open_page
    for each in visits:
        each.check()
        each.context.close()
    engines_that_die.make_whole()


def wait_ready(service: Service) -> None:
    """Until the whole search answers again."""
    wait_until(lambda: service.get("/v1/providers?near=Seoul&limit=1")[1].get("degraded") is False, 60, "whole again")


def search(seen: Visit, place: str) -> None:
    seen.in_three_fields()
    seen.widget.get_by_role("combobox", name="Where", exact=True).fill(place)
    seen.widget.get_by_role("button", name="Search", exact=True).click()


def test_search_engine_killed_in_the_middle_is_said_and_the_search_goes_on(
    visit: Open, engines_that_die: MortalEngines
) -> None:
    seen = visit(SEOUL).searched()
    whole = seen.heading.inner_text()
    engines_that_die.kill_opensearch()
    search(seen, "Rabat")
    expect(seen.heading).to_contain_text("near Rabat")
    expect(seen.widget.get_by_text("Search runs in a simpler form for now")).to_be_visible()
    expect(seen.first_card.locator("[part~=payment]")).to_be_visible()
    search(seen, "Seoul")
    expect(seen.heading).to_have_text(whole)
    # The map goes on too, and each provider.
    expect(seen.page.locator("provider-search-map .marker").first).to_be_visible()
    expect(seen.page.locator("provider-search-map").get_by_role("alert")).to_have_count(0)
    seen.first_card.get_by_role("heading").get_by_role("link").click()
    expect(seen.page.get_by_role("dialog")).to_contain_text("How you pay")
    seen.page.keyboard.press("Escape")
    engines_that_die.make_whole()


def test_both_engines_away_is_said_what_was_there_is_kept_and_it_comes_back_by_itself(
    visit: Open, engines_that_die: MortalEngines
) -> None:
    seen = visit(SEOUL, PHONE).searched()
    first = seen.first_card.inner_text()
    engines_that_die.cut_both()
    search(seen, "Rabat")
    alert = seen.widget.get_by_role("alert").first
    expect(alert).to_contain_text("The directory does not answer at the moment. What you see is from")
    expect(seen.first_card).to_contain_text(first.splitlines()[0])
    expect(seen.widget.locator(".fold .said")).to_contain_text("Rabat")
    expect(seen.widget.get_by_role("button", name="Try now")).to_be_visible()
    engines_that_die.database_link.heal()
    engines_that_die.search_link.heal()
    expect(seen.heading).to_contain_text("near Rabat", timeout=60_000)
    expect(alert).to_have_count(0)


def test_nothing_at_all_answers_at_first_and_then_it_does(visit: Open, engines_that_die: MortalEngines) -> None:
    engines_that_die.cut_both()
    seen = visit("/?lang=fr#ps:where=Rabat", PHONE)
    expect(seen.widget.get_by_role("alert").first).to_contain_text("L’annuaire ne répond pas pour le moment.")
    engines_that_die.database_link.heal()
    engines_that_die.search_link.heal()
    seen.widget.get_by_role("button", name="Réessayer").click()
    expect(seen.heading).to_contain_text("Rabat", timeout=60_000)


def test_slow_link_shows_that_something_comes_and_then_says_why_it_takes_so_long(visit: Open) -> None:
    seen = visit(SEOUL).searched()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    seen.page.route("**/v1/providers?*", hold)
    search(seen, "Rabat")
    expect(seen.widget.get_by_role("region", name="Results")).to_have_attribute("aria-busy", "true")
    # What was there is still to be read.
    expect(seen.first_card).to_be_visible()
    expect(seen.widget.get_by_text("The link is slow. Results are still on their way.")).to_be_visible()
    for route in held:
        route.continue_()
    expect(seen.heading).to_contain_text("near Rabat")
    expect(seen.widget.get_by_text("The link is slow.")).to_have_count(0)


def test_quick_answer_shows_no_skeleton(visit: Open) -> None:
    seen = visit(SEOUL).searched()
    seen.page.evaluate("""() => {
      window.skeletons = 0;
      const results = document.querySelector('provider-search').shadowRoot;
      new MutationObserver(() => { window.skeletons += results.querySelectorAll('.skeleton').length; })
        .observe(results, {childList: true, subtree: true});
    }""")
    search(seen, "Rabat")
    expect(seen.heading).to_contain_text("near Rabat")
    assert seen.page.evaluate("window.skeletons") == 0


def test_offline_is_said_and_the_search_goes_on_when_the_link_is_back(visit: Open) -> None:
    seen = visit(SEOUL, PHONE).searched()
    seen.context.set_offline(True)
    search(seen, "Rabat")
    expect(seen.widget.get_by_role("alert").first).to_contain_text("You are offline.")
    expect(seen.first_card).to_be_visible()
    seen.context.set_offline(False)
    expect(seen.heading).to_contain_text("near Rabat", timeout=30_000)


def test_overloaded_service_is_waited_for_as_long_as_it_asks(visit: Open) -> None:
    seen = visit(SEOUL, PHONE).searched()
    busy = {"type": "/docs#problem-overloaded", "title": "Too many", "status": 503, "detail": "Later."}
    seen.page.route(
        "**/v1/providers?*",
        lambda route: route.fulfill(
            status=503, json=busy, headers={"Retry-After": "3", "Content-Type": "application/problem+json"}
        ),
        times=1,
    )
    search(seen, "Rabat")
    expect(seen.widget.get_by_role("alert").first).to_be_visible()
    asked = len(seen.asked("/v1/providers"))
    seen.page.wait_for_timeout(2_000)
    assert len(seen.asked("/v1/providers")) == asked
    expect(seen.heading).to_contain_text("near Rabat")


def test_plain_search_says_the_same_and_keeps_what_was_typed(visit: Open, engines_that_die: MortalEngines) -> None:
    seen = visit("/search?lang=en&near=Rabat", PHONE, scripts=False)
    expect(seen.page.get_by_role("heading", level=2)).to_contain_text("near Rabat")
    engines_that_die.search_link.cut()
    seen.page.reload()
    expect(seen.page.get_by_text("Search runs in a simpler form for now")).to_be_visible()
    engines_that_die.database_link.cut()
    seen.page.reload()
    expect(seen.page.get_by_role("alert")).to_contain_text("The directory does not answer at the moment.")
    expect(seen.page.get_by_label("Where")).to_have_value("Rabat")
    engines_that_die.database_link.heal()
    engines_that_die.search_link.heal()
    expect_back = re.compile("near Rabat")
    for _ in range(30):
        seen.page.get_by_role("link", name="Try again").click()
        if seen.page.get_by_role("heading", level=2).count():
            break
        seen.page.wait_for_timeout(1_000)
    expect(seen.page.get_by_role("heading", level=2).first).to_contain_text(expect_back)
