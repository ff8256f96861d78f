"""Text to place: what people call a city, town or region, in any language and script, and which one they mean."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import get_settings, made_of_settings
from geodata.around import is_around
from geodata.combining import Line, Reading
from geodata.countries import countries_starting, find_country
from geodata.finding import (
    HARDLY_MEANT,
    MUCH_BETTER_KNOWN,
    better_known,
    corrected_readings,
    is_plain,
    partial_readings,
    read_line,
    whole_readings,
)
from geodata.place_file import Candidate, PlaceFile
from geodata.place_words import (
    address_parts,
    named_country,
    tokens_of_unspaced_script,
    two_parts,
    variants,
)
from geodata.places import CountryNotPlace, Place, Resolution, UnknownPlace
from geodata.points import Point, haversine_m
from geodata.spellings import spellings
from geodata.text import fold

if TYPE_CHECKING:
    from geodata.nearest import NearestCity

ALTERNATIVES = 5
# Who types "San José" with its accent means a place that is written so; thousandths of a power of ten of people.
AS_WRITTEN = 200
# A whole name beats longer ones of places sixteen times its size: "Paris" in Texas before the "Paris 18" of Paris.
WHOLE_NAME = 1200
# "Granada" (Grenada in Spanish) and "Salvador" are cities first; Jamaica in Queens and Lebanon in Ohio are not.
COUNTRY_RIVAL = 6900
COUNTRY_CITY_PEOPLE = 100_000
SHORTEST_CORRECTED = 4
SHORTEST_CORRECTED_IN_FILES = 6
# One letter begins the names of dozens of countries: then the best of all places are looked through.
MANY_COUNTRIES = 8


# Scores that no place has.
NEVER = -10_000
CORRECTED_FIRST = 10_000
# The abbreviations of a prefix that are tried: each is another look into the file.
MOST_SPELLINGS = 4

_Matches = dict[int, tuple[int, str]]  # place: score, folded name


@dataclass(frozen=True, slots=True)
class _Context:
    """Where a place must lie: in one of these countries or one of these (country, region code)."""

    countries: frozenset[str]
    regions: frozenset[tuple[str, str]]

    def admits(self, country: str, region_code: str) -> bool:
        return country in self.countries or (country, region_code) in self.regions

    def __bool__(self) -> bool:
        return bool(self.countries or self.regions)


class Gazetteer:
    """The places of the world over one read-only file; any thread or forked process may ask the same object."""

    def __init__(self, path: Path) -> None:
        self._file = PlaceFile(path)
        # The rows of a file lie around the same cities.
        self._city = lru_cache(maxsize=16_384)(self.place)

    @property
    def path(self) -> Path:
        """The file, from which another process makes a gazetteer of its own."""
        return self._file.path

    def place(self, place_id: int) -> Place | None:
        """The place of a GeoNames id."""
        return self._file.places([place_id]).get(place_id)

    def places(self, ids: Iterable[int]) -> dict[int, Place]:
        """The places of these ids that there are, by id."""
        return self._file.places(ids)

    def names(self, place_id: int) -> tuple[str, ...]:
        """Every name of a place in every language, its main name first; names that fold alike come once."""
        return self._file.names(place_id)

    def all_places(self) -> Iterator[Place]:
        """Every city and region, by id."""
        return self._file.all_places()

    def resolve_place(self, words: str, country: str | Sequence[str] | None = None) -> Resolution:
        """The place that the words mean, of the given countries (alpha-2) where some are given.

        Reads a name in any language ("القاهرة"), with its region or country ("Paris, TX", "Goma DRC"), and with a
        slip where only one well-known place is close ("Nairobbi"). Several places of one name: the best known,
        the others named. Raises UnknownPlace with the nearest names, CountryNotPlace for the name of a country.
        """
        countries = _as_tuple(country)
        self._refuse_country(words, countries)
        line = read_line(self._file, words, countries)
        if readings := whole_readings(line):
            return self._as_resolution(words, readings, better_known(line, readings))
        readings = corrected_readings(line)
        if is_plain(readings) or (readings := partial_readings(line)):
            return replace(self._as_resolution(words, readings), corrected=True)
        raise UnknownPlace(words, self._suggest(words, readings, countries))

    def read_line(self, words: str | Sequence[str], countries: Sequence[str] = ()) -> Line:
        """What each run of the words may mean; for `geodata.reading`, which finds places within a line."""
        return read_line(self._file, words, tuple(countries))

    def complete(self, prefix: str, countries: Sequence[str] = (), limit: int = 10) -> list[Place]:
        """Cities with a name that starts so, in any language, best known first; `matched` is that name.

        What follows a comma, or words that would find nothing, are read as the start of a region or country:
        "Paris, Te". Where nothing starts so, cities with a near spelling.
        """
        within = tuple(countries)
        matches = self._completions(prefix, within)
        best = sorted(matches, key=lambda place: (-matches[place][0], place))[:limit]
        named = self._file.places_named({place: matches[place][1] for place in best})
        return [named[place].called(_best_form(named[place].forms, prefix)) for place in best]

    def _completions(self, prefix: str, countries: tuple[str, ...]) -> _Matches:
        """(score, folded name) by place: what starts so or is whole, in its context too, else near spellings."""
        parts = address_parts(prefix)
        matches: _Matches = {}
        if len(parts) > 1:
            if matches := self._complete_in(parts[0], " ".join(parts[1:]), countries):
                return matches
        elif not countries and (code := named_country(prefix)):
            matches = self._cities_of(prefix, code)
        matches = matches or self._complete_spellings(prefix, countries)
        if matches and _is_one_word(prefix) and not _is_weak(matches):
            return matches
        line = read_line(self._file, prefix, countries)
        matches |= _whole_matches(whole_readings(line), matches)
        if not matches and len(parts) == 1:
            ways = (self._complete_in(head, tail, countries) for head, tail in two_parts(prefix))
            matches = next(filter(None, ways), {})
        if _is_weak(matches) and len(prefix) >= SHORTEST_CORRECTED:
            matches = _with_near_spellings(matches, corrected_readings(line) or partial_readings(line))
        return matches

    def _cities_of(self, words: str, code: str) -> _Matches:
        """The best known cities of a country that is named, unless a city of that name is what people mean."""
        try:
            self._refuse_country(words, ())
        except CountryNotPlace:
            return {place: (score, key) for place, score, key in self._file.best_of_country(code, ALTERNATIVES)}
        return {}

    def _complete_spellings(self, prefix: str, countries: tuple[str, ...]) -> _Matches:
        """Cities whose name starts so, in any of the ways to write it: "St Maur", "Mt Ken"."""
        keys = islice(spellings(fold(prefix)), MOST_SPELLINGS)
        # Most words are written in one way.
        matches = self._complete_name(next(keys, ""), countries)
        for number, key in enumerate(keys, 1):
            for place, (score, name) in self._complete_name(key, countries).items():
                matches[place] = max(matches.get(place, (NEVER, "")), (score - number, name))
        return matches

    def match_city(
        self, words: str, country: str, near: Point | None = None, region: str | None = None
    ) -> Place | None:
        """The city of a country that a file's words mean, or None.

        Tried in turn: the whole as a name in any language, without words like "City" or "시", each part of an
        address, and a near spelling of one well-known city. Of several cities those in the region count, where its
        words say one of theirs, then the one nearest to `near`, else the best known.
        """
        for part in _parts(words):
            for key in variants(part):
                if cities := [city for city in self._file.exact(key, (country,)) if city.kind == "city"]:
                    return self._choose(self._in_region(cities, region), near)
        if len(fold(words)) < SHORTEST_CORRECTED_IN_FILES:
            return None
        close = self._file.near_spellings(fold(words), (country,))
        close = [city for city in close if city.slips == close[0].slips]
        return self._choose(close, None) if len(close) == 1 else None

    def _in_region(self, cities: list[Candidate], region: str | None) -> list[Candidate]:
        if not region or len(cities) == 1:
            return cities
        regions = self._context(region).regions
        return [city for city in cities if (city.country, city.region_code) in regions] or cities

    def nearest(self, point: Point, country: str | None = None) -> Place | None:
        """The city nearest to a point, of a country where one is given; None where that has no city."""
        number = self._nearest_city.find(point, country or "")
        return None if number is None else self._city(number)

    @cached_property
    def _nearest_city(self) -> "NearestCity":
        # Not every process asks for it: the points of all cities take some 10 MB.
        from geodata.nearest import NearestCity  # noqa: PLC0415

        return NearestCity(self._file)

    def _refuse_country(self, words: str, countries: tuple[str, ...]) -> None:
        """Raises CountryNotPlace for a country's name, unless a city of that name is what people mean.

        "Djibouti", "تونس" and "Mexico" are the cities too, "Granada" is the one in Spain, "Georgia" with
        country=US the state.
        """
        parts = [part for part in address_parts(words) if not is_around(fold(part))]
        words = parts[0] if len(parts) == 1 else words  # "Kenya, Africa"
        code = named_country(words)
        if code is None or (countries and code not in countries):
            return
        cities = [city for city in self._file.exact(fold(words), countries) if city.kind == "city"]
        places = self._file.places(city.place for city in cities)
        for city in cities:
            place = places[city.place]
            large = place.capital or place.population >= COUNTRY_CITY_PEOPLE
            if (city.country == code and large) or city.score >= COUNTRY_RIVAL:
                return
        raise CountryNotPlace(words, code)

    def _suggest(self, words: str, near: list[Reading], countries: tuple[str, ...]) -> tuple[Place, ...]:
        """What else may be meant: near spellings, names that start so, the first part alone, other countries."""
        head = address_parts(words)[:1]
        return (
            self._load([one.candidate for one in near[:ALTERNATIVES]], words)
            or tuple(self.complete(words, countries, ALTERNATIVES))
            or tuple(place for part in head for place in self.complete(part, countries, ALTERNATIVES))
            or self._load(self._file.exact(fold(words), ())[:ALTERNATIVES], words)
        )

    def _context(self, words: str) -> _Context:
        country = find_country(words)
        regions = set().union(*self._file.regions_named(list(variants(words)), counties=False).values())
        return _Context(frozenset([country] if country else ()), frozenset(regions))

    def _context_starting(self, words: str) -> _Context:
        return _Context(frozenset(countries_starting(words)), frozenset(self._file.regions_starting(fold(words))))

    def _complete_name(self, key: str, countries: tuple[str, ...]) -> _Matches:
        """(score, folded name) of the cities whose name starts so, by place."""
        if not key:
            return {}
        best: _Matches = {}
        # Not for other languages' names: "rome" is not Lomé in Togo before Rome in Georgia.
        rows = [
            (place, score + WHOLE_NAME * main, key) for place, score, main in self._file.cities_called(key, countries)
        ]
        for scope in countries or ("",):
            rows += self._file.starting(key, scope)
        # The shortest of a place's equally good names: "서울" before "서울특별시".
        for place, score, name in rows:
            known = best.get(place)
            if known is None or (score, -len(name)) >= (known[0], -len(known[1])):
                best[place] = (score, name)
        return best

    def _complete_in(self, head: str, tail: str, countries: tuple[str, ...]) -> _Matches:
        """The same for a name within a region or country, or within one whose name starts so: "Paris, Te"."""
        ways = (self._complete_within(head, read(tail), countries) for read in (self._context, self._context_starting))
        return next(filter(None, ways), {})

    def _complete_within(self, head: str, context: _Context, countries: tuple[str, ...]) -> _Matches:
        scopes = {*context.countries, *(country for country, _ in context.regions)}
        if countries:
            scopes &= set(countries)
        if not scopes:
            return {}
        if len(scopes) > MANY_COUNTRIES:
            scopes = set(countries)
        matches = self._complete_name(fold(head), tuple(sorted(scopes)))
        places = self._file.places(matches)
        return {
            number: best
            for number, best in matches.items()
            if context.admits(places[number].country, places[number].region_code)
        }

    def _as_resolution(self, words: str, readings: list[Reading], better: Sequence[Reading] = ()) -> Resolution:
        """The first reading and others; of those `better` known by a near spelling the first comes second."""
        order = sorted(readings, key=lambda one: (one.candidate.slips, -self._rank(one, words)))
        order[1:1] = better[:1]
        first = order[0].candidate
        others = [
            one.candidate
            for one in order[1:]
            # The region around the city is no other meaning of the word.
            if one.candidate.kind != "region"
            or (one.candidate.country, one.candidate.region_code) != (first.country, first.region_code)
        ]
        place, *alternatives = self._load([first, *others[:ALTERNATIVES]], words)
        return Resolution(place, tuple(alternatives))

    @staticmethod
    def _rank(one: Reading, words: str) -> int:
        return one.score + AS_WRITTEN * _is_form(one.candidate.forms, words)

    def _choose(self, candidates: Sequence[Candidate], near: Point | None) -> Place:
        """The nearest of the found places, or the first; `matched` is not told."""
        ids = [candidate.place for candidate in (candidates if near else candidates[:1])]
        places = self._file.places(ids)
        return (
            places[ids[0]]
            if near is None
            else min(map(places.__getitem__, ids), key=lambda place: haversine_m(place.point, near))
        )

    def _load(self, candidates: Sequence[Candidate], words: str) -> tuple[Place, ...]:
        places = self._file.places(candidate.place for candidate in candidates)
        return tuple(
            replace(places[candidate.place], matched=_best_form(candidate.forms, words)) for candidate in candidates
        )


def _whole_matches(readings: list[Reading], known: _Matches) -> _Matches:
    """What all the words mean, where it is not known already by a better score."""
    # Listings point to cities: a region is offered where nothing else is so called.
    offered = [one for one in readings if one.candidate.kind != "region"] or ([] if known else readings)
    whole = {one.candidate.place: (one.score, fold(one.candidate.forms[0])) for one in offered}
    return {place: match for place, match in whole.items() if place not in known or match[0] > known[place][0]}


def _is_one_word(prefix: str) -> bool:
    return len(fold(prefix).split(" ")) == 1


def _is_weak(matches: _Matches) -> bool:
    """Whether nothing that starts so is what people are likely to type."""
    return max((score for score, _ in matches.values()), default=0) < HARDLY_MEANT


def _with_near_spellings(matches: _Matches, readings: list[Reading]) -> _Matches:
    """Puts what may be meant with a slip behind the best that starts so, or first where nothing does."""
    near = [one for one in readings if one.candidate.place not in matches and _is_near(one, matches)]
    first = max((score for score, _ in matches.values()), default=CORRECTED_FIRST)
    return matches | {
        one.candidate.place: (first - 1 - number, fold(one.candidate.forms[0])) for number, one in enumerate(near)
    }


def _is_near(reading: Reading, matches: _Matches) -> bool:
    if reading.candidate.kind == "region":
        return False
    return not matches or (reading.candidate.slips == 1 and reading.score >= HARDLY_MEANT + MUCH_BETTER_KNOWN)


def _parts(words: str) -> Iterator[str]:
    # The whole is mostly enough.
    yield words
    yield from address_parts(words)[:4]
    yield from tokens_of_unspaced_script(words)


def _is_form(forms: Iterable[str], words: str) -> bool:
    return words.strip().casefold() in (form.casefold() for form in forms)


def _best_form(forms: Sequence[str], words: str) -> str:
    """The written form that was typed, or begins as typed; else the first: "Kiev" of "Kíev", "Kiev" and "Kîev"."""
    typed = words.strip().casefold()
    starting = [form for form in forms if form.casefold().startswith(typed)]
    return min(starting, key=len) if starting else forms[0]


def _as_tuple(country: str | Sequence[str] | None) -> tuple[str, ...]:
    return (country,) if isinstance(country, str) else tuple(country or ())


@made_of_settings
def get_gazetteer() -> Gazetteer:
    """The gazetteer of this process, at the path that the settings give."""
    return Gazetteer(get_settings().gazetteer_path)
