"""Finds the places that some of the words of a line name: "cardiologue Kinshasa qui prend la carte"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geodata.combining import Extent, Line
from geodata.finding import misspelt_names
from geodata.gazetteer import Gazetteer, get_gazetteer
from geodata.places import Place
from geodata.text import fold
from geodata.tokens import text_of

# Scores of places run from some 2,000 (a hamlet) to 10,000 (a capital); here they become 0 to SURELY.
HAMLET, CAPITAL = 3000, 9000
SURELY = 0.7
# What stands around a name says more than how well known it is: its country, a word that leads to a place.
CONFIRMED = 0.35
LED_TO = 0.2
# Names in the world's other scripts are hardly ever anything else.
OWN_SCRIPT = 0.2
# Of a name with a slip, of one of two or three letters, and of one that is a part of what another reading takes in.
MISSPELT = 0.2
SHORT_WORD = 0.25
PART_OF_ANOTHER = 0.35
A_COUNTRY = 0.8
SHORTEST_WORD = 3
MOST_READINGS = 12
LEAST_PLACES = 40


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """Words `start` to `end` (not counting `end`) of the line name a place or a country (alpha-2): one of the two.

    `score` from 0 to 1 says how surely: over 0.6 for large cities and for what a country or "in" beside it confirms,
    under 0.3 for hamlets and for names in other languages. `corrected` says that the name had a slip in it.
    """

    start: int
    end: int
    place: Place | None
    country: str | None
    score: float
    words: str
    corrected: bool = False


def read_places(
    words: Sequence[str],
    country: str | Sequence[str] | None = None,
    *,
    forgiving: bool = False,
    gazetteer: Gazetteer | None = None,
) -> list[PlaceReading]:
    """Which runs of the line's words name a place or a country, surest first; the runs may overlap.

    `words` are the line cut at its spaces, with its commas and capitals. A run takes in what agrees with the name
    beside it (country, region, "city of", a postcode), not what leads to it ("in", "près de"). With `country`, only
    places in these countries. `forgiving` also takes near spellings of words that name no place: a millisecond or two
    for each, so ask it of those words alone that nothing else could read.
    """
    asked = (country,) if isinstance(country, str) else tuple(country or ())
    known = gazetteer or get_gazetteer()
    line = known.read_line(words, asked)
    extents = [line.extent(span, one) for span in line.spans for one in line.wanted(span)[:LEAST_PLACES]]
    if forgiving:
        extents += [line.extent(span, one) for span, one in misspelt_names(line)]
    readings = [*_of_places(known, line, extents), *_of_countries(line, asked)]
    wider = {(one.start, one.end) for one in readings if one.place and one.end - one.start > 1 and not one.corrected}
    return sorted((_less_within(one, wider) for one in readings), key=_order)[:MOST_READINGS]


def _less_within(reading: PlaceReading, wider: set[tuple[int, int]]) -> PlaceReading:
    """ "Paris" counts less where "Paris, TX" is read, and "Kenya" where "Nairobi, Kenya" is."""
    start, end = reading.start, reading.end
    if any(first <= start and end <= last and (first, last) != (start, end) for first, last in wider):
        return replace(reading, score=max(0.0, reading.score - PART_OF_ANOTHER))
    return reading


def _order(reading: PlaceReading) -> tuple[float, int, int]:
    return -reading.score, reading.start - reading.end, reading.start


def _of_places(known: Gazetteer, line: Line, extents: Sequence[Extent]) -> Iterator[PlaceReading]:
    """Of each run the places that it names best, of which those at the first rank matter."""
    scored = [(_score(line, one), one) for one in extents]
    best = sorted(scored, key=lambda pair: -pair[0])[:LEAST_PLACES]
    places = known.places({one.candidate.place for _, one in best})
    seen: set[tuple[int, int, int]] = set()
    for score, one in best:
        start, end = line.words_of(one.start, one.end)
        if (start, end, one.candidate.place) in seen:
            continue
        seen.add((start, end, one.candidate.place))
        yield PlaceReading(
            start,
            end,
            places[one.candidate.place],
            None,
            score,
            text_of(line.tokens[one.start : one.end]),
            one.candidate.slips > 0,
        )


def _of_countries(line: Line, asked: tuple[str, ...]) -> Iterator[PlaceReading]:
    for span in line.spans:
        for code in span.countries:
            if not asked or code in asked:
                text = text_of(line.tokens[span.start : span.end])
                letters = 0 if text.isupper() else max(0, SHORTEST_WORD + 1 - len(span.key))
                score = A_COUNTRY + LED_TO * line.is_led_to(span.start) - letters * SHORT_WORD
                start, end = line.words_of(span.start, span.end)
                yield PlaceReading(start, end, None, code, min(1.0, score), text)


def _score(line: Line, extent: Extent) -> float:
    one = extent.candidate
    score = SURELY * (one.score - HAMLET) / (CAPITAL - HAMLET)
    score += CONFIRMED * extent.confirmed + LED_TO * line.is_led_to(extent.start)
    text = text_of(line.tokens[extent.start : extent.end])
    if not fold(text).isascii():
        score += OWN_SCRIPT
    elif len(text) <= SHORTEST_WORD:
        score -= SHORT_WORD
    score -= MISSPELT * min(one.slips, 1)
    return max(0.0, min(1.0, score))
