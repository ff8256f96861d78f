"""Which listings a request finds, as conditions in SQL: what all that PostGIS answers is made of.

All are asked of `findable`, one row for each active listing (docs/adr/0035-findable.md), so that PostgreSQL may begin
with whichever index leaves the fewest: words, a circle, a country, a type, or the order itself. What the network team
asks is asked of `curated_listing`, which is the same and what is not active beside it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from directory.search.agreements import SETTINGS, AgreementFilter
from directory.search.curated import NONE, Curated
from directory.search.postgis.covering import build_coverage, build_value
from directory.search.ranking import load_ranking
from directory.search.request import Area, Circle, Facet, OpenHours, SearchRequest, Unit, needed
from directory.search.words import SHORTEST_PART, how_many_must
from directory.vocabulary.plans import CoverageArea
from geodata.points import Bbox, Point, distance_m
from geodata.text import latin_words

IN_FORCE = "a.status = 'active' AND a.period @> CURRENT_DATE"
# A box as wide as this leaves so many listings that no index helps to find them.
_WIDE_DEGREES = 90.0
_LON, _LAT = "ST_X(f.point::geometry)", "ST_Y(f.point::geometry)"


class Values:
    """Values that a statement binds; each gets a name of its own."""

    def __init__(self) -> None:
        self.bound: dict[str, Any] = {}

    def add(self, value: Any) -> str:
        """A placeholder for `value`."""
        name = f"v{len(self.bound)}"
        self.bound[name] = value
        return f":{name}"

    def one_of(self, column: str, values: Iterable[Any], kind: str = "text") -> str:
        """The condition that a column has one of these values; of a single one, an index also gives the order."""
        several = list(values)
        if len(several) == 1:
            return f"{column} = {self.add(several[0])}"
        return f"{column} = ANY(CAST({self.add(several)} AS {kind}[]))"


def build_from(request: SearchRequest) -> str:
    """The rows among which a request looks, as `f`."""
    return "curated_listing f" if request.curated else "findable f"


def build_parts(request: SearchRequest) -> tuple[str, ...]:
    """The same rows in the parts that each have an index of their order."""
    return ("curated_active f", "curated_hidden f") if request.curated else ("findable f",)


def build_where(request: SearchRequest, values: Values, *, without: str | None = None) -> str:
    """The condition on `findable f` that the request finds; `without` names a filter to leave out (see facets)."""
    units = [_Wanted.of(unit, values) for unit in needed(request.units)]
    return " AND ".join([*_filters(request, values, without), *_wanted(units), "true"])


def build_branches(request: SearchRequest, values: Values, *, without: str | None = None) -> list[str]:
    """The same as conditions of which each listing that is found meets exactly one, so that each has an index.

    A word that names a specialty is found in two tables, and PostgreSQL has no index for "in one or the other".
    """
    units = [_Wanted.of(unit, values) for unit in needed(request.units)]
    filters = _filters(request, values, without)
    leading = _leading(units)
    everything = [*filters, *_wanted(units)]
    if not leading:
        return [" AND ".join([*everything, "true"])]
    in_row = f"({' OR '.join(unit.in_row for unit in leading)})"
    branches = [" AND ".join([in_row, *everything])]
    if specialties := sorted({specialty for unit in leading for specialty in unit.specialties}):
        offers = values.one_of("s.specialty", specialties)
        among = f"f.listing_id IN (SELECT s.listing_id FROM listing_specialty s WHERE {offers})"
        branches.append(" AND ".join([among, f"NOT {in_row}", *everything]))
    return branches


def build_wanted(unit: Unit, values: Values) -> str:
    """That a listing has one unit, in whatever way."""
    return _Wanted.of(unit, values).condition


class _Wanted(NamedTuple):
    """How one unit is found: by the row itself, or by the specialties that it names."""

    in_row: str
    specialties: tuple[str, ...]
    offered: str | None
    rarity: tuple[bool, int]

    @classmethod
    def of(cls, unit: Unit, values: Values) -> "_Wanted":
        specialties = (*unit.specialties, *unit.also_specialties)
        offered = _offers(specialties, values) if specialties else None
        rarity = (not (unit.types or specialties), len(latin_words(unit.text)))
        return cls(_in_row(unit, values), specialties, offered, rarity)

    @property
    def condition(self) -> str:
        return f"({self.in_row} OR {self.offered})" if self.offered else self.in_row


def _wanted(units: Sequence[_Wanted]) -> list[str]:
    """That enough of the units are found."""
    if how_many_must(len(units)) == len(units):
        return [unit.condition for unit in units]
    matched = " + ".join(f"({unit.condition})::int" for unit in units)
    return [f"{matched} >= {how_many_must(len(units))}"]


def _leading(units: Sequence[_Wanted]) -> Sequence[_Wanted]:
    """Units of which every listing has one: long words that name no type are rare, so an index finds few by them.

    Where all must be found and one stands in the row alone, PostgreSQL itself takes the rarest.
    """
    if how_many_must(len(units)) < len(units):
        return sorted(units, key=lambda unit: unit.rarity, reverse=True)[: 1 + len(units) - how_many_must(len(units))]
    return units[:1] if units and all(unit.offered for unit in units) else ()


def _in_row(unit: Unit, values: Values) -> str:
    """Every way in which the row itself may have a unit: what is found whole is found as a beginning or part too."""
    words = [] if unit.code_only else latin_words(unit.text).split()
    ways = []
    if words:
        part = min(map(len, words)) >= SHORTEST_PART
        ways.append(_like("f.names", [f"%{word}%" if part else f"% {word}%" for word in words], values))
        if not unit.name_only:
            ways.append(_in_city(words, values))
    if unit.forms:
        ways.append(_any_form(unit.forms, values))
    if unit.area:
        ways.append(_in_area(unit.area, values))
    if types := (*unit.types, *unit.also_types):
        ways.append(values.one_of("f.type", types))
    return f"({' OR '.join(ways)})" if ways else "false"


def _filters(request: SearchRequest, values: Values, without: str | None) -> list[str]:
    conditions = list(build_where_filters(request, values).values())
    if request.curated:
        conditions += _curated(request.curated, values)
    facets = build_facet_filters(request, values)
    return [*conditions, *(condition for name, condition in facets.items() if name != without)]


def build_where_filters(request: SearchRequest, values: Values) -> dict[str, str]:
    """What no facet counts away, by name: `circle`, `bbox`, `by_city`, `open_now`."""
    conditions = {}
    if circle := request.circle:
        # On the sphere, as the search engine measures.
        conditions["circle"] = _in_circle(circle, values)
    if request.bbox:
        boxes = (_in_box(box, values) for box in request.bbox.split())
        conditions["bbox"] = f"({' OR '.join(boxes)})"
    if request.by_city is not None:
        conditions["by_city"] = "f.by_city" if request.by_city else "NOT f.by_city"
    if request.open_hours is not None:
        conditions["open_now"] = _open(request.open_hours, values)
    return conditions


def _curated(curated: Curated, values: Values) -> list[str]:
    conditions = []
    if curated.ids is not None:
        conditions.append(values.one_of("f.listing_id", curated.ids, "bigint"))
    if curated.verified_before:
        conditions.append(f"(f.verified_on IS NULL OR f.verified_on < {values.add(curated.verified_before)})")
    return conditions


def _one_of_or_none(column: str, chosen: Iterable[str], values: Values) -> str:
    """That a column has one of these values; NONE among them: or none at all."""
    named = [value for value in chosen if value != NONE]
    ways = [values.one_of(column, named)] if named else []
    if NONE in chosen:
        ways.append(f"{column} IS NULL")
    return f"({' OR '.join(ways)})"


def _open(open_hours: tuple[OpenHours, ...], values: Values) -> str:
    """That the hours, as they are written, are open in the zone in which they hold."""
    ways = [
        f"{values.one_of('c.time_zone', zones)} AND {values.one_of('l.hours', texts)}" for zones, texts in open_hours
    ]
    return (
        "EXISTS (SELECT FROM listing l JOIN location c ON c.id = l.location_id"
        f" WHERE l.id = f.listing_id AND ({' OR '.join(ways) or 'false'}))"
    )


def _in_circle(circle: Circle, values: Values) -> str:
    if circle.is_everywhere:
        return "f.point IS NOT NULL"
    return _within(build_point(circle.center, values), circle.radius_m, values)


def _within(point: str, radius_m: float, values: Values) -> str:
    return f"ST_DWithin(f.point, {point}, {values.add(radius_m)}, false)"


def _within_of(values: Values) -> Callable[[Point, float], str]:
    return lambda center, radius_m: _within(build_point(center, values), radius_m, values)


def build_coverage_value(area: CoverageArea, value: str, values: Values) -> str:
    """That a row is this to a member's area."""
    return build_value(area, value, values.add, _within_of(values))


