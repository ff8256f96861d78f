"""A person with a keyboard and nothing else: what a task costs is counted in presses, in what is typed, in pages."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Frame, Page


@dataclass
class Cost:
    """What a task took. `seconds` are told and never asserted: they are the machine's as much as the page's."""

    presses: int = 0
    typed: int = 0
    pages: int = 0
    seconds: float = 0.0


class Keyboard:
    """Keys of one page. Nothing is clicked, and nothing is focused but by a key."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._cost = Cost()
        page.on("framenavigated", self._note)

    def _note(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self._cost.pages += 1

    @contextmanager
    def task(self) -> Iterator[Cost]:
        """What is done inside of it is counted."""
        self._cost = cost = Cost()
        begun = time.monotonic()
        yield cost
        cost.seconds = time.monotonic() - begun

    def press(self, *keys: str) -> None:
        """Keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self._cost.presses += 1

    def go(self, key: str) -> None:
        """A key that leads to another page. That hears the next one: scripts run before a page is loaded."""
        with self.page.expect_navigation(wait_until="load"):
            self.press(key)

    def type(self, words: str) -> None:
        """Words into what has the focus."""
        self.page.keyboard.type(words)
        self._cost.typed += len(words)
