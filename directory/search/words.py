"""The words of a query: what was typed -> units -> clauses.

Every unit must be found (one may be missing from four on), in the name, as a type or specialty, or as the city.
"""

import re
from typing import Any

from directory.search.ranking import load_ranking
from directory.search.request import Unit
from directory.vocabulary.codes import Codes
from geodata.small_words import JOINING
from geodata.text import fold, script_of

Clause = dict[str, Any]

MAX_WORDS = 12
LONGEST_WORD = 64
SHORTEST_PART = 3
_BETWEEN_WORDS = re.compile(r"[\s'’ʼ`´\-_/\\,;:.()\[\]&+|\"«»“”!?*،؛؟·・、。，（）]+")


def split_words(typed: str) -> list[str]:
    """The words of `typed` as they were typed, those that fold to nothing left out; at most MAX_WORDS.

    One sign may unfold to a whole sentence (U+FDFA), and a hundred of them kept the engine busy for seconds: a word
    of more than LONGEST_WORD letters is cut.
    """
    words = [word for word in _BETWEEN_WORDS.split(typed) if fold(word)][:MAX_WORDS]
    return [word if len(fold(word)) <= LONGEST_WORD else fold(word)[:LONGEST_WORD] for word in words]


def parse_words(typed: str, codes: Codes) -> tuple[Unit, ...]:
    """The units of a query: everyday names of types and specialties as one unit each, every other word as one."""
    words = split_words(typed)
    spans: dict[tuple[int, int], tuple[set[str], set[str]]] = {}
    for concept in codes.find_concepts(" ".join(fold(word).replace(" ", "") for word in words)):
        types, specialties = spans.setdefault((concept.start, concept.end), (set(), set()))
        (types if concept.kind == "type" else specialties).add(concept.code)
    units: list[Unit] = []
    position = 0
    for (start, end), (types, specialties) in sorted(spans.items()):
        if start < position:
            continue
        units += map(Unit, words[position:start])
        units.append(Unit(" ".join(words[start:end]), tuple(sorted(types)), tuple(sorted(specialties))))
        position = end
    units += map(Unit, words[position:])
    telling = tuple(unit for unit in units if unit.types or unit.specialties or fold(unit.text) not in JOINING)
    return telling or tuple(units)


def build_words_query(units: tuple[Unit, ...], *, forgiving: bool) -> Clause:
    """The scoring clause of all units. `forgiving` lets typos pass."""
    clauses = [_build_unit(unit, forgiving=forgiving) for unit in units]
    query: Clause = {"bool": {"should": clauses, "minimum_should_match": how_many_must(len(units))}}
    if len(units) > 1 or " " in units[0].text:
        whole = " ".join(unit.text for unit in units)
        bonus = _worth(load_ranking().phrase, {"match_phrase": {"name": {"query": whole}}})
        query = {"bool": {"must": [query], "should": [bonus]}}
    return query


def how_many_must(units: int) -> int:
    """How many of the units must be found: a long name typed from memory often holds one word too many."""
    return units if units < 4 else units - 1


def _build_unit(unit: Unit, *, forgiving: bool) -> Clause:
    ranking = load_ranking().word
    ways = [
        _worth(ranking.exact, _all_words("name", unit.text)),
        _worth(ranking.prefix, _all_words("name.prefix", unit.text)),
        _worth(ranking.city, _all_words("city", unit.text)),
    ]
    if len(fold(unit.text)) >= SHORTEST_PART or not unit.text.isascii():
        ways.append(_worth(ranking.part, _all_words("name.part", unit.text)))
    if unit.types:
        ways.append(_worth(ranking.concept, {"terms": {"type": list(unit.types)}}))
    if unit.specialties:
        ways.append(_worth(ranking.concept, {"terms": {"specialty": list(unit.specialties)}}))
    # Each script is compared with the others by consonants only; within a script that would be noise.
    other_scripts = "name_not_latin" if script_of(unit.text) == "Latn" else "name.skeleton"
    ways.append(_worth(ranking.near, _all_words(other_scripts, unit.text)))
    if forgiving:
        ways.append(_worth(ranking.near, _near_spelling(unit.text)))
    return {"dis_max": {"queries": ways, "tie_breaker": ranking.tie_breaker}}


def _worth(score: float, clause: Clause) -> Clause:
    """The clause with a constant score: independent of what else the index holds, so stable under writes."""
    return {"constant_score": {"filter": clause, "boost": score}}


def _all_words(field: str, text: str) -> Clause:
    return {"match": {field: {"query": text, "operator": "and"}}}


def _near_spelling(text: str) -> Clause:
    return {
        "match": {
            "name": {
                "query": text,
                "operator": "and",
                "fuzziness": "AUTO:4,8",
                "prefix_length": 1,
                "max_expansions": 50,
            }
        }
    }
