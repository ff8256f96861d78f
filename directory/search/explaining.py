"""Why a hit stands where it stands: each clause of config/ranking.toml that gave it something, summing to its score.

Nothing is worked out again: the engine is asked for the same clauses once more, each by its name, of the hits alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.search import engine
from directory.search.missing import Indexed
from directory.search.order import names_a_house
from directory.search.query import build_brevity, build_closeness, build_query
from directory.search.ranking import load_ranking
from directory.search.request import SearchRequest, Sort, Unit, needed
from directory.search.words import Clause, build_phrase, build_ways
from directory.vocabulary.codes import load_codes

# Scores are kept in 32 bits: what is less than this is no part of them.
LEAST = 0.001
# Of what gives points beside the single words.
PHRASE, BREVITY, DISTANCE, REST = "phrase", "brevity", "distance", "rest"


@dataclass(frozen=True, slots=True)
class Part:
    """One clause: its name in config/ranking.toml, the words it is about, what it is worth, what it gave.

    Of several ways to have a word the best gives what it is worth, and each other one a share (`tie_breaker`).
    """

    code: str
    words: str
    worth: float
    given: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A hit's score and its parts, which add up to it, the largest of each word first."""

    score: float
    parts: tuple[Part, ...]


def explain_hits(request: SearchRequest, ids: Sequence[int], *, forgiving: bool) -> dict[int, Explanation]:
    """Each of these hits, by id; none where the order is no score. Raises SearchUnavailable."""
    if not ids or request.sort is not Sort.relevance:
        return {}
    among = {"ids": {"values": [str(listing) for listing in ids]}}
    asked = _build_asked(request, among, forgiving)
    shown = {"size": len(ids), "_source": False, "track_total_hits": False}
    answers = engine.search_many([shown | {"query": query} for query in asked.values()])
    found = {
        code: {int(hit["_id"]): hit for hit in answer["hits"]["hits"]}
        for code, answer in zip(asked, answers, strict=True)
    }
    return {listing: _explain(request, listing, found) for listing in ids if listing in found["score"]}


def find_in_index(request: SearchRequest, listing: int, *, forgiving: bool) -> Indexed:
    """Whether the whole search finds one listing, and which of the units needed. Raises SearchUnavailable."""
    among = {"ids": {"values": [str(listing)]}}
    scored = build_query(request, tuple(load_codes().networks), forgiving=forgiving)
    units = build_ways(needed(request.units), forgiving=forgiving)
    counted = [_with_score(scored, among), *(_has_unit(ways, among) for ways in units)]
    found, *has = engine.count_many(counted)
    return Indexed(bool(found), [bool(number) for number in has])


def _has_unit(ways: Sequence[tuple[str, Clause]], among: Clause) -> Clause:
    return {"bool": {"filter": [among, {"bool": {"should": [clause for _, clause in ways]}}]}}


Found = Mapping[str, Mapping[int, Mapping[str, Any]]]


def _build_asked(request: SearchRequest, among: Clause, forgiving: bool) -> dict[str, Clause]:
    """The whole query, the words each by their ways, and what is given beside them, all of these hits alone."""
    only: Clause = {"bool": {"filter": [among]}}
    scored = build_query(request, tuple(load_codes().networks), forgiving=forgiving)
    asked = {
        "score": _with_score(scored, among),
        "words": {"bool": {"filter": [among], "should": list(_named_words(request, forgiving))}},
    }
    if names_a_house(request.units):
        asked[BREVITY] = build_brevity(only)
    if request.circle:
        asked[DISTANCE] = build_closeness(only, request.circle)
    return asked


def _with_score(query: Clause, among: Clause) -> Clause:
    return {"bool": {"must": [query], "filter": [among]}}


def _named_words(request: SearchRequest, forgiving: bool) -> Iterator[Clause]:
    """Every way to have each unit, as `unit:way:number`; and the phrase."""
    for place, ways in enumerate(_ways(request, forgiving)):
        for number, (name, clause) in enumerate(ways):
            yield _named(clause, f"{place}:{name}:{number}")
    if phrase := build_phrase(request.units, request.whole):
        yield _named(phrase, PHRASE)


def _named(clause: Clause, name: str) -> Clause:
    return {"constant_score": {**clause["constant_score"], "_name": name}}


def _ways(request: SearchRequest, forgiving: bool) -> list[list[tuple[str, Clause]]]:
    """In the order of `explained_units`: near spellings are for what must be found."""
    optional = tuple(unit for unit in request.units if unit.optional)
    return [*build_ways(needed(request.units), forgiving=forgiving), *build_ways(optional, forgiving=False)]


def explained_units(request: SearchRequest) -> tuple[Unit, ...]:
    """The units, those first that a listing is found by."""
    return (*needed(request.units), *(unit for unit in request.units if unit.optional))


def _explain(request: SearchRequest, listing: int, found: Found) -> Explanation:
    named = set(found["words"].get(listing, {}).get("matched_queries") or ())
    # What a clause is worth stands in its name's way: all of them are constants.
    ways = [
        [(name, getattr(load_ranking().word, name)) for name in sorted(_ways_named(named, place))]
        for place in range(len(request.units))
    ]
    beside = {PHRASE: load_ranking().phrase} if PHRASE in named else {}
    for code in (BREVITY, DISTANCE):
        if listing in found.get(code, {}):
            beside[code] = float(found[code][listing]["_score"])
    return build_explanation(request, float(found["score"][listing]["_score"]), ways, beside)


def _ways_named(named: Iterable[str], place: int) -> Iterator[str]:
    """The ways in which a hit has one unit, each as often as it has it so."""
    for name in named:
        unit, _, way = name.partition(":")
        if unit == str(place):
            yield way.partition(":")[0]


def build_explanation(
    request: SearchRequest, score: float, ways: Sequence[Iterable[tuple[str, float]]], beside: Mapping[str, float]
) -> Explanation:
    """From what each way of each of `explained_units` is worth, and what was given beside them."""
    units = explained_units(request)
    parts = [part for unit, each in zip(units, ways, strict=True) for part in _share(unit, each)]
    whole = request.whole or " ".join(unit.text for unit in needed(request.units))
    parts += [Part(code, whole, given, given) for code, given in beside.items() if given >= LEAST]
    rest = score - sum(part.given for part in parts)
    if abs(rest) >= LEAST:
        parts.append(Part(REST, "", rest, rest))
    return Explanation(score, tuple(parts))


def _share(unit: Unit, ways: Iterable[tuple[str, float]]) -> Iterator[Part]:
    """The best way gives all that it is worth, each other one its share."""
    share = load_ranking().word.tie_breaker
    for number, (name, worth) in enumerate(sorted(ways, key=lambda way: -way[1])):
        yield Part(name, unit.text, worth, worth if number == 0 else worth * share)
