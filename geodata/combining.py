"""Which place several tokens name together: one name, and around it what agrees with it.

As pelias' placeholder does, every run of tokens is looked up by itself, and a place counts only where the other runs
name what it lies in, lies near, or is called besides: "Kampala, Uganda, Africa", "TX Paris", "Kinshasa / Gombe". A part
that names something else is a contradiction, and then nothing is found: "Nairobi, Texas".
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from geodata.around import DIVISIONS, LONGEST, is_around, is_joining, is_number, is_settlement
from geodata.countries import FILED_UNDER, countries_close_to, find_country
from geodata.place_file import Candidate, PlaceFile
from geodata.points import haversine_m
from geodata.spellings import spellings
from geodata.text import fold
from geodata.tokens import Token, spans, text_of

# "Westlands, Nairobi": what is neither country nor region is a place close by.
CLOSE_BY_M = 100_000
# What a way of reading costs, in the thousandths of a power of ten of people that scores are told in.
OTHER_SPELLING = 150
AROUND = 50
CONTEXT_FIRST = 250
BESIDE_A_NAMESAKE = 1500
# One name for all the words before a name and its region: "Panama City" in Panama, not in the state of Florida.
WHOLE = 1000
# "King County" is not King in North Carolina; Los Angeles County is where Los Angeles is.
DIVISION_PEOPLE = 6000
# Hundreds of places are called San Antonio; those that nothing beside the name asks for are not all looked at.
MOST_HEADS = 400
# "Nairobi 24 hours" has no postcode in it.
SHORTEST_POSTCODE = 4
SHORTEST_COUNTRY = 5
# "Westlands, Nairobi" is the district, though Nairobi is known so much better.
CITY_OF_DISTRICTS = 6000
DISTRICT_IN_ITS_CITY = 6000


@dataclass(slots=True)
class Span:
    """A run of tokens and what it may mean."""

    start: int
    end: int
    key: str
    names: list[Candidate] = field(default_factory=list)
    countries: set[str] = field(default_factory=set)
    regions: set[tuple[str, str]] = field(default_factory=set)
    around: bool = False

    @property
    def says_something(self) -> bool:
        return bool(self.names or self.countries or self.regions or self.around)


@dataclass(frozen=True, slots=True)
class Reading:
    """A place named by tokens `start` to `end`, of which `head` are its name; `left` are those that say something else.

    `score` is how well known the place is, less what the way of reading costs; `confirmed` says that a country or
    region beside the name agrees.
    """

    candidate: Candidate
    head: tuple[int, int]
    score: int
    left: tuple[int, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """A place named within a line: by tokens `start` to `end`, what agrees with the name taken in."""

    candidate: Candidate
    start: int
    end: int
    confirmed: bool


@dataclass(frozen=True, slots=True)
class _Cover:
    left: tuple[int, ...] = ()
    cost: int = 0
    confirmed: bool = False

    @property
    def rank(self) -> tuple[int, int]:
        return len(self.left), self.cost

    def but(self, token: int) -> "_Cover":
        return _Cover((*self.left, token), self.cost, self.confirmed)

    def with_span(self, cost: int, confirmed: bool) -> "_Cover":
        return _Cover(self.left, self.cost + cost, self.confirmed or confirmed)


class Line:
    """Tokens, and what each run of them may mean."""

    def __init__(self, file: PlaceFile, tokens: Sequence[Token], countries: tuple[str, ...] = ()) -> None:
        self.tokens = tokens
        self.countries = countries
        self.file = file
        self.spans = self._look_up()

    def _look_up(self) -> list[Span]:
        found = [Span(start, end, fold(text_of(self.tokens[start:end]))) for start, end in spans(self.tokens)]
        ways = {span.key: list(spellings(span.key)) for span in found}
        keys = {key for others in ways.values() for key in others}
        names, regions = self.file.named(keys), self.file.regions_named(keys)
        for span in found:
            span.around = span.end - span.start <= LONGEST and is_around(span.key)
            self._give_meanings(span, ways[span.key], names, regions)
        return found

    def _give_meanings(
        self,
        span: Span,
        ways: list[str],
        names: dict[str, list[Candidate]],
        regions: dict[str, set[tuple[str, str]]],
    ) -> None:
        text = text_of(self.tokens[span.start : span.end])
        for number, key in enumerate(ways):
            span.names += [one.less(OTHER_SPELLING) if number else one for one in names.get(key, ())]
            span.regions |= regions.get(key, set())
        # Small words are codes of countries only in capitals: "in" is not India, "de" not Germany.
        if (len(span.key) > 2 or text.isupper() or not is_joining(span.key)) and (code := find_country(text)):
            span.countries.add(code)

    @property
    def contexts(self) -> list[Span]:
        """The runs that say something about a name beside them."""
        return [span for span in self.spans if span.says_something]

    def forgive_contexts(self) -> None:
        """Reads words that mean nothing as a country's name with a slip: "Nairobi, Kenia"."""
        for span in self.spans:
            if not span.says_something and len(span.key) >= SHORTEST_COUNTRY:
                span.countries = countries_close_to(span.key)
        self.__dict__.pop("_starting", None)
        self.__dict__.pop("_ending", None)

    def extent(self, head: Span, place: Candidate) -> Extent:
        """How far the tokens around a name go on to tell of this place: its country, its region, "city of"."""
        start, end, confirmed = head.start, head.end, False
        while (step := self._next_to(start, head, place, before=True)) or (
            step := self._next_to(end, head, place, before=False)
        ):
            start, end = min(start, step.start), max(end, step.end)
            confirmed |= not step.around
        return Extent(place, start, end, confirmed)

    def _next_to(self, edge: int, head: Span, place: Candidate, *, before: bool) -> Span | None:
        """The longest run at the edge that agrees with the place."""
        touching = self._ending.get(edge, ()) if before else self._starting.get(edge, ())
        fitting = [span for span in touching if _belongs(span, head, place, before=before)]
        return max(fitting, key=lambda span: span.end - span.start, default=None)

    def is_led_to(self, start: int) -> bool:
        """Whether a word before the token leads to a place: "in", "près de"."""
        return start > 0 and is_joining(fold(self.tokens[start - 1].text))

    def words_of(self, start: int, end: int) -> tuple[int, int]:
        """The words that the tokens `start` to `end` are from, as (first, one after the last)."""
        return self.tokens[start].word, self.tokens[end - 1].word + 1

    def is_whole_of(self, span: Span, left: Collection[int]) -> bool:
        """Whether the run is all that is left between two separators."""
        part = self.tokens[span.start].part
        beside = (span.start - 1, span.end)
        return not any(at in left and self.tokens[at].part == part for at in beside)

    def are_whole_parts(self, left: Collection[int]) -> bool:
        """Whether of parts between separators some are left whole; of words without any all may be left."""
        if self.tokens[-1].part == 0:
            return True
        parts = {self.tokens[at].part for at in left}
        return all(at in left for at, token in enumerate(self.tokens) if token.part in parts)

    def names_country(self, start: int, end: int) -> bool:
        """Whether just these tokens name a country."""
        return any(span.countries for span in self.spans if (span.start, span.end) == (start, end))

    def is_readable_around(self, span: Span) -> bool:
        """Whether every token beside the run is a part of some run that says something."""
        return self._readable(0, span.start) and self._readable(span.end, len(self.tokens))

    def scope_around(self, span: Span) -> set[str]:
        """The countries that the words beside the run name, or those that were asked for; none for all."""
        beside = [other for other in self.contexts if other.end <= span.start or other.start >= span.end]
        named = set().union(*(other.countries for other in beside))
        named |= {country for other in beside for country, _ in other.regions}
        asked = set(self.countries)
        return (named & asked or asked) if asked else named

    def _readable(self, start: int, end: int) -> bool:
        reached = {start}
        for at in range(start, end):
            if at in reached:
                reached |= {span.end for span in self._starting.get(at, ()) if span.end <= end}
        return end in reached

    def readings(self, heads: Iterable[Span] | None = None) -> list[Reading]:
        """Every place that a run names, fewest tokens left first, then the best known."""
        found = [
            self.explain(span, candidate)
            for span in (self.spans if heads is None else heads)
            for candidate in self.wanted(span)[:MOST_HEADS]
        ]
        return sorted(found, key=lambda one: (len(one.left), one.candidate.slips, -one.score, one.candidate.place))

    def wanted(self, span: Span) -> list[Candidate]:
        """The places so called in the asked countries; of very many those first that something beside agrees with."""
        names = [one for one in span.names if not self.countries or one.country in self.countries]
        if len(names) <= MOST_HEADS:
            return names
        beside = [other for other in self.contexts if other.end <= span.start or other.start >= span.end]
        countries = set().union(*(other.countries for other in beside))
        regions = set().union(*(other.regions for other in beside))
        return sorted(
            names,
            key=lambda one: (
                one.country not in countries and (one.country, one.region_code) not in regions,
                -one.score,
            ),
        )

    def explain(self, head: Span, candidate: Candidate) -> Reading:
        """How the tokens around a name are read if it means this place."""
        before = self._cover(0, head.start, head, candidate)
        after = self._cover(head.end, len(self.tokens), head, candidate)
        cost = before.cost + after.cost + (CONTEXT_FIRST if before.confirmed else 0)
        cost -= DISTRICT_IN_ITS_CITY if candidate.kind == "district" and (before.confirmed or after.confirmed) else 0
        whole = WHOLE if head.end - head.start == len(self.tokens) else 0
        return Reading(
            candidate,
            (head.start, head.end),
            candidate.score - cost + whole,
            before.left + after.left,
            before.confirmed or after.confirmed,
        )

    def _cover(self, start: int, end: int, head: Span, place: Candidate) -> _Cover:
        """The best way to read tokens `start` to `end` beside the place: fewest left, then cheapest."""
        best = {start: _Cover()}
        for at in range(start, end):
            here = best[at]
            _keep_better(best, at + 1, here.but(at))
            for span in self._starting.get(at, ()):
                if span.end <= end and (agreed := _agree(span, head, place)):
                    _keep_better(best, span.end, here.with_span(*agreed))
        return best[end]

    @cached_property
    def _ending(self) -> dict[int, list[Span]]:
        ending: dict[int, list[Span]] = {}
        for span in self.contexts:
            ending.setdefault(span.end, []).append(span)
        return ending

    @cached_property
    def _starting(self) -> dict[int, list[Span]]:
        starting: dict[int, list[Span]] = {}
        for span in self.contexts:
            starting.setdefault(span.start, []).append(span)
        return starting


