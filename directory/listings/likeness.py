"""Who may be the same: how alike two providers' names are, in any script, and how near they lie."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from directory.vocabulary.codes import load_codes
from geodata.points import Point, haversine_m
from geodata.text import fold, latin_words, script_of

# From here on two names are shown as perhaps the same; next door, where a plate is copied with slips, sooner.
ALIKE = 82.0
ALIKE_NEXT_DOOR = 60.0
NEXT_DOOR_M = 400.0
# The same name this far away is a branch or a namesake.
FAR_M = 50_000.0
# Shorter ones are alike by chance.
_SHORTEST_SKELETON = 4
_SHORTEST_CONTAINED = 4

_DOUBLES = re.compile(r"(.)\1+")
# One sound is written in several ways once it has left its script: Chifa and Shifa, Khan and Chan.
_SOUNDS = (("kh", "x"), ("ch", "x"), ("sh", "x"), ("gh", "g"), ("ou", "u"), ("ph", "f"), ("q", "k"), ("c", "k"),
           ("z", "s"), ("j", "g"), ("p", "b"))  # fmt: skip
# The article, as one word with what follows or as a word of its own.
_ARABIC_ARTICLE = re.compile(r"\bال(?=\w{2})")
_ARTICLE = re.compile(r"\b(?:al|el|ash|as|an|ar|at|ad|az)[ -]?(?=\w{3})")


def likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """0 to 100: how alike the nearest two of the names are, their words in any order, in any script.

    What only says the type ("Hospital", "Clinique") counts little: every hospital is called so.
    """
    return max((_pair(mine, theirs) for mine in one for theirs in other if mine and theirs), default=0.0)


def as_written(one: str, other: str) -> float:
    """0 to 100: how alike two names are with every word, those too that only say the type."""
    return fuzz.token_sort_ratio(latin_words(one), latin_words(other))


def may_be_same(alike: float, distance_m: float | None) -> bool:
    """Whether names so alike, so far apart (None: not known), may mean one provider."""
    if distance_m is None:
        return alike >= ALIKE
    if distance_m <= NEXT_DOOR_M:
        return alike >= ALIKE_NEXT_DOOR
    return alike >= ALIKE and distance_m <= FAR_M


def distance_m(one: Point | None, other: Point | None) -> float | None:
    """Metres between two points, where both are known."""
    return haversine_m(one, other) if one and other else None


def telling_words(name: str) -> str:
    """The folded words of a name without those that only say what type it is; all of them where nothing is left."""
    words = fold(name).split()
    concepts = load_codes().find_concepts(" ".join(words))
    generic = {position for concept in concepts for position in range(concept.start, concept.end)}
    return " ".join(word for position, word in enumerate(words) if position not in generic) or " ".join(words)


def _pair(mine: str, theirs: str) -> float:
    # Words that are left once the type's are gone must agree; two names of nothing else are compared as they are.
    telling = telling_words(mine), telling_words(theirs)
    latin = latin_words(telling[0]), latin_words(telling[1])
    # One holding all the words of the other is a sign, but a lone word may be held by many.
    contained = 0.9 * fuzz.token_set_ratio(*latin) if min(map(len, latin)) >= _SHORTEST_CONTAINED else 0.0
    sounding = 0.0
    if script_of(mine) != script_of(theirs):
        # Within one script this would be noise; between two it is all that there is.
        skeletons = _skeleton(telling[0]), _skeleton(telling[1])
        alike = fuzz.token_sort_ratio(*skeletons)
        sounding = 0.95 * alike if min(map(len, skeletons)) >= _SHORTEST_SKELETON or alike == 100 else 0.0
    # Not every script parts words, and who writes Latin parts them differently.
    joined = fuzz.ratio(*(words.replace(" ", "") for words in latin))
    return max(fuzz.token_sort_ratio(*latin), joined, contained, sounding)


def _skeleton(words: str) -> str:
    """Consonants as they sound: "alshifa" and "الشفاء" both give "xf"."""
    text = _ARTICLE.sub("", latin_words(_ARABIC_ARTICLE.sub("", words)))
    for written, sound in _SOUNDS:
        text = text.replace(written, sound)
    return " ".join(_DOUBLES.sub(r"\1", re.sub("[aeiouyhw]", "", word)) for word in text.split()).strip()
