"""Two hundred searches in one page: what they needed is given back."""

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.visit import DESK, Visit

PLACES = ("Nairobi", "Kinshasa", "Dakar", "Kampala", "Dakar", "Niort", "Rabat", "Seoul")
SEARCHES = 200


def heap(seen: Visit) -> int:
    """Bytes that are still in use after the collector has been round."""
    session = seen.page.context.new_cdp_session(seen.page)
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    used: int = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return used


def nodes(seen: Visit) -> int:
    session = seen.page.context.new_cdp_session(seen.page)
    counted: int = session.send("Memory.getDOMCounters")["nodes"]
    session.detach()
    return counted


def search(seen: Visit, number: int) -> None:
    place = PLACES[number % len(PLACES)]
    with seen.page.expect_response(lambda answer: "/v1/providers?" in answer.url):
        seen.page.evaluate(f"location.hash = '#ps:where={place}&km={25 + number % 7}'")
    expect(seen.heading).to_contain_text(place if place != "Rabat" else "Rabat")


def test_memory_is_steady_over_two_hundred_searches(visit: Open) -> None:
    seen = visit("/?lang=en", DESK).searched()
    for number in range(40):
        search(seen, number)
    seen.page.wait_for_timeout(1_000)
    heap_before, nodes_before = heap(seen), nodes(seen)
    for number in range(40, SEARCHES):
        search(seen, number)
    seen.page.wait_for_timeout(1_000)
    searches = SEARCHES - 40
    # An answer of twenty providers is some 50 kB, and its cards some 1,500 nodes; one marker left behind by each card
    # (as lit-html 3.3.1 and later do) is twenty nodes a search: whoever kept any of it would show.
    assert heap(seen) - heap_before < searches * 12_000
    assert nodes(seen) - nodes_before < searches * 15