def _keep_better(best: dict[int, _Cover], at: int, cover: _Cover) -> None:
    if at not in best or cover.rank < best[at].rank:
        best[at] = cover


def _belongs(span: Span, head: Span, place: Candidate, *, before: bool) -> bool:
    """Whether a run beside a name within a line is about the place. "Centre" before a name may be a health centre's."""
    if span.around:
        words = span.key.split(" ")
        postcode = is_number(span.key) and len(span.key) >= SHORTEST_POSTCODE
        return postcode or (is_joining(words[-1]) and len(words) > 1 if before else is_settlement(span.key))
    return (agreed := _agree(span, head, place)) is not None and agreed[1]


def _agree(span: Span, head: Span, place: Candidate) -> tuple[int, bool] | None:
    """What it costs to read the span as about the place, and whether it confirms it; None where it does not agree."""
    if _lies_in(span, place):
        return 0, True
    if any(other.place == place.place for other in span.names):
        return AROUND, True
    if span.around and _fits_division(span, head, place):
        return AROUND, False
    return _beside(span, place) if place.kind != "region" else None


def _lies_in(span: Span, place: Candidate) -> bool:
    """Whether the span names the place's country, the state that this belongs to, or its region."""
    return (
        any(place.country == code or place.country in FILED_UNDER.get(code, ()) for code in span.countries)
        or (place.country, place.region_code) in span.regions
    )


def _beside(span: Span, place: Candidate) -> tuple[int, bool] | None:
    """The same for a span that names a place close by: of a district its city, of a city anything."""
    around = [other for other in span.names if _close_by(other, place)]
    if place.kind != "city" and any(other.kind == "city" and other.score >= CITY_OF_DISTRICTS for other in around):
        return 0, True
    return (BESIDE_A_NAMESAKE, False) if around else None


def _fits_division(span: Span, head: Span, place: Candidate) -> bool:
    beside = span.start == head.end or span.end == head.start
    return span.key not in DIVISIONS or not beside or place.kind == "region" or place.score >= DIVISION_PEOPLE


def _close_by(other: Candidate, place: Candidate) -> bool:
    return (
        other.kind != "region"
        and other.country == place.country
        and haversine_m(other.point, place.point) <= CLOSE_BY_M
    )
