"""One line in words -> which kinds of care, where, how to pay, when, in which language, and whom: each with its words.

"cardiologue Kinshasa qui prend la carte, ouvert maintenant". Words that ask nothing are set aside; what is not read as
anything is a name. Nothing here asks an engine: the same line is always read alike.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from directory.search.line_places import PlaceReading
from directory.search.line_tokens import Word, read_words
from directory.vocabulary.codes import Codes, Concept
from directory.vocabulary.line_words import Role, Run, load_line_words, spoken_languages
from geodata.places import Place
from geodata.small_words import JOINING

# Reads places in words, of which those that are None belong to none: see `line_places.read_places`.
ReadPlaces = Callable[[Sequence[str | None]], list[PlaceReading]]

# How well known a place must be to be read without "in" before it: beside a kind of care, and beside words of a name
# ("Aga Khan Mombasa", but Mary in "St Mary" is no town of Turkmenistan).
KNOWN_LEAST, KNOWN_LEAST_IN_A_NAME = 4_000, 5_600
_NEVER_A_PLACE_AFTER = frozenset(
    (
        "st",
        "saint",
        "sainte",
        "san",
        "santa",
        "santo",
        "sao",
        "sta",
        "ste",
        "dr",
        "mt",
        "mount",
        "notre",
        "our",
        "القديس",
    )
)
# How far the word that says so may stand from what is paid with, or spoken.
_REACH = 3


@dataclass(frozen=True, slots=True)
class Which:
    """A kind of care: `kind` is "type" or "specialty"."""

    kind: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What is paid with (a value of `settlement`) or spoken (a code of a language)."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class LineWhere:
    """The place or country that the words name; neither for "near me". `sure`: nothing else can be meant."""

    words: str
    place: Place | None = None
    country: str | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A run of words that is looked for: a kind of care, a place that may be a name too, or a word of a name."""

    words: str
    concepts: tuple[Concept, ...] = ()
    where: LineWhere | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """How a line was read. `parts` are what is looked for, in their order; `left` are words that ask nothing."""

    parts: tuple[Part, ...]
    which: tuple[Which, ...] = ()
    where: LineWhere | None = None
    pay: tuple[Wish, ...] = ()
    languages: tuple[Wish, ...] = ()
    open_now: str | None = None
    who: str | None = None
    left: tuple[str, ...] = ()
    # Every word, and the runs of them (start, end) that ask something.
    words: tuple[str, ...] = ()
    asking: tuple[tuple[int, int], ...] = ()
    # The words as they follow each other in a name, if it is one.
    whole: str = ""
    asks_for_point: bool = field(default=False)


def read_line(typed: str, codes: Codes, read_places: ReadPlaces) -> Line:
    """Read one line."""
    return _Reading(typed, codes, read_places).line()


def read_name(typed: str) -> Line:
    """The line as a name and nothing else."""
    words = [word.text for word in read_words(typed, frozenset())]
    name = " ".join(words)
    return Line(parts=tuple(map(Part, words)), who=name or None, words=tuple(words), asking=_each(words), whole=name)


