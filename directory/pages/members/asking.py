"""What the address of a search page asks: read leniently, as people and their forms write it, and written again.

A form sends every field, most of them empty, and a box of choices once for each choice. So empty ones are left out, and
several values are joined as the public interface has them: by commas.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from directory.search.line_tokens import split_words
from directory.search.request import Facet
from directory.search.understand import Understood, understand
from directory.vocabulary.codes import load_codes
from directory.web.parameters import MemberQuery
from directory.web.reading import load_query
from geodata.gazetteer import get_gazetteer

# The parameter that each facet's values are values of, in the order in which they are shown.
FILTERS = {
    "settlement": Facet.settlement,
    "coverage": Facet.coverage,
    "type": Facet.type,
    "specialty": Facet.specialty,
    "place": Facet.city,
    "country": Facet.country,
    "language": Facet.language,
    "tariff": Facet.tariff,
    "network": Facet.network,
}
RADII_KM = ("1", "5", "10", "25", "50", "100", "250", "500")
PAGE_SIZE = 20

# Kinds of care and names are two fields to the reader, and one question to the search.
_WORDS = ("which", "who")
# How a member is insured: it changes what is said of a listing, and asks for none.
INSURED = ("plan", "duty", "on")
_SINGLE = (
    "near",
    *_WORDS,
    *INSURED,
    "radius_km",
    "lat",
    "lon",
    "bbox",
    "sort",
    "cursor",
    "open_now",
    "as_typed",
    "direct_or_tariff",
)
# Addresses of the interface and of this page are alike, but for the words.
_ALIASES = {"q": "who"}
# In the form each care setting is a choice of one: `outpatient=card` is `settlement=outpatient:card`.
SETTINGS = ("outpatient", "inpatient")
_NOT_OF_THE_SEARCH = frozenset(("lang", "reported", "visited", "desk"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A search page's question. `unknown`: names in its address that mean nothing here."""

    values: Mapping[str, tuple[str, ...]]
    unknown: tuple[str, ...] = ()

    def one(self, name: str) -> str:
        """The value of a field; empty where there is none."""
        return ",".join(self.values.get(name, ()))

    def chosen(self, name: str) -> tuple[str, ...]:
        """The values of a filter."""
        return self.values.get(name, ())

    def changed(self, **changes: str | Iterable[str] | None) -> "Asked":
        """The same question with other values, from its first page on; None leaves one out."""
        values = {name: texts for name, texts in self.values.items() if name != "cursor"}
        for name, value in changes.items():
            texts = () if value is None else (value,) if isinstance(value, str) else tuple(value)
            values[name] = texts
        return replace(self, values={name: texts for name, texts in values.items() if texts})

    def without(self, name: str, value: str) -> "Asked":
        """The same question with one choice of a filter less."""
        return self.changed(**{name: [each for each in self.chosen(name) if each != value]})

    def without_words(self, typed: str) -> "Asked":
        """The same question without a run of its words, in whichever field it was typed."""
        out = split_words(typed)
        for name in _WORDS:
            words = split_words(self.one(name))
            starts = [start for start in range(len(words)) if words[start : start + len(out)] == out]
            if out and starts:
                left = [*words[: starts[0]], *words[starts[0] + len(out) :]]
                return self.changed(**{name: " ".join(left) or None})
        # They stand apart, or in both fields.
        left = [word for word in split_words(" ".join(map(self.one, _WORDS))) if word not in out]
        return self.changed(which=None, who=" ".join(left) or None)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for: a form has a radius in it always, and a plan is no question."""
        return not self.values.keys() - {"radius_km", *INSURED}

    @property
    def has_place(self) -> bool:
        """Whether it is around a point."""
        return bool(self.values.keys() & {"near", "lat"})

    def query_string(self, lang: str) -> str:
        """The question as it stands in an address."""
        return urlencode({**{name: self.one(name) for name in self.values}, "lang": lang})

    def parameters(self) -> dict[str, str]:
        """The question in the parameters of the public interface."""
        given = {name: self.one(name) for name in self.values if name not in _WORDS}
        if words := " ".join(self.one(name) for name in _WORDS if name in self.values):
            given["q"] = words
        if not self.has_place:
            # The form has a radius in it also where there is nothing to measure from.
            given.pop("radius_km", None)
        if given.get("sort") == "distance" and not self.has_place:
            del given["sort"]
        if "q" not in given and not self.has_place:
            # By name the first of a country is "002": what is known best is worth seeing.
            given.setdefault("sort", "relevance")
        return given


def read_asked(arguments: "MultiDict[str, str]") -> Asked:
    """The question of this address."""
    values: dict[str, tuple[str, ...]] = {}
    unknown = []
    for name, texts in arguments.lists():
        given = [text.strip() for text in texts if text.strip()]
        known = _ALIASES.get(name, name)
        if known in SETTINGS:
            values["settlement"] = (*values.get("settlement", ()), *(f"{known}:{text}" for text in given[-1:]))
            continue
        if known in FILTERS:
            parts = [part.strip() for text in given for part in text.split(",")]
            given = list(dict.fromkeys(part for part in parts if part))
        elif known in _SINGLE:
            given = given[-1:]
        elif name not in _NOT_OF_THE_SEARCH:
            unknown.append(name)
            continue
        else:
            continue
        if given:
            values.setdefault(known, tuple(given))
    return Asked({name: texts for name, texts in values.items() if texts}, tuple(unknown))


def understand_asked(question: Asked, facets: Iterable[Facet]) -> Understood:
    """The question as the search takes it. Raises what the interface raises: InvalidRequest, InvalidCursor."""
    given: dict[str, Any] = load_query(MemberQuery(), {**question.parameters(), "limit": str(PAGE_SIZE)})
    given["facets"] = tuple(facets)
    return understand(given, load_codes(), get_gazetteer())
