"""One person's visit: a page in a browser context of its own, and what must hold on every page that is visited."""

from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from config.settings import PROJECT_ROOT

PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
# The machine of the tests does other things too.
PATIENCE_MS = 10_000
expect.set_options(timeout=PATIENCE_MS)

_AXE = (PROJECT_ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_STORED = """async () => [
  ...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie,
  ...(await indexedDB.databases()).map((each) => each.name), ...(window.caches ? await caches.keys() : []),
  ...(navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).map((each) => each.scope) : []),
].filter(Boolean)"""


class Visit:
    """A page, what it asked for and what it said; `with` ends it with the checks that hold for every page.

    `hosts`: where its requests may go besides the service. `quarrels`: parts of messages that are meant to come.
    """

    def __init__(
        self,
        browser: Browser,
        base: str,
        path: str,
        size: dict[str, int],
        *,
        hosts: tuple[str, ...] = (),
        quarrels: tuple[str, ...] = (),
        scripts: bool = True,
        **options: Any,
    ) -> None:
        self.base = base
        self._hosts = {urlsplit(base).netloc, *(urlsplit(host).netloc for host in hosts)}
        self._quarrels = quarrels
        self._scripts = scripts
        self.requests: list[Request] = []
        self.said: list[str] = []
        self.context = browser.new_context(viewport=size, java_script_enabled=scripts, **options)  # type: ignore[arg-type]
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.page.on("request", self._note)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.goto(path if path.startswith("about:") else base + path)

    def __enter__(self) -> "Visit":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.check()
        finally:
            self.context.close()

    def check(self) -> None:
        """Nothing was asked elsewhere, nothing stored, nothing refused by the policy, nothing thrown."""
        elsewhere = [each.url for each in self.requests if urlsplit(each.url).netloc not in {*self._hosts, ""}]
        assert elsewhere == [], elsewhere
        unexpected = [said for said in self.said if not any(quarrel in said for quarrel in self._quarrels)]
        assert unexpected == [], unexpected
        assert self.context.cookies() == []
        if self._scripts and self.page.url.startswith("http"):
            stored = self.page.evaluate(_STORED)
            assert stored == [], stored

    def _note(self, request: Request) -> None:
        self.requests.append(request)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"{message.type}: {message.text}")

    # What a person sees first.

    @property
    def widget(self) -> Locator:
        """The element on the page."""
        return self.page.locator("provider-search")

    @property
    def heading(self) -> Locator:
        """ "128 providers near Goma"."""
        return self.widget.locator(".results h2")

    @property
    def cards(self) -> Locator:
        """The providers in the list."""
        return self.widget.locator("[part~=card]")

    @property
    def first_card(self) -> Locator:
        """The first of them."""
        return self.cards.first

    def in_three_fields(self) -> "Visit":
        """On a phone there is one line first, and the three fields for who wants them."""
        self.widget.locator(".form").wait_for()
        for way in (".fold", ".form.line .other"):
            if self.widget.locator(way).count():
                self.widget.locator(way).click()
        return self

    def searched(self) -> "Visit":
        """Waits for the list."""
        expect(self.first_card).to_be_visible()
        return self

    def searched_nothing(self) -> "Visit":
        """Waits for an answer without a provider in it."""
        expect(self.widget.locator("[part~=relaxations]")).to_be_visible()
        return self

    def asked(self, path: str) -> list[str]:
        """Addresses of the interface that were asked for, in order."""
        return [each.url for each in self.requests if urlsplit(each.url).path == path]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        wider: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return wider

    def axe(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA and its own best practice, on the page at its full height.

        In a window that has to be scrolled, whatever happens to lie under the bar at its edge would count as too small.
        """
        size = self.page.viewport_size
        if size and size["width"] < 600:
            height = int(self.page.evaluate("document.documentElement.scrollHeight"))
            self.page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
            self.page.wait_for_timeout(300)
        self.page.evaluate(_AXE)
        found = self.page.evaluate("(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", _RULES)
        return [
            f"{each['id']}: {each['help']} | {node['target']} | {node['failureSummary']}"
            for each in found["violations"]
            for node in each["nodes"][:3]
            # WCAG 2.5.8 lets pins be where the places are; the list holds the same providers.
            if not (each["id"] == "target-size" and "provider-search-map" in str(node["target"]))
        ]
