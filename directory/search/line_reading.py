"""One line in words -> which kinds of care, where, how to pay, when, in which language, and whom: each with its words.

"cardiologue Kinshasa qui prend la carte, ouvert maintenant". Words that ask nothing are set aside; what is not read as
anything is a name. Nothing here asks an engine: the same line is always read alike.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from directory.search.line import Line, LineWhere, Part, Which, Wish
from directory.search.line_forms import base_forms
from directory.search.line_tokens import Word, read_words
from directory.vocabulary.codes import Codes, Concept
from directory.vocabulary.line_words import Role, Run, load_line_words, spoken_languages
from geodata.reading import PlaceReading
from geodata.small_words import JOINING
from geodata.text import script_of

# Which of these words name places, and whether near spellings count: see `geodata.reading.read_places`.
ReadPlaces = Callable[[Sequence[str], bool], list[PlaceReading]]

# How surely words must name a place, from 0 to 1, to be read so without "in" before them: beside a kind of care, and
# beside words of a name ("Aga Khan Mombasa", but Mary in "St Mary" is no town of Turkmenistan).
SURE_LEAST, SURE_LEAST_IN_A_NAME = 0.22, 0.4
# "AZ Sint-Maria" is a name, "hospital UK" says where.
SHORT_CODE = 2
# What such a word is worth where several places are named: "near Gare du Nord, Paris" is in Paris.
MARKED = 0.2
# And each word more that a name takes in: "Ciudad de México" is no "México" beside a "Ciudad".
LONGER = 0.1
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
_SUN_LETTERS = frozenset(("t", "d", "r", "z", "s", "n", "sh", "ch", "th", "dh"))
# Kinds of house that offer any field; beside one they say little.
_ANY_HOUSE = frozenset(("clinic", "polyclinic", "health_centre", "hospital", "doctor"))
_ASKING_NOTHING = (Role.nothing, Role.before_place, Role.taken)


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
        self._found = list(vocabulary.find_runs(self._keys))
        self._concepts = self._find_concepts()
        self._runs = [run for run in self._found if not self._is_within_a_concept(run)]
        self._speaks = self._read_languages()
        self._pay = self._read_pay()
        self._open = self._read_open()
        self._near_me = self._read_near_me()
        if self._given:
            # Without what was wished for, the words around it may say a kind of care.
            self._concepts = self._find_concepts()
        self._practitioners = self._read_practitioners()
        self._is_bent = False
        self._place = self._read_place(read_places)

    # What the words may be

    def _find_concepts(self) -> list[Concept]:
        free = [place for place in range(len(self._words)) if place not in self._given]
        found = self._codes.find_concepts(" ".join(self._keys[place] for place in free))
        concepts = [replace(each, start=free[each.start], end=free[each.end - 1] + 1) for each in found]
        return [each for each in concepts if each.exact or not self._is_known_otherwise(each)]

    def _is_known_otherwise(self, mended: Concept) -> bool:
        """ "Perto" is near in Portuguese, and no slip in "parto"."""
        return any(
            run.start <= mended.start and mended.end <= run.end and run.value(Role.practitioner) is None
            for run in self._found
        )

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
        if not wishes:
            wishes += self._read_language_alone()
        return tuple({wish.value: wish for wish in wishes}.values())

    def _read_language_alone(self) -> Iterator[Wish]:
        """ "Psychologist Geneva english": a language that ends the line of who looks for a person."""
        last = len(self._keys) - 1
        code = spoken_languages().get(self._keys[last]) if last > 0 else None
        people = [each for each in self._concepts if each.kind == "specialty" or self._is_person(each)]
        if code and people and not any(each.start <= last < each.end for each in self._concepts):
            yield Wish(code, self._give(last, last + 1, "language"))

    def _read_pay(self) -> tuple[Wish, ...]:
        taken = [run for run, _ in self._of(Role.taken)]
        wishes = []
        for run, value in list(self._of(Role.pay)):
            before = [each for each in taken if 0 <= run.start - each.end < _REACH]
            after = [each for each in taken if 0 <= each.start - run.end < _REACH - 1]
            said = self._says_itself(run, value)
            if not (before or after or said):
                continue
            start = min((each.start for each in before), default=run.start)
            end = max((each.end for each in after), default=run.end) if not before else run.end
            wishes.append(Wish(value, self._give(start, end, "pay")))
        return tuple(wishes)

    def _says_itself(self, run: Run, value: str) -> bool:
        """Whether nothing need say that it is taken: "direct billing", or a card that ends the line."""
        if value.endswith("card"):
            return run.end == len(self._keys) and bool(self._concepts) and run.end - run.start == 1
        return run.end - run.start > 1

    def _read_open(self) -> str | None:
        said = [
            self._give(run.start, run.end, "open")
            for run, _ in list(self._of(Role.open_now))
            # "Open Arms Clinic" begins with it.
            if run.start or run.end - run.start > 1 or not self._is_beside_a_name(run)
        ]
        return " ".join(said) or None

    def _read_near_me(self) -> str | None:
        said = [self._give(run.start, run.end, "near") for run, _ in list(self._of(Role.near_me))]
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
            if not whole and any(self._adjoins(run.start, run.end, each) for each in fields):
                beside |= set(range(run.start, run.end))
        return frozenset(beside)

    def _adjoins(self, start: int, end: int, concept: Concept) -> bool:
        if end <= concept.start:
            between = range(end, concept.start)
        elif concept.end <= start:
            between = range(concept.end, start)
        else:
            return False
        return all(self._asks_nothing(place) for place in between)

    # Where

    def _read_place(self, read_places: ReadPlaces) -> PlaceReading | None:
        words = self._words_of_places()
        place = max(filter(self._may_be_a_place, read_places(words, False)), key=self._sureness, default=None)
        return place or self._read_bent_place(words, read_places) or self._read_misspelt_place(words, read_places)

    def _read_bent_place(self, words: list[str], read_places: ReadPlaces) -> PlaceReading | None:
        """A place whose name "in" bends: "в Киеве", "بالقاهرة"."""
        for number in filter(self._is_name, range(len(words))):
            for form in base_forms(self._words[number].text):
                readings = read_places([*words[:number], form, *words[number + 1 :]], False)
                known = [each for each in readings if each.start <= number < each.end and each.score >= SURE_LEAST]
                if known:
                    # In Arabic the letter is "in" itself.
                    self._is_bent = script_of(form) == "Arab"
                    return known[0]
        return None

    def _read_misspelt_place(self, words: list[str], read_places: ReadPlaces) -> PlaceReading | None:
        if not self._hides_a_place():
            return None
        near = filter(self._is_marked_or_alone, read_places(words, True))
        return max(near, key=self._sureness, default=None)

    def _words_of_places(self) -> list[str]:
        """The words that may name a place; where others stand, and where a comma stood, is a comma."""
        taken = {place for each in self._concepts if each.exact for place in range(each.start, each.end)}
        return [
            "," if place in taken or place in self._given else f"{', ' if word.begins_part else ''}{word.text}"
            for place, word in enumerate(self._words)
        ]

    def _hides_a_place(self) -> bool:
        """Whether a word that is read as nothing may be a misspelt place: beside a kind of care, or after "in"."""
        names = [place for place in range(len(self._words)) if self._is_name(place)]
        return bool(names) and ((bool(self._concepts) and len(names) <= 2) or any(map(self._is_led_to, names)))

    def _is_marked_or_alone(self, reading: PlaceReading) -> bool:
        """Whether a near spelling is a place: after "in", or where no other word is a name."""
        inside = range(reading.start, reading.end)
        alone = not any(self._is_name(place) for place in range(len(self._words)) if place not in inside)
        if not reading.corrected or all(map(self._asks_nothing, inside)):
            return False
        return self._is_marked(reading) or (alone and reading.score >= SURE_LEAST)

    def _sureness(self, reading: PlaceReading) -> float:
        longer = LONGER * (reading.end - reading.start - 1)
        return reading.score + MARKED * self._is_marked(reading) + longer

    def _may_be_a_place(self, reading: PlaceReading) -> bool:
        span = range(reading.start, reading.end)
        # "A Z" before a name are letters, and no Azerbaijan.
        if all(self._asks_nothing(place) or len(self._keys[place]) == 1 for place in span):
            return False
        if self._is_marked(reading):
            return True
        return not self._is_of_a_saint(reading) and reading.score >= self._least(reading)

    def _is_of_a_saint(self, reading: PlaceReading) -> bool:
        """ "St Mary" is hardly ever a place, and Mary in it is none of Turkmenistan."""
        before = self._keys[reading.start - 1] if reading.start else ""
        begins = self._keys[reading.start] in _NEVER_A_PLACE_AFTER
        return before in _NEVER_A_PLACE_AFTER or (begins and reading.score < SURE_LEAST_IN_A_NAME)

    def _least(self, reading: PlaceReading) -> float:
        """How surely these words must name a place: beside words of a name a short code never does."""
        if not any(self._is_name(place) for place in (reading.start - 1, reading.end)):
            return SURE_LEAST
        short = reading.country and len(self._keys[reading.start]) <= SHORT_CODE
        return math.inf if short else SURE_LEAST_IN_A_NAME

    def _is_marked(self, reading: PlaceReading) -> bool:
        """Whether a word or a comma before says that a place follows."""
        start = reading.start
        marked = self._is_led_to(start)
        near = start > 0 and self._given.get(start - 1) == "near"
        alone = reading.start == 0 and reading.end == len(self._words)
        parted = self._words[start].begins_part or (
            start == 0 and reading.end < len(self._words) and self._words[reading.end].begins_part
        )
        return (marked or near or parted) and not alone

    def _is_led_to(self, place: int) -> bool:
        return any(run.end == place and run.value(Role.before_place) is not None for run in self._runs)

    # What is left

    def _asks_nothing(self, place: int) -> bool:
        if self._keys[place] in JOINING or self._is_article(place):
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

    def _is_article(self, place: int) -> bool:
        """Whether it is the Arabic article as ears hear it before the letters of the sun: "Ech-Chifa", "As Salam"."""
        key = self._keys[place]
        following = self._keys[place + 1] if place + 1 < len(self._keys) else ""
        return key[0] in "aeiou" and key[1:] in _SUN_LETTERS and following.startswith(key[1:])

    def _is_name(self, place: int) -> bool:
        if not 0 <= place < len(self._words) or place in self._given:
            return False
        if place in self._practitioners or any(each.start <= place < each.end for each in self._concepts):
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
        return LineWhere(
            words, reading.place, reading.country, self._is_marked(reading) or self._is_no_name(reading, concepts)
        )

    def _is_no_name(self, place: PlaceReading, concepts: Sequence[Concept]) -> bool:
        """Whether nobody calls a house so: fields and needs are seldom named for a city, hospitals often are."""
        if self._asks_a_wish() or self._near_me or self._is_bent:
            return True
        inside = range(place.start, place.end)
        if any(self._is_name(other) for other in range(len(self._words)) if other not in inside):
            return False
        fields = {each.start for each in concepts if each.kind == "specialty" or self._is_person(each)}
        return bool(concepts) and all(each.start in fields for each in concepts)

    def _is_person(self, concept: Concept) -> bool:
        return self._codes.types[concept.code].provider_kind == "practitioner"

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
        # "Skin doctor", "skin clinic": who is of the field is meant, whatever the house is called.
        return Part(words, concepts, optional=self._is_any_house(concepts, start, end))

    def _is_any_house(self, concepts: Sequence[Concept], start: int, end: int) -> bool:
        if any(each.kind == "specialty" or each.code not in _ANY_HOUSE for each in concepts):
            return False
        return any(self._adjoins(start, end, each) for each in self._concepts if each.kind == "specialty")

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
