"""The forms of a page as a browser without script fills them in and sends them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_TYPED = frozenset(("text", "tel", "search", "email", "url", "number", "date", "password", "file"))


@dataclass
class Form:
    """Where it is sent, what stands in its fields, and which of them are typed into: name and kind."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    def says(self, name: str, value: str) -> None:
        """One more value of a field."""
        self.values.setdefault(name, []).append(value)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._select: tuple[str, bool, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(said.get("action", ""))
            self.forms.append(self._form)
        elif self._form and tag == "input" and "name" in said:
            self._input(self._form, said)
        elif self._form and tag == "textarea":
            self._area = said["name"]
            self._form.typed[self._area] = "textarea"
        elif tag == "select":
            self._select = (said.get("name", ""), "required" in said, [])
        elif tag == "option" and self._select:
            self._select[2].append((said.get("value", ""), "selected" in said))

    def _input(self, form: Form, said: dict[str, str]) -> None:
        kind, name = said.get("type", "text"), said["name"]
        if kind in _TYPED:
            form.typed[name] = kind
        # Of a choice that must be made the first is made.
        ticked = "checked" in said or ("required" in said and name not in form.values)
        if kind != "file" and (kind not in ("radio", "checkbox") or ticked):
            form.says(name, said.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._form and self._area:
            self._form.says(self._area, data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select" and self._select and self._form:
            name, required, options = self._select
            self._select = None
            chosen = [value for value, selected in options if selected]
            first = [value for value, _ in options if value][:1] if required else []
            for value in chosen or first:
                self._form.says(name, value)


def forms_of(page: str) -> Iterator[Form]:
    """The forms of a page that send something, but for those of its frame."""
    reader = _Reader()
    reader.feed(page)
    return (form for form in reader.forms if form.action and form.action not in ("/language", "/sign-out"))
