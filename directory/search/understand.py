"""What was asked, in words and numbers -> a SearchRequest, with the place and the words understood."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from directory.errors import Fault, InvalidRequest
from directory.search.agreements import AgreementFilter
from directory.search.cursor import InvalidCursor, decode_cursor
from directory.search.insured import Insured, read_insured
from directory.search.line import Line
from directory.search.line_reading import read_line, read_name
from directory.search.line_tokens import split_words
from directory.search.request import (
    DEFAULT_FACETS,
    Circle,
    Facet,
    SearchRequest,
    Shorter,
    Sort,
    Unit,
    default_sort,
    needed,
)
from directory.search.words import build_units
from directory.vocabulary.codes import Codes
from geodata.gazetteer import Gazetteer
from geodata.places import CountryNotPlace, Place, UnknownPlace
from geodata.points import Bbox, Point
from geodata.reading import read_places

DEFAULT_RADIUS_KM = 25.0
MOST_ALTERNATIVES = 5
# Of a line of more parts, none is worth leaving out by itself.
MOST_SHORTER = 6
# What a line wishes for, in the order in which it is given up where nothing has all of it.
WISHES = ("language", "open_now", "settlement")


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
    """The request, and how its place and its line were read.

    `query`: the parameters that were read. `set_aside`: of WISHES, those of the line that nothing met. `insured`: what
    the member said of their plan.
    """

    request: SearchRequest
    where: Where | None
    line: Line | None = None
    query: Mapping[str, Any] | None = None
    set_aside: tuple[str, ...] = ()
    insured: Insured | None = None

    @property
    def asks_for_point(self) -> bool:
        """Whether "near me" was said, and where that is was not."""
        return bool(self.line and self.line.asks_for_point) and not self.where


def understand(query: Mapping[str, Any], codes: Codes, gazetteer: Gazetteer, now: datetime | None = None) -> Understood:
    """Read parameters that are each valid by themselves (api/parameters.py) as one request.

    `now`: the moment at which it must be open, where that is asked. Raises InvalidRequest where they contradict each
    other or name what does not exist, InvalidCursor for a cursor of another search.
    """
    moment = now or datetime.now(UTC)
    line = _read_line(query, codes, gazetteer)
    understood = _understand(query, line, gazetteer, moment)
    if line and not query.get("cursor"):
        request = replace(understood.request, shorter=lambda: _shorter(understood, codes, gazetteer, moment))
        return replace(understood, request=request)
    if not query.get("cursor"):
        return understood
    # Later pages of a search that gave up a wish, or its place, come with its cursor.
    name = as_name(understood, gazetteer, moment)
    tries = [understood, *without_wishes(understood, gazetteer, moment), *([name] if name else [])]
    for number, each in enumerate(tries):
        try:
            return replace(each, request=replace(each.request, cursor=decode_cursor(each.request, query["cursor"])))
        except InvalidCursor:
            if number == len(tries) - 1:
                raise
    raise AssertionError("there is always one")


def without_wishes(understood: Understood, gazetteer: Gazetteer, now: datetime | None = None) -> Iterator[Understood]:
    """The same search without one of the wishes of its line, then without two, then without any."""
    line, query = understood.line, understood.query
    if line is None or query is None:
        return
    said = zip(WISHES, (line.languages, line.open_now, line.pay), strict=True)
    wished = [wish for wish, values in said if values]
    for many in range(1, len(wished) + 1):
        for set_aside in combinations(wished, many):
            fewer = _understand(query, line, gazetteer, now or datetime.now(UTC), set_aside)
            yield replace(fewer, set_aside=set_aside)


def as_name(understood: Understood, gazetteer: Gazetteer, now: datetime | None = None) -> Understood | None:
    """The line as a name and nothing else, where one of its words was read as a place and others as a name.

    "Farmácia Farmax - loja nº1" is a shop in Angola: there is a city of Loja, and nothing called so near it.
    """
    line, query = understood.line, understood.query
    if line is None or query is None or not line.who or not (line.where and line.where.sure):
        return None
    named = {**query, "as_typed": True}
    with suppress(InvalidRequest):
        return _understand(named, read_name(query["q"]), gazetteer, now or datetime.now(UTC))
    return None


def _shorter(understood: Understood, codes: Codes, gazetteer: Gazetteer, now: datetime) -> Iterator[Shorter]:
    """The request without each run of words that asks something, read as if it had been typed so."""
    line, query = understood.line, understood.query
    if line is None or query is None:
        return
    spans = line.asking if 1 < len(line.asking) <= MOST_SHORTER else ()
    typed = [
        (" ".join(line.words[start:end]), " ".join([*line.words[:start], *line.words[end:]])) for start, end in spans
    ]
    for without, left in (*typed, (None, None)):
        shorter = {**query, "q": left}
        # An order by distance, or a radius, needs the place that is left out.
        with suppress(InvalidRequest):
            request = _understand(shorter, _read_line(shorter, codes, gazetteer), gazetteer, now).request
            yield Shorter(without, left, request)


def _read_line(query: Mapping[str, Any], codes: Codes, gazetteer: Gazetteer) -> Line | None:
    typed = query.get("q")
    if not typed:
        return None
    if not split_words(typed, 1):
        raise InvalidRequest(Fault("q", "There is no letter or digit in these words."))
    if query.get("as_typed"):
        return read_name(typed)
    if _has_point(query):
        # Where was said outright: a place among the words is a word like others.
        return read_line(typed, codes, lambda *_: [])
    countries = _once(query.get("country"))
    return read_line(
        typed,
        codes,
        lambda words, forgiving: read_places(words, countries, forgiving=forgiving, gazetteer=gazetteer),
    )


def _understand(
    query: Mapping[str, Any], line: Line | None, gazetteer: Gazetteer, now: datetime, set_aside: tuple[str, ...] = ()
) -> Understood:
    where = _understand_where(query, line, gazetteer)
    units = _read_units(query, line)
    sort = query.get("sort") or default_sort(has_words=bool(units), has_point=where is not None)
    if sort is Sort.distance and where is None:
        raise InvalidRequest(Fault("sort", "Sorting by distance needs near, or lat and lon."))
    wished = _wishes(line, set_aside)
    insured = read_insured(query, now)
    area = insured.area if insured else None
    request = SearchRequest(
        units=units,
        whole=line.whole if line and units else "",
        countries=_once(query.get("country")) or wished["country"],
        places=_known_places(query, gazetteer),
        circle=where.circle if where else None,
        bbox=Bbox(*query["bbox"]) if query.get("bbox") else None,
        types=_once(query.get("type")),
        specialties=_once(query.get("specialty")),
        languages=_once(query.get("language")) or wished["language"],
        agreement=AgreementFilter(
            networks=_once(query.get("network")),
            settlements=_once([*query.get("settlement", ()), *wished["settlement"]]),
            tariff=bool(query.get("tariff")),
            scope=insured.plan.networks if insured else (),
            direct_or_tariff=bool(query.get("direct_or_tariff")),
        ),
        area=area,
        coverage=_once(query.get("coverage")),
        open_at=now if query.get("open_now") or wished["open_now"] else None,
        sort=sort,
        facets=_facets(query.get("facets"), has_area=area is not None),
        limit=query.get("limit", 20),
        said=tuple(name for name, values in wished.items() if values),
    )
    return Understood(request, where, line, query, insured=insured)


def _facets(asked: tuple[Facet, ...] | None, *, has_area: bool) -> tuple[Facet, ...]:
    """What is counted: of an area only where there is one, and then unasked too."""
    if asked is None:
        return (*DEFAULT_FACETS, Facet.coverage) if has_area else DEFAULT_FACETS
    return tuple(facet for facet in asked if has_area or facet is not Facet.coverage)


def _wishes(line: Line | None, set_aside: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """What the line asks of facts, by parameter."""
    wished: dict[str, tuple[str, ...]] = dict.fromkeys(("country", "language", "settlement", "open_now"), ())
    if line:
        country = line.where.country if line.where and line.where.sure else None
        wished = {
            "country": (country,) if country else (),
            "language": tuple(wish.value for wish in line.languages),
            "settlement": tuple(wish.value for wish in line.pay),
            "open_now": (line.open_now,) if line.open_now else (),
        }
    return wished | dict.fromkeys(set_aside, ())


def _read_units(query: Mapping[str, Any], line: Line | None) -> tuple[Unit, ...]:
    if line is None:
        return ()
    units = build_units(line)
    if query.get("as_typed"):
        units = tuple(replace(unit, name_only=True) for unit in units)
    return units if needed(units) else ()


def _known_places(query: Mapping[str, Any], gazetteer: Gazetteer) -> tuple[int, ...]:
    unknown = [str(place) for place in query.get("place", ()) if gazetteer.place(place) is None]
    if unknown:
        raise InvalidRequest(Fault("place", f"No such place: {', '.join(unknown)}. Take ids from /v1/places."))
    return _once(query.get("place"))


def _once(values: Any) -> tuple[Any, ...]:
    """The values in one order, each once: the same question in another order is the same search."""
    return tuple(sorted(set(values or ())))


def _has_point(query: Mapping[str, Any]) -> bool:
    return bool(query.get("near")) or query.get("lat") is not None


def _understand_where(query: Mapping[str, Any], line: Line | None, gazetteer: Gazetteer) -> Where | None:
    lat, lon, near = query.get("lat"), query.get("lon"), query.get("near")
    if (lat is None) != (lon is None):
        raise InvalidRequest(Fault("lat" if lat is None else "lon", "lat and lon go together: give both or neither."))
    if near and lat is not None:
        raise InvalidRequest(Fault("near", "Give either near, or lat and lon, not both."))
    radius_km = query.get("radius_km")
    radius_m = (DEFAULT_RADIUS_KM if radius_km is None else radius_km) * 1000
    if lat is not None and lon is not None:
        return Where(Circle(Point(lon, lat), radius_m))
    if near:
        return _resolve(near, query, radius_m, gazetteer)
    if (said := line.where if line else None) and said.sure and said.place:
        return Where(Circle(said.place.point, radius_m), said.place)
    if radius_km is not None:
        raise InvalidRequest(Fault("radius_km", "A radius needs near, or lat and lon."))
    return None


def _resolve(near: str, query: Mapping[str, Any], radius_m: float, gazetteer: Gazetteer) -> Where:
    try:
        resolution = gazetteer.resolve_place(near, country=_once(query.get("country")) or None)
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
