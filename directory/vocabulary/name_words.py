"""Words of names that are written in several ways: short or in full, numbers in letters or digits, initials."""

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from config.settings import PROJECT_ROOT
from geodata.small_words import JOINING
from geodata.text import fold, latin_words

NAMES_FILE = PROJECT_ROOT / "config" / "names.toml"
_ROMAN = (
    "i",
    "ii",
    "iii",
    "iv",
    "v",
    "vi",
    "vii",
    "viii",
    "ix",
    "x",
    "xi",
    "xii",
    "xiii",
    "xiv",
    "xv",
    "xvi",
    "xvii",
    "xviii",
    "xix",
    "xx",
)
_DIGITS = {str(number): roman for number, roman in enumerate(_ROMAN, start=1)}
_NUMBERS = {roman: number for number, roman in _DIGITS.items()}
# Initials of two words and more are how people write long names: KNH, AKUH, HC.
FEWEST_INITIALS, MOST_INITIALS = 2, 6


def other_forms(word: str) -> tuple[str, ...]:
    """How else a word of a name is written: "St" for "Saint", "4" for "IV"; folded, in their order."""
    key = fold(word)
    forms = [*_same().get(key, ())]
    if key in _DIGITS:
        forms.append(_DIGITS[key])
    # One small letter is a letter; a large one is often a number.
    if key in _NUMBERS and (len(key) > 1 or word.isupper()):
        forms.append(_NUMBERS[key])
    return tuple(dict.fromkeys(forms))


@lru_cache(maxsize=1)
def _same(path: Path = NAMES_FILE) -> dict[str, tuple[str, ...]]:
    """The other words by each word."""
    others: dict[str, dict[str, None]] = {}
    for line in tomllib.loads(path.read_text(encoding="utf-8"))["same"]:
        words = fold(line).split()
        for word in words:
            others.setdefault(word, {}).update(dict.fromkeys(each for each in words if each != word))
    return {word: tuple(same) for word, same in others.items()}


def initials(names: Iterable[str]) -> list[str]:
    """The initials of every run of words in these names, with the small words between them and without."""
    found: dict[str, None] = {}
    for name in names:
        words = latin_words(name).split()
        for each in (words, [word for word in words if word not in JOINING]):
            letters = "".join(word[0] for word in each)
            for start in range(len(letters)):
                for end in range(start + FEWEST_INITIALS, min(start + MOST_INITIALS, len(letters)) + 1):
                    found[letters[start:end]] = None
    return list(found)


def initials_of(words: str) -> str | None:
    """The initials of the words of one unit ("hc" of "health centre"); None where they are no abbreviation."""
    letters = "".join(word[0] for word in latin_words(words).split() if word not in JOINING)
    return letters if FEWEST_INITIALS <= len(letters) <= MOST_INITIALS else None
