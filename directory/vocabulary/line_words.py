"""The words of a line beside kinds of care, places and names: what asks nothing, and what asks when and how to pay."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from babel import Locale

from config.settings import PROJECT_ROOT
from directory.vocabulary.languages import LANGUAGE_CODES
from geodata.text import fold, script_of

LINE_FILE = PROJECT_ROOT / "config" / "line.toml"
# People type in more languages than pages are written in.
TYPED_LANGUAGES = ("en", "fr", "es", "ar", "pt", "de", "sw", "ru", "zh")


class Role(StrEnum):
    """What a run of words does in a line; the sections of config/line.toml."""

    nothing = "nothing"
    near_me = "near_me"
    before_place = "before_place"
    open_now = "open_now"
    pay = "pay"
    taken = "taken"
    spoken = "spoken"
    speakers = "speakers"
    practitioner = "practitioner"


# One way to read a run: its role, and what it says (a settlement, a language) where the role has values.
Meaning = tuple[Role, str]


@dataclass(frozen=True, slots=True)
class Run:
    """Words `start` to `end` (exclusive) of a line, and what they may do."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]

    def value(self, role: Role) -> str | None:
        """What the run says in this role; None where it has not got it."""
        return next((value for each, value in self.meanings if each is role), None)


class LineWords:
    """Finds the runs of config/line.toml in the folded words of a line."""

    def __init__(self, phrases: Mapping[tuple[str, ...], tuple[Meaning, ...]]) -> None:
        self._phrases = phrases
        self._longest = max(map(len, phrases))
        # Chinese is written without spaces; these are the words that it can be cut at.
        self.unspaced = frozenset(word for phrase in phrases for word in phrase if script_of(word) == "Hani")

    def find_runs(self, keys: Sequence[str]) -> Iterator[Run]:
        """The runs, from left to right, the longest at each word."""
        start = 0
        while start < len(keys):
            for end in range(min(start + self._longest, len(keys)), start, -1):
                if meanings := self._phrases.get(tuple(keys[start:end])):
                    yield Run(start, end, meanings)
                    start = end
                    break
            else:
                start += 1


@lru_cache(maxsize=1)
def load_line_words(path: Path = LINE_FILE) -> LineWords:
    """The words of config/line.toml, read once."""
    phrases: dict[tuple[str, ...], dict[Meaning, None]] = {}
    for meaning, text in _read_meanings(tomllib.loads(path.read_text(encoding="utf-8"))):
        phrases.setdefault(tuple(split_phrase(text)), {})[meaning] = None
    return LineWords({phrase: tuple(meanings) for phrase, meanings in phrases.items()})


def _read_meanings(raw: Mapping[str, Any]) -> Iterator[tuple[Meaning, str]]:
    for section, entries in raw.items():
        role = Role(section)
        if role is Role.pay:
            for value, languages in entries.items():
                yield from (((role, value), text) for text in chain.from_iterable(languages.values()))
            continue
        for lang, texts in entries.items():
            value = lang if role is Role.speakers else ""
            yield from (((role, value), text) for text in texts)


def split_phrase(text: str) -> list[str]:
    """The folded words of a phrase, parted where a typed line is."""
    return fold(text.replace("'", " ").replace("’", " ")).split()


@lru_cache(maxsize=1)
def spoken_languages() -> dict[str, str]:
    """Codes of languages by their folded names, in every language that people type in: "anglais", "английском"."""
    names: dict[str, str] = {}
    for typed in TYPED_LANGUAGES:
        known = Locale.parse(typed).languages
        for code in LANGUAGE_CODES:
            if code in known:
                for name in _name_forms(fold(known[code]), typed):
                    names.setdefault(name, code)
    return names


def _name_forms(name: str, lang: str) -> Iterator[str]:
    yield name
    if lang == "ar":
        yield from (f"ب{name}", name.removeprefix("ال"))
    elif lang == "ru" and name.endswith("ии"):
        # "по-английски", "на английском"; й folds to и.
        yield from (name[:-1], name[:-2] + "ом")
    elif lang == "zh":
        yield name.replace("语", "文")