def _each(words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    return tuple((place, place + 1) for place in range(len(words)))


class _Reading:
    """The words of one line, each given to what it asks: `_given` says to what."""

    def __init__(self, typed: str, codes: Codes, read_places: ReadPlaces) -> None:
        vocabulary = load_line_words()
        self._codes = codes
        self._words: list[Word] = read_words(typed, vocabulary.unspaced | codes.unspaced_words)
        self._keys = [word.key for word in self._words]
        self._given: dict[int, str] = {}
        self._concepts = self._find_concepts()
        self._runs = [run for run in vocabulary.find_runs(self._keys) if not self._is_within_a_concept(run)]
        self._speaks = self._read_languages()
        self._pay = self._read_pay()
        self._open = self._read_open()
        self._near_me = self._read_near_me()
        # Without what was wished for, the words around it may say a kind of care.
        self._concepts = self._find_concepts()
        self._practitioners = self._read_practitioners()
        self._place = self._read_place(read_places)

    # What the words may be

    def _find_concepts(self) -> list[Concept]:
        free = [place for place in range(len(self._words)) if place not in self._given]
        found = self._codes.find_concepts(" ".join(self._keys[place] for place in free))
        return [Concept(each.kind, each.code, free[each.start], free[each.end - 1] + 1, each.exact) for each in found]

    def _is_within_a_concept(self, run: Run) -> bool:
        """ "Médecin de garde" is a kind of care of its own, though "de garde" asks for the hour."""
        return any(
            each.exact and each.start <= run.start and run.end <= each.end and self._is_said_by(each, run)
            for each in self._concepts
        )

    @staticmethod
    def _is_said_by(concept: Concept, run: Run) -> bool:
        longer = concept.end - concept.start > run.end - run.start
        return longer or run.value(Role.practitioner) is None

    def _of(self, role: Role) -> Iterator[tuple[Run, str]]:
        for run in self._runs:
            if (value := run.value(role)) is not None and run.start not in self._given:
                yield run, value

    def _is_beside_a_name(self, run: Run) -> bool:
        """Whether a word that is read as nothing stands right before or after: "Open Arms"."""
        known = {place for each in self._runs for place in range(each.start, each.end)}
        known |= {place for each in self._concepts for place in range(each.start, each.end)}
        return any(
            0 <= place < len(self._words) and place not in known and not self._parted(run, place)
            for place in (run.start - 1, run.end)
        )

    def _parted(self, run: Run, place: int) -> bool:
        return self._words[max(place, run.start)].begins_part

    def _give(self, start: int, end: int, to: str) -> str:
        self._given |= dict.fromkeys((place for place in range(start, end) if place not in self._given), to)
        return self._text(range(start, end))

    def _text(self, places: Sequence[int]) -> str:
        return " ".join(self._words[place].text for place in places)

    # What is wished for

    def _read_languages(self) -> tuple[Wish, ...]:
        wishes = [Wish(code, self._give(run.start, run.end, "language")) for run, code in self._of(Role.speakers)]
        for run, _ in list(self._of(Role.spoken)):
            for place in (run.end, run.end + 1, run.end + 2, run.start - 1):
                if 0 <= place < len(self._keys) and (code := spoken_languages().get(self._keys[place])):
                    words = self._give(min(run.start, place), max(run.end, place + 1), "language")
                    wishes.append(Wish(code, words))
                    break
        return tuple(dict.fromkeys(wishes))

    def _read_pay(self) -> tuple[Wish, ...]:
        taken = [run for run, _ in self._of(Role.taken)]
        wishes = []
        for run, value in list(self._of(Role.pay)):
            before = [each for each in taken if 0 <= run.start - each.end < _REACH]
            after = [each for each in taken if 0 <= each.start - run.end < _REACH - 1]
            said = run.end - run.start > 1 and not value.endswith("card")
            if not (before or after or said):
                continue
            start = min((each.start for each in before), default=run.start)
            end = max((each.end for each in after), default=run.end) if not before else run.end
            wishes.append(Wish(value, self._give(start, end, "pay")))
        return tuple(wishes)

    def _read_open(self) -> str | None:
        said = [
            self._give(run.start, run.end, "open")
            for run, _ in list(self._of(Role.open_now))
            if run.end - run.start > 1 or not self._is_beside_a_name(run)
        ]
        return " ".join(said) or None

    def _read_near_me(self) -> str | None:
        said = [
            self._give(run.start, run.end, "near")
            for run, _ in list(self._of(Role.near_me))
            if run.end - run.start > 1 or not self._is_beside_a_name(run)
        ]
        return " ".join(said) or None

    def _read_practitioners(self) -> frozenset[int]:
        """The words that only say "doctor" beside a field: "skin doctor", "دكتور أسنان"."""
        fields = [each for each in self._concepts if each.kind == "specialty"]
        beside: set[int] = set()
        for run, _ in self._of(Role.practitioner):
            said = {(each.start, each.end) for each in self._concepts}
            whole = any(
                start <= run.start and run.end <= end and end - start > run.end - run.start for start, end in said
            )
            if not whole and any(self._adjoins(run, each) for each in fields):
                beside |= set(range(run.start, run.end))
        return frozenset(beside)

    def _adjoins(self, run: Run, concept: Concept) -> bool:
        if run.end <= concept.start:
            between = range(run.end, concept.start)
        elif concept.end <= run.start:
            between = range(concept.end, run.start)
        else:
            return False
        return all(self._asks_nothing(place) for place in between)

    # Where

    def _read_place(self, read_places: ReadPlaces) -> PlaceReading | None:
        taken = {place for each in self._concepts if each.exact for place in range(each.start, each.end)}
        words = [
            None if place in taken or place in self._given else word.text for place, word in enumerate(self._words)
        ]
        readings = [reading for reading in read_places(words) if self._may_be_a_place(reading)]
        return max(readings, key=self._sureness, default=None)

    def _sureness(self, reading: PlaceReading) -> tuple[bool, int]:
        return self._is_marked(reading), reading.score

    def _may_be_a_place(self, reading: PlaceReading) -> bool:
        span = range(reading.start, reading.end)
        if all(self._asks_nothing(place) for place in span):
            return False
        if self._is_marked(reading):
            return True
        before = self._keys[reading.start - 1] if reading.start else ""
        if before in _NEVER_A_PLACE_AFTER:
            return False
        beside = any(self._is_name(place) for place in (reading.start - 1, reading.end))
        return reading.score >= (KNOWN_LEAST_IN_A_NAME if beside else KNOWN_LEAST)

    def _is_marked(self, reading: PlaceReading) -> bool:
        """Whether a word or a comma before says that a place follows."""
        start = reading.start
        marked = any(run.end == start and run.value(Role.before_place) is not None for run in self._runs)
        near = start > 0 and self._given.get(start - 1) == "near"
        alone = reading.start == 0 and reading.end == len(self._words)
        parted = self._words[start].begins_part or (
            start == 0 and reading.end < len(self._words) and self._words[reading.end].begins_part
        )
        return (marked or near or parted) and not alone

    # What is left

    def _asks_nothing(self, place: int) -> bool:
        if self._keys[place] in JOINING:
            return True
        return any(
            run.start <= place < run.end
            and (
                run.value(Role.nothing) is not None
                or run.value(Role.before_place) is not None
                or run.value(Role.taken) is not None
            )
            for run in self._runs
        )

    def _is_name(self, place: int) -> bool:
        if not 0 <= place < len(self._words) or place in self._given:
            return False
        if any(each.start <= place < each.end for each in self._concepts):
            return False
        return not self._asks_nothing(place)

    def line(self) -> Line:
        """The line as read."""
        concepts = self._concepts_beside_the_place()
        where = self._where(concepts)
        spans = _spans(concepts, self._place)
        parts = list(self._parts(spans, where))
        left = [place for place in range(len(self._words)) if self._is_left(place, spans)]
        name = [place for place in range(len(self._words)) if self._is_name(place) and self._is_in_no(place, spans)]
        if not (parts or where or self._asks_a_wish()):
            # All of it asks nothing, as "the best": then it is a name.
            return self._as_name()
        return Line(
            parts=tuple(parts),
            which=tuple(dict.fromkeys(Which(c.kind, c.code, self._text(range(c.start, c.end))) for c in concepts)),
            where=where,
            pay=self._pay,
            languages=self._speaks,
            open_now=self._open,
            who=self._text(name) or None,
            left=tuple(self._words[place].text for place in left),
            words=tuple(word.text for word in self._words),
            asking=tuple(self._asking(spans)),
            whole=self._whole(where),
            asks_for_point=where is not None and where.place is None and where.country is None,
        )

    def _as_name(self) -> Line:
        words = [word.text for word in self._words]
        name = " ".join(words)
        return Line(
            parts=tuple(map(Part, words)), who=name or None, words=tuple(words), asking=_each(words), whole=name
        )

    def _asks_a_wish(self) -> bool:
        return bool(self._pay or self._speaks or self._open)

    def _concepts_beside_the_place(self) -> list[Concept]:
        """Without those that a typo was mended for in the words of the place."""
        place = self._place
        if place is None:
            return self._concepts
        return [each for each in self._concepts if each.end <= place.start or place.end <= each.start]

    def _where(self, concepts: Sequence[Concept]) -> LineWhere | None:
        reading = self._place
        if reading is None:
            return LineWhere(self._near_me) if self._near_me else None
        words = self._text(range(reading.start, reading.end))
        return LineWhere(words, reading.place, reading.country, self._is_marked(reading) or self._is_no_name(concepts))

    def _is_no_name(self, concepts: Sequence[Concept]) -> bool:
        """Whether nobody calls a house so: fields and practitioners are seldom named for their city, hospitals often."""
        if self._asks_a_wish() or self._near_me:
            return True
        place = self._place
        assert place is not None
        inside = range(place.start, place.end)
        if any(self._is_name(other) for other in range(len(self._words)) if other not in inside):
            return False
        houses = {
            c.start for c in concepts if c.kind == "type" and self._codes.types[c.code].provider_kind != "practitioner"
        }
        return bool(concepts) and not houses

    def _is_left(self, place: int, spans: dict[int, int]) -> bool:
        if not self._is_in_no(place, spans):
            return False
        if any(run.start <= place < run.end and self._says_where(run) for run in self._runs):
            return False
        return self._asks_nothing(place) or place in self._practitioners

    def _says_where(self, run: Run) -> bool:
        """Whether these are the "in" of the place."""
        reading = self._place
        return reading is not None and run.end == reading.start and run.value(Role.before_place) is not None

    def _is_in_no(self, place: int, spans: dict[int, int]) -> bool:
        return place not in self._given and not any(start <= place < end for start, end in spans.items())

    def _parts(self, spans: dict[int, int], where: LineWhere | None) -> Iterator[Part]:
        place = 0
        while place < len(self._words):
            end = spans.get(place, place + 1)
            if place in spans:
                yield self._span(place, end, where)
            elif self._is_in_no(place, spans) and self._is_name(place) and place not in self._practitioners:
                yield Part(self._words[place].text)
            place = end

    def _span(self, start: int, end: int, where: LineWhere | None) -> Part:
        words = self._text(range(start, end))
        if self._place and start == self._place.start and where:
            return Part(words, where=where, optional=where.sure)
        concepts = tuple(each for each in self._concepts if each.start == start)
        # "Skin doctor": who is of the field is meant, whatever the house is called.
        return Part(words, concepts, optional=all(place in self._practitioners for place in range(start, end)))

    def _asking(self, spans: dict[int, int]) -> Iterator[tuple[int, int]]:
        """The runs that ask something: kinds of care, wishes, the place, and each word of a name."""
        place = 0
        while place < len(self._words):
            end = spans.get(place, place + 1)
            if given := self._given.get(place):
                while end < len(self._words) and self._given.get(end) == given:
                    end += 1
            if place in spans or given or self._is_name(place):
                yield place, end
            place = end

    def _whole(self, where: LineWhere | None) -> str:
        """All but what was wished for and a place that is sure, and but for what asks nothing at either end."""
        inside = range(self._place.start, self._place.end) if self._place and where and where.sure else range(0)
        places = [place for place in range(len(self._words)) if place not in self._given and place not in inside]
        while places and self._asks_nothing(places[0]):
            places.pop(0)
        while places and self._asks_nothing(places[-1]):
            places.pop()
        return self._text(places)


def _spans(concepts: Sequence[Concept], place: PlaceReading | None) -> dict[int, int]:
    """Ends by starts of what was read as one."""
    spans = {each.start: each.end for each in concepts}
    if place:
        spans[place.start] = place.end
    return spans
