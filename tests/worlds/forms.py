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
        self._area: tuple[str, list[str]] | None = None
        self._select: tuple[dict[str, str], list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(said.get("action", ""))
            self.forms.append(self._form)
        elif self._form and tag == "input" and "name" in said:
            self._input(self._form, said)
        elif self._form and tag == "textarea":
            self._area = (said["name"], [])
            self._form.typed[said["name"]] = "textarea"
        elif tag == "select":
            self._select = (said, [])
        elif tag == "option" and self._select:
            self._select[1].append((said.get("value", ""), "selected" in said))

    def _input(self, form: Form, said: dict[str, str]) -> None:
        kind, name = said.get("type", "text"), said["name"]
        if kind in _TYPED:
            form.typed[name] = kind
        # Of a choice that must be made the first is made.
        ticked = "checked" in said or ("required" in said and name not in form.values)
        if kind != "file" and (kind not in ("radio", "checkbox") or ticked):
            form.says(name, said.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area and self._form:
            # A line break right after the tag is none of its words.
            self._form.says(self._area[0], "".join(self._area[1]).removeprefix("\n"))
            self._area = None
        elif tag == "select" and self._select and self._form:
            self._choose(self._form, *self._select)
            self._select = None

    def _choose(self, form: Form, said: dict[str, str], options: list[tuple[str, bool]]) -> None:
        chosen = [value for value, selected in options if selected]
        offered = [value for value, _ in options if value or "required" not in said]
        # A list shows its first line, where nothing is chosen.
        for value in chosen or ([] if "multiple" in said else offered[:1]):
            form.says(said.get("name", ""), value)


def forms_of(page: str) -> Iterator[Form]:
    """The forms of a page that send something, but for those of its frame."""
    reader = _Reader()
    reader.feed(page)
    return (
        form for form in reader.forms if form.action and form.action not in ("/language", "/sign-out", "/network/find")
    )
