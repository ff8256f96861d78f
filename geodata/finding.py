"""Which places a text means as a whole: its name and all that stands around it, as written or with a slip."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from geodata.around import is_number
from geodata.combining import Line, Reading, Span
from geodata.place_file import Candidate, PlaceFile
from geodata.spellings import spellings
from geodata.tokens import tokenise

# "12 Rue de Rivoli, New York" is in the city, "Atlantis, Erie" is not just somewhere in Erie.
KNOWN_BY_ITSELF = 6900
# Nor is "Gombe, Kinshasa" in Kinshasa, had that no Gombe: who names a place so well known means it.
CONTRADICTS = 5500
# A near spelling is taken when its place is well known and the next one far less so: "Nairobbi", "Kinshassa".
CORRECTED_LEAST = 5900
CORRECTED_LEAD = 500
# In a country or region that the words name, a smaller place will do: "Scobie, MT".
CORRECTED_WITHIN = 3500
SHORTEST_CORRECTED = 4
# Ways of telling the misspelt name from what stands around it; each costs a millisecond.
MOST_HEADS = 6
# Within a line only long words, one or two of them, are taken for a misspelt name.
SHORTEST_WITHIN = 6
MOST_MISSPELT = 2
OTHER_NAMES_LOOKED_AT = 3


def read_line(file: PlaceFile, words: str | Sequence[str], countries: tuple[str, ...] = ()) -> Line:
    """The words' tokens with what each run of them may mean, in these countries where some are given."""
    return Line(file, tokenise(words), countries)


def whole_readings(line: Line) -> list[Reading]:
    """The places that all words together name, best first: nothing is left but an address before the name."""
    fitting = [one for one in line.readings() if _leaves_an_address(line, one)]
    least = min((len(one.left) for one in fitting), default=0)
    return _city_first(list(_each_place_once(one for one in fitting if len(one.left) == least)))


def _city_first(readings: list[Reading]) -> list[Reading]:
    """The city before the region around it, also where "Nairobi City" is a county's main name and not the city's."""
    first = readings[0].candidate if readings else None
    if first is None or first.kind == "city":
        return readings
    for number, one in enumerate(readings):
        city = one.candidate
        if city.kind == "city" and (city.country, city.region_code) == (first.country, first.region_code):
            return [replace(one, score=readings[0].score + 1), *readings[:number], *readings[number + 1 :]]
    return readings


def corrected_readings(line: Line) -> list[Reading]:
    """The same for words with a slip in the name, or in the country beside it; fewest slips first."""
    line.forgive_contexts()
    if found := whole_readings(line):
        return found
    found = []
    for span in _misspelt_heads(line):
        for candidate in _close_names(line, span):
            reading = line.explain(span, candidate)
            if not reading.left:
                found.append(reading)
    found.sort(key=lambda one: (one.candidate.slips, not one.confirmed, -one.score, one.candidate.place))
    return list(_each_place_once(found))


def misspelt_names(line: Line) -> Iterator[tuple[Span, Candidate]]:
    """The runs within a line that mean nothing as they stand, with the well-known places that they are close to."""
    unread = [
        span
        for span in line.spans
        if not span.says_something and len(span.key) >= SHORTEST_WITHIN and span.end - span.start <= MOST_MISSPELT
    ]
    unread.sort(key=lambda span: (not line.is_led_to(span.start), span.end - span.start, -span.start))
    for span in unread[:MOST_HEADS]:
        for candidate in line.file.near_spellings(span.key, line.countries)[:OTHER_NAMES_LOOKED_AT]:
            if candidate.score >= CORRECTED_LEAST:
                yield span, candidate


def is_plain(readings: list[Reading]) -> bool:
    """Whether of these near spellings one is so much better known that it must be meant."""
    if not readings:
        return False
    first = readings[0]
    equals = [one for one in readings[1:] if one.candidate.slips == first.candidate.slips]
    if first.confirmed and first.score >= CORRECTED_WITHIN:
        return all(one.score <= first.score for one in equals)
    return first.score >= CORRECTED_LEAST and all(one.score <= first.score - CORRECTED_LEAD for one in equals)


def _leaves_an_address(line: Line, reading: Reading) -> bool:
    if not reading.left:
        return True
    tokens = line.tokens
    part = tokens[reading.head[0]].part
    if reading.candidate.kind != "city" or any(tokens[left].part >= part for left in reading.left):
        return False
    return reading.score >= KNOWN_BY_ITSELF and not _names_another(line, reading)


def _names_another(line: Line, reading: Reading) -> bool:
    """Whether a part that was left is by itself the name of a place: then the words contradict each other."""
    parts = {line.tokens[left].part for left in reading.left}
    return any(
        (span.names and span.names[0].score >= CONTRADICTS) or span.countries
        for span in line.spans
        if line.tokens[span.start].part in parts and line.is_whole_part(span)
    )


def _misspelt_heads(line: Line) -> list[Span]:
    """The runs that may be a misspelt name, because all the others may be read; the longest first."""
    heads = [
        span
        for span in line.spans
        if len(span.key) >= SHORTEST_CORRECTED
        and not is_number(span.key)
        and not span.around
        and line.is_readable_around(span)
    ]
    return sorted(heads, key=lambda span: span.start - span.end)[:MOST_HEADS]


def _close_names(line: Line, span: Span) -> Iterator[Candidate]:
    scope = line.scope_around(span)
    for key in list(spellings(span.key))[:OTHER_NAMES_LOOKED_AT]:
        yield from line.file.near_spellings(key, tuple(sorted(scope)))


def _each_place_once(readings: Iterator[Reading] | list[Reading]) -> Iterator[Reading]:
    seen: set[int] = set()
    for one in readings:
        if one.candidate.place not in seen:
            seen.add(one.candidate.place)
            yield one
