"""Cuts what people write for a place into tokens, and says which tokens no separator keeps apart."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geodata.text import fold, script_of

_SEPARATORS = re.compile(r"[,;/|()\[\]،؛、，；（）\n\t]")
# A dash between spaces parts what no comma does: "Kinshasa - Gombe", but "Kinshasa, Congo - Kinshasa".
_DASHES = re.compile(r"\s[-–—]+\s")
_GAPS = re.compile(r"[\s\-‐-―_+]+")
# Scripts that are written without spaces, or with few: each character may begin a name.
_UNSPACED = ("Hani", "Jpan", "Hang")
# "서울" is one name; "서울특별시강남구" are two without a space between them.
SHORTEST_RUN = 4

# Nobody's place takes more words; what comes after them is not read.
MOST_TOKENS = 32
LONGEST_SPAN = 7
LONGEST_GLUED_SPAN = 12


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or a character of an unspaced script; `part` counts the separators before it.

    `word` is the number of the word, as whitespace and separators part them; `glued` says that no space comes before.
    """

    text: str
    part: int
    word: int
    glued: bool = False


def tokenise(words: str | Sequence[str]) -> list[Token]:
    """The tokens of one text, or of a line that is already cut into words (whose `word` is then their place in it)."""
    tokens: list[Token] = []
    if isinstance(words, str):
        parts = [part for part in _SEPARATORS.split(words) if fold(part)]
        parts = parts if len(parts) > 1 else _DASHES.split(words)
        runs = [(part, run) for part, text in enumerate(parts) for run in _GAPS.split(text) if fold(run)]
        for number, (part, run) in enumerate(runs):
            tokens += _of_run(run, part, number)
        return tokens[:MOST_TOKENS]
    part = 0
    for number, word in enumerate(words):
        for position, text in enumerate(_SEPARATORS.split(word)):
            part += position > 0
            for run in _GAPS.split(text):
                if fold(run):
                    tokens += _of_run(run, part, number)
    return tokens[:MOST_TOKENS]


def _of_run(run: str, part: int, word: int) -> Iterator[Token]:
    if len(run) < SHORTEST_RUN or not is_unspaced(run):
        yield Token(run, part, word)
        return
    for position, letter in enumerate(run):
        yield Token(letter, part, word, glued=position > 0)


def is_unspaced(text: str) -> bool:
    """Whether the text is in a script of East Asia, where addresses begin with the largest part."""
    return script_of(text) in _UNSPACED


def text_of(tokens: Sequence[Token]) -> str:
    """The tokens as they were written, but for their separators."""
    return "".join(token.text if token.glued else f" {token.text}" for token in tokens).strip()


def spans(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """(start, end) of every run of tokens that may be one name: within one part, and no letter out of a word."""
    for start, first in enumerate(tokens):
        for end in range(start + 1, min(len(tokens), start + LONGEST_GLUED_SPAN) + 1):
            last = tokens[end - 1]
            if last.part != first.part or (end - start > LONGEST_SPAN and not last.glued):
                break
            lonely = end - start == 1 and (first.glued or (end < len(tokens) and tokens[end].glued))
            if not lonely:
                yield start, end
