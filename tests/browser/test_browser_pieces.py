"""The widget in pieces: what the first card costs on a slow link, and what is said where a piece does not come."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Open
from tests.browser.visit import DESK, PHONE, Visit

# A phone on the edge of a network: bytes a second, and milliseconds to and fro.
BYTES_A_SECOND, ROUND_TRIP_MS = 50_000, 400
_FIRST_CARD = """() => {
  const look = () => {
    const card = document.querySelector('provider-search')?.shadowRoot?.querySelector('[part~=card]');
    if (card) window.firstCard = performance.now(); else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


class SlowLink:
    """What a visit loads over one, each request with when it began and ended, and how many bytes came."""

    def __init__(self, seen: Visit) -> None:
        self.seen = seen
        self.begun: dict[str, float] = {}
        self.names: dict[str, str] = {}
        self.ended: dict[str, tuple[float, int]] = {}
        self.kinds: dict[str, str] = {}
        session = seen.context.new_cdp_session(seen.page)
        session.on("Network.requestWillBeSent", self._begin)
        session.on("Network.loadingFinished", self._end)
        session.send("Network.enable")
        speed = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
        session.send("Network.emulateNetworkConditions", {"offline": False, "latency": ROUND_TRIP_MS, **speed})
        seen.context.add_init_script(f"({_FIRST_CARD})()")

    def _begin(self, event: dict[str, Any]) -> None:
        self.begun[event["requestId"]] = event["timestamp"]
        self.kinds[event["requestId"]] = event["type"]
        self.names[event["requestId"]] = event["request"]["url"].rpartition("/")[2].partition("?")[0]

    def _end(self, event: dict[str, Any]) -> None:
        self.ended[event["requestId"]] = (event["timestamp"], event["encodedDataLength"])

    def before(self, last: str) -> list[str]:
        """The requests that had ended when this one had; nothing waits for a picture."""
        end = next(self.ended[each][0] for each, name in self.names.items() if name == last)
        return [
            each for each, (at, _) in self.ended.items() if at <= end and self.kinds[each] not in ("Image", "Other")
        ]

    def told(self) -> str:
        """Each in a line, by when it began."""
        first = min(self.begun.values())
        rows = sorted((at - first, each) for each, at in self.begun.items() if each in self.ended)
        return "\n".join(
            f"{at:6.2f} to {self.ended[each][0] - first:6.2f} s {self.ended[each][1]:7d} B {self.names[each]}"
            for at, each in rows
        )

    def size(self, of: list[str]) -> int:
        """Their bytes."""
        return sum(self.ended[each][1] for each in of)

    def round_trips(self, of: list[str]) -> int:
        """How many had to be waited for one after the other."""
        depth: dict[str, int] = {}
        for each in sorted(of, key=self.begun.__getitem__):
            earlier = [depth[other] for other in depth if self.ended[other][0] <= self.begun[each]]
            depth[each] = 1 + max(earlier, default=0)
        return max(depth.values())


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_first_card_on_a_slow_link_is_three_round_trips_and_few_bytes_away(
    visit: Open, lang: str, record_property: Callable[[str, object], None]
) -> None:
    seen = visit("about:blank", PHONE)
    link = SlowLink(seen)
    seen.page.goto(f"{seen.base}/?lang={lang}#ps:where=Kinshasa", wait_until="commit")
    seen.searched()
    needed = link.before("providers")
    trips, size = link.round_trips(needed), link.size(needed)
    seconds = seen.page.evaluate("window.firstCard") / 1000
    record_property("first_card", {"round_trips": trips, "kB": round(size / 1000, 1), "s": round(seconds, 2)})
    record_property("asked", link.told())
    # The page; its files; the answer, with the reader's language beside it.
    assert trips == 3
    # 1.2 s to and fro leave 1.8 s of three for the bytes and for the phone itself.
    assert size / BYTES_A_SECOND < 1.5
    names = {link.names[each] for each in needed}
    assert not [name for name in names if re.search("-(rest|details|map)", name)]


def test_reader_of_one_language_loads_no_other(visit: Open) -> None:
    seen = visit("/?lang=fr", PHONE).searched()
    expect(seen.widget.get_by_role("button", name="Rechercher", exact=True)).to_be_visible()
    seen.page.wait_for_load_state("networkidle")
    files = [each.url.rpartition("/")[2] for each in seen.requests if "/widget/v1/" in each.url]
    kinds = [re.sub(r"\.\w{12}\.js$", "", file) for file in files]
    assert kinds == [f"provider-search{piece}" for piece in ("", "-fr", "-rest", "-details")]


def cut(seen: Visit, piece: str) -> list[str]:
    """From now on this piece does not come; returns what was tried."""
    tried: list[str] = []

    def abort(route: Route) -> None:
        tried.append(route.request.url)
        route.abort()

    seen.page.route(f"**/provider-search-{piece}*", abort)
    return tried


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_provider_opens_once_its_piece_comes_and_until_then_it_is_said(visit: Open, size: dict[str, int]) -> None:
    seen = visit("about:blank", size, quarrels=("ERR_FAILED",))
    tried = cut(seen, "details")
    seen.page.goto(f"{seen.base}/?lang=en#ps:where=Nairobi")
    seen.searched().first_card.get_by_role("heading").get_by_role("link").click()
    toast = seen.widget.locator(".toast")
    expect(toast.get_by_role("alert")).to_contain_text("could not be loaded")
    assert seen.axe() == []
    # By its pinned name, then by its plain one.
    assert [bool(re.search(r"\.\w{12}\.js", url)) for url in tried] == [True, False]
    seen.page.unroute_all()
    toast.get_by_role("button", name="Try now").click()
    expect(seen.page.get_by_role("dialog")).to_contain_text("How you pay")


def test_list_goes_on_without_the_pieces_and_they_come_with_the_link(visit: Open) -> None:
    seen = visit("about:blank", PHONE, quarrels=("ERR_FAILED", "ERR_INTERNET"))
    cut(seen, "rest")
    seen.page.goto(f"{seen.base}/?lang=en#ps:where=Nairobi")
    seen.searched()
    seen.widget.get_by_role("button", name=re.compile("^Filters")).click()
    expect(seen.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("could not be loaded")
    seen.page.unroute_all()
    seen.context.set_offline(True)
    seen.context.set_offline(False)
    expect(seen.page.get_by_role("dialog").get_by_role("group").first).to_be_visible()


def test_language_that_does_not_come_is_english_with_the_answers_of_the_readers(visit: Open) -> None:
    seen = visit("about:blank", PHONE, quarrels=("ERR_FAILED",))
    cut(seen, "ar")
    seen.page.goto(f"{seen.base}/?lang=ar#ps:where=Nairobi")
    seen.searched()
    expect(seen.widget.locator(".fold .change")).to_have_text("Change")
    assert "lang=ar" in seen.asked("/v1/providers")[0]
    seen.page.unroute_all()
    seen.page.evaluate("dispatchEvent(new Event('online'))")
    expect(seen.widget.locator(".fold .change")).to_have_text("تغيير")
    assert len(seen.asked("/v1/providers")) == 1


def test_page_that_was_open_over_an_upgrade_takes_the_plain_file(visit: Open) -> None:
    seen = visit("about:blank", PHONE, quarrels=("404",))
    gone = re.compile(r"provider-search-details\.\w{12}\.js$")
    seen.page.route(gone, lambda route: route.fulfill(status=404, body="gone"))
    seen.page.goto(f"{seen.base}/?lang=en#ps:where=Nairobi")
    seen.searched().first_card.get_by_role("heading").get_by_role("link").click()
    expect(seen.page.get_by_role("dialog")).to_contain_text("How you pay")
