"""What people call the columns of the import file, in many languages: config/columns.toml, read here only."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz, process

from config.settings import COLUMNS_FILE
from directory.imports.columns import COLUMNS
from geodata.text import fold

PASSED_OVER = "passed_over"
"""The meaning of names that are known and of no use here: a fax number, the first columns of a rejects file."""
_PASSING_WORDS = "passing_words"
_WORD = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_BRACKETS = re.compile(r"[(\[{（【][^)\]}）】]*[)\]}）】]?")


class Certainty(IntEnum):
    """How surely a name means its column: it is the column's own, it is one of its names, or it may be."""

    DOUBTFUL = 1
    USUAL = 2
    OWN = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a header cell means: one of COLUMNS, "lat,lon", "lon,lat" or PASSED_OVER."""

    field: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The table by `_key` of each name; and the words that may stand beside any of them."""

    meanings: dict[str, Meaning]
    passing: frozenset[str]


def _words(name: str) -> list[str]:
    return _WORD.findall(fold(_CAMEL.sub(" ", name)))


def _key(name: str) -> str:
    return "".join(_words(name))


@lru_cache(maxsize=1)
def load_synonyms() -> Synonyms:
    """The table. ValueError when a name is given to two columns."""
    table: dict[str, dict[str, list[str]]] = tomllib.loads(COLUMNS_FILE.read_text(encoding="utf-8"))
    passing = frozenset(word for words in table.pop(_PASSING_WORDS).values() for each in words for word in _words(each))
    meanings = {_key(column): Meaning(column, Certainty.OWN) for column in COLUMNS}
    for field, languages in table.items():
        for language, names in languages.items():
            meaning = Meaning(field, Certainty.DOUBTFUL if language == "doubtful" else Certainty.USUAL)
            for name in names:
                known = meanings.setdefault(_key(name), meaning)
                if known.field != field:
                    raise ValueError(f"config/columns.toml gives {name!r} to {known.field} and to {field}.")
    return Synonyms(meanings, passing)


@lru_cache(maxsize=4_096)
def find_meaning(name: str) -> Meaning | None:
    """What a header cell means, None where no column has that name. Letter case, accents and signs do not count."""
    synonyms = load_synonyms()
    own, *others = _forms(name[:300], synonyms.passing)
    if meaning := synonyms.meanings.get(own):
        return meaning
    meaning = next((synonyms.meanings[key] for key in others if key in synonyms.meanings), None)
    return replace(meaning, certainty=min(meaning.certainty, Certainty.USUAL)) if meaning else None


@lru_cache(maxsize=1_024)
def find_near(name: str, fields: frozenset[str]) -> str | None:
    """The one of `fields` that the name is perhaps meant for: one of its words is a name of it, or it is misspelt."""
    meanings = load_synonyms().meanings
    for word in _words(name[:300]):
        meaning = meanings.get(word)
        if meaning and meaning.field in fields and meaning.certainty > Certainty.DOUBTFUL and len(word) > 2:
            return meaning.field
    near = process.extractOne(_key(name[:300]), list(meanings), scorer=fuzz.ratio, score_cutoff=85)
    return meanings[near[0]].field if near and meanings[near[0]].field in fields else None


def _forms(name: str, passing: frozenset[str]) -> Iterator[str]:
    """Keys of the name as it stands, without what is in brackets, without numbers, without words that say nothing."""
    yield _key(name)
    words = _words(_BRACKETS.sub(" ", name))
    yield "".join(words)
    words = [word for word in words if not word.isdigit()]
    yield "".join(words)
    yield "".join(word for word in words if word not in passing)
