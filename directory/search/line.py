"""How a line was read: kinds of care, where, how to pay, when, in which language and whom, each with its words."""

from dataclasses import dataclass

from directory.vocabulary.codes import Concept
from geodata.places import Place


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
    asks_for_point: bool = False
