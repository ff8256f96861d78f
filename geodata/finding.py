"""Which places a text means as a whole: its name and all that stands around it, as written or with a slip."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from geodata.around import DIVISIONS, is_number
from geodata.combining import Line, Reading, Span
from geodata.place_file import Candidate, PlaceFile
from geodata.spellings import spellings
from geodata.text import fold, latin_words
from geodata.tokens import is_unspaced, tokenise

# "Rue de Rivoli, New York" is in the city, "Atlantis, Erie" is not just somewhere in Erie; a house number tells both.
KNOWN_BY_ITSELF = 6900
KNOWN_BY_ADDRESS = 3500
# Nor is "Gombe, Kinshasa" in Kinshasa, had that no Gombe: who names a place so well known means it.
CONTRADICTS = 5500
# "Nîmes, France, Languedoc-Roussillon": what names nothing any more may be left beside a city and its country.
KNOWN_BY_COUNTRY = 4000
# A near spelling is taken when its place is well known: "Nairobbi", "Kinshassa"; the more slips the better known. Of a
# short word with several near spellings one must be known far better.
CORRECTED_LEAST = 5000
CORRECTED_TWICE = 6000
CORRECTED_LEAD = 500
SHORT_WORD = 6
# In a country or region that the words name, a smaller place will do: "Scobie, MT".
CORRECTED_WITHIN = 3000
# Hardly anybody means a hamlet that is called like a large city with a slip: "Paia" may be Praia.
HARDLY_MEANT = 5000
MUCH_BETTER_KNOWN = 1500
SHORTEST_CORRECTED = 4
TWO_SLIPS = 2
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
    if first is None or first.kind != "region":
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
    readings = (line.explain(span, one) for span in _misspelt_heads(line) for one in _close_names(line, span))
    found = [one for one in readings if not one.left]
    found.sort(key=lambda one: (one.candidate.slips, not one.confirmed, -one.score, one.candidate.place))
    return list(_each_place_once(found))


def partial_readings(line: Line) -> list[Reading]:
    """Cities that a country or region beside them confirms, where some other words name nothing at all."""
    found = [
        one
        for one in line.readings()
        if one.confirmed
        and one.candidate.kind == "city"
        and one.score >= KNOWN_BY_COUNTRY
        and _is_one_run(one.left)
        and line.are_whole_parts(one.left)
        and not _names_another(line, one)
    ]
    return list(_each_place_once(found))


def better_known(line: Line, readings: list[Reading]) -> list[Reading]:
    """Near spellings of much better known places than those of just this name."""
    if not readings or readings[0].score >= HARDLY_MEANT or readings[0].confirmed:
        return []
    least = readings[0].score + MUCH_BETTER_KNOWN
    found = [line.explain(span, one) for span in _misspelt_heads(line)[:1] for one in _close_names(line, span)]
    known = {one.candidate.place for one in readings}
    fitting = [one for one in found if not one.left and one.score >= least and one.candidate.place not in known]
    return list(_each_place_once(sorted(fitting, key=lambda one: (one.candidate.slips, -one.score))))


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
    """Whether the first of these near spellings must be meant."""
    if not readings:
        return False
    first = readings[0]
    equals = [one for one in readings[1:] if one.candidate.slips == first.candidate.slips]
    if first.confirmed and first.candidate.slips < TWO_SLIPS and first.score >= CORRECTED_WITHIN:
        return all(one.score <= first.score for one in equals)
    name = fold(first.candidate.forms[0])
    rivals = [one for one in equals if fold(one.candidate.forms[0]) != name]
    lead = CORRECTED_LEAD if len(name) < SHORT_WORD else 0
    least = CORRECTED_LEAST if first.candidate.slips < TWO_SLIPS else CORRECTED_TWICE
    return first.score >= least and all(one.score <= first.score - lead for one in rivals)


def _leaves_an_address(line: Line, reading: Reading) -> bool:
    """Whether nothing is left, or only an address before a city that is known by itself."""
    if not reading.left:
        return True
    if reading.candidate.kind == "region":
        return False
    if _ends_unspaced(line, reading):
        return not _names_another(line, reading)
    part = line.tokens[reading.head[0]].part
    if any(line.tokens[left].part >= part for left in reading.left):
        return False
    if any(is_number(fold(token.text)) for token in line.tokens if token.part < part):
        return reading.score >= KNOWN_BY_ADDRESS
    # "Vanadzoor, Armenia" is not in Armenia, Colombia.
    known = reading.score >= KNOWN_BY_ITSELF and not line.names_country(*reading.head)
    return known and not _names_another(line, reading)


def _ends_unspaced(line: Line, reading: Reading) -> bool:
    """Whether what is left stands behind the name in a script where the smaller comes last: "서울특별시 강남구"."""
    return all(left >= reading.head[1] and is_unspaced(line.tokens[left].text) for left in reading.left)


def _is_one_run(left: tuple[int, ...]) -> bool:
    return left == tuple(range(left[0], left[0] + len(left))) if left else False


def _names_another(line: Line, reading: Reading) -> bool:
    """Whether a part that was left is by itself the name of a place: then the words contradict each other."""
    left = set(reading.left)
    return any(
        (span.names and span.names[0].score >= CONTRADICTS) or span.countries
        for span in line.spans
        if left.issuperset(range(span.start, span.end)) and line.is_whole_of(span, left)
    )


def _misspelt_heads(line: Line) -> list[Span]:
    """The runs that may be a misspelt name, because all the others may be read; the longest first."""
    heads = [
        span
        for span in line.spans
        if len(span.key) >= SHORTEST_CORRECTED
        and not is_number(span.key)
        and not span.around
        and span.key.rpartition(" ")[2] not in DIVISIONS
        and line.is_readable_around(span)
    ]
    return sorted(heads, key=lambda span: span.start - span.end)[:MOST_HEADS]


def _close_names(line: Line, span: Span) -> Iterator[Candidate]:
    scope = tuple(sorted(line.scope_around(span)))
    for key in list(spellings(span.key))[:OTHER_NAMES_LOOKED_AT]:
        yield from line.file.near_spellings(key, scope)
    if span.key.isascii():
        yield from line.file.near_spellings_of_small(span.key, scope)
        return
    # "Опобо", "Τάκνα": letters of another script, by ear.
    latin = latin_words(span.key)
    yield from (replace(one, slips=1) for one in line.file.exact(latin, scope))
    yield from line.file.near_spellings(latin, scope)


def _each_place_once(readings: Iterator[Reading] | list[Reading]) -> Iterator[Reading]:
    seen: set[int] = set()
    for one in readings:
        if one.candidate.place not in seen:
            seen.add(one.candidate.place)
            yield one
