"""What a place is, what comes of looking for one, and the errors of not finding it."""

from dataclasses import dataclass, field
from typing import Literal

from geodata.countries import country_name
from geodata.labels import LOCAL
from geodata.points import Point
from geodata.text import script_of

Kind = Literal["city", "region", "district", "airport"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer: a city or region (`id` is its GeoNames id), a district of a city, an airport.

    `region` is the name of its first-level region, of a district its city, of an airport the town that it serves.
    A region's point is that of its largest city and its population that of its cities together.
    `labels` are its names by language, and its region's with a dot before the language (`geodata.labels`).
    `matched` is the name that the searched words met, where there were any ("Le Caire" of Cairo).
    """

    id: int
    kind: Kind
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
    labels: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def point(self) -> Point:
        return Point(self.lon, self.lat)

    def name_in(self, lang: str) -> str:
        """The name in the reader's language where it is known, else as it was typed in Arabic, else the main name."""
        typed = self.matched if lang.startswith("ar") and script_of(self.matched) == "Arab" else self.name
        return self.labels.get(lang.partition("-")[0], typed)

    def local_name(self, lang: str) -> str | None:
        """The name in the script of the place's own country, where that is another one than the reader is shown."""
        local = self.labels.get(LOCAL)
        return local if local and script_of(local) != script_of(self.name_in(lang)) else None

    def region_in(self, lang: str) -> str | None:
        """The region's name for the reader; None where it is only known in a script that the reader's is not.

        "القاهرة، مصر" is whole, with "Al Qāhirah" between them it would be half of each.
        """
        if self.kind == "region" or self.region is None:
            return None
        region = self.labels.get(f".{lang.partition('-')[0]}", self.region)
        return region if lang.partition("-")[0] != "ar" or script_of(region) == "Arab" else None

    def label(self, lang: str = "en") -> str:
        """Name, region where it has one of another name, and country: "Paris, Texas, United States"."""
        name, region = self.name_in(lang), self.region_in(lang)
        # "Dakar, Dakar, Senegal": of a city and a region by one name the city is enough.
        region = None if region is None or region in (name, self.name) or self.region == self.name else region
        comma = "، " if lang.partition("-")[0] == "ar" else ", "
        return comma.join(filter(None, (name, region, country_name(self.country, lang))))


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
