"""Text to place: what people call a city, town or region, in any language and script, and which one they mean."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import get_settings, made_of_settings
from geodata.countries import countries_starting, find_country
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
from geodata.text import fold

if TYPE_CHECKING:
    from geodata.nearest import NearestCity

ALTERNATIVES = 5
# Who types "San José" with its accent means a place that is written so; thousandths of a power of ten of people.
AS_WRITTEN = 200
# A whole name beats longer ones of places sixteen times its size: "Paris" in Texas before the "Paris 18" of Paris.
WHOLE_NAME = 1200
# A near spelling is taken when its place is well known and the next one far less so: "Nairobbi", "Kinshassa".
CORRECTED_LEAST = 5900
CORRECTED_LEAD = 700
# "Granada" (Grenada in Spanish) and "Salvador" are cities first; Jamaica in Queens and Lebanon in Ohio are not.
COUNTRY_RIVAL = 6900
COUNTRY_CITY_PEOPLE = 100_000
SHORTEST_CORRECTED = 6
# "Westlands, Nairobi": a context that is neither country nor region is a city close by.
CLOSE_BY_M = 100_000
# One letter begins the names of dozens of countries: then the best of all places are looked through.
MANY_COUNTRIES = 8


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
        if candidates := self._read_words(words, countries):
            return self._as_resolution(words, candidates)
        near = self._near_spellings(words, countries)
        if _is_plain(near):
            return replace(self._as_resolution(words, near), corrected=True)
        raise UnknownPlace(words, self._suggest(words, near, countries))

    def complete(self, prefix: str, countries: Sequence[str] = (), limit: int = 10) -> list[Place]:
        """Cities with a name that starts so, in any language, best known first; `matched` is that name.

        What follows a comma, or words that would find nothing, are read as the start of a region or country:
        "Paris, Te". Where nothing starts so, cities with a near spelling.
        """
        within = tuple(countries)
        parts = address_parts(prefix)
        matches: dict[int, tuple[int, str]] = {}
        if len(parts) > 1:
            matches = self._complete_in(parts[0], " ".join(parts[1:]), within)
        matches = matches or self._complete_name(fold(prefix), within)
        if not matches and len(parts) == 1:
            ways = (self._complete_in(head, tail, within) for head, tail in two_parts(prefix))
            matches = next(filter(None, ways), {})
        if not matches:
            return list(self._load(self._near_spellings(prefix, within)[:limit], prefix))
        best = sorted(matches, key=lambda place: (-matches[place][0], place))[:limit]
        places = self._file.places(best)
        return [
            replace(places[place], matched=_best_form(self._file.forms(matches[place][1], place), prefix))
            for place in best
        ]

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
        if len(fold(words)) < SHORTEST_CORRECTED:
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

    def _read_words(self, words: str, countries: tuple[str, ...]) -> list[Candidate]:
        if whole := self._file.exact(fold(words), countries):
            return self._prefer_city(whole, words, countries)
        parts = address_parts(words)
        for number, head in enumerate(parts):
            candidates = self._exact_in(head, parts[number + 1 :], countries)
            if number and self._context(head):
                # "12 Rue de Rivoli, New York" is in the city, "Atlantis, Texas" is not just somewhere in Texas.
                candidates = [city for city in candidates if city.kind == "city" and city.score >= COUNTRY_RIVAL]
            if candidates:
                return candidates
        if len(parts) == 1:
            for head, tail in two_parts(words):
                if self._context(tail) and (candidates := self._exact_in(head, [tail], countries)):
                    return candidates
        return []

    def _prefer_city(self, candidates: list[Candidate], words: str, countries: tuple[str, ...]) -> list[Candidate]:
        """Puts the city first where the words name its region: "Nairobi City" is a county with Nairobi in it."""
        first = candidates[0]
        if first.kind == "city":
            return candidates
        for key in variants(words):
            cities = [
                city
                for city in self._file.exact(key, countries)
                if city.kind == "city" and (city.country, city.region_code) == (first.country, first.region_code)
            ]
            if cities:
                city = replace(cities[0], score=first.score + AS_WRITTEN + 1)
                return [city, *(one for one in candidates if one.place != city.place)]
        return candidates

    def _suggest(self, words: str, near: list[Candidate], countries: tuple[str, ...]) -> tuple[Place, ...]:
        """What else may be meant: near spellings, names that start so, the first part alone, other countries."""
        head = address_parts(words)[:1]
        return (
            self._load(near[:ALTERNATIVES], words)
            or tuple(self.complete(words, countries, ALTERNATIVES))
            or tuple(place for part in head for place in self.complete(part, countries, ALTERNATIVES))
            or self._load(self._file.exact(fold(words), ())[:ALTERNATIVES], words)
        )

    def _exact_variant(self, words: str, countries: tuple[str, ...]) -> list[Candidate]:
        return next(filter(None, (self._file.exact(key, countries) for key in variants(words))), [])

    def _exact_in(self, head: str, contexts: Sequence[str], countries: tuple[str, ...]) -> list[Candidate]:
        candidates = self._exact_variant(head, countries)
        for words in contexts:
            if not candidates:
                break
            if context := self._context(words):
                candidates = [city for city in candidates if context.admits(city.country, city.region_code)]
            else:
                candidates = self._close_to(words, candidates, countries)
        return candidates

    def _close_to(self, words: str, candidates: list[Candidate], countries: tuple[str, ...]) -> list[Candidate]:
        """Those of the found places that lie near a city of this name in the same country."""
        around = self._load(self._exact_variant(words, countries), words)
        places = self._file.places(candidate.place for candidate in candidates)
        return [
            candidate
            for candidate in candidates
            if any(
                city.country == candidate.country
                and haversine_m(city.point, places[candidate.place].point) <= CLOSE_BY_M
                for city in around
            )
        ]

    def _context(self, words: str) -> _Context:
        country = find_country(words)
        regions = set().union(*(self._file.regions_named(key) for key in variants(words)))
        return _Context(frozenset([country] if country else ()), frozenset(regions))

    def _context_starting(self, words: str) -> _Context:
        return _Context(frozenset(countries_starting(words)), frozenset(self._file.regions_starting(fold(words))))

    def _near_spellings(self, words: str, countries: tuple[str, ...]) -> list[Candidate]:
        """Near spellings of the words, or of their first part within the rest: "Nairobbi, Kenya"."""
        if candidates := self._file.near_spellings(fold(words), countries):
            return candidates
        parts = address_parts(words)
        ways = [(parts[0], " ".join(parts[1:]))] if len(parts) > 1 else list(two_parts(words))
        for head, tail in ways:
            if context := self._context(tail):
                near = self._file.near_spellings(fold(head), countries or tuple(context.countries))
                if candidates := [city for city in near if context.admits(city.country, city.region_code)]:
                    return candidates
        return []

    def _complete_name(self, key: str, countries: tuple[str, ...]) -> dict[int, tuple[int, str]]:
        """(score, folded name) of the cities whose name starts so, by place."""
        if not key:
            return {}
        best: dict[int, tuple[int, str]] = {}
        whole = [city for city in self._file.exact(key, countries) if city.kind == "city"]
        # Not for other languages' names: "rome" is not Lomé in Togo before Rome in Georgia.
        rows = [(city.place, city.score + WHOLE_NAME * city.main, key) for city in whole]
        for scope in countries or ("",):
            rows += self._file.starting(key, scope)
        # The shortest of a place's equally good names: "서울" before "서울특별시".
        for place, score, name in sorted(rows, key=lambda row: (row[1], -len(row[2]))):
            best[place] = (score, name)
        return best

    def _complete_in(self, head: str, tail: str, countries: tuple[str, ...]) -> dict[int, tuple[int, str]]:
        """The same for a name within a region or country, or within one whose name starts so: "Paris, Te"."""
        ways = (self._complete_within(head, read(tail), countries) for read in (self._context, self._context_starting))
        return next(filter(None, ways), {})

    def _complete_within(self, head: str, context: _Context, countries: tuple[str, ...]) -> dict[int, tuple[int, str]]:
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

    def _as_resolution(self, words: str, candidates: list[Candidate]) -> Resolution:
        order = sorted(
            candidates,
            key=lambda one: (one.slips, -one.score - AS_WRITTEN * _is_form(one.forms, words), one.place),
        )
        first = order[0]
        others = [
            one
            for one in order[1:]
            # The region around the city is no other meaning of the word.
            if one.kind == "city" or (one.country, one.region_code) != (first.country, first.region_code)
        ]
        place, *alternatives = self._load([first, *others[:ALTERNATIVES]], words)
        return Resolution(place, tuple(alternatives))

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


def _is_plain(near: list[Candidate]) -> bool:
    """Whether of these near spellings one is so much better known that it must be meant."""
    if not near or near[0].score < CORRECTED_LEAST:
        return False
    equals = [other for other in near[1:] if other.slips == near[0].slips]
    return all(other.score <= near[0].score - CORRECTED_LEAD for other in equals)


@made_of_settings
def get_gazetteer() -> Gazetteer:
    """The gazetteer of this process, at the path that the settings give."""
    return Gazetteer(get_settings().gazetteer_path)