def _in_box(box: Bbox, values: Values) -> str:
    west, south, east, north = map(values.add, (box.west, box.south, box.east, box.north))
    # 180 and -180 are one meridian.
    edges = [str(-edge) for edge in (box.west, box.east) if abs(edge) == 180]
    across = " OR ".join([f"{_LON} BETWEEN {west} AND {east}", *(f"{_LON} = {edge}" for edge in edges)])
    return f"(({across}) AND {_LAT} BETWEEN {south} AND {north}{_around(box, values)})"


def _around(box: Bbox, values: Values) -> str:
    """That a point may lie in the circle around a box, as far as the index of points says; nothing where it is wide."""
    if box.east - box.west > _WIDE_DEGREES:
        return ""
    center = Point((box.west + box.east) / 2, (box.south + box.north) / 2)
    # No point of a box is farther from its centre than its corners. Metres more, for points on the edge.
    radius_m = max(distance_m(center, box.west, lat) for lat in (box.south, box.north)) * 1.001 + 10
    return f" AND f.point && _ST_Expand({build_point(center, values)}, {values.add(radius_m)})"


def build_facet_filters(request: SearchRequest, values: Values) -> dict[str, str]:
    """The filters that facets count without, by facet, and all that is asked of an agreement as `agreement`."""
    conditions = {}
    if request.countries:
        conditions[Facet.country] = values.one_of("f.country", request.countries)
    if request.places:
        conditions[Facet.city] = values.one_of("f.place_id", request.places, "integer")
    if request.types:
        conditions[Facet.type] = values.one_of("f.type", request.types)
    if request.specialties:
        conditions[Facet.specialty] = _offers(request.specialties, values)
    if request.languages:
        conditions[Facet.language] = f"f.languages && CAST({values.add(list(request.languages))} AS text[])"
    if request.area and request.coverage:
        conditions[Facet.coverage] = build_coverage(request.area, request.coverage, values.add, _within_of(values))
    if request.curated:
        conditions |= _curated_facets(request.curated, values)
    named = {facet.value: condition for facet, condition in conditions.items()}
    if request.agreement:
        named["agreement"] = build_agreed(request.agreement, values)
    return named


