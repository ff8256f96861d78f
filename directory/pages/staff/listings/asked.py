"""What the address of the list says: its search, columns, map. Every link of the page changes one thing of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

# Parameters of the interface that the page takes; those with several values in one are facets.
FACETS = {
    "status": "status",
    "type": "type",
    "country": "country",
    "place": "city",
    "specialty": "specialty",
    "network": "network",
    "settlement": "settlement",
    "owner": "owner",
    "source": "source",
}
_SEVERAL = (*FACETS, "language")
_SINGLE = ("q", "near", "lat", "lon", "radius_km", "bbox", "tariff", "stale", "sort")
SEARCH = (*_SINGLE, *_SEVERAL)
_OF_PAGE = ("columns", "map", "cursor")

# What stands in a row besides its name, in the order in which it is offered.
COLUMNS = (
    "number", "type", "city", "country", "status", "agreements", "owner", "verified_on", "phone", "source",
    "external_id", "updated_at",
)  # fmt: skip
DEFAULT_COLUMNS = ("type", "city", "country", "status", "agreements", "verified_on", "owner")


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters that say something, as texts; several values of one are separated by commas."""

    values: Mapping[str, str]

    def one(self, name: str) -> str:
        """The value of a parameter; empty where there is none."""
        return self.values.get(name, "")

    def chosen(self, name: str) -> tuple[str, ...]:
        """The values of a facet."""
        return tuple(part for part in self.one(name).split(",") if part)

    def changed(self, **changes: str | Iterable[str] | None) -> "Asked":
        """The same list asked otherwise, from its first page on; None and nothing leave a parameter out."""
        texts = {name: value if isinstance(value, str) else ",".join(value or ()) for name, value in changes.items()}
        kept = {name: text for name, text in self.values.items() if name != "cursor"} | texts
        return Asked({name: text for name, text in kept.items() if text})

    def toggled(self, name: str, value: str) -> "Asked":
        """With one value of a facet more, or less where it was chosen."""
        chosen = self.chosen(name)
        return self.changed(
            **{name: [each for each in chosen if each != value] if value in chosen else (*chosen, value)}
        )

    def with_columns(self, kept: str) -> "Asked":
        """With columns that were chosen before."""
        return Asked({**self.values, "columns": kept} if kept else self.values)

    @property
    def search(self) -> dict[str, str]:
        """What is asked of the interface, without the page."""
        given = {name: text for name, text in self.values.items() if name in SEARCH}
        if not ("near" in given or "lat" in given):
            # The form has a radius in it also where there is nothing to measure from.
            given.pop("radius_km", None)
        return given

    @property
    def filters(self) -> dict[str, str]:
        """What leaves something out."""
        return {name: text for name, text in self.search.items() if name not in ("sort", "radius_km")}

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, in their order; those of everybody where none that is known is named."""
        chosen = self.chosen("columns")
        return tuple(name for name in COLUMNS if name in chosen) or DEFAULT_COLUMNS

    @property
    def search_string(self) -> str:
        """The search alone as it stands in an address, for what works on all that it finds."""
        return urlencode(self.search)

    @property
    def query_string(self) -> str:
        """As it stands in an address, without the page."""
        return urlencode({name: text for name, text in self.values.items() if name != "cursor"})


def read_asked(arguments: Mapping[str, Iterable[str]]) -> Asked:
    """The address's parameters; a facet that a form sends several times is one, and what is none of ours is dropped."""
    values = {}
    for name in (*SEARCH, *_OF_PAGE):
        texts = [text.strip() for text in arguments.get(name, ()) if text.strip()]
        several = name in _SEVERAL or name == "columns"
        if texts:
            values[name] = ",".join(dict.fromkeys(texts)) if several else texts[-1]
    return Asked(values)
