"""The order of hits in SQL: what each key of search/order.py is, and what comes after a cursor."""

from collections.abc import Mapping, Sequence

from directory.search.order import BY_CITY, DISTANCE, ID, NAME, SCORE, STANDING, Key, names_a_house, order_of
from directory.search.postgis.clauses import IN_FORCE, Values, build_point, build_unit
from directory.search.query import SMALLEST_HALF_M
from directory.search.ranking import load_ranking
from directory.search.request import SearchRequest, needed
from directory.search.standing import EPOCH, POINT
from geodata.text import latin_words


def build_keys(request: SearchRequest, values: Values) -> dict[Key, str]:
    """Each key of a request's order, the first one first, as an expression on `f`."""
    return {key: _expression(key, request, values) for key in order_of(request)}


def build_sort(keys: Sequence[Key], prefix: str = "") -> str:
    """The order by columns of the keys' names."""
    return ", ".join(f"{prefix}{key.name}{' DESC' if key.descending else ''}" for key in keys)


def build_after(request: SearchRequest, values: Values, columns: Mapping[Key, str] | None = None) -> str:
    """What comes after the cursor, of columns that have the keys' names, or of these expressions."""
    if not request.cursor:
        return "true"
    ways: list[str] = []
    equal: list[str] = []
    for key, last in zip(order_of(request), request.cursor.after, strict=True):
        column, value = columns[key] if columns else key.name, values.add(last)
        ways.append(" AND ".join([*equal, f"{column} {'<' if key.descending else '>'} {value}"]))
        equal.append(f"{column} = {value}")
    return f"({' OR '.join(f'({way})' for way in ways)})"


def _expression(key: Key, request: SearchRequest, values: Values) -> str:
    if key is DISTANCE and request.circle:
        # Metres on the sphere, and the order that the index of points has.
        return f"(f.point <-> {build_point(request.circle.center, values)})"
    if key is SCORE:
        return _score(request, values)
    return {BY_CITY: "f.by_city::int", STANDING: build_standing(), NAME: "f.sort_name", ID: "f.listing_id"}[key]


def build_standing() -> str:
    """What `standing.standing_of` counts, from the tables."""
    worth = load_ranking().standing
    ways = "(a.outpatient = '{0}' OR a.inpatient = '{0}')"
    agreed = f"SELECT FROM agreement a WHERE a.listing_id = l.id AND {IN_FORCE} AND "
    offers = "SELECT FROM listing_specialty s WHERE s.listing_id = l.id"
    points = [
        f"{worth.point} * (c.precision IS NOT DISTINCT FROM 'exact')::int",
        f"CASE WHEN EXISTS ({agreed}{ways.format('card')}) THEN {worth.card}"
        f" WHEN EXISTS ({agreed}{ways.format('guarantee_letter')}) THEN {worth.letter} ELSE 0 END",
        f"{worth.verified} * (l.verified_on IS NOT NULL)::int",
        f"{worth.phone} * (cardinality(c.phones) > 0)::int",
        f"{worth.detail} * ((COALESCE(c.address, '') <> '')::int + (COALESCE(l.hours, '') <> '')::int"
        f" + (COALESCE(c.website, '') <> '')::int + EXISTS ({offers})::int)",
    ]
    days = f"COALESCE(l.verified_on - DATE '{EPOCH}', 0)"
    return (
        f"(SELECT ({' + '.join(points)}) * {POINT} + {days}"
        " FROM listing l JOIN location c ON c.id = l.location_id WHERE l.id = f.listing_id)"
    )


def _score(request: SearchRequest, values: Values) -> str:
    worths = [build_unit(unit, values) for unit in request.units] or ["0"]
    return f"CAST({' + '.join([*worths, *build_bonuses(request, values).values()])} AS float8)"


def build_bonuses(request: SearchRequest, values: Values) -> dict[str, str]:
    """What a listing is worth beside its units, by the names of config/ranking.toml."""
    ranking = load_ranking()
    bonuses = {}
    whole = latin_words(request.whole or " ".join(unit.text for unit in needed(request.units)))
    if " " in whole:
        pattern = values.add(f"% {whole} %")
        bonuses["phrase"] = f"CASE WHEN f.names LIKE {pattern} THEN {ranking.phrase} ELSE 0 END"
    if names_a_house(request.units):
        words = "cardinality(string_to_array(trim(name), ' '))"
        shortest = f"(SELECT min({words}) FROM unnest(string_to_array(f.names, '|')) AS name)"
        bonuses["brevity"] = f"COALESCE({ranking.brevity} / NULLIF({shortest}, 0), 0)"
    if request.circle and request.units:
        half_m = max(request.circle.radius_m * ranking.distance.half_at, SMALLEST_HALF_M)
        distance = f"ST_Distance(f.point, {build_point(request.circle.center, values)}, false)"
        near = f"{ranking.distance.weight} * 0.5 ^ ({distance} / {half_m})"
        bonuses["distance"] = f"CASE WHEN f.by_city THEN 0 ELSE {near} END"
    return bonuses