def _curated_facets(curated: Curated, values: Values) -> dict[Facet, str]:
    conditions = {}
    if curated.statuses:
        conditions[Facet.status] = values.one_of("f.status", curated.statuses)
    if curated.sources:
        conditions[Facet.source] = _one_of_or_none("f.source", curated.sources, values)
    if curated.owners:
        conditions[Facet.owner] = _one_of_or_none("f.owner", curated.owners, values)
    return conditions


def build_agreed(agreement: AgreementFilter, values: Values) -> str:
    """That one agreement in force satisfies the filter, or none is needed for it."""
    in_force = f"FROM agreement a WHERE a.listing_id = f.listing_id AND {IN_FORCE}"
    if agreement.is_met_by_none or agreement.scope:
        # One look at the agreements of each listing: with two, PostgreSQL reads those of all listings first.
        if agreement.scope:
            in_force += f" AND {values.one_of('a.network', agreement.counted)}"
        return f"(SELECT {build_agreed_of_all(agreement, values)} {in_force})"
    return f"EXISTS (SELECT {in_force} AND {build_agreement_terms(agreement, values)})"


def build_agreed_of_all(agreement: AgreementFilter, values: Values) -> str:
    """The same of all agreements in force of a listing at once: one satisfies it, and none is better than is asked."""
    terms = build_agreement_terms(agreement, values)
    better = [
        f"NOT bool_or({values.one_of(f'a.{setting}', ways)} AND {values.one_of('a.network', agreement.counted)})"
        for setting in SETTINGS
        if (ways := agreement.better(setting))
    ]
    met_by_none = "true" if agreement.is_met_by_none else "false"
    return f"COALESCE({' AND '.join([f'bool_or({terms})', *better])}, {met_by_none})"


