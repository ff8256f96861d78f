"""The words of a query: units -> clauses.

Every unit must be found (one may be missing from four on), in the name, as a type or specialty, or as the city. Those
that are optional only count for the order.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from directory.search.filters import build_circle
from directory.search.line import Line, Part
from directory.search.line_reading import read_line
from directory.search.line_tokens import MAX_WORDS
from directory.search.near_words import LONGEST_PART, Way, all_words, build_forgiving, way, worth
from directory.search.ranking import load_ranking
from directory.search.request import Area, Circle, Unit, needed
from directory.vocabulary.codes import Codes
from directory.vocabulary.name_words import other_forms
from geodata.gazetteer import get_gazetteer
from geodata.points import Point
from geodata.spellings import has_digraph, written_out
from geodata.text import fold, script_of

Clause = dict[str, Any]

SHORTEST_PART = 3
# A place that a word may name reaches so far.
AREA_M = 25_000.0


def parse_words(typed: str, codes: Codes) -> tuple[Unit, ...]:
    """The units of a line in which no place is looked for."""
    return build_units(read_line(typed, codes, lambda *_: []))


def build_units(line: Line) -> tuple[Unit, ...]:
    """What is looked for: everyday names of types and specialties as one unit each, every other word as one."""
    return tuple(map(_build_unit_of, line.parts))[:MAX_WORDS]


def _build_unit_of(part: Part) -> Unit:
    text = _as_its_place(part)
    written = written_out(text)
    return Unit(
        text,
        # "München" is "Muenchen" in the names of houses too.
        forms=(*other_forms(text), *((written,) if written != fold(text) else ())),
        types=_codes(part, "type", also=False),
        specialties=_codes(part, "specialty", also=False),
        also_types=_codes(part, "type", also=True),
        also_specialties=_codes(part, "specialty", also=True),
        area=_build_area(part),
        optional=part.optional,
        code_only=bool(part.concepts) and all(len(word) == 1 for word in fold(part.words).split()),
    )


def _as_its_place(part: Part) -> str:
    """The words; where they name a place with its umlauts written out ("muenchen"), its name as it is written there.

    So both are the same search. "Suez", "duelo" and "Boeing" are no place's umlauts, and stay as they are.
    """
    place, key = part.where.place if part.where else None, fold(part.words)
    if place is None or not has_digraph(key):
        return part.words
    names = get_gazetteer().names(place.id)
    return next((name for name in names if written_out(name) == key != fold(name)), part.words)


def _codes(part: Part, kind: str, *, also: bool) -> tuple[str, ...]:
    return tuple(sorted({each.code for each in part.concepts if each.kind == kind and each.also is also}))


def _build_area(part: Part) -> Area | None:
    where = part.where
    if where is None:
        return None
    place = where.place
    return Area(Circle(Point(place.lon, place.lat), AREA_M) if place else None, where.country)


def plain_units(words: Iterable[str]) -> tuple[Unit, ...]:
    """Each word as a word of a name."""
    return tuple(Unit(word, forms=other_forms(word)) for word in words)


def build_words_query(units: tuple[Unit, ...], whole: str = "", *, forgiving: bool) -> Clause:
    """The scoring clause of all units. `whole`: their words as they follow each other. `forgiving` lets typos pass."""
    must = needed(units)
    clauses = [_build_unit(ways) for ways in build_ways(must, forgiving=forgiving)]
    query: Clause = {"bool": {"should": clauses, "minimum_should_match": how_many_must(len(must))}}
    bonuses = [_build_unit(_ways_as_typed(unit)) for unit in units if unit.optional]
    if phrase := build_phrase(units, whole):
        bonuses.append(phrase)
    return {"bool": {"must": [query], "should": bonuses}} if bonuses else query


def build_phrase(units: tuple[Unit, ...], whole: str) -> Clause | None:
    """What the words are worth as one phrase of a name; None of a single word."""
    whole = whole or " ".join(unit.text for unit in needed(units))
    return worth(load_ranking().phrase, {"match_phrase": {"name": {"query": whole}}}) if " " in whole else None


def build_ways(units: Sequence[Unit], *, forgiving: bool) -> list[list[Way]]:
    """For each unit the ways to have it, each with what it is worth."""
    return [
        [*_ways_as_typed(unit), *(build_forgiving(units, place) if forgiving else ())]
        for place, unit in enumerate(units)
    ]


def how_many_must(units: int) -> int:
    """How many of the units must be found: a long name typed from memory often holds one word too many."""
    return units if units < 4 else units - 1


def _build_unit(ways: Sequence[Way]) -> Clause:
    return {"dis_max": {"queries": [clause for _, clause in ways], "tie_breaker": load_ranking().word.tie_breaker}}


def _ways_as_typed(unit: Unit) -> list[Way]:
    ways = _build_meanings(unit)
    if not unit.code_only:
        ways += _build_spellings(unit)
    return ways


def _build_spellings(unit: Unit) -> list[Way]:
    """The ways in which a name, or the city, has the words."""
    ways = [
        way("exact", all_words("name", unit.text)),
        way("prefix", _to_its_end("name.prefix", unit.text)),
    ]
    if unit.forms:
        ways.append(way("form", {"match": {"name": {"query": " ".join(unit.forms)}}}))
    if not unit.name_only:
        ways.append(way("city", all_words("city", unit.text)))
    if len(fold(unit.text)) >= SHORTEST_PART or not unit.text.isascii():
        ways.append(way("part", _to_its_end("name.part", unit.text)))
    # Each script is compared with the others by consonants only; within a script that would be noise.
    other_scripts = "name_not_latin" if script_of(unit.text) == "Latn" else "name.skeleton"
    ways.append(way("heard", all_words(other_scripts, unit.text)))
    return ways


def _to_its_end(field: str, text: str) -> Clause:
    """That a field has the words, of which the index keeps the beginning: a long one must be there with its end too.

    "pharmaciemasseboeuf" would else be found in every pharmacie.
    """
    word = fold(text)
    if " " in word or len(word) <= LONGEST_PART or script_of(text) != "Latn":
        return all_words(field, text)
    return {"bool": {"filter": [all_words(field, text), all_words("name.part", word[-LONGEST_PART:])]}}


def _build_meanings(unit: Unit) -> list[Way]:
    """What a listing may be, offer or lie in, so that it has the unit without its words."""
    ways = []
    for name, field, codes in (
        ("concept", "type", unit.types),
        ("concept", "specialty", unit.specialties),
        ("also", "type", unit.also_types),
        ("also", "specialty", unit.also_specialties),
    ):
        if codes:
            ways.append(way(name, {"terms": {field: list(codes)}}))
    if unit.area and unit.area.circle:
        ways.append(way("area", build_circle(unit.area.circle)))
    if unit.area and unit.area.country:
        ways.append(way("area", {"term": {"country": unit.area.country}}))
    return ways
