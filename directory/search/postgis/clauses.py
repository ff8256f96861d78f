"""FROM and WHERE of the listings that a request finds, in SQL: what all that PostGIS answers is made of."""

from collections.abc import Iterable, Sequence
from typing import Any

from directory.search.agreements import SETTINGS, AgreementFilter
from directory.search.ranking import load_ranking
from directory.search.request import Circle, Facet, SearchRequest, Unit
from directory.search.words import SHORTEST_PART, how_many_must
from geodata.points import Bbox
from geodata.text import latin_words

IN_FORCE = "a.status = 'active' AND a.period @> CURRENT_DATE"


class Values:
    """Values that a statement binds; each gets a name of its own."""

    def __init__(self) -> None:
        self.bound: dict[str, Any] = {}

    def add(self, value: Any) -> str:
        """A placeholder for `value`."""
        name = f"v{len(self.bound)}"
        self.bound[name] = value
        return f":{name}"

    def any_of(self, values: Iterable[Any], kind: str = "text") -> str:
        """A placeholder for an array of them."""
        return f"ANY(CAST({self.add(list(values))} AS {kind}[]))"


def build_from(request: SearchRequest, values: Values, *, without: str | None = None) -> str:
    """FROM and WHERE of the listings that the request finds; `without` names a filter to leave out (see facets)."""
    conditions = ["l.status = 'active'", *_where(request, values), *_facet_filters(request, values, without)]
    if request.units:
        found = " + ".join(f"(({build_unit(unit, values)}) > 0)::int" for unit in request.units)
        conditions.append(f"{found} >= {how_many_must(len(request.units))}")
    return (
        "FROM listing l JOIN location c ON c.id = l.location_id JOIN provider p ON p.id = l.provider_id"
        f" LEFT JOIN place pl ON pl.id = c.place_id WHERE {' AND '.join(conditions)}"
    )


def _where(request: SearchRequest, values: Values) -> list[str]:
    conditions = []
    if circle := request.circle:
        # On the sphere, as the search engine measures.
        conditions.append(f"ST_DWithin(c.point, {build_point(circle, values)}, {values.add(circle.radius_m)}, false)")
    if request.bbox:
        boxes = (_in_box(box, values) for box in request.bbox.split())
        conditions.append(f"({' OR '.join(boxes)})")
    return conditions


def _in_box(box: Bbox, values: Values) -> str:
    west, south, east, north = map(values.add, (box.west, box.south, box.east, box.north))
    inside = f"ST_Intersects(c.point::geometry, ST_MakeEnvelope({west}, {south}, {east}, {north}, 4326))"
    # 180 and -180 are one meridian.
    edges = [str(-edge) for edge in (box.west, box.east) if abs(edge) == 180]
    on_edge = "".join(
        f" OR (ST_X(c.point::geometry) = {edge} AND ST_Y(c.point::geometry) BETWEEN {south} AND {north})"
        for edge in edges
    )
    return f"({inside}{on_edge})"


def _facet_filters(request: SearchRequest, values: Values, without: str | None) -> list[str]:
    conditions = {}
    if request.countries:
        conditions[Facet.country] = f"c.country = {values.any_of(request.countries)}"
    if request.places:
        conditions[Facet.city] = f"c.place_id = {values.any_of(request.places, 'integer')}"
    if request.types:
        conditions[Facet.type] = f"l.type = {values.any_of(request.types)}"
    if request.specialties:
        conditions[Facet.specialty] = _offers(request.specialties, values)
    if request.languages:
        conditions[Facet.language] = f"l.languages && CAST({values.add(list(request.languages))} AS text[])"
    named = {facet.value: condition for facet, condition in conditions.items()}
    if request.agreement:
        in_force = f"SELECT FROM agreement a WHERE a.listing_id = l.id AND {IN_FORCE}"
        met = f"EXISTS ({in_force} AND {build_agreement_terms(request.agreement, values)})"
        named["agreement"] = f"({met} OR NOT EXISTS ({in_force}))" if request.agreement.is_met_by_none else met
    return [condition for name, condition in named.items() if name != without]


def build_agreement_terms(asked: AgreementFilter, values: Values) -> str:
    terms = [f"a.{setting} = {values.any_of(asked.allowed(setting))}" for setting in SETTINGS]
    if asked.networks:
        terms.append(f"a.network = {values.any_of(asked.networks)}")
    if asked.tariff:
        terms.append("a.tariff")
    return " AND ".join(terms)


def _offers(specialties: Iterable[str], values: Values) -> str:
    return (
        "EXISTS (SELECT FROM listing_specialty s WHERE s.listing_id = l.id"
        f" AND s.specialty = {values.any_of(specialties)})"
    )


def build_unit(unit: Unit, values: Values) -> str:
    """What one unit is worth for a listing, 0 where it is not found: see `words.build_words_query`."""
    ranking = load_ranking().word
    words = latin_words(unit.text).split()
    ways = []
    if words:
        ways.append((ranking.exact, _like("p.latin_names", [f"% {word} %" for word in words], values)))
        ways.append((ranking.prefix, _like("p.latin_names", [f"% {word}%" for word in words], values)))
        city = [f"% {word} %" for word in words]
        either = f"{_like('c.latin_city', city, values)} OR {_like('pl.latin_name', city, values)}"
        ways.append((ranking.city, f"COALESCE({either}, false)"))
    if words and min(map(len, words)) >= SHORTEST_PART:
        ways.append((ranking.part, _like("p.latin_names", [f"%{word}%" for word in words], values)))
    if unit.types:
        ways.append((ranking.concept, f"l.type = {values.any_of(unit.types)}"))
    if unit.specialties:
        ways.append((ranking.concept, _offers(unit.specialties, values)))
    if not ways:
        return "0"
    worths = [f"CASE WHEN {condition} THEN {worth} ELSE 0 END" for worth, condition in ways]
    best = f"GREATEST({', '.join(worths)})"
    return f"{best} * (1 - {ranking.tie_breaker}) + {ranking.tie_breaker} * ({' + '.join(worths)})"


def _like(column: str, patterns: Sequence[str], values: Values) -> str:
    # Latin words hold letters and digits only, so nothing in them is a wildcard.
    return f"{column} LIKE ALL (CAST({values.add(list(patterns))} AS text[]))"


def build_point(circle: Circle, values: Values) -> str:
    lon, lat = values.add(circle.center.lon), values.add(circle.center.lat)
    return f"ST_SetSRID(ST_MakePoint(CAST({lon} AS float8), CAST({lat} AS float8)), 4326)::geography"
