"""What was asked, in words and numbers -> a SearchRequest, with the place and the words understood."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from directory.errors import Fault, InvalidRequest
from directory.search.agreements import AgreementFilter
from directory.search.cursor import decode_cursor
from directory.search.request import DEFAULT_FACETS, Circle, SearchRequest, Sort, default_sort
from directory.search.words import parse_words
from directory.vocabulary.codes import Codes
from geodata.gazetteer import Gazetteer
from geodata.places import CountryNotPlace, Place, UnknownPlace
from geodata.points import Bbox, Point

DEFAULT_RADIUS_KM = 25.0
MOST_ALTERNATIVES = 5


@dataclass(frozen=True, slots=True)
class Where:
    """The circle that was understood, the place it is around (if words named one), and other places so named.

    `corrected`: no place is called so, and a near spelling was taken.
    """

    circle: Circle
    place: Place | None = None
    alternatives: tuple[Place, ...] = ()
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """The request, and how its place was read."""

    request: SearchRequest
    where: Where | None


def understand(query: Mapping[str, Any], codes: Codes, gazetteer: Gazetteer) -> Understood:
    """Read parameters that are each valid by themselves (api/parameters.py) as one request.

    Raises InvalidRequest where they contradict each other or name what does not exist, InvalidCursor for a cursor
    of another search.
    """
    where = _understand_where(query, gazetteer)
    units = parse_words(query["q"], codes) if query.get("q") else ()
    if query.get("q") and not units:
        raise InvalidRequest(Fault("q", "There is no letter or digit in these words."))
    unknown = [str(place) for place in query.get("place", ()) if gazetteer.place(place) is None]
    if unknown:
        raise InvalidRequest(Fault("place", f"No such place: {', '.join(unknown)}. Take ids from /v1/places."))
    sort = query.get("sort") or default_sort(has_words=bool(units), has_point=where is not None)
    if sort is Sort.distance and where is None:
        raise InvalidRequest(Fault("sort", "Sorting by distance needs near, or lat and lon."))
    request = SearchRequest(
        units=units,
        countries=_once(query.get("country")),
        places=_once(query.get("place")),
        circle=where.circle if where else None,
        bbox=Bbox(*query["bbox"]) if query.get("bbox") else None,
        types=_once(query.get("type")),
        specialties=_once(query.get("specialty")),
        languages=_once(query.get("language")),
        agreement=AgreementFilter(
            networks=_once(query.get("network")),
            settlements=_once(query.get("settlement")),
            tariff=bool(query.get("tariff")),
        ),
        sort=sort,
        facets=DEFAULT_FACETS if query.get("facets") is None else query["facets"],
        limit=query.get("limit", 20),
    )
    if query.get("cursor"):
        request = replace(request, cursor=decode_cursor(request, query["cursor"]))
    return Understood(request, where)


def _once(values: Any) -> tuple[Any, ...]:
    """The values in one order, each once: the same question in another order is the same search."""
    return tuple(sorted(set(values or ())))


def _understand_where(query: Mapping[str, Any], gazetteer: Gazetteer) -> Where | None:
    lat, lon, near = query.get("lat"), query.get("lon"), query.get("near")
    if (lat is None) != (lon is None):
        raise InvalidRequest(Fault("lat" if lat is None else "lon", "lat and lon go together: give both or neither."))
    if near and lat is not None:
        raise InvalidRequest(Fault("near", "Give either near, or lat and lon, not both."))
    radius_km = query.get("radius_km")
    if lat is None and not near:
        if radius_km is not None:
            raise InvalidRequest(Fault("radius_km", "A radius needs near, or lat and lon."))
        return None
    radius_m = (DEFAULT_RADIUS_KM if radius_km is None else radius_km) * 1000
    if lat is not None and lon is not None:
        return Where(Circle(Point(lon, lat), radius_m))
    try:
        resolution = gazetteer.resolve_place(near or "", country=_once(query.get("country")) or None)
    except CountryNotPlace as error:
        message = f"This names a country, not a place in one: use country={error.code}."
        raise InvalidRequest(Fault("near", message, (f"country={error.code}",))) from error
    except UnknownPlace as error:
        raise InvalidRequest(_unknown_place(error)) from error
    place = resolution.place
    circle = Circle(Point(place.lon, place.lat), radius_m)
    return Where(circle, place, resolution.alternatives[:MOST_ALTERNATIVES], resolution.corrected)


def _unknown_place(error: UnknownPlace) -> Fault:
    if not error.nearest:
        return Fault("near", "No place of the gazetteer has this name. /v1/places completes names as you type.")
    nearest = tuple(place.label() for place in error.nearest)
    return Fault("near", f"No place has this name. Did you mean {' or '.join(nearest)}?", nearest)
