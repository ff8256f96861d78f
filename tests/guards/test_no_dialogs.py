"""Nobody is asked "are you sure?": what is done can be undone, and the page says so at once."""

import re

from config.settings import PROJECT_ROOT

PAGES = PROJECT_ROOT / "directory" / "pages"
ASKING = re.compile(r"\b(?:confirm|alert|prompt)\(|returnValue")


def test_no_script_of_a_page_asks_before_it_acts() -> None:
    scripts = list((PAGES / "static").glob("*.js"))
    assert len(scripts) > 5
    assert [each.name for each in scripts if ASKING.search(each.read_text(encoding="utf-8"))] == []


def test_no_form_asks_before_it_is_sent() -> None:
    pages = list(PAGES.rglob("*.html"))
    assert len(pages) > 30
    assert [each.name for each in pages if "hx-confirm" in each.read_text(encoding="utf-8")] == []
