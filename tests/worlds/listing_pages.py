"""The pages of one listing as a browser without script has them: forms read from a page, and sent with changes."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

LIST = "/network/listings"


class _Forms(HTMLParser):
    """Fields of every form of a page, by the form's address, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, list[tuple[str, str]]] = {}
        self._open: list[tuple[str, str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form" and has.get("method") == "post":
            self._open = self.forms.setdefault(has["action"].partition("#")[0], [])
        elif self._open is not None and tag == "select":
            self._select = has.get("name", ""), []
        elif self._select and tag == "option":
            self._select[1].append((has.get("value", ""), "selected" in has))
        elif self._open is not None and tag == "input" and has.get("name"):
            ticks = has.get("type") in ("checkbox", "radio")
            if not ticks or "checked" in has:
                self._open.append((has["name"], has.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select" and self._select and self._open is not None:
            name, options = self._select
            chosen = [value for value, selected in options if selected] or [value for value, _ in options[:1]]
            self._open += [(name, value) for value in chosen[:1]]
            self._select = None


def form_of(page: str, path: str) -> dict[str, Any]:
    """What the form that is sent to `path` says: values, or lists of those that share a name."""
    reader = _Forms()
    reader.feed(page)
    assert path in reader.forms, (path, list(reader.forms))
    fields: dict[str, Any] = {}
    for name, value in reader.forms[path]:
        fields[name] = [*fields[name], value] if name in fields else [value]
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items() if name != "csrf_token"}


def facts_of(page: str) -> dict[str, str]:
    """What stands in the groups of facts, by label."""
    rows = re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", page, re.DOTALL)
    return {unescape(label): unescape(re.sub(r"<[^>]+>", " ", value)).strip() for label, value in rows}
