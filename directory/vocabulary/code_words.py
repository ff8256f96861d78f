"""Everyday words for codes: the form in which they are compared, the words of a query that name a code, type-ahead."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geodata.small_words import NOISE
from geodata.text import fold, script_of

CodeKey = tuple[str, str]  # (kind, code), as ("specialty", "cardiology")

_ELISION = re.compile(r"\b(?:[ldnsjmtc]|qu)['’](?=\w)", re.IGNORECASE)
_ARABIC_ARTICLES = ("وال", "بال", "لل", "ال")
_ARABIC_JOINTS = "ولب"  # and, for, with: written as one with the next word
_MIN_TYPO_LETTERS = 5  # below that, one wrong letter makes another word: "skin", "shin"


@dataclass(frozen=True, slots=True)
class Concept:
    """A run of words that names a code: `start` to `end` (exclusive) count the words of the folded query."""

    kind: str
    code: str
    start: int
    end: int
    exact: bool  # False: a typo was mended
    also: bool = False  # of several codes that the words stand for, one that fits less than the first ones


@dataclass(frozen=True, slots=True)
class Term:
    """One way to say a code. `lang` is empty where the word belongs to no language in particular."""

    key: CodeKey
    lang: str
    text: str
    is_label: bool
    also: bool = False  # stands behind other codes that the same words name
    asked_only: bool = False  # what people ask for, and no file calls a facility so


@dataclass(frozen=True, slots=True)
class _Start:
    """A place in a term from which a member may begin to type."""

    term: Term
    whole: bool  # at the term's first word


def folded_words(text: str) -> list[str]:
    """The folded words of `text`, French elisions taken off: "d'enfants" gives "enfants"."""
    return fold(_ELISION.sub("", text) if "'" in text or "’" in text else text).split()


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """The form in which two folded words count as the same: number, gender, articles and English spellings aside.

    Deliberately shallow, since both sides go through it: "hospitales" and "hospital", "haematologists" and
    "hematologist", "infirmière" and "infirmier", "الأسنان" and "أسنان", "طبيبة" and "طبيب" meet.
    """
    return _stem_latin(word) if word.isascii() else _stem_arabic(word)


def _stem_latin(word: str) -> str:
    word = word.replace("ae", "e").replace("oe", "e").replace("center", "centre")
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if len(word) > 4:
        if word.endswith("e"):
            return word[:-1]
        if word.endswith("y"):
            return word[:-1] + "i"
    return word


def _stem_arabic(word: str) -> str:
    for article in _ARABIC_ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= 3:
            word = word[len(article) :]
            break
    if len(word) >= 5 and word.endswith("ات"):
        return word[:-2]
    if len(word) >= 4 and word.endswith("ه"):
        return word[:-1]
    return word


class WordIndex:
    """Finds codes by their words; built once from every term of every code."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._vocabulary = {stem(word) for term in terms for word in folded_words(term.text)}
        # What each phrase names, and whether it only names it too.
        self._ordered: dict[tuple[str, ...], dict[CodeKey, bool]] = {}
        self._unordered: dict[tuple[str, ...], dict[CodeKey, bool]] = {}
        self._single: dict[CodeKey, list[str]] = {}
        self._said: set[tuple[tuple[str, ...], CodeKey]] = set()
        self._starts: list[tuple[str, _Start]] = []
        for term in terms:
            phrase = self.phrase(term.text)
            self._ordered.setdefault(phrase, {}).setdefault(term.key, term.also)
            self._unordered.setdefault(tuple(sorted(phrase)), {}).setdefault(term.key, term.also)
            if not term.asked_only:
                self._said.add((tuple(sorted(phrase)), term.key))
            if not term.also and term.lang and " " not in (word := fold(term.text)):
                self._single.setdefault(term.key, []).append(word)
            if not term.also:
                self._starts += _find_starts(term)
        self._starts.sort(key=lambda start: start[0])
        self._start_texts = [text for text, _ in self._starts]
        self._longest = max(map(len, self._ordered))
        self._by_first_letter: dict[str, list[str]] = {}
        for word in sorted(self._vocabulary):
            if len(word) >= _MIN_TYPO_LETTERS - 1:  # a stem may be a letter shorter than its word
                self._by_first_letter.setdefault(word[0], []).append(word)

    def phrase(self, text: str) -> tuple[str, ...]:
        """The stems of the words that tell something; empty when none does."""
        return tuple(self._without_joint(stem(word)) for word in folded_words(text) if word not in NOISE)

    def shared(self) -> Mapping[tuple[str, ...], Iterable[CodeKey]]:
        """Every phrase that names more than one code, with all that it names in files too."""
        return {
            phrase: [key for key in keys if (tuple(sorted(phrase)), key) in self._said]
            for phrase, keys in self._ordered.items()
            if len(keys) > 1
        }

    def named_by(self, phrase: tuple[str, ...]) -> Mapping[CodeKey, bool]:
        """The codes that these stems name, and whether only too: in this order, else in any ("doctor for children")."""
        return self._ordered.get(phrase) or self._unordered.get(tuple(sorted(phrase))) or {}

    def said_by(self, phrase: tuple[str, ...]) -> Iterable[CodeKey]:
        """The codes that files call so: without what only people ask for."""
        return [key for key in self.named_by(phrase) if (tuple(sorted(phrase)), key) in self._said]

    def find_concepts(self, words: str) -> list[Concept]:
        """The runs of words that name codes, longest first, none overlapping; in the order of the words.

        Exact words win over mended ones of the same length. A run never begins or ends with a noise word.
        """
        places: list[int] = []
        typed: list[str] = []
        for place, word in enumerate(fold(words).split()):
            if word not in NOISE:
                places.append(place)
                typed.append(self._without_joint(stem(word)))
        mended = [self._mend(word) for word in typed]
        taken = [False] * len(typed)
        concepts: list[Concept] = []
        for length in range(min(self._longest, len(typed)), 0, -1):
            for exact in (True, False):
                for first in range(len(typed) - length + 1):
                    last = first + length
                    if any(taken[first:last]):
                        continue
                    readings = (tuple(typed[first:last]),) if exact else product(*mended[first:last])
                    keys = next(filter(None, map(self.named_by, readings)), {})
                    if not keys:
                        continue
                    taken[first:last] = [True] * length
                    concepts += [
                        Concept(kind, code, places[first], places[last - 1] + 1, exact, also)
                        for (kind, code), also in keys.items()
                    ]
        return sorted(concepts, key=lambda concept: concept.start)

    def kind_words(self, key: CodeKey) -> tuple[str, ...]:
        """The single words that a code goes by in every language, as names of houses have them."""
        return tuple(dict.fromkeys(self._single.get(key, ())))

    def words_of(self, script: str) -> frozenset[str]:
        """The folded words of one script (ISO 15924) that stand in any term."""
        return frozenset(word for phrase in self._ordered for word in phrase if script_of(word) == script)

    def find_starts(self, prefix: str) -> Iterable[tuple[Term, bool]]:
        """The terms in which a word begins what `prefix` begins, and whether it is the term's first word."""
        *words, last = folded_words(prefix) or [""]
        for unfinished in {last, last.removeprefix("ال")}:
            wanted = " ".join([*map(_without_article, words), unfinished])
            if not wanted:
                continue
            position = bisect_left(self._start_texts, wanted)
            while position < len(self._starts) and self._start_texts[position].startswith(wanted):
                start = self._starts[position][1]
                yield start.term, start.whole
                position += 1

    def _without_joint(self, word: str) -> str:
        """The word that is left when an Arabic joint or a French elision hangs on its front and nothing else fits."""
        rest = word[1:]
        if word[0] == "و" and len(rest) >= 3 and rest in self._vocabulary:
            return rest
        if word in self._vocabulary or len(rest) < 3 or rest not in self._vocabulary:
            return word
        return rest if word[0] in _ARABIC_JOINTS or (word[0] in "ld" and len(rest) >= 4) else word

    def _mend(self, word: str) -> tuple[str, ...]:
        """The known words that are nearest, a typo away: one up to 7 letters, two beyond; else the word as it is.

        The first letter counts as right: mending it would turn "mental" into "dental", "urology" into "neurology".
        """
        if len(word) < _MIN_TYPO_LETTERS or word in self._vocabulary:
            return (word,)
        nearest = process.extract(
            word,
            self._by_first_letter.get(word[0], ()),
            scorer=OSA.distance,
            score_cutoff=1 if len(word) < 8 else 2,
            limit=4,
        )
        return tuple(known for known, typos, _ in nearest if typos == nearest[0][1]) or (word,)


def _without_article(word: str) -> str:
    return word.removeprefix("ال") if len(word) > 4 else word


def _find_starts(term: Term) -> Iterable[tuple[str, _Start]]:
    words = [_without_article(word) for word in folded_words(term.text)]
    for place, word in enumerate(words):
        if place == 0 or word not in NOISE:
            yield " ".join(words[place:]), _Start(term, whole=place == 0)
