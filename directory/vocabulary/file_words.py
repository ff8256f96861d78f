"""Words of files: cells that say nothing, what ministries call types, and the own words of a source.

Those of the house stand in config/codes/files.toml; a source's own are given to its import in a file of such tables.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from config.settings import CODES_DIR
from directory.errors import DirectoryError
from directory.vocabulary.code_words import stem
from directory.vocabulary.codes import Codes, InvalidCodes, UnknownCode
from geodata.country_names import read_country
from geodata.text import fold

HOUSE_FILE = CODES_DIR / "files.toml"
OWN_TABLES = ("type", "specialty", "country", "network")

_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_PARTS = re.compile(r"\s*[/,،;&+|]\s*|\s+(?:and|et|y|or|ou|o|-|–)\s+", re.IGNORECASE)
_RANK = re.compile(r"[ivx]{1,4}|\d+|\w")
# Signs that a cell of nothing else consists of, and those that stand around the word for nothing: (null), <NA>, "none".
_SIGNS = "-–—−‐_.…·?¿*/\\|#~=+,:;'\"!"
_AROUND = ("({})", "[{}]", "<{}>", "{{{}}}", "'{}'", '"{}"', "-{}-", "\\{}", "{}.", "#{}")
_ERRORS = ("#{}", "#{}!", "#{}?", "#¡{}!", "#¿{}?")


class InvalidWords(DirectoryError):
    """A file of own words cannot be used; the message says which word of it, and what is allowed."""


@dataclass(frozen=True, slots=True)
class FileWords:
    """What words of files mean. `own` are the words of one source, by table; they come before all others."""

    types: Mapping[tuple[str, ...], str]
    qualifiers: frozenset[str]
    own: Mapping[str, Mapping[tuple[str, ...], str]] = field(default_factory=dict)

    def find(self, table: str, words: str) -> str | None:
        """The code that the source's own words name; None when they name none."""
        return self.own.get(table, {}).get(_key(words)) if self.own else None

    def parse_types(self, codes: Codes, words: str) -> list[str]:
        """The types that words of a file name, the first one first: "Level 4 Hospital", "Hospital / Clinic".

        Raises UnknownCode with what is near.
        """
        plain = _BRACKETS.sub(" ", words)
        for reading in dict.fromkeys((words, plain, *_BRACKETS.findall(words))):
            if code := self._find_type(codes, reading):
                return [code]
        parts = [self._find_type(codes, part) for part in _PARTS.split(plain) if part.strip()]
        if len(parts) > 1 and None not in parts:
            return list(dict.fromkeys(filter(None, parts)))
        raise UnknownCode("type", words, _nearest_types(codes, words))

    def _find_type(self, codes: Codes, words: str) -> str | None:
        """As it stands, and without what only qualifies it; never without any word at all."""
        kept = " ".join(
            word for word in fold(words).split() if word not in self.qualifiers and not _RANK.fullmatch(word)
        )
        for reading in dict.fromkeys((words, kept)):
            if not reading:
                continue
            if code := self.find("type", reading) or _type_of(codes, reading) or self.types.get(_key(reading)):
                return code
        return None


def _type_of(codes: Codes, words: str) -> str | None:
    try:
        return codes.parse_type(words)
    except UnknownCode:
        return None


def _nearest_types(codes: Codes, words: str) -> tuple[str, ...]:
    try:
        codes.parse_type(words)
    except UnknownCode as error:
        return error.nearest
    return ()


def _key(words: str) -> tuple[str, ...]:
    """The stems of the words, in their order; letters with full stops between them are one word: "C.S.P.S."."""
    parts = fold(words).split()
    if all(len(part) == 1 for part in parts):
        parts = ["".join(parts)]
    return tuple(stem(part) for part in parts if part)


@lru_cache(maxsize=1)
def load_placeholders() -> frozenset[str]:
    """Cells, in small letters, that stand for nothing: "n/a", "(null)", "néant", "sin datos", "#ref!", "--"."""
    table = _read_table(HOUSE_FILE)
    plain = chain.from_iterable((word, _without_accents(word)) for word in table["nothing"])
    around = (form.format(word) for word in dict.fromkeys(plain) for form in ("{}", *_AROUND))
    errors = (form.format(word) for word in table["errors"] for form in _ERRORS)
    return frozenset(word.casefold() for word in chain(around, errors)) | load_signs()


@lru_cache(maxsize=1)
def load_signs() -> frozenset[str]:
    """Cells of signs alone, which say nothing in any column."""
    alone = (sign * times for sign in _SIGNS for times in range(1, 9))
    return frozenset((*alone, "\\n", "- -", "-.-", "--.--", "- - -", "()", "[]", "{}"))


def _without_accents(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word) if unicodedata.category(char) != "Mn")


def load_file_words(codes: Codes, own: Path | None = None) -> FileWords:
    """The house's words, and those of a file of one source's own. Raises InvalidCodes, InvalidWords."""
    house = _read_table(HOUSE_FILE)
    types = {_key(word): code for word, code in house["type"].items()}
    if unknown := set(types.values()) - codes.types.keys():
        raise InvalidCodes(f"files.toml names {', '.join(sorted(unknown))}, which is no type")
    words = FileWords(types, frozenset(fold(word) for word in house["qualifiers"]))
    return FileWords(words.types, words.qualifiers, _read_own(codes, own)) if own else words


def _read_table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidCodes(f"{path.name}: {error}") from error


def _read_own(codes: Codes, path: Path) -> dict[str, dict[tuple[str, ...], str]]:
    try:
        tables = _read_table(path)
    except InvalidCodes as error:
        raise InvalidWords(f"The words cannot be read: {error}.") from error
    read: dict[str, Callable[[str], str | None]] = {
        "type": lambda words: _type_of(codes, words),
        "specialty": lambda words: _specialty_of(codes, words),
        "country": read_country,
        "network": lambda code: code if code in codes.networks else None,
    }
    own: dict[str, dict[tuple[str, ...], str]] = {}
    for table, words in tables.items():
        if table not in read or not isinstance(words, dict):
            raise InvalidWords(f"{path.name}: [{table}] is no table; allowed are {_listed(OWN_TABLES)}.")
        own[table] = dict(_own_word(path, table, word, meaning, read[table]) for word, meaning in words.items())
    return own


def _own_word(
    path: Path, table: str, word: str, meaning: object, read: Callable[[str], str | None]
) -> tuple[tuple[str, ...], str]:
    code = read(meaning) if isinstance(meaning, str) else None
    key = _key(word)
    if code is None or not key:
        raise InvalidWords(
            f"{path.name}: {word!r} = {meaning!r} in [{table}]: on the right a {table} is needed that is known."
        )
    return key, code


def _specialty_of(codes: Codes, words: str) -> str | None:
    try:
        return codes.parse_specialty(words)
    except UnknownCode:
        return None


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"[{word}]" for word in words)
