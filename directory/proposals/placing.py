"""Where a proposed provider is: its city among the places, its point held against its country."""

from dataclasses import dataclass

from directory.errors import Fault, InvalidRequest
from directory.listings.placing import check_point
from directory.proposals.draft import ProposedProvider
from geodata.countries import country_box, country_name, load_countries
from geodata.gazetteer import Gazetteer
from geodata.places import Place
from geodata.points import Bbox, Point, bounding_box

# Around the middle of a city: what a map of it shows.
_CITY_M = 4000


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The officer's own point, where there is one; the place of the city's words, or the one nearest to the point."""

    point: Point | None
    place: Place | None

    @property
    def around(self) -> Point | None:
        """The point to look around: its own, or else the city's."""
        if self.point:
            return self.point
        return self.place.point if self.place else None


def locate(provider: ProposedProvider, gazetteer: Gazetteer) -> Whereabouts:
    """Where it is. Raises InvalidRequest for a point that lies far from the country."""
    place = gazetteer.match_city(provider.city, provider.country) if provider.city else None
    point = None
    # (0, 0) lies in the sea and is what programs write for "unknown".
    if provider.lat is not None and provider.lon is not None and (provider.lat, provider.lon) != (0, 0):
        point, _ = check_point(provider.country, (provider.lat, provider.lon), place)
        if point is None:
            country = country_name(provider.country, "en")
            raise InvalidRequest(Fault("/provider/lat", f"This point is not in {country}."))
    if point and provider.city:
        place = gazetteer.match_city(provider.city, provider.country, near=point)
    if point and place is None:
        place = gazetteer.nearest(point, provider.country)
    return Whereabouts(point, place)


def find_view(country: str, city: str, gazetteer: Gazetteer) -> Bbox | None:
    """What a map shows before there is a point: the city, or the country where there is none of the name."""
    if country not in load_countries():
        return None
    place = gazetteer.match_city(city, country) if city else None
    return bounding_box(place.point, _CITY_M) if place else country_box(country)
