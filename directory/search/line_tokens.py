"""A line of words as it was typed -> its words, each with the form in which it is compared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from geodata.text import fold, script_of

# Of a search that goes on to look for them; a line may hold as many words again that ask nothing.
MAX_WORDS = 12
MAX_LINE_WORDS = 24
LONGEST_WORD = 64
BETWEEN_WORDS = re.compile(r"[\s'’ʼ`´\-_/\\,;:.()\[\]&+|\"«»“”!?*،؛؟·・、。，（）]+")
# What stands after one of these is another part of the line: "dentist, Goma".
_PARTS = re.compile(r"[,;/|(،؛、，（]|\s[-–—]\s")
# "A.Z. Sint-Maria", "U.K.": letters with dots are one word, in names as in the index.
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){1,8}[^\W\d_](?![^\W_])")
_UNSPACED = frozenset(("Hani", "Jpan"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line: as typed, as compared (one folded word), and whether a comma stands before it."""

    text: str
    key: str
    begins_part: bool = False


def split_words(typed: str, most: int = MAX_WORDS) -> list[str]:
    """The words of `typed` as they were typed, those that fold to nothing left out; at most `most`.

    One sign may unfold to a whole sentence (U+FDFA), and a hundred of them kept the engine busy for seconds: a word
    of more than LONGEST_WORD letters is cut.
    """
    return [text for text, _ in _split(typed)][:most]


def read_words(typed: str, known: frozenset[str]) -> list[Word]:
    """The words of a line; those in Han characters are parted at what is `known`: 北京儿科医生 is two."""
    words = []
    for text, begins_part in _split(typed):
        parts = list(_cut(text, known)) if script_of(text) in _UNSPACED else [text]
        words += [Word(part, _key(part), begins_part and not place) for place, part in enumerate(parts)]
    return words[:MAX_LINE_WORDS]


def _split(typed: str) -> Iterator[tuple[str, bool]]:
    end = 0
    typed = _DOTTED.sub(lambda letters: letters[0].replace(".", ""), typed)
    for match in re.finditer(r"\S+", BETWEEN_WORDS.sub(lambda gap: " " * len(gap[0]), typed)):
        text, between = match[0], typed[end : match.start()]
        folded = fold(text)
        if folded:
            yield (text if len(folded) <= LONGEST_WORD else folded[:LONGEST_WORD]), bool(_PARTS.search(between))
            end = match.end()


def _key(text: str) -> str:
    return fold(text).replace(" ", "")


def _cut(text: str, known: frozenset[str]) -> Iterator[str]:
    """The longest known words of two characters or more, what is between them, and single ones at its edges."""
    longest = max(map(len, known), default=0)
    start = position = 0
    while position < len(text):
        length = next((n for n in range(longest, 1, -1) if text[position : position + n] in known), 0)
        if length:
            yield from _trim(text[start:position], known)
            yield text[position : position + length]
            start = position = position + length
        else:
            position += 1
    yield from _trim(text[start:], known)


def _trim(text: str, known: frozenset[str]) -> Iterator[str]:
    """看 and 在 are words of their own at the edge of a name only: inside they belong to it."""
    if len(text) > 2 and text[0] in known:
        yield text[0]
        text = text[1:]
    if len(text) > 2 and text[-1] in known:
        yield text[:-1]
        yield text[-1]
    elif text:
        yield text