def build_agreement_terms(agreement: AgreementFilter, values: Values) -> str:
    terms = [values.one_of(f"a.{setting}", agreement.allowed(setting)) for setting in SETTINGS]
    if agreement.counted:
        terms.append(values.one_of("a.network", agreement.counted))
    if agreement.tariff:
        terms.append("a.tariff")
    if agreement.direct_or_tariff:
        terms.append("(a.outpatient <> 'none' OR a.inpatient <> 'none' OR a.tariff)")
    return " AND ".join(terms)


def _offers(specialties: Iterable[str], values: Values) -> str:
    return (
        "EXISTS (SELECT FROM listing_specialty s WHERE s.listing_id = f.listing_id"
        f" AND {values.one_of('s.specialty', specialties)})"
    )


def build_unit(unit: Unit, values: Values) -> str:
    """What one unit is worth for a listing, 0 where it is not found: see `words.build_words_query`."""
    ways, ranking = build_ways(unit, values), load_ranking().word
    if not ways:
        return "0"
    worths = [f"CASE WHEN {condition} THEN {getattr(ranking, name)} ELSE 0 END" for name, condition in ways]
    best = f"GREATEST({', '.join(worths)})"
    return f"{best} * (1 - {ranking.tie_breaker}) + {ranking.tie_breaker} * ({' + '.join(worths)})"


def build_ways(unit: Unit, values: Values) -> list[tuple[str, str]]:
    """The ways to have a unit, by their names in config/ranking.toml, each with its condition."""
    words = [] if unit.code_only else latin_words(unit.text).split()
    ways = []
    if words:
        ways.append(("exact", _like("f.names", [f"% {word} %" for word in words], values)))
        ways.append(("prefix", _like("f.names", [f"% {word}%" for word in words], values)))
        if not unit.name_only:
            ways.append(("city", _in_city(words, values)))
    if words and min(map(len, words)) >= SHORTEST_PART:
        ways.append(("part", _like("f.names", [f"%{word}%" for word in words], values)))
    for name, types, specialties in (
        ("concept", unit.types, unit.specialties),
        ("also", unit.also_types, unit.also_specialties),
    ):
        if types:
            ways.append((name, values.one_of("f.type", types)))
        if specialties:
            ways.append((name, _offers(specialties, values)))
    if unit.forms:
        ways.append(("form", _any_form(unit.forms, values)))
    if unit.area:
        ways.append(("area", _in_area(unit.area, values)))
    return ways


def _in_city(words: Sequence[str], values: Values) -> str:
    return f"f.cities @> CAST({values.add(list(words))} AS text[])"


def _any_form(forms: Sequence[str], values: Values) -> str:
    ways = [_like("f.names", [f"% {words} %"], values) for form in forms if (words := latin_words(form))]
    return f"({' OR '.join(ways) or 'false'})"


def _in_area(area: Area, values: Values) -> str:
    if area.circle:
        return _within(build_point(area.circle.center, values), area.circle.radius_m, values)
    return values.one_of("f.country", (area.country,))


def _like(column: str, patterns: Sequence[str], values: Values) -> str:
    # Latin words hold letters and digits only, so nothing in them is a wildcard. No LIKE ALL: it knows no index.
    return f"({' AND '.join(f'{column} LIKE {values.add(pattern)}' for pattern in patterns)})"


def build_point(point: Point, values: Values) -> str:
    lon, lat = values.add(point.lon), values.add(point.lat)
    return f"ST_SetSRID(ST_MakePoint(CAST({lon} AS float8), CAST({lat} AS float8)), 4326)::geography"
