"""Which words of a line name a place, or a country."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geodata.countries import find_country
from geodata.gazetteer import Gazetteer
from geodata.place_file import Candidate
from geodata.place_words import named_country
from geodata.places import Place

LONGEST_NAME = 4
# A name beside its country or region is sure; thousandths of a power of ten of people, as the gazetteer counts.
WITH_CONTEXT = 6000
A_WORD_MORE = 400
A_COUNTRY = 8000


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """Words `start` to `end` (exclusive) name a place or a country; the higher the score, the better known."""

    start: int
    end: int
    place: Place | None
    country: str | None
    score: int


@dataclass(frozen=True, slots=True)
class _Named:
    """What a run of words may name."""

    start: int
    end: int
    country: str | None
    candidates: tuple[Candidate, ...]


def read_places(words: Sequence[str | None], gazetteer: Gazetteer, countries: tuple[str, ...]) -> list[PlaceReading]:
    """The readings, best first. A word that is None belongs to no place. `countries`: where places may lie; empty: anywhere."""
    named = list(_find_named(words, gazetteer, countries))
    chosen = [*_alone(named), *_with_context(named, words)]
    places = gazetteer.places({candidate.place for _, _, candidate, _ in chosen if candidate})
    readings = [
        PlaceReading(
            start,
            end,
            places[candidate.place] if candidate else None,
            None if candidate else country,
            (candidate.score if candidate else A_COUNTRY) + A_WORD_MORE * (end - start - 1),
        )
        for start, end, candidate, country in chosen
    ]
    return sorted(readings, key=lambda reading: (-reading.score, reading.start))


def _find_named(words: Sequence[str | None], gazetteer: Gazetteer, countries: tuple[str, ...]) -> Iterator[_Named]:
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST_NAME, len(words)) + 1):
            run = words[start:end]
            if None in run:
                break
            text = " ".join(filter(None, run))
            country = named_country(text)
            candidates = gazetteer.named(text, countries)
            if country and countries and country not in countries:
                country = None
            if country or candidates:
                yield _Named(start, end, country, tuple(candidates))


_Chosen = tuple[int, int, Candidate | None, str | None]


def _alone(named: Sequence[_Named]) -> Iterator[_Chosen]:
    for each in named:
        best = next(iter(each.candidates), None)
        # "Djibouti", "Mexico" and "تونس" are countries and their capitals: the smaller one is meant with care around.
        if each.country and not (best and best.country == each.country and best.kind == "city"):
            yield each.start, each.end, None, each.country
        elif best:
            yield each.start, each.end, best, None


def _with_context(named: Sequence[_Named], words: Sequence[str | None]) -> Iterator[_Chosen]:
    """A name and its country or region side by side, in either order: "Paris Texas", "Kenya Nairobi"."""
    for place in named:
        for context in named:
            if place.end == context.start or context.end == place.start:
                country = context.country or find_country(" ".join(map(str, words[context.start : context.end])))
                inside = {(c.country, c.region_code) for c in context.candidates if c.kind == "region"}
                for candidate in place.candidates:
                    if candidate.country == country or (candidate.country, candidate.region_code) in inside:
                        surer = replace(candidate, score=candidate.score + WITH_CONTEXT)
                        yield min(place.start, context.start), max(place.end, context.end), surer, None
                        break
