"""What a place is, what comes of looking for one, and the errors of not finding it."""

from dataclasses import dataclass, field
from typing import Literal

from geodata.countries import country_name
from geodata.points import Point


@dataclass(frozen=True, slots=True)
class Place:
    """A city or region of the gazetteer. `id` is its GeoNames id, `region` the name of its first-level region.

    A region's point is that of its largest city and its population that of its cities together.
    `matched` is the name that the searched words met, where there were any ("Le Caire" of Cairo).
    """

    id: int
    kind: Literal["city", "region"]
    name: str
    country: str
    region_code: str
    region: str | None
    lon: float
    lat: float
    population: int
    time_zone: str
    capital: bool
    matched: str = field(default="", compare=False)

    @property
    def point(self) -> Point:
        return Point(self.lon, self.lat)

    def label(self, lang: str = "en") -> str:
        """Name, region where it has one of another name, and country: "Paris, Texas, United States"."""
        region = self.region if self.kind == "city" and self.region != self.name else None
        return ", ".join(filter(None, (self.name, region, country_name(self.country, lang))))


@dataclass(frozen=True, slots=True)
class Resolution:
    """The place that words most likely mean, and the others that they could mean, best known first.

    `corrected` says that no name was equal to the words and a near spelling was taken.
    """

    place: Place
    alternatives: tuple[Place, ...] = ()
    corrected: bool = False


class UnknownPlace(LookupError):
    """No place has such a name. `nearest` are places whose names are close to it, best first."""

    def __init__(self, words: str, nearest: tuple[Place, ...] = (), message: str | None = None) -> None:
        self.words = words
        self.nearest = nearest
        meant = "; did you mean " + " or ".join(place.label() for place in nearest[:3]) + "?" if nearest else ""
        super().__init__(
            message or f"no place is known as {words!r}{meant or '; give the name of a city, town or region'}"
        )


class CountryNotPlace(UnknownPlace):
    """The words name a country (`code`), which is searched with `country=`, not as a place."""

    def __init__(self, words: str, code: str) -> None:
        self.code = code
        super().__init__(
            words, message=f"{words!r} is a country, not a city, town or region: use country={code} instead"
        )


class GazetteerMissing(RuntimeError):
    """There is no gazetteer file, or one that another version of this program built."""
